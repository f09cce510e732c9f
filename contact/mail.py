"""The mail about an enquiry, made at the moment of sending from what the database then says."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from contact.models import Enquiry
from contact.working_days import reading_day
from outbox.envelope import Envelope
from regions.models import Post
from regions.recipients import recipient

NOTICE = "enquiry-notice"
ACKNOWLEDGEMENT = "enquiry-acknowledgement"


def notice_address(enquiry: Enquiry, at: datetime) -> str:
    """Return who is told of the enquiry at that time: never another region, never nobody."""
    if enquiry.region is None:
        return settings.NATIONAL_TEAM_EMAIL
    found = recipient(
        enquiry.region.slug, enquiry.setting, timezone.localdate(at), Post.objects.facts()
    )
    return found.address or settings.NATIONAL_TEAM_EMAIL


def notice(enquiry_id: int, at: datetime) -> Envelope | None:
    """Return the mail that tells a co-ordinator of an enquiry; None once it is erased."""
    enquiry = _enquiry(enquiry_id)
    if enquiry is None:
        return None
    subject = f"Enquiry {enquiry.reference}: {enquiry.region_name}"
    return Envelope(
        recipient=notice_address(enquiry, at),
        subject=f"{subject}, priority" if enquiry.is_urgent else subject,
        text=render_to_string(
            "contact/mail/notice.txt",
            {
                "enquiry": enquiry,
                "link": settings.SITE_URL
                + reverse("admin:contact_enquiry_change", args=[enquiry.pk]),
                "with_text": settings.ENQUIRY_TEXT_IN_NOTICES,
            },
        ),
        reply_to=enquiry.email,
    )


def acknowledgement(enquiry_id: int, at: datetime) -> Envelope | None:
    """Return the mail that tells the sender that it came; None once the enquiry is erased.

    It holds nothing that was typed: whoever's address was given, no stranger's words reach them.
    """
    enquiry = _enquiry(enquiry_id)
    if enquiry is None:
        return None
    return Envelope(
        recipient=enquiry.email,
        subject=f"We have your enquiry: {enquiry.reference}",
        text=render_to_string("contact/mail/acknowledgement.txt", sent_facts(enquiry)),
        reply_to=settings.REPLY_TO_EMAIL,
    )


def sent_facts(enquiry: Enquiry) -> dict[str, object]:
    """Return what the confirmation and the acknowledgement say: nothing that was typed."""
    return {
        "reference": enquiry.reference,
        "received_at": enquiry.received_at,
        "region": enquiry.region.name if enquiry.region else "",
        "reading_day": reading_day(enquiry.received_at),
        "reply_to_email": settings.REPLY_TO_EMAIL,
        "public_contact_email": settings.PUBLIC_CONTACT_EMAIL,
        "public_contact_phone": settings.PUBLIC_CONTACT_PHONE,
        "get_help_url": settings.SITE_URL + reverse("get-help"),
        "examples": settings.EXAMPLES,
    }


def _enquiry(enquiry_id: int) -> Enquiry | None:
    return Enquiry.objects.select_related("region").filter(pk=enquiry_id).first()
