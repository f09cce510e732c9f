"""Pages in the admin: their settings, and what befalls a page as a whole."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.sign_in import user_of
from backoffice.audit import AuditedAdmin
from backoffice.steps import step_page, step_paths
from guidance.actions.amending import withdraw
from guidance.actions.importing import import_items, plan_import
from guidance.actions.publishing import begin_page
from guidance.actions.redacting import places_of, redact
from guidance.forms.importing import ImportForm, OfficialForm
from guidance.forms.publishing import RedactForm, WithdrawForm
from guidance.govuk_formats import content_of_item
from guidance.history.comparison import Comparison, compare
from guidance.live import as_it_stands
from guidance.models import Page
from guidance.whitehall.content_item import ItemError
from guidance.whitehall.sections import ConversionError


@admin.register(Page)
class PageAdmin(AuditedAdmin):
    """A page's settings. What it says is in its editions."""

    list_display = ("slug", "applies_to", "needs_second_person")
    search_fields = ("slug",)
    fields = ("slug", "applies_to", "needs_second_person")
    change_form_template = "guidance/admin/page_change_form.html"
    change_list_template = "guidance/admin/page_change_list.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> tuple[str, ...]:
        fixed = ("slug",) if obj else ()
        # Who has to be checked does not switch the check off.
        if request.user.has_perm("guidance.require_second_person"):
            return fixed
        return (*fixed, "needs_second_person")

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        # What readers were told stays on the record.
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        page = context.get("original")
        if page is not None and request.user.has_perm("guidance.change_edition"):
            context["draft"] = page.editions.open().first()
            context["is_blank"] = not page.editions.exists()
            context["shown"] = page.editions.shown().without_content().first()
            context["may_redact"] = request.user.has_perm("guidance.add_redaction")
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        steps = step_paths(
            self,
            lambda _: Page.objects.all(),
            {
                "withdraw": ("guidance.change_edition", self._withdraw),
                "redact": ("guidance.add_redaction", self._redact),
                "begin": ("guidance.change_edition", require_POST(self._begin)),
                "official": ("guidance.change_edition", self._official),
            },
        )
        bring = path(
            "import/",
            self.admin_site.admin_view(self._import),
            name="guidance_page_import",
        )
        return [bring, *steps, *super().get_urls()]

    def _import(self, request: HttpRequest) -> HttpResponse:
        """Bring a page of GOV.UK's in: show what would come, then store it."""
        if not request.user.has_perm("guidance.change_edition"):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        planned = None
        if form.is_valid():
            items = form.cleaned_data["items"]
            try:
                planned = plan_import(items, at=timezone.now())
                if "_confirm" in request.POST:
                    done = import_items(items, at=timezone.now())
                    page = Page.objects.get(slug=done.slug)
                    self.log_change(request, page, f"Imported {len(done.editions)} editions.")
                    messages.success(request, f"Imported: {len(done.editions)} editions added.")
                    return redirect("admin:guidance_page_change", page.pk)
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

    def _official(self, request: HttpRequest, page: Page) -> HttpResponse:
        """Hold the live edition against the official page as it is today, both ways."""
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
                comparisons = [
                    ("From ours to the official page: what to bring here", compare(ours, theirs)),
                    ("From the official page to ours: what to bring there", compare(theirs, ours)),
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

    def _begin(self, request: HttpRequest, page: Page) -> HttpResponse:
        """Begin the first draft of a new page."""
        try:
            draft = begin_page(page=page, by=user_of(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("admin:guidance_page_change", page.pk)
        return redirect("admin:guidance_edition_change", draft.pk)

    def _withdraw(self, request: HttpRequest, page: Page) -> HttpResponse:
        """Ask why, and where to read instead."""
        form = WithdrawForm(request.POST or None, page=page)
        if form.is_valid():
            try:
                withdraw(
                    page=page,
                    explanation=form.cleaned_data["explanation"],
                    instead=form.cleaned_data["instead"],
                    by=user_of(request),
                    at=timezone.now(),
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                self.log_change(request, page, "Withdrawn.")
                messages.success(request, "Withdrawn: readers see it under your explanation.")
                return redirect("admin:guidance_page_change", page.pk)
        return step_page(
            self,
            request,
            "guidance/admin/withdraw.html",
            title="Withdraw the page",
            row=page,
            form=form,
        )

    def _redact(self, request: HttpRequest, page: Page) -> HttpResponse:
        """Ask for the words and why, show where they stand, and take them out once that is seen."""
        form = RedactForm(request.POST or None)
        found = []
        if form.is_valid():
            words = form.cleaned_data["words"]
            try:
                found = places_of(page=page, words=words)
                if "_confirm" in request.POST and form.was_shown():
                    marks = redact(
                        page=page,
                        words=words,
                        reason=form.cleaned_data["reason"],
                        by=user_of(request),
                        at=timezone.now(),
                    )
                    for mark in marks:
                        self.log_change(request, page, f"Redacted: {mark.edition}.")
                    messages.success(request, f"Taken out of {len(marks)} editions.")
                    return redirect("admin:guidance_page_change", page.pk)
                if found:
                    form.show()
                else:
                    form.add_error("words", "These words stand in no published edition.")
            except ValidationError as error:
                form.add_error(None, error)
        return step_page(
            self,
            request,
            "guidance/admin/redact.html",
            title="Take words out for a legal reason",
            row=page,
            form=form,
            found=found,
        )
