"""Complex cases beyond the first few of one sender or network: one notice tells of many.

None waits for a colleague's release and none is refused: each is stored, in the inbox and due like
any other. Only its notice is shared, so that a flood buries no mailbox (decision 25).
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from contact.actions.failures import tell_otherwise
from contact.actions.handling import record
from contact.actions.rows import each_by_itself
from contact.mail import LIST_ALARM, NOTICE_LIST
from contact.models import Enquiry, Event, NoticeList
from outbox.actions import enqueue
from outbox.kinds import Failure
from outbox.models import Message

# By the database's clock. As with a single notice of a complex case.
LATE = timedelta(minutes=15)
UNSETTLED = (*Message.WAITING, Message.State.SENDING)


@transaction.atomic
def list_failed(list_id: int, failure: Failure, words: str) -> None:
    """Tell the national team, by one mail, of all enquiries whose common notice did not arrive."""
    enquiries = Enquiry.objects.filter(notice_list=list_id).order_by("pk")
    first = enquiries.first()
    if first is None:
        return
    if failure is Failure.UNREADABLE:
        note = f"The notice of several enquiries {failure}: {words}"
        record(first, Event.Kind.MAYBE_RETURNED, by=None, note=note)
        return
    enquiries.update(has_notice_bounced=True)
    _raise_alarm(list_id)


@transaction.atomic
def list_alarm_failed(list_id: int, failure: Failure, words: str) -> None:
    """Tell by the other way that the national team did not get the alarm about a list."""
    note = "" if failure is Failure.UNREADABLE else f"The alarm {failure}: {words}"
    _team_not_reached(list_id, note)


def alarm_of_lists() -> int:
    """Tell of lists that are late or were refused, and of alarms about them that are late.

    Return of how many lists was told: each once, however many workers look.
    """
    late = Q(state__in=UNSETTLED, due_at__lte=Now(), created_at__lte=Now() - LATE)
    alarms = Message.objects.filter(kind=LIST_ALARM, subject_id=OuterRef("subject_id"))
    undelivered = Message.objects.filter(Q(state=Message.State.REJECTED) | late, kind=NOTICE_LIST)
    keys = undelivered.exclude(Exists(alarms)).values_list("subject_id", flat=True)
    count = each_by_itself(list(keys), _raise_alarm)
    late_alarms = Message.objects.filter(
        kind=LIST_ALARM, state__in=UNSETTLED, created_at__lte=Now() - LATE
    )
    return count + each_by_itself(list(late_alarms.values_list("pk", flat=True)), _alarm_is_late)


def _raise_alarm(list_id: int) -> bool:
    """Queue the alarm about a list, in the caller's transaction; one a list. Whether it is new."""
    gathered = NoticeList.objects.select_for_update().filter(pk=list_id).first()
    alarms = Message.objects.filter(kind=LIST_ALARM, subject_id=list_id)
    if gathered is None or alarms.exists():
        return False
    enqueue(kind=LIST_ALARM, subject_id=list_id, priority=Message.Priority.URGENT)
    return True


def _alarm_is_late(message_id: int) -> bool:
    message = Message.objects.get(pk=message_id)
    NoticeList.objects.select_for_update().filter(pk=message.subject_id).first()
    told = Event.objects.filter(
        enquiry__notice_list=message.subject_id,
        kind=Event.Kind.TEAM_NOT_REACHED,
        at__gte=message.created_at,
    )
    return not told.exists() and _team_not_reached(message.subject_id, "The alarm is late.")


def _team_not_reached(list_id: int, note: str) -> bool:
    enquiries = list(Enquiry.objects.filter(notice_list=list_id).order_by("pk"))
    if note:
        for enquiry in enquiries:
            record(enquiry, Event.Kind.TEAM_NOT_REACHED, by=None, note=note)
    if enquiries:
        tell_otherwise(enquiries)
    return bool(enquiries)
