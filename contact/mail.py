"""The mail about an enquiry, made at the moment of sending from what the database then holds."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from contact.encryption import UndecryptableError
from contact.fields import EncryptedTextField
from contact.models import AcknowledgedAddress, Enquiry, Event
from contact.readers import reader_of
from contact.retention import WARNING_DAYS
from contact.working_days import reading_day
from guidance.models import Link
from outbox.envelope import Envelope
from outbox.models import Message
from regions.models import Post

NOTICE = "enquiry-notice"
ACKNOWLEDGEMENT = "enquiry-acknowledgement"
ALARM = "enquiry-alarm"
# About a step of its handling: the subject is the event.
EVENT = "enquiry-event"
REFERRAL = "enquiry-referral"
# The kinds whose subject is the enquiry itself.
ENQUIRY_KINDS = frozenset({NOTICE, ACKNOWLEDGEMENT, ALARM, REFERRAL})
# What only colleagues get.
STAFF_KINDS = frozenset({NOTICE, ALARM, EVENT})

TO_THE_POST = frozenset({Event.Kind.HANDED_OVER, Event.Kind.REMINDED})
TO_THE_NATIONAL_TEAM = frozenset(
    {
        Event.Kind.ESCALATED,
        Event.Kind.NOTICE_BOUNCED,
        Event.Kind.REFERRED,
        Event.Kind.WARNED,
    }
)
MAILED = TO_THE_POST | TO_THE_NATIONAL_TEAM
# Cancelled once the enquiry is no longer open.
ABOUT_WAITING = frozenset({Event.Kind.REMINDED, Event.Kind.ESCALATED})
SUBJECTS = {
    Event.Kind.HANDED_OVER: "Handed over to you",
    Event.Kind.REMINDED: "Overdue",
    Event.Kind.ESCALATED: "Still not answered",
    Event.Kind.NOTICE_BOUNCED: "The co-ordinator's mail came back",
    Event.Kind.REFERRED: "Answered as a referral",
    Event.Kind.WARNED: "Will be erased",
}


def notice_address(enquiry: Enquiry, at: datetime) -> str:
    """Return where mail to the enquiry's co-ordinator goes at that time.

    That is never another region's person, unless an editor named them as cover, and never nobody.
    """
    if enquiry.region is None:
        return settings.NATIONAL_TEAM_EMAIL
    on = timezone.localdate(at)
    answering = Post.objects.recipient(enquiry.region.slug, enquiry.setting, on=on)
    return answering.address or settings.NATIONAL_TEAM_EMAIL


def notice(enquiry_id: int, at: datetime) -> Envelope | None:
    """Return the mail to the co-ordinator that an enquiry waits; None once it is erased."""
    enquiry = _enquiry(enquiry_id)
    if enquiry is None:
        return None
    subject = f"Enquiry {enquiry.reference}: {enquiry.region_name}"
    facts = {
        "enquiry": enquiry,
        "cover": reader_of(enquiry, on=timezone.localdate(at)).cover,
        "link": _admin_address(enquiry),
        "answered_link": _admin_address(enquiry, "answered"),
        "with_text": settings.ENQUIRY_TEXT_IN_NOTICES,
    }
    return _letter(
        recipient=notice_address(enquiry, at),
        subject=f"{subject}, priority" if enquiry.is_urgent else subject,
        text=_text("contact/mail/notice.txt", facts),
        reply_to=enquiry.email,
    )


def alarm(enquiry_id: int, at: datetime) -> Envelope | None:
    """Return the mail to the national team that an enquiry's notice has not arrived.

    None once the enquiry is erased, or the notice was accepted after all. It holds nothing that
    was typed, so that it can be made even where no key opens that any more.
    """
    enquiry = (
        Enquiry.objects.select_related("region").defer(*_typed()).filter(pk=enquiry_id).first()
    )
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
        reply_to=_sender_if_known(enquiry),
    )


def _typed() -> list[str]:
    """Return the names of the columns that are encrypted."""
    fields = Enquiry._meta.concrete_fields
    return [field.name for field in fields if isinstance(field, EncryptedTextField)]


def _sender_if_known(enquiry: Enquiry) -> str:
    try:
        return enquiry.email
    except UndecryptableError:
        return ""


def event(event_id: int, at: datetime) -> Envelope | None:
    """Return the mail to colleagues about a step of an enquiry's handling.

    None once the enquiry is erased, or answered where the mail is about its waiting.
    """
    step = Event.objects.select_related("enquiry__region", "by").filter(pk=event_id).first()
    if step is None or (step.kind in ABOUT_WAITING and not step.enquiry.is_open):
        return None
    enquiry, kind = step.enquiry, Event.Kind(step.kind)
    priority = ", priority" if enquiry.is_urgent else ""
    facts = {
        "enquiry": enquiry,
        "kind": kind.value,
        "by": str(step.by or ""),
        "link": _admin_address(enquiry),
        "erased_after_days": WARNING_DAYS,
    }
    return _letter(
        recipient=notice_address(enquiry, at)
        if kind in TO_THE_POST
        else settings.NATIONAL_TEAM_EMAIL,
        subject=f"{SUBJECTS[kind]}: enquiry {enquiry.reference}, {enquiry.region_name}{priority}",
        text=_text("contact/mail/event.txt", facts),
        reply_to=settings.REPLY_TO_EMAIL,
    )


def referral(enquiry_id: int, at: datetime) -> Envelope | None:
    """Return the fixed reply to what should have been a Prevent referral: where to make one.

    None once the enquiry is erased. It holds nothing that was typed.
    """
    enquiry = _enquiry(enquiry_id)
    if enquiry is None:
        return None
    return _letter(
        recipient=enquiry.email,
        subject=f"Please make a Prevent referral: {enquiry.reference}",
        text=_text(
            "contact/mail/referral.txt",
            {**sent_facts(enquiry, at), "links": Link.objects.help_addresses()},
        ),
        reply_to=settings.REPLY_TO_EMAIL,
    )


def acknowledgement(enquiry_id: int, at: datetime) -> Envelope | None:
    """Return the mail to the sender that their enquiry has arrived.

    None once the enquiry is erased, and where the address has had enough of them: it may be a
    stranger's. It holds nothing that was typed: no stranger's words reach them.
    """
    enquiry = _enquiry(enquiry_id)
    if enquiry is None or not AcknowledgedAddress.objects.take_turn(
        digest=enquiry.email_digest, enquiry_id=enquiry.pk, at=at
    ):
        return None
    return _letter(
        recipient=enquiry.email,
        subject=f"We have your enquiry: {enquiry.reference}",
        text=_text("contact/mail/acknowledgement.txt", sent_facts(enquiry, at)),
        reply_to=settings.REPLY_TO_EMAIL,
    )


def sent_facts(enquiry: Enquiry, at: datetime) -> dict[str, object]:
    """Return what the confirmation and the acknowledgement say: nothing that was typed."""
    return {
        "reader": reader_of(enquiry, on=timezone.localdate(at)),
        "reference": enquiry.reference,
        "received_at": enquiry.received_at,
        "region": enquiry.region.name if enquiry.region else "",
        "is_held": enquiry.state == Enquiry.State.HELD,
        "reading_day": reading_day(enquiry.received_at),
        "reply_to_email": settings.REPLY_TO_EMAIL,
        "public_contact_email": settings.PUBLIC_CONTACT_EMAIL,
        "public_contact_phone": settings.PUBLIC_CONTACT_PHONE,
        "get_help_url": settings.SITE_URL + reverse("get-help"),
        "examples": settings.EXAMPLES,
    }


def _admin_address(enquiry: Enquiry, page: str = "change") -> str:
    return settings.SITE_URL + reverse(f"admin:contact_enquiry_{page}", args=[enquiry.pk])


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
