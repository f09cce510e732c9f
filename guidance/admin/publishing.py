"""A draft's way to its readers in the admin: begun, looked at, published or discarded."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.sign_in import user_of
from backoffice.missing import MissingError
from backoffice.steps import Step, Steps, step_page
from govuk.dates import time_words, weekday_date_words
from guidance.actions.proposing import propose_publication
from guidance.actions.publishing import (
    discard_draft,
    needs_another_person,
    publish,
    schedule,
    start_draft,
    unschedule,
)
from guidance.forms.publishing import PublishForm
from guidance.frame import page_context
from guidance.history.comparison import Comparison, compare
from guidance.live import content_of, draft_content
from guidance.models import Arrival, DraftSave, Edition, Proposal

MAY_EDIT = "guidance.change_edition"
# Begins the ids of a comparison, which stands among the admin's own.
IDS = "page-"


class PublishingSteps(Steps):
    """Addresses for each step of a draft, beside Django's own list and form of editions."""

    def steps(self) -> dict[str, tuple[str, Step]]:
        return super().steps() | {
            "draft": (MAY_EDIT, require_POST(self._start)),
            "preview": (MAY_EDIT, self._preview),
            "changes": (MAY_EDIT, self._changes),
            "publish": (MAY_EDIT, self._publish),
            "unschedule": (MAY_EDIT, require_POST(self._unschedule)),
            "discard": (MAY_EDIT, self._discard),
        }

    def missing(self, request: HttpRequest, pk: int) -> str:
        return "There is no such edition: a draft that is gone was discarded."

    def get_urls(self) -> list[URLPattern]:
        save = path(
            "saves/<int:pk>/",
            self.admin_site.admin_view(self._save_of_draft),
            name="guidance_edition_save",
        )
        return [save, *super().get_urls()]

    def _start(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        """Start a draft from the live edition, or from an earlier one, to undo."""
        try:
            draft = start_draft(source=edition, by=user_of(request))
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
            "guidance/preview.html",
            {
                "edition": edition,
                "section": "guidance",
                "back_url": reverse("admin:guidance_edition_change", args=[edition.pk]),
                **page_context(edition, content, at=now),
            },
        )

    def _changes(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        """Show what a draft would change, word by word."""
        comparison = comparison_with_live(_open(edition))
        return self._step(request, edition, "changes", "What the draft changes", comparison)

    def _publish(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        """Ask whether the update is major and for its note, and publish."""
        draft = _draft(edition)
        proposal = Proposal.objects.filter(edition=draft).select_related("proposed_by").first()
        writes_alone = needs_another_person(draft, user_of(request))
        form = PublishForm(
            request.POST or None,
            initial={
                "update_type": draft.update_type,
                "change_note": draft.change_note,
                "scheduled_for": proposal.wanted_for if proposal else None,
                "seen": draft.text().fingerprint(),
            },
        )
        if form.is_valid():
            try:
                if writes_alone:
                    self._hand_on(request, draft, form.cleaned_data)
                else:
                    self._send(request, draft, form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
                form.see_again(draft.text().fingerprint())
            else:
                return redirect("admin:guidance_page_change", draft.page_id)
        return self._step(
            request,
            edition,
            "publish",
            "Publish the draft",
            comparison_with_live(draft),
            form=form,
            writes_alone=writes_alone,
            proposal=proposal,
            arrival=Arrival.objects.filter(draft=draft).first(),
        )

    def _hand_on(self, request: HttpRequest, draft: Edition, chosen: dict[str, Any]) -> None:
        """Ask somebody else to publish a draft; what was chosen is kept for them."""
        propose_publication(
            draft=draft,
            update_type=chosen["update_type"],
            change_note=chosen["change_note"].strip(),
            scheduled_for=chosen["scheduled_for"],
            by=user_of(request),
            at=timezone.now(),
            seen=chosen["seen"],
        )
        self.log_change(request, draft, "Handed on to a second person.")
        messages.success(
            request,
            "Handed on: somebody else sees it under What waits, with your note, and publishes it.",
        )

    def _send(self, request: HttpRequest, draft: Edition, chosen: dict[str, Any]) -> None:
        """Publish a draft, or schedule it for the time that was chosen."""
        now, when = timezone.now(), chosen["scheduled_for"]
        asked = {
            "draft": draft,
            "update_type": chosen["update_type"],
            "change_note": chosen["change_note"].strip(),
            "by": user_of(request),
            "at": now,
            "seen": chosen["seen"],
        }
        if when is None:
            changed = publish(**asked)
            sentence = "Published: readers see it now."
        else:
            changed = schedule(scheduled_for=when, **asked)
            sentence = f"Scheduled for {weekday_date_words(when)}, {time_words(when)}."
        self.log_change(request, changed, sentence)
        messages.success(request, sentence)

    def _unschedule(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        """Take an edition off the schedule, to edit it again."""
        try:
            unschedule(edition=edition)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("admin:guidance_page_change", edition.page_id)
        self.log_change(request, edition, "Unscheduled.")
        messages.success(request, "Unscheduled: it is a draft again.")
        return redirect("admin:guidance_edition_change", edition.pk)

    def _discard(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        """Ask, and delete a draft."""
        draft = _draft(edition)
        if request.method == "POST":
            page = draft.page
            try:
                discard_draft(draft=draft)
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
            else:
                self.log_change(request, page, "Draft discarded.")
                messages.success(request, "The draft was discarded.")
            return redirect("admin:guidance_page_change", page.pk)
        comparison = comparison_with_live(draft)
        return self._step(request, edition, "discard", "Discard the draft", comparison)

    def _save_of_draft(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show one save of a draft, and what has changed in the draft since."""
        if not request.user.has_perm(MAY_EDIT):
            raise PermissionDenied
        saves = DraftSave.objects.select_related("draft__page", "saved_by")
        save = saves.filter(pk=pk).first()
        if save is None:
            raise MissingError(
                "This save is not kept any more: its draft was published or discarded."
            )
        now = timezone.now()
        text = save.text()
        comparison = compare(
            content_of(text, at=now), draft_content(save.draft, at=now), prefix=IDS
        )
        return self._step(
            request,
            save.draft,
            "save",
            "An earlier save of the draft",
            comparison,
            save=save,
            text=text,
        )

    def _step(
        self,
        request: HttpRequest,
        edition: Edition,
        step: str,
        title: str,
        comparison: Comparison | None,
        **context: Any,
    ) -> HttpResponse:
        return step_page(
            self,
            request,
            "guidance/admin/step.html",
            title=title,
            row=edition,
            step=step,
            comparison=comparison,
            **context,
        )


def comparison_with_live(draft: Edition) -> Comparison | None:
    """Return what a draft changes of the words that readers see now; None where nothing stands."""
    live = draft.page.editions.shown().first()
    if live is None:
        return None
    now = timezone.now()
    return compare(
        draft_content(live, at=now) if live.sections.exists() else live.frozen(),
        draft_content(draft, at=now),
        prefix=IDS,
    )


def _draft(edition: Edition) -> Edition:
    """Return the edition if it is a draft; Http404 for what has been published since."""
    if edition.state != Edition.State.DRAFT:
        raise MissingError(_what_happened(edition))
    return edition


def _open(edition: Edition) -> Edition:
    """Return the edition if readers do not see it yet: a draft, or what is scheduled."""
    if edition.is_public:
        raise MissingError(_what_happened(edition))
    return edition


def _what_happened(edition: Edition) -> str:
    """Say why an edition cannot be worked on any more."""
    if edition.published_at is not None:
        by = f" by {edition.published_by}" if edition.published_by else ""
        day, time = weekday_date_words(edition.published_at), time_words(edition.published_at)
        return f"This was published already{by}, on {day}, {time}: readers see it."
    return "This is scheduled already: unschedule it first, to work on it again."
