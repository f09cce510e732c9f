"""The steps of a session in the admin: copy it, mark it as full, cancel it, undo that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts.sign_in import user_of
from backoffice.steps import step_page, step_paths
from govuk.dates import weekday_date_words
from training.actions.changing import (
    cancel_sessions,
    copy_session,
    mark_sessions_full,
    status_before,
    take_back_status,
)
from training.forms import CopySessionForm, SeenForm
from training.models import Session

MAY_ADD = "training.add_session"
MAY_CHANGE = "training.change_session"
LIST = "admin:training_session_changelist"


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A status that editors give to sessions: what its page says, and what it does."""

    title: str
    explain: str
    button: str
    done: str
    already: str
    act: Callable[..., int]


STATUS_CHANGES: Final = {
    "full": StatusChange(
        title="Mark as full",
        explain="Readers are told that it has no places left, and which date has.",
        button="Mark as full",
        done="marked as full",
        already="full or cancelled",
        act=mark_sessions_full,
    ),
    "cancel": StatusChange(
        title="Cancel",
        explain="It stays in the lists and in people’s calendars, and says that it is cancelled. "
        "This site tells neither Eventbrite nor who has registered: cancel the event on "
        "Eventbrite too.",
        button="Cancel the session",
        done="cancelled",
        already="cancelled",
        act=cancel_sessions,
    ),
}


class SessionSteps(admin.ModelAdmin):
    """An address for each step of a session, beside Django's own list and form."""

    def get_urls(self) -> list[URLPattern]:
        steps = step_paths(
            self,
            lambda _: Session.objects.with_relations(),
            {
                "copy": (MAY_ADD, self._copy),
                "undo": (MAY_CHANGE, self._undo),
                **{
                    name: (MAY_CHANGE, partial(self._change, change=change))
                    for name, change in STATUS_CHANGES.items()
                },
            },
        )
        return [*steps, *super().get_urls()]

    def _copy(self, request: HttpRequest, session: Session) -> HttpResponse:
        """Ask when the copy starts, and make it."""
        form = CopySessionForm(request.POST or None, initial={"starts_at": session.starts_at})
        if form.is_valid():
            try:
                copy = copy_session(session=session, by=user_of(request), **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                return self._answer_copy(request, copy)
        return step_page(
            self,
            request,
            "training/admin/step.html",
            title="Copy to a new date",
            row=session,
            form=form,
            explain="The track, the title, the region and how long it lasts are the same.",
            button="Copy",
        )

    def _answer_copy(self, request: HttpRequest, copy: Session) -> HttpResponse:
        self.log_addition(request, copy, "Copied to a new date.")
        self.message_user(
            request,
            f"Copied to {weekday_date_words(copy.starts_at)}, {copy.time_range}.",
            messages.SUCCESS,
        )
        warn(self, request, copy, at=timezone.now())
        if self.has_change_permission(request, copy):
            return redirect("admin:training_session_change", copy.pk)
        return redirect(LIST)

    def _change(
        self, request: HttpRequest, session: Session, *, change: StatusChange
    ) -> HttpResponse:
        """Ask, and set the status of one session, unless somebody has changed it since."""
        form = SeenForm(request.POST or None, initial={"sequence": session.sequence})
        if form.is_valid():
            asked_about = Session.objects.filter(pk=session.pk, **form.cleaned_data)
            upcoming = asked_about.upcoming(at=timezone.now())
            changed = change.act(sessions=upcoming, by=user_of(request))
            return self._answer_change(request, session, changed, change.done)
        return self._ask(
            request,
            session,
            title=change.title,
            explain=change.explain,
            button=change.button,
            form=form,
        )

    def _undo(self, request: HttpRequest, session: Session) -> HttpResponse:
        """Ask, and set the session to the status that it had before."""
        status = status_before(session)
        form = SeenForm(request.POST or None, initial={"sequence": session.sequence})
        if form.is_valid() and status != session.status:
            session.sequence = form.cleaned_data["sequence"]
            if take_back_status(session=session, by=user_of(request)):
                self.log_change(request, session, f"Taken back: it is {status}.")
                self.message_user(request, f"{session} is {status} again.", messages.SUCCESS)
            else:
                self.message_user(
                    request,
                    f"{session} was left as it is: somebody has changed it meanwhile.",
                    messages.WARNING,
                )
            return redirect(LIST)
        return self._ask(
            request,
            session,
            title="Take it back",
            explain=f"It is {session.status}. It will be {status} again.",
            button=f"Make it {status} again",
            form=form,
        )

    def _ask(
        self,
        request: HttpRequest,
        session: Session,
        *,
        title: str,
        explain: str,
        button: str,
        form: forms.Form,
    ) -> HttpResponse:
        return step_page(
            self,
            request,
            "training/admin/step.html",
            title=title,
            row=session,
            form=form,
            explain=explain,
            button=button,
        )

    def _answer_change(
        self, request: HttpRequest, session: Session, changed: int, done: str
    ) -> HttpResponse:
        if not changed:
            self.message_user(
                request,
                f"{session} was left as it was: it has ended, was {done} before, or somebody has "
                "changed it meanwhile.",
                messages.WARNING,
            )
            return redirect(LIST)
        self.log_change(request, session, f"{done.capitalize()}.")
        undo = reverse("admin:training_session_undo", args=[session.pk])
        self.message_user(
            request,
            format_html('{} was {}. <a href="{}">Undo</a>', session, done, undo),
            messages.SUCCESS,
        )
        return redirect(LIST)


def warn(
    site_admin: admin.ModelAdmin, request: HttpRequest, session: Session, *, at: datetime
) -> None:
    """Warn of what is allowed and yet may be a slip: a date in the past, a missing link."""
    if session.ends_at <= at:
        site_admin.message_user(
            request,
            f"{weekday_date_words(session.starts_at)} is in the past: "
            "readers find the session only among the past ones.",
            messages.WARNING,
        )
    elif not session.registration_url and session.status == Session.Status.SCHEDULED:
        site_admin.message_user(
            request,
            "There is no registration link yet: readers are told that it is to follow.",
            messages.WARNING,
        )
