"""Our texts beside GOV.UK's, in the admin: to copy into Whitehall, to import, to compare."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone

from accounts.sign_in import user_of
from backoffice.missing import MissingError
from backoffice.steps import Step, Steps, step_page
from guidance.actions.arriving import receive
from guidance.actions.importing import plan_import
from guidance.admin.publishing import MAY_EDIT
from guidance.forms.importing import ImportForm, OfficialForm
from guidance.govuk_formats import content_of_item, govspeak_of
from guidance.history.comparison import Comparison, compare
from guidance.live import as_it_stands
from guidance.models import Edition, Page
from guidance.text.markdown import UnrenderableError
from guidance.whitehall.content_item import ItemError
from guidance.whitehall.govspeak import Govspeak
from guidance.whitehall.sections import ConversionError


class CopySteps(Steps):
    """An edition as Govspeak, and its note, to copy into Whitehall."""

    def steps(self) -> dict[str, tuple[str, Step]]:
        return super().steps() | {
            "whitehall": (MAY_EDIT, self._whitehall),
            "govspeak.txt": (MAY_EDIT, self._govspeak),
            "note.txt": (MAY_EDIT, self._note_text),
        }

    def _whitehall(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        """Show an edition's text as Govspeak and its note, to copy into Whitehall."""
        written = _govspeak(edition)
        return step_page(
            self,
            request,
            "guidance/admin/whitehall.html",
            title="Copy to Whitehall",
            row=edition,
            text=written.text,
            not_carried=written.not_carried,
        )

    def _govspeak(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        """Return the Govspeak alone: to select and copy where there is no script."""
        return HttpResponse(_govspeak(edition).text, content_type="text/plain; charset=utf-8")

    def _note_text(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        """Return the change note alone."""
        return HttpResponse(edition.note, content_type="text/plain; charset=utf-8")


class ImportSteps(Steps):
    """A page imported from GOV.UK, and one of ours compared with the official page."""

    def steps(self) -> dict[str, tuple[str, Step]]:
        return super().steps() | {"official": (MAY_EDIT, self._official)}

    def get_urls(self) -> list[URLPattern]:
        import_path = path(
            "import/", self.admin_site.admin_view(self._import), name="guidance_page_import"
        )
        return [import_path, *super().get_urls()]

    def _import(self, request: HttpRequest) -> HttpResponse:
        """Import a page from GOV.UK: show what would come, then store it."""
        if not request.user.has_perm(MAY_EDIT):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        planned = None
        if form.is_valid():
            items = form.cleaned_data["items"]
            try:
                planned = plan_import(items, at=timezone.now())
                if "_confirm" in request.POST and planned.editions:
                    return self._receive(request, form)
            except ItemError as error:
                planned = None
                form.add_error(None, f"{error} Nothing was imported.")
        return step_page(
            self,
            request,
            "guidance/admin/import.html",
            title="Import a page from GOV.UK",
            row=None,
            form=form,
            planned=planned,
        )

    def _receive(self, request: HttpRequest, form: ImportForm) -> HttpResponse:
        """Store the draft that the files make, and lead to it. Raises ItemError."""
        draft = receive(
            items=form.cleaned_data["items"],
            sources=form.cleaned_data["sources"],
            by=user_of(request),
            at=timezone.now(),
        )
        if draft is None:
            messages.info(request, "All of it is here already: nothing was added.")
            return redirect("admin:guidance_page_changelist")
        self.log_change(request, draft.page, "Imported from GOV.UK, as a draft.")
        messages.success(
            request,
            "Imported as a draft: readers see it, with its history, once it is published.",
        )
        return redirect("admin:guidance_edition_change", draft.pk)

    def _official(self, request: HttpRequest, page: Page) -> HttpResponse:
        """Compare the live edition with the official page as it is today, both ways."""
        form = OfficialForm(request.POST or None, request.FILES or None)
        edition = page.editions.shown().first()
        comparisons: list[tuple[str, Comparison]] = []
        if form.is_valid() and edition is not None and edition.is_text_held:
            now = timezone.now()
            ours = as_it_stands(edition.frozen(), at=now)
            try:
                theirs = content_of_item(form.cleaned_data["items"][0], at=now)
            except ConversionError as error:
                form.add_error(None, str(error))
            else:
                there, back = (
                    compare(ours, theirs, prefix="there-"),
                    compare(theirs, ours, prefix="back-"),
                )
                comparisons = [
                    ("From ours to the official page: what to bring here", there),
                    ("From the official page to ours: what to bring there", back),
                ]
        return step_page(
            self,
            request,
            "guidance/admin/official.html",
            title="Compare with the official page",
            row=page,
            form=form,
            comparisons=comparisons,
        )


def _govspeak(edition: Edition) -> Govspeak:
    """Return an edition's text as Govspeak; Http404 where it is not held, or cannot be carried."""
    if not edition.is_text_held:
        raise Http404
    try:
        return govspeak_of(edition, at=timezone.now())
    except UnrenderableError as error:
        raise MissingError(f"This text cannot be carried to Whitehall. {error}") from error
