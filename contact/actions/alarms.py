"""Alarms: what does not arrive or is not answered in time goes to the national team."""

from __future__ import annotations

import logging
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from contact.actions.handling import record
from contact.mail import ALARM, NOTICE
from contact.models import Enquiry, Event
from contact.working_days import working_days_later
from outbox.actions import enqueue
from outbox.kinds import Failure
from outbox.models import Message

logger = logging.getLogger(__name__)

LATE_STATES = (*Message.WAITING, Message.State.SENDING)
# By the database's clock, from when the notice was queued.
LATE = timedelta(hours=1)
LATE_IF_URGENT = timedelta(minutes=15)
# A reminder to the co-ordinator comes first; then they have so long.
WORKING_DAYS_AFTER_REMINDER = 1
# What is ticked on an enquiry whose mail came back.
MARKS = {
    Event.Kind.NOTICE_BOUNCED: "has_notice_bounced",
    Event.Kind.REPLY_BOUNCED: "needs_telephone",
}


def alarm_of_undelivered() -> int:
    """Queue an alarm to the national team for each notice that was refused or is late.

    Return how many were queued: one an enquiry, however many workers look.
    """
    alarms = Message.objects.filter(kind=ALARM, subject_id=OuterRef("subject_id"))
    undelivered = Message.objects.filter(kind=NOTICE).filter(
        Q(state=Message.State.REJECTED)
        | Q(state__in=LATE_STATES, created_at__lte=Now() - LATE)
        | Q(
            state__in=LATE_STATES,
            priority=Message.Priority.URGENT,
            created_at__lte=Now() - LATE_IF_URGENT,
        )
    )
    count = 0
    for notice in undelivered.exclude(Exists(alarms)).order_by("priority", "pk"):
        try:
            with transaction.atomic():
                enqueue(
                    kind=ALARM,
                    subject_id=notice.subject_id,
                    priority=Message.Priority(notice.priority),
                )
        except IntegrityError:
            continue  # Another worker was quicker.
        logger.error("The notice of enquiry %s has not arrived", notice.subject_id)
        count += 1
    return count


def remind_of_overdue(*, on: date) -> int:
    """Remind the co-ordinator of each enquiry that is overdue on that day (Europe/London).

    One that is still open a working day later goes to the national team. Return how many steps
    were taken: each once, however many workers look. An enquiry that was handed over starts anew.
    """
    count = 0
    for enquiry in Enquiry.objects.overdue(on=on):
        with transaction.atomic():
            locked = Enquiry.objects.select_for_update().overdue(on=on).filter(pk=enquiry.pk)
            if locked.exists():
                count += _remind(enquiry, on)
    return count


def _remind(enquiry: Enquiry, on: date) -> bool:
    """Take the next step with an enquiry that is overdue and locked. Whether there was one."""
    since = enquiry.events.filter(kind=Event.Kind.HANDED_OVER).order_by("at").last()
    events = enquiry.events.filter(at__gte=since.at) if since else enquiry.events.all()
    reminded = events.filter(kind=Event.Kind.REMINDED).first()
    if reminded is None:
        record(enquiry, Event.Kind.REMINDED, by=None)
        return True
    last_day = working_days_later(timezone.localdate(reminded.at), WORKING_DAYS_AFTER_REMINDER)
    if on > last_day and not events.filter(kind=Event.Kind.ESCALATED).exists():
        record(enquiry, Event.Kind.ESCALATED, by=None)
        return True
    return False


@transaction.atomic
def mail_came_back(
    enquiry_id: int, failure: Failure, words: str, *, kind: Event.Kind
) -> None:
    """Mark an enquiry whose mail did not arrive and record it, with the mail server's words.

    `kind`: NOTICE_BOUNCED is the co-ordinator's mail, of which the region's open list and the
    national team then know; after REPLY_BOUNCED whoever answers must telephone the sender.
    Nothing happens where the enquiry is erased.
    """
    enquiry = Enquiry.objects.select_for_update().filter(pk=enquiry_id).first()
    if enquiry is None:
        return
    mark = MARKS[kind]
    setattr(enquiry, mark, True)
    enquiry.save(update_fields=[mark])
    record(enquiry, kind, by=None, note=f"It {failure}: {words}")
    if kind is Event.Kind.NOTICE_BOUNCED:
        logger.error("The notice of enquiry %s came back", enquiry_id)
