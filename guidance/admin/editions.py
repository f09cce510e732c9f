"""Pages and editions in the admin: from a draft to what readers see, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.options import InlineModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from accounts.audit import AuditedAdmin
from accounts.models import User
from govuk.dates import time_words, weekday_date_words
from guidance.actions import discard_draft, publish, schedule, start_draft, unschedule
from guidance.comparison import Comparison, compare
from guidance.forms import DraftForm, PublishForm
from guidance.models import Edition, Page, Section
from guidance.sharing import share_url
from guidance.today import draft_content
from guidance.views import page_context, with_next_change


@admin.register(Page)
class PageAdmin(AuditedAdmin):
    """A page's settings. What it says is in its editions."""

    list_display = ("slug", "applies_to")
    search_fields = ("slug",)
    fields = ("slug", "applies_to")
    change_form_template = "guidance/admin/page_change_form.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        # What readers were told stays on the record.
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        page = context.get("original")
        if page is not None and request.user.has_perm("guidance.change_edition"):
            context["draft"] = page.editions.open().first()
            context["live"] = page.editions.live().without_content().first()
        return super().render_change_form(request, context, *args, **kwargs)


class SectionInline(admin.StackedInline):
    """The sections of a draft, in the order of their positions."""

    model = Section
    extra = 0
    fields = ("position", "level", "heading", "anchor", "markdown", "embed", "track")


@admin.register(Edition)
class EditionAdmin(admin.ModelAdmin):
    """Drafts to edit and publish. What was published is never altered: start a draft from it."""

    list_display = (
        "page",
        "number",
        "state",
        "update_type",
        "published_at",
        "change_note",
        "is_text_held",
        "on_the_site",
    )
    list_display_links = ("page", "number")
    list_filter = ("state", "update_type", "is_text_held", "is_restated", "page")
    list_select_related = ("page",)
    date_hierarchy = "published_at"
    search_fields = ("title", "change_note", "cause")
    ordering = ("page", "-published_at", "-number")
    change_form_template = "guidance/admin/edition_change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        return Edition.objects.without_content()

    def get_fields(self, request: HttpRequest, obj: Edition | None = None) -> tuple[str, ...]:
        if obj is not None and obj.state == Edition.State.DRAFT:
            return ("title", "lead", "opened_as")
        if obj is not None and obj.state == Edition.State.SCHEDULED:
            return ("scheduled_for", "scheduled_by", "update_type", "change_note", "title", "lead")
        return (
            "page",
            "number",
            "state",
            "update_type",
            "change_note",
            "cause",
            "published_at",
            "published_by",
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

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["may_edit"] = request.user.has_perm("guidance.change_edition")
        edition = context.get("original")
        if edition is not None and not edition.is_public and context["may_edit"]:
            context["share_url"] = share_url(edition)
        return super().render_change_form(request, context, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Edition) -> HttpResponse:
        """Go on to publish where the editor asked to; else as the admin always does."""
        if "_publish" in request.POST:
            return redirect("admin:guidance_edition_publish", obj.pk)
        return super().response_change(request, obj)

    # The steps of a draft

    def get_urls(self) -> list[URLPattern]:
        steps: dict[str, Callable[[HttpRequest, Edition], HttpResponse]] = {
            "draft": self._start,
            "preview": self._preview,
            "changes": self._changes,
            "publish": self._publish,
            "unschedule": self._unschedule,
            "discard": self._discard,
        }
        return [
            *(
                path(
                    f"<int:pk>/{name}/",
                    self.admin_site.admin_view(self._for_editors(step)),
                    name=f"guidance_edition_{name}",
                )
                for name, step in steps.items()
            ),
            *super().get_urls(),
        ]

    def _for_editors(
        self, step: Callable[[HttpRequest, Edition], HttpResponse]
    ) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            if not request.user.has_perm("guidance.change_edition"):
                raise PermissionDenied
            edition = Edition.objects.select_related("page").filter(pk=pk).first()
            if edition is None:
                raise Http404
            return step(request, edition)

        return view

    def _start(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        return require_POST(self._start_draft)(request, edition)

    def _start_draft(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        """Start a draft from the live edition, or from an earlier one, to undo."""
        try:
            draft = start_draft(source=edition)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("admin:guidance_page_change", edition.page_id)
        self.log_addition(request, draft, f"Draft started from edition {edition.number}.")
        return redirect("admin:guidance_edition_change", draft.pk)

    def _preview(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        """Show a draft exactly as readers would see it now."""
        now = timezone.now()
        content = draft_content(_open(edition), at=now)
        return TemplateResponse(
            request,
            "guidance/page.html",
            {"edition": edition, "section": "guidance", **page_context(edition, content, at=now)},
        )

    def _changes(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        """Show what a draft would change, word by word."""
        comparison = _comparison_with_live(_open(edition))
        return self._page(request, edition, "changes", "What the draft changes", comparison)

    def _publish(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        """Ask whether the update is major and for its note, and publish."""
        draft = _draft(edition)
        form = PublishForm(request.POST or None)
        if form.is_valid():
            try:
                self._put_up(request, draft, form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                return redirect("admin:guidance_page_change", draft.page_id)
        comparison = _comparison_with_live(draft)
        return self._page(request, edition, "publish", "Publish the draft", comparison, form=form)

    def _put_up(self, request: HttpRequest, draft: Edition, chosen: dict[str, Any]) -> None:
        """Publish a draft now, or have it published at the time that was chosen."""
        now, when = timezone.now(), chosen["scheduled_for"]
        asked = {
            "draft": draft,
            "update_type": chosen["update_type"],
            "change_note": chosen["change_note"].strip(),
            "by": cast("User", request.user),
            "at": now,
        }
        if when is None:
            publish(**asked)
            said = "Published: readers see it now."
        else:
            schedule(scheduled_for=when, **asked)
            said = f"Scheduled for {weekday_date_words(when)}, {time_words(when)}."
        self.log_change(request, draft, said)
        messages.success(request, said)

    def _unschedule(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        return require_POST(self._make_draft_again)(request, edition)

    def _make_draft_again(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        """Take an edition off the schedule, to edit it again."""
        try:
            unschedule(edition=edition)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("admin:guidance_page_change", edition.page_id)
        self.log_change(request, edition, "Unscheduled.")
        return redirect("admin:guidance_edition_change", edition.pk)

    def _discard(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        """Ask, and delete a draft."""
        draft = _draft(edition)
        if request.method == "POST":
            page = draft.page_id
            self.log_deletions(request, Edition.objects.filter(pk=draft.pk))
            discard_draft(draft=draft)
            messages.success(request, "The draft was discarded.")
            return redirect("admin:guidance_page_change", page)
        comparison = _comparison_with_live(draft)
        return self._page(request, edition, "discard", "Discard the draft", comparison)

    def _page(
        self,
        request: HttpRequest,
        edition: Edition,
        step: str,
        title: str,
        comparison: Comparison | None,
        **context: Any,
    ) -> HttpResponse:
        return TemplateResponse(
            request,
            "guidance/admin/step.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": title,
                "subtitle": str(edition.page),
                "edition": edition,
                "step": step,
                "comparison": comparison,
                "sections": with_next_change(comparison) if comparison else [],
                **context,
            },
        )


def _draft(edition: Edition) -> Edition:
    """Return the edition if it is a draft; Http404 for what has been published since."""
    if edition.state != Edition.State.DRAFT:
        raise Http404
    return edition


def _open(edition: Edition) -> Edition:
    """Return the edition if readers do not see it yet: a draft, or what is scheduled."""
    if edition.is_public:
        raise Http404
    return edition


def _comparison_with_live(draft: Edition) -> Comparison | None:
    """Return what a draft changes of the words that readers see now; None where nothing stands."""
    live = draft.page.editions.live().first()
    if live is None:
        return None
    now = timezone.now()
    return compare(
        draft_content(live, at=now) if live.sections.exists() else live.frozen(),
        draft_content(draft, at=now),
    )
