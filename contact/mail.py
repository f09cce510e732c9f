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
from outbox.models import Message
from regions.models import Post
from regions.recipients import recipient

NOTICE = "enquiry-notice"
ACKNOWLEDGEMENT = "enquiry-acknowledgement"
ALARM = "enquiry-alarm"


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
    facts = {
        "enquiry": enquiry,
        "link": _admin_address(enquiry),
        "with_text": settings.ENQUIRY_TEXT_IN_NOTICES,
    }
    return _letter(
        recipient=notice_address(enquiry, at),
        subject=f"{subject}, priority" if enquiry.is_urgent else subject,
        text=_text("contact/mail/notice.txt", facts),
        reply_to=enquiry.email,
    )


def alarm(enquiry_id: int, at: datetime) -> Envelope | None:
    """Return the mail that tells the national team of a notice that has not arrived.

    None once the enquiry is erased, or the notice was accepted after all.
    """
    enquiry = _enquiry(enquiry_id)
    sent = Message.objects.filter(kind=NOTICE, subject_id=enquiry_id, state=Message.State.ACCEPTED)
    if enquiry is None or sent.exists():
        return None
    priority = ", priority" if enquiry.is_urgent else ""
    return _letter(
        recipient=settings.NATIONAL_TEAM_EMAIL,
        subject=f"Not delivered: enquiry {enquiry.reference}, {enquiry.region_name}{priority}",
        text=_text(
            "contact/mail/alarm.txt",
            {"enquiry": enquiry, "link": _admin_address(enquiry)},
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
    return _letter(
        recipient=enquiry.email,
        subject=f"We have your enquiry: {enquiry.reference}",
        text=_text("contact/mail/acknowledgement.txt", sent_facts(enquiry)),
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


def _admin_address(enquiry: Enquiry) -> str:
    return settings.SITE_URL + reverse("admin:contact_enquiry_change", args=[enquiry.pk])


def _text(template: str, facts: dict[str, object]) -> str:
    """Return a mail's words. Django marks what it renders as safe HTML; plain text is not."""
    return "".join(render_to_string(template, facts))


def _letter(*, recipient: str, subject: str, text: str, reply_to: str) -> Envelope:
    """Return the mail with the same words in HTML beside the plain text."""
    html = render_to_string(
        "contact/mail/letter.html",
        {"site_name": settings.SITE_NAME, "subject": subject, "text": text},
    )
    return Envelope(recipient, subject, text, html=html, reply_to=reply_to)


def _enquiry(enquiry_id: int) -> Enquiry | None:
    return Enquiry.objects.select_related("region").filter(pk=enquiry_id).first()
