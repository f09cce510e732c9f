"""Alarms: what does not arrive in time or is not answered in time goes to the national team."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from contact.actions.failures import raise_alarm, tell_otherwise
from contact.actions.handling import record
from contact.actions.lists import alarm_of_lists
from contact.actions.rows import each_by_itself
from contact.mail import ACKNOWLEDGEMENT, ALARM, EVENT, NOTICE, REFERRAL, TO_THE_NATIONAL_TEAM
from contact.models import Enquiry, Event
from contact.working_days import working_days_later
from outbox.models import Message

LATE_STATES = (*Message.WAITING, Message.State.SENDING)
# By the database's clock, from when the mail was queued.
LATE = timedelta(hours=1)
LATE_IF_URGENT = timedelta(minutes=15)
# A reminder to the co-ordinator comes first; then they have so long.
WORKING_DAYS_AFTER_REMINDER = 1


def alarm_of_undelivered() -> int:
    """Tell of mail that is late, and of a notice that was refused and of which nobody was told.

    Of what the national team has not got it is told by the other way. Return of how many enquiries
    was told: each once for what is late at one time, however many workers look.
    """
    return _alarm_of_notices() + _tell_of_late_mail() + alarm_of_lists()


def _late() -> Q:
    """What has waited too long. Servers of strangers may put an acknowledgement off on purpose."""
    is_urgent = Q(priority__in=(Message.Priority.URGENT, Message.Priority.REFERRAL))
    is_urgent &= ~Q(kind=ACKNOWLEDGEMENT)
    return Q(state__in=LATE_STATES) & (
        Q(created_at__lte=Now() - LATE) | is_urgent & Q(created_at__lte=Now() - LATE_IF_URGENT)
    )


def _alarm_of_notices() -> int:
    alarms = Message.objects.filter(kind=ALARM, subject_id=OuterRef("subject_id"))
    undelivered = Message.objects.filter(kind=NOTICE).filter(
        Q(state=Message.State.REJECTED) | _late()
    )
    keys = undelivered.exclude(Exists(alarms)).order_by("priority", "pk")
    return _each_locked(list(keys.values_list("subject_id", flat=True)), raise_alarm)


def _tell_of_late_mail() -> int:
    late = Message.objects.filter(_late(), kind__in=(ACKNOWLEDGEMENT, REFERRAL, EVENT, ALARM))
    messages = list(late.order_by("priority", "pk"))
    steps = Event.objects.in_bulk([m.subject_id for m in messages if m.kind == EVENT])
    since: dict[tuple[int, Event.Kind], datetime] = {}
    for message in messages:
        step = steps.get(message.subject_id) if message.kind == EVENT else None
        if message.kind == EVENT and step is None:
            continue  # Erased.
        for_team = message.kind == ALARM or (step and step.kind in TO_THE_NATIONAL_TEAM)
        kind = Event.Kind.TEAM_NOT_REACHED if for_team else Event.Kind.LATE
        about = (step.enquiry_id if step else message.subject_id, kind)
        since[about] = max(message.created_at, since.get(about, message.created_at))
    unheard: list[Enquiry] = []

    def tell(enquiry: Enquiry) -> bool:
        told = False
        for kind in (Event.Kind.LATE, Event.Kind.TEAM_NOT_REACHED):
            queued_at = since.get((enquiry.pk, kind))
            if queued_at and not enquiry.events.filter(kind=kind, at__gte=queued_at).exists():
                # Not before the mail was queued, whatever this machine's clock says: or the next
                # look would tell of it again.
                record(enquiry, kind, by=None, at=max(timezone.now(), queued_at))
                if kind is Event.Kind.TEAM_NOT_REACHED:
                    unheard.append(enquiry)
                told = True
        return told

    count = _each_locked(list(dict.fromkeys(key for key, _ in since)), tell)
    if unheard:
        tell_otherwise(unheard)
    return count


def _each_locked(keys: list[int], tell: Callable[[Enquiry], bool]) -> int:
    """Call `tell` with each enquiry, locked, in a transaction of its own; count what it did."""

    def act(key: int) -> bool:
        enquiry = Enquiry.objects.select_for_update().filter(pk=key).first()
        return enquiry is not None and tell(enquiry)

    return each_by_itself(keys, act)


def remind_of_overdue(*, on: date) -> int:
    """Remind the co-ordinator of each enquiry that is overdue on that day (Europe/London).

    One that is still open a working day later goes to the national team. Return how many steps
    were taken: each once, however many workers look. An enquiry that was handed over starts anew.
    """

    def act(key: int) -> bool:
        locked = Enquiry.objects.select_for_update().overdue(on=on).filter(pk=key).first()
        return locked is not None and _remind(locked, on)

    return each_by_itself(list(Enquiry.objects.overdue(on=on).values_list("pk", flat=True)), act)


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
