"""What follows where mail about an enquiry does not arrive: somebody always knows.

Of mail to its sender and to colleagues the national team hears by mail; of mail to the national
team, by the way that does not go through the queue. There it ends: no alarm is about that one.
"""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from contact.actions.handling import record
from contact.actions.submitting import priority_of
from contact.mail import ALARM, TO_THE_NATIONAL_TEAM
from contact.models import AnswerTime, Enquiry, Event
from contact.working_days import answer_day
from outbox.actions import enqueue
from outbox.alarms import sound
from outbox.kinds import Failure
from outbox.models import Message

logger = logging.getLogger(__name__)

_ALARM = "Alarm: the national team cannot be reached"
_NAMED = 20


@transaction.atomic
def notice_failed(enquiry_id: int, failure: Failure, words: str) -> None:
    """Tell the national team that a co-ordinator did not get the first notice of an enquiry."""
    enquiry = _locked(enquiry_id)
    if enquiry is None:
        return
    if failure is Failure.REFUSED:
        _change(enquiry, has_notice_bounced=True)
        raise_alarm(enquiry)
    else:
        _colleague_not_reached(enquiry, failure, f"The notice {failure}: {words}")


@transaction.atomic
def event_failed(event_id: int, failure: Failure, words: str) -> None:
    """Tell that a mail about a step of an enquiry's handling did not arrive."""
    step = Event.objects.filter(pk=event_id).first()
    enquiry = _locked(step.enquiry_id) if step else None
    if step is None or enquiry is None:
        return
    note = f"The mail “{step.get_kind_display()}” {failure}: {words}"
    if step.kind in TO_THE_NATIONAL_TEAM:
        _team_not_reached(enquiry, failure, note)
    else:
        _colleague_not_reached(enquiry, failure, note)


@transaction.atomic
def alarm_failed(enquiry_id: int, failure: Failure, words: str) -> None:
    """Tell by the other way that the national team did not get an alarm."""
    enquiry = _locked(enquiry_id)
    if enquiry is not None:
        _team_not_reached(enquiry, failure, f"The alarm {failure}: {words}")


@transaction.atomic
def acknowledgement_failed(enquiry_id: int, failure: Failure, words: str) -> None:
    """Ask for the sender to be telephoned: mail does not reach them."""
    enquiry = _locked(enquiry_id)
    if enquiry is not None:
        _sender_not_reached(enquiry, failure, f"The acknowledgement {failure}: {words}")


@transaction.atomic
def referral_failed(enquiry_id: int, failure: Failure, words: str) -> None:
    """Open an enquiry again whose sender was not told how to make a referral, and say so."""
    enquiry = _locked(enquiry_id)
    if enquiry is None:
        return
    if failure is not Failure.UNREADABLE:
        now = timezone.now()
        _change(enquiry, is_referral=False)
        if not enquiry.is_open:
            _change(
                enquiry,
                state=Enquiry.State.ACKNOWLEDGED,
                answered_at=None,
                closed_at=None,
                last_step_at=now,
                due_on=answer_day(now, AnswerTime.objects.days_for(enquiry.topic)),
            )
    _sender_not_reached(enquiry, failure, f"The reply about referrals {failure}: {words}")


def raise_alarm(enquiry: Enquiry) -> bool:
    """Queue the alarm that a notice did not arrive, in the caller's transaction; one an enquiry.

    Whether there was none before. Wants the enquiry's lock.
    """
    if Message.objects.filter(kind=ALARM, subject_id=enquiry.pk).exists():
        return False
    enqueue(kind=ALARM, subject_id=enquiry.pk, priority=priority_of(enquiry))
    logger.error("The notice of enquiry %s has not arrived", enquiry.pk)
    return True


def tell_otherwise(enquiries: list[Enquiry]) -> None:
    """Tell by the other way, once the caller's transaction is committed, whose mail is lost."""
    names = ", ".join(
        f"{enquiry.reference} ({settings.SITE_URL}{_address(enquiry)})"
        for enquiry in enquiries[:_NAMED]
    )
    if len(enquiries) > _NAMED:
        names += f" and {len(enquiries) - _NAMED} more"
    words = (
        "Mail to the national team was refused, came back or is late: NATIONAL_TEAM_EMAIL may be "
        f"wrong, or its server down. Nobody may know of these enquiries: {names}. Read them in the "
        "admin and see that somebody answers. What the mail server said is there, under Mail."
    )
    transaction.on_commit(lambda: sound(words, subject=_ALARM))


def _colleague_not_reached(enquiry: Enquiry, failure: Failure, note: str) -> None:
    logger.error("A colleague did not get mail about enquiry %s", enquiry.pk)
    if failure is Failure.UNREADABLE:
        record(enquiry, Event.Kind.MAYBE_RETURNED, by=None, note=note)
        return
    _change(enquiry, has_notice_bounced=True)
    record(enquiry, Event.Kind.COLLEAGUE_NOT_REACHED, by=None, note=note)


def _sender_not_reached(enquiry: Enquiry, failure: Failure, note: str) -> None:
    if failure is Failure.UNREADABLE:
        record(enquiry, Event.Kind.MAYBE_RETURNED, by=None, note=note)
        return
    _change(enquiry, needs_telephone=True)
    record(enquiry, Event.Kind.SENDER_NOT_REACHED, by=None, note=note)


def _team_not_reached(enquiry: Enquiry, failure: Failure, note: str) -> None:
    """Record it where colleagues see it, and tell by the other way. Nothing more is mailed.

    What may be a helpdesk's receipt for our mail does not count as a failure of it.
    """
    if failure is not Failure.UNREADABLE:
        record(enquiry, Event.Kind.TEAM_NOT_REACHED, by=None, note=note)
    tell_otherwise([enquiry])


def _locked(enquiry_id: int) -> Enquiry | None:
    """Return the enquiry, locked; None once it is erased."""
    return Enquiry.objects.select_for_update().filter(pk=enquiry_id).first()


def _change(enquiry: Enquiry, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(enquiry, name, value)
    enquiry.save(update_fields=changes.keys())


def _address(enquiry: Enquiry) -> str:
    return reverse("admin:contact_enquiry_change", args=[enquiry.pk])
