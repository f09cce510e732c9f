"""Editions in the admin: the list of them, and the form in which a draft is written."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.options import InlineModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.sign_in import user_of
from backoffice.change_forms import ChangeForms
from backoffice.one_line import OneLineTexts
from backoffice.row_keys import is_key
from backoffice.steps import step_page
from guidance.actions.publishing import store_save
from guidance.admin.amending import NoteStep
from guidance.admin.publishing import IDS, MAY_EDIT, PublishingSteps, comparison_with_live
from guidance.admin.whitehall import CopySteps
from guidance.forms.drafting import DraftForm, SectionForm, SectionFormSet, typed_text
from guidance.history.comparison import Comparison, compare
from guidance.live import content_of, draft_content
from guidance.models import Edition, Page, Section
from guidance.previews import share_url
from guidance.text.markdown import UnrenderableError, render


class SectionInline(OneLineTexts, admin.StackedInline):
    """The sections of a draft, in the order of their positions."""

    model = Section
    form = SectionForm
    formset = SectionFormSet
    extra = 0
    fields = ("position", "level", "heading", "anchor", "markdown", "embed", "track")


@admin.register(Edition)
class EditionAdmin(PublishingSteps, NoteStep, CopySteps, ChangeForms):
    """Drafts to edit and publish. What was published is never altered: start a draft from it."""

    list_display = (
        "page",
        "number",
        "state",
        "update_type",
        "published_at",
        "note_now",
        "is_text_held",
        "on_the_site",
    )
    list_display_links = ("page", "number")
    list_filter = ("state", "update_type", "is_text_held", "is_restated", "page")
    date_hierarchy = "published_at"
    search_fields = ("title", "change_note", "cause")
    ordering = ("page", "-published_at", "-number")
    change_form_template = "guidance/admin/edition_change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        return Edition.objects.without_content().with_note().select_related("page")

    def step_rows(self, request: HttpRequest) -> QuerySet[Edition]:
        return Edition.objects.select_related("page").with_records()

    def get_fields(self, request: HttpRequest, obj: Edition | None = None) -> tuple[str, ...]:
        if obj is not None and obj.state == Edition.State.DRAFT:
            return ("title", "lead")
        if obj is not None and obj.state == Edition.State.SCHEDULED:
            return (
                "scheduled_for",
                "scheduled_by_name",
                "update_type",
                "change_note",
                "title",
                "lead",
            )
        return (
            "page",
            "number",
            "state",
            "update_type",
            "note_now",
            "cause",
            "published_at",
            "published_by_name",
            "title",
            "lead",
            "is_text_held",
            "is_restated",
        )

    def get_form(
        self, request: HttpRequest, obj: Edition | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        if obj is not None and obj.state == Edition.State.DRAFT:
            kwargs["form"] = DraftForm
        return super().get_form(request, obj, change, **kwargs)

    def get_inlines(
        self, request: HttpRequest, obj: Edition | None
    ) -> tuple[type[InlineModelAdmin], ...]:
        return (SectionInline,) if obj is not None and not obj.is_public else ()

    def view_on_site(self, obj: Edition) -> str | None:
        """Return where readers see it; a draft is nowhere."""
        return obj.get_absolute_url() if obj.is_public else None

    # A colleague's name leads nowhere: who edits may not look at accounts.
    readonly_fields = ("note_now", "published_by_name", "scheduled_by_name")

    @admin.display(description="published by")
    def published_by_name(self, edition: Edition) -> str:
        return str(edition.published_by or "")

    @admin.display(description="scheduled by")
    def scheduled_by_name(self, edition: Edition) -> str:
        return str(edition.scheduled_by or "")

    @admin.display(description="change note")
    def note_now(self, edition: Edition) -> str:
        """Return the note as it reads now."""
        if not edition.corrected_note:
            return edition.change_note
        return f"{edition.corrected_note} (corrected; first: {edition.change_note})"

    @admin.display(description="on the site")
    def on_the_site(self, edition: Edition) -> SafeString | str:
        """Return a link to where readers see it."""
        if not edition.is_public:
            return "not public"
        return format_html('<a href="{}">See it</a>', edition.get_absolute_url())

    def has_add_permission(self, request: HttpRequest) -> bool:
        # A draft begins with what an edition says: from the page, or from an earlier edition.
        return False

    def has_change_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        if obj is not None and obj.state != Edition.State.DRAFT:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Let one save of a page's draft at a time check whether another came before it."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        for name, text in request.POST.items():
            if name.endswith("-markdown"):
                # Here, where nothing is locked: the form, which says what is wrong with the text,
                # need not do it again.
                with suppress(UnrenderableError):
                    render(str(text))
        with transaction.atomic():
            if "opened_as" in request.POST and object_id and is_key(object_id):
                list(Page.objects.select_for_update().filter(editions=int(object_id)))
                if not Edition.objects.drafts().filter(pk=int(object_id)).exists():
                    return self._too_late(request, int(object_id))
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["may_edit"] = request.user.has_perm(MAY_EDIT)
        edition = context.get("original")
        if edition is not None and not edition.is_public and context["may_edit"]:
            context["share_url"] = share_url(edition)
            context["saves"] = edition.saves.select_related("saved_by")
            form = context["adminform"].form
            is_clash = (
                isinstance(form, DraftForm)
                and form.is_stale
                and bool(context["inline_admin_formsets"])
            )
            comparison = (
                _clash(form, context["inline_admin_formsets"][0].formset)
                if is_clash
                else comparison_with_live(edition)
            )
            context.update(is_clash=is_clash, comparison=comparison)
        return super().render_change_form(request, context, *args, **kwargs)

    def _too_late(self, request: HttpRequest, key: int) -> HttpResponse:
        """Return what was typed into a draft that is no draft any more, to copy from."""
        if not request.user.has_perm(MAY_EDIT):
            raise PermissionDenied
        typed = [
            (name, text)
            for name, text in request.POST.items()
            if name in {"title", "lead"} or name.endswith(("-heading", "-markdown"))
        ]
        page = Page.objects.filter(editions=key).first()
        answer = step_page(
            self,
            request,
            "guidance/admin/too_late.html",
            title="This draft is no draft any more",
            row=page,
            typed=[text for _, text in typed if text],
        )
        answer.status_code = 409
        return answer

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: list, change: bool
    ) -> None:
        """Save the sections, store this save, and report what was taken out of pasted text."""
        super().save_related(request, form, formsets, change)
        # Who only looked, by a button that saves, has not written in it.
        if form.instance.text().fingerprint() != cast("DraftForm", form).stands_as:
            store_save(draft=form.instance, by=user_of(request))
        for section in (section for formset in formsets for section in formset.forms):
            if isinstance(section, SectionForm) and section.taken_out:
                messages.warning(request, f"{section.instance.heading}: {section.taken_out}")

    def response_change(self, request: HttpRequest, obj: Edition) -> HttpResponse:
        """Go on to the step whose button saved it; else as the admin always does."""
        for step in ("publish", "changes", "preview", "whitehall"):
            if f"_{step}" in request.POST:
                return redirect(f"admin:guidance_edition_{step}", obj.pk)
        return super().response_change(request, obj)


def _clash(form: DraftForm, formset: BaseInlineFormSet) -> Comparison:
    """Return what the editor typed beside what somebody else has saved since."""
    now = timezone.now()
    # The form has written what was typed into its own instance already.
    saved = Edition.objects.get(pk=form.instance.pk)
    typed = content_of(typed_text(form, formset), at=now)
    return compare(draft_content(saved, at=now), typed, prefix=IDS)
