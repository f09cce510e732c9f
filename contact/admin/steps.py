"""A page for each step of an enquiry: a question where one is needed, and a button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone

from accounts.sign_in import user_of
from backoffice.audit import GuardedLookups
from backoffice.steps import Step as StepView
from backoffice.steps import step_page, step_paths
from contact.actions import handling
from contact.admin.personal_data import MAY_HANDLE_PERSONAL_DATA
from contact.forms.handling import (
    AssignForm,
    HandOverForm,
    NothingForm,
    OptionalNoteForm,
    ReasonForm,
)
from contact.mail import referral_words
from contact.models import Enquiry, Event
from govuk.dates import time_words, weekday_date_words

MAY_HANDLE = "contact.change_enquiry"


@dataclass(frozen=True, slots=True)
class StepPage:
    """What one step's page says and asks, and what its button does."""

    title: str
    button: str
    explain: str
    done: str
    act: Callable[..., None]
    form: type[forms.Form] = NothingForm
    permission: str = MAY_HANDLE
    letter: Callable[[Enquiry], str] | None = None


STEPS = {
    "take": StepPage(
        "Take it on",
        "Take it on",
        "You say that you will answer this enquiry. Your colleagues see it.",
        "You have taken it on.",
        handling.take,
    ),
    "assign": StepPage(
        "Give it to a colleague",
        "Give",
        "Only who can see this region's enquiries can be chosen. They get a mail about it.",
        "It is theirs now, and they get a mail.",
        handling.assign,
        AssignForm,
    ),
    "answered": StepPage(
        "Mark as answered",
        "Mark as answered",
        "You say that its sender has got an answer, by e-mail or telephone.",
        "It is marked as answered.",
        handling.mark_as_answered,
    ),
    "close": StepPage(
        "Close",
        "Close",
        "Nothing more is to be done. The time until it is erased begins now.",
        "It is closed.",
        handling.close,
        OptionalNoteForm,
    ),
    "reopen": StepPage(
        "Open again",
        "Open again",
        "Something is to be done after all.",
        "It is open again.",
        handling.reopen,
    ),
    "hold": StepPage(
        "Hold",
        "Hold",
        "You put it aside, for example as unwanted mail. Its sender is told nothing. "
        "It stays in the list and can be released.",
        "It is held.",
        handling.hold,
        ReasonForm,
    ),
    "release": StepPage(
        "Release",
        "Release",
        "It goes on like any other: its sender gets the acknowledgement, and the co-ordinator "
        "the notice.",
        "It was released.",
        handling.release,
    ),
    "hand-over": StepPage(
        "Hand over",
        "Hand over",
        "Another region's co-ordinator gets it, with a mail about it. Afterwards only they and "
        "the national team see it.",
        "It was handed over.",
        handling.hand_over,
        HandOverForm,
    ),
    "refer": StepPage(
        "This is a referral",
        "Send the reply",
        "Its sender gets a fixed reply: call 999 in an emergency, and where to make a Prevent "
        "referral or report a provider. The national team is told. It counts as answered; if the "
        "reply does not arrive, it is open again, and its sender is to be telephoned.",
        "The reply is on its way, and the national team is told.",
        handling.refer,
        letter=lambda enquiry: referral_words(enquiry, timezone.now()),
    ),
    "note": StepPage(
        "Add a note",
        "Add the note",
        "Colleagues who can see this enquiry can read it, and it is erased with it.",
        "The note is there.",
        handling.add_note,
        ReasonForm,
    ),
    "keep": StepPage(
        "Put under legal hold",
        "Put under legal hold",
        "It is not erased while the hold lasts.",
        "It is under legal hold.",
        handling.begin_legal_hold,
        ReasonForm,
        MAY_HANDLE_PERSONAL_DATA,
    ),
    "free": StepPage(
        "End the legal hold",
        "End the legal hold",
        "It is erased when its time has come.",
        "The legal hold has ended.",
        handling.end_legal_hold,
        ReasonForm,
        MAY_HANDLE_PERSONAL_DATA,
    ),
}


class EnquirySteps(GuardedLookups):
    """The addresses of the steps. GET asks and changes nothing: mail scanners follow links."""

    def visible(self, request: HttpRequest) -> QuerySet[Enquiry]:
        """Return the enquiries that whoever asks may see."""
        on = timezone.localdate()
        return Enquiry.objects.visible_to(request.user, on=on).select_related("region", "area")

    def missing(self, request: HttpRequest, pk: int) -> str:
        """Say where an enquiry went, to somebody who could see it before: to others, nothing."""
        event = Event.objects.of_leaving(user_of(request), pk, on=timezone.localdate())
        if event is None:
            return (
                "This enquiry is not yours, or not there. It may have been erased, or somebody "
                "else answers for its region now."
            )
        to = event.to_region.name if event.to_region else "the national team"
        day, time = weekday_date_words(event.at), time_words(event.at)
        return f"This enquiry was handed over to {to} on {day}, {time}: it is theirs to answer."

    def get_urls(self) -> list[URLPattern]:
        views: dict[str, tuple[str, StepView]] = {
            name: (page.permission, self._view_of(name, page)) for name, page in STEPS.items()
        }
        paths = step_paths(self, self.visible, views, missing=self.missing)
        return [*paths, *super().get_urls()]

    def _view_of(self, name: str, page: StepPage) -> StepView:
        def view(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
            return self._take_step(request, enquiry, name, page)

        return view

    def _take_step(
        self, request: HttpRequest, enquiry: Enquiry, name: str, page: StepPage
    ) -> HttpResponse:
        asks_for: dict[str, Any] = {"enquiry": enquiry}
        form = page.form(request.POST if request.method == "POST" else None, **asks_for)
        if request.method == "POST" and form.is_valid():
            try:
                page.act(enquiry=enquiry, by=user_of(request), **form.cleaned_data)
            except handling.StepRefusedError as error:
                messages.error(request, str(error))
            else:
                messages.success(request, f"{enquiry}: {page.done}")
            if self.visible(request).filter(pk=enquiry.pk).exists():
                return redirect("admin:contact_enquiry_change", enquiry.pk)
            return redirect("admin:contact_enquiry_changelist")
        return step_page(
            self,
            request,
            "contact/admin/step.html",
            title=page.title,
            row=enquiry,
            form=form,
            explain=page.explain,
            button=page.button,
            letter=page.letter(enquiry) if page.letter else "",
        )
