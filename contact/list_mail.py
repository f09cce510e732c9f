"""The mail about many complex cases at once, made at the moment of sending."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from contact.mail import NOTICE_LIST, letter, notice_address, text
from contact.models import Enquiry, NoticeList
from outbox.envelope import Envelope
from outbox.models import Message

# More would be a mail that servers refuse; the inbox has them all.
LONGEST: Final = 2_000


def notice_list(list_id: int, at: datetime) -> Envelope | None:
    """Return the mail to the co-ordinator that lists enquiries; from now on it takes in no more.

    None where none of them is left with the region. It holds nothing that was typed.
    """
    gathered = _closed(list_id, at)
    enquiries = _those_of(gathered) if gathered else []
    if gathered is None or not enquiries:
        return None
    return letter(
        recipient=notice_address(gathered, at),
        subject=f"{_count(enquiries)}: {enquiries[0].region_name}, priority",
        text=text("contact/mail/notice_list.txt", _facts(enquiries)),
        reply_to=settings.REPLY_TO_EMAIL,
    )


def list_alarm(list_id: int, at: datetime) -> Envelope | None:
    """Return the mail to the national team that such a notice has not arrived.

    None where it was accepted after all, or none of its enquiries is left.
    """
    gathered = _closed(list_id, at)
    enquiries = _those_of(gathered) if gathered else []
    arrived = Message.objects.filter(
        kind=NOTICE_LIST, subject_id=list_id, state=Message.State.ACCEPTED, bounced_at=None
    )
    if not enquiries or arrived.exists():
        return None
    return letter(
        recipient=settings.NATIONAL_TEAM_EMAIL,
        subject=f"Not delivered: {_count(enquiries)}, {enquiries[0].region_name}, priority",
        text=text("contact/mail/list_alarm.txt", _facts(enquiries)),
        reply_to=settings.REPLY_TO_EMAIL,
    )


@transaction.atomic
def _closed(list_id: int, at: datetime) -> NoticeList | None:
    """Return the list, closed: whoever sends at this moment waits, and begins another."""
    gathered = NoticeList.objects.select_for_update().filter(pk=list_id).first()
    if gathered is not None and gathered.closed_at is None:
        gathered.closed_at = at
        gathered.save(update_fields=["closed_at"])
    return gathered


def _those_of(gathered: NoticeList) -> list[Enquiry]:
    """Return a list's enquiries; of those that were handed over their new region has heard."""
    rows = Enquiry.objects.filter(notice_list=gathered, region=gathered.region_id)
    return list(rows.select_related("region").order_by("received_at", "pk"))


def _count(enquiries: list[Enquiry]) -> str:
    return "1 more enquiry" if len(enquiries) == 1 else f"{len(enquiries)} more enquiries"


def _facts(enquiries: list[Enquiry]) -> dict[str, object]:
    def address(name: str, *args: int) -> str:
        return settings.SITE_URL + reverse(f"admin:contact_enquiry_{name}", args=args)

    return {
        "count": len(enquiries),
        "region": enquiries[0].region_name,
        "lines": [(enquiry, address("change", enquiry.pk)) for enquiry in enquiries[:LONGEST]],
        "others": len(enquiries[LONGEST:]),
        "inbox": f"{address('changelist')}?show=complex",
        "reply_to_email": settings.REPLY_TO_EMAIL,
    }
