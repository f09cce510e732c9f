"""Erasing what need not be kept, and warning before what nobody closed is erased."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from contact.actions.handling import record
from contact.actions.rows import each_by_itself
from contact.mail import ENQUIRY_KINDS, EVENT, LIST_KINDS
from contact.models import AcknowledgedAddress, Enquiry, ErasedTotal, Event, NoticeList
from contact.retention import is_abandoned, is_expired, wants_warning
from outbox.models import Message
from outbox.transports import transport_from

# No longer than limits need it: they look back an hour.
NETWORK_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Erasure:
    """How many were erased, warned of, and not erased only because of a legal hold."""

    erased: int = 0
    warned: int = 0
    on_legal_hold: int = 0


def erase_expired(*, at: datetime) -> Erasure:
    """Erase what is closed for ENQUIRY_RETENTION_DAYS, and what nobody closed after a warning.

    One transaction an enquiry, so that a long run can be stopped; counts are kept. Raises
    NotAllDoneError once all others are erased where that failed with one.
    """
    days = settings.ENQUIRY_RETENTION_DAYS
    done: Counter[str] = Counter()
    longest_ago = at - timedelta(days=days)
    old = Enquiry.objects.filter(last_step_at__lte=longest_ago).values_list("pk", flat=True)

    def act(key: int) -> bool:
        enquiry = Enquiry.objects.select_for_update().filter(pk=key).first()
        if enquiry is None:
            return False
        is_due, wants = _judge(enquiry, at, days)
        if is_due and enquiry.is_kept:
            done["kept by a legal hold"] += 1
        elif is_due:
            erase(enquiry)
            done["erased"] += 1
        elif wants and not enquiry.is_kept:
            record(enquiry, Event.Kind.WARNED, by=None, at=at)
            done["warned of"] += 1
        return True

    try:
        each_by_itself(list(old), act)
    finally:
        forget_lists()
        forget_networks(at=at)
    return Erasure(done["erased"], done["warned of"], done["kept by a legal hold"])


def _judge(enquiry: Enquiry, at: datetime, days: int) -> tuple[bool, bool]:
    """Return whether it is to be erased now, and whether a warning is to be given first."""
    if enquiry.closed_at is not None:
        return is_expired(enquiry.closed_at, at, retention_days=days), False
    warning = enquiry.events.filter(kind=Event.Kind.WARNED, at__gte=enquiry.last_step_at).last()
    if warning is not None:
        return is_abandoned(enquiry.last_step_at, warning.at, at), False
    return False, wants_warning(enquiry.last_step_at, at, retention_days=days)


@transaction.atomic
def erase(enquiry: Enquiry) -> None:
    """Erase an enquiry with all that was done with it and all mail about it; keep the count."""
    month = timezone.localdate(enquiry.received_at).replace(day=1)
    total, _ = ErasedTotal.objects.get_or_create(
        month=month, region=enquiry.region, topic=enquiry.topic
    )
    answered = int(enquiry.answered_at is not None)
    ErasedTotal.objects.filter(pk=total.pk).update(
        count=F("count") + 1, answered=F("answered") + answered
    )
    _erase_mail(enquiry)
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Enquiry), object_id=str(enquiry.pk)
    ).delete()
    AcknowledgedAddress.objects.filter(email_digest=enquiry.email_digest).delete()
    enquiry.delete()


def _erase_mail(enquiry: Enquiry) -> None:
    events = list(enquiry.events.values_list("pk", flat=True))
    mail = Message.objects.filter(kind__in=ENQUIRY_KINDS, subject_id=enquiry.pk)
    mail |= Message.objects.filter(kind=EVENT, subject_id__in=events)
    transport = transport_from(settings.MAIL)
    for message in mail:
        transport.forget(message.message_id)
    mail.delete()


def forget_lists() -> None:
    """Forget lists of which no enquiry is left, with the mail about them."""
    over = NoticeList.objects.filter(closed_at__isnull=False, enquiries__isnull=True)
    keys = list(over.values_list("pk", flat=True))
    Message.objects.filter(kind__in=LIST_KINDS, subject_id__in=keys).delete()
    NoticeList.objects.filter(pk__in=keys).delete()


def forget_networks(*, at: datetime) -> int:
    """Forget from which network enquiries came once no limit looks back so far."""
    AcknowledgedAddress.objects.forget_before(at)
    old = Enquiry.objects.filter(received_at__lt=at - NETWORK_KEPT).exclude(network="")
    return old.update(network="")
