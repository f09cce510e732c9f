"""The mail about an enquiry, made at the moment of sending from what the database then holds."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from contact.models import AcknowledgedAddress, Enquiry, Event, NoticeList, readable
from contact.readers import reader_of
from contact.retention import WARNING_DAYS
from contact.working_days import reading_day
from guidance.help_addresses import help_addresses
from outbox.envelope import Envelope
from outbox.models import Message
from regions.models import Post

NOTICE = "enquiry-notice"
ACKNOWLEDGEMENT = "enquiry-acknowledgement"
ALARM = "enquiry-alarm"
# About a step of its handling: the subject is the event.
EVENT = "enquiry-event"
REFERRAL = "enquiry-referral"
# About many complex cases at once: the subject is the list (contact.list_mail makes them).
NOTICE_LIST = "enquiry-notice-list"
LIST_ALARM = "enquiry-list-alarm"
LIST_KINDS = frozenset({NOTICE_LIST, LIST_ALARM})
# The kinds whose subject is the enquiry itself.
ENQUIRY_KINDS = frozenset({NOTICE, ACKNOWLEDGEMENT, ALARM, REFERRAL})
# What is sent again rather than never after a restore: what colleagues get, and the reply that says
# where to make a referral.
NEVER_DROPPED = frozenset({NOTICE, ALARM, EVENT, REFERRAL}) | LIST_KINDS

TO_THE_POST = frozenset({Event.Kind.HANDED_OVER, Event.Kind.REMINDED})
TO_A_COLLEAGUE = TO_THE_POST | {Event.Kind.ASSIGNED}
TO_THE_NATIONAL_TEAM = frozenset(
    {
        Event.Kind.ESCALATED,
        Event.Kind.COLLEAGUE_NOT_REACHED,
        Event.Kind.SENDER_NOT_REACHED,
        Event.Kind.MAYBE_RETURNED,
        Event.Kind.LATE,
        Event.Kind.REFERRED,
        Event.Kind.WARNED,
    }
)
MAILED = TO_A_COLLEAGUE | TO_THE_NATIONAL_TEAM
# Cancelled once the enquiry is no longer open.
ABOUT_WAITING = frozenset({Event.Kind.REMINDED, Event.Kind.ESCALATED, Event.Kind.ASSIGNED})
SUBJECTS = {
    Event.Kind.HANDED_OVER: "Handed over to you",
    Event.Kind.ASSIGNED: "Given to you",
    Event.Kind.REMINDED: "Overdue",
    Event.Kind.ESCALATED: "Still not answered",
    Event.Kind.COLLEAGUE_NOT_REACHED: "Mail to a colleague did not arrive",
    Event.Kind.SENDER_NOT_REACHED: "Telephone the sender",
    Event.Kind.MAYBE_RETURNED: "Mail may have come back",
    Event.Kind.LATE: "Mail is late",
    Event.Kind.REFERRED: "Answered as a referral",
    Event.Kind.WARNED: "Will be erased",
}
# How a mail that is late is named to colleagues.
LATE_NAMES = {
    ACKNOWLEDGEMENT: "the acknowledgement to the person who wrote",
    REFERRAL: "the reply to the person who wrote that says where to make a referral",
}


def notice_of(enquiry: Enquiry) -> Message | None:
    """Return the message that tells the co-ordinator of the enquiry, its own or a list's."""
    about = Q(kind=NOTICE, subject_id=enquiry.pk)
    if enquiry.notice_list_id is not None:
        about |= Q(kind=NOTICE_LIST, subject_id=enquiry.notice_list_id)
    return Message.objects.filter(about).order_by("pk").last()


def notice_address(about: Enquiry | NoticeList, at: datetime) -> str:
    """Return where mail to the co-ordinator of an enquiry, or of a list, goes at that time.

    That is never another region's person, unless an editor named them as cover, and never nobody.
    """
    if about.region is None:
        return settings.NATIONAL_TEAM_EMAIL
    on = timezone.localdate(at)
    answering = Post.objects.recipient(about.region.slug, about.setting, on=on)
    return answering.address or settings.NATIONAL_TEAM_EMAIL


def notice(enquiry_id: int, at: datetime) -> Envelope | None:
    """Return the mail to the co-ordinator that an enquiry waits; None once it is erased."""
    enquiry = _enquiry(enquiry_id)
    if enquiry is None:
        return None
    subject = f"Enquiry {enquiry.reference}: {enquiry.region_name}"
    facts = {
        **_desk_facts(enquiry, at),
        "with_text": settings.ENQUIRY_TEXT_IN_NOTICES,
    }
    return letter(
        recipient=notice_address(enquiry, at),
        subject=f"{subject}, priority" if enquiry.is_urgent else subject,
        text=text("contact/mail/notice.txt", facts),
        reply_to=enquiry.email,
    )


def alarm(enquiry_id: int, at: datetime) -> Envelope | None:
    """Return the mail to the national team that an enquiry's notice has not arrived.

    None once the enquiry is erased, or the notice was accepted after all. It holds nothing that
    was typed, so that it can be made even where no key opens that any more.
    """
    enquiry = Enquiry.objects.select_related("region").filter(pk=enquiry_id).first()
    sent = Message.objects.filter(kind=NOTICE, subject_id=enquiry_id, state=Message.State.ACCEPTED)
    if enquiry is None or sent.exists():
        return None
    priority = ", priority" if enquiry.is_urgent else ""
    sender = readable(enquiry, "email") or ""
    return letter(
        recipient=settings.NATIONAL_TEAM_EMAIL,
        subject=f"Not delivered: enquiry {enquiry.reference}, {enquiry.region_name}{priority}",
        text=text(
            "contact/mail/alarm.txt",
            {**_desk_facts(enquiry, at), "reaches_sender": bool(sender)},
        ),
        reply_to=sender or settings.REPLY_TO_EMAIL,
    )


def event(event_id: int, at: datetime) -> Envelope | None:
    """Return the mail to colleagues about a step of an enquiry's handling.

    None once the enquiry is erased, and where what it says holds no longer: it was answered, or
    given or handed to somebody else since. It can be made even where no key opens what was typed.
    """
    step = Event.objects.select_related("by", "to").filter(pk=event_id).first()
    if step is None:
        return None
    enquiry = Enquiry.objects.select_related("region").get(pk=step.enquiry_id)
    late = _late_mail(enquiry) if step.kind == Event.Kind.LATE else []
    if _is_over(step, enquiry, late):
        return None
    kind = Event.Kind(step.kind)
    priority = ", priority" if enquiry.is_urgent else ""
    sender = ""
    if kind in TO_A_COLLEAGUE and not enquiry.needs_telephone:
        sender = readable(enquiry, "email") or ""
    recipient = _recipient(step, enquiry, at)
    heading = SUBJECTS[kind]
    is_given_back = kind == Event.Kind.ASSIGNED and step.to and recipient != step.to.email
    if is_given_back:
        heading = "Given back to you"
    facts = {
        **_desk_facts(enquiry, at),
        "kind": kind.value,
        "is_given_back": is_given_back,
        "by": str(step.by or ""),
        "to": str(step.to or ""),
        "late": late,
        "reply": _state_of_reply(enquiry),
        "erased_after_days": WARNING_DAYS,
        "reaches_sender": bool(sender),
    }
    return letter(
        recipient=recipient,
        subject=f"{heading}: enquiry {enquiry.reference}, {enquiry.region_name}{priority}",
        text=text("contact/mail/event.txt", facts),
        reply_to=sender or settings.REPLY_TO_EMAIL,
    )


def _is_over(step: Event, enquiry: Enquiry, late: list[str]) -> bool:
    """Whether the mail about a step is not wanted any more."""
    if step.kind in ABOUT_WAITING and not enquiry.is_open:
        return True
    if step.kind == Event.Kind.HANDED_OVER:
        return step.to_region_id != enquiry.region_id
    if step.kind == Event.Kind.ASSIGNED:
        return step.to_id in {None, step.by_id} or step.to_id != enquiry.assigned_to_id
    if step.kind == Event.Kind.REMINDED:
        later = enquiry.events.filter(kind=Event.Kind.HANDED_OVER, pk__gt=step.pk)
        return later.exists()
    return step.kind == Event.Kind.LATE and not late


def _recipient(step: Event, enquiry: Enquiry, at: datetime) -> str:
    if step.kind in TO_THE_NATIONAL_TEAM:
        return settings.NATIONAL_TEAM_EMAIL
    # A colleague who may not see it any more is told nothing of it: then it is the post's again.
    if step.to and step.kind == Event.Kind.ASSIGNED and _may_see(step.to, enquiry, at):
        return step.to.email
    return notice_address(enquiry, at)


def _may_see(user: User, enquiry: Enquiry, at: datetime) -> bool:
    visible = Enquiry.objects.visible_to(user, on=timezone.localdate(at))
    return visible.filter(pk=enquiry.pk).exists()


def _late_mail(enquiry: Enquiry) -> list[str]:
    """Return the names of the mails about an enquiry that have still to arrive, for colleagues."""
    waiting = Message.objects.undelivered()
    own = waiting.filter(kind__in=LATE_NAMES, subject_id=enquiry.pk).order_by("pk")
    steps = enquiry.events.filter(kind__in=TO_A_COLLEAGUE)
    about = waiting.filter(kind=EVENT, subject_id__in=steps.values("pk"))
    keys = {*about.values_list("subject_id", flat=True)}
    return [LATE_NAMES[message.kind] for message in own] + [
        f"the mail “{SUBJECTS[Event.Kind(step.kind)]}” to a colleague"
        for step in steps
        if step.pk in keys
    ]


def _state_of_reply(enquiry: Enquiry) -> str:
    """Return how the reply about referrals stands: "", "sent", "waiting" or "failed"."""
    message = Message.objects.filter(kind=REFERRAL, subject_id=enquiry.pk).first()
    if message is None:
        return ""
    if message.state == Message.State.REJECTED or message.bounced_at:
        return "failed"
    return "sent" if message.state == Message.State.ACCEPTED else "waiting"


def _desk_facts(enquiry: Enquiry, at: datetime) -> dict[str, object]:
    """Return what every mail to a colleague says."""
    return {
        "enquiry": enquiry,
        "cover": reader_of(enquiry, on=timezone.localdate(at)).cover,
        "link": _admin_address(enquiry),
        "answered_link": _admin_address(enquiry, "answered"),
        "reply_to_email": settings.REPLY_TO_EMAIL,
    }


def referral(enquiry_id: int, at: datetime) -> Envelope | None:
    """Return the fixed reply to what should have been a Prevent referral: where to make one.

    None once the enquiry is erased. It holds nothing that was typed.
    """
    enquiry = _enquiry(enquiry_id)
    if enquiry is None:
        return None
    return letter(
        recipient=enquiry.email,
        subject=f"Please make a Prevent referral: {enquiry.reference}",
        text=referral_words(enquiry, at),
        reply_to=settings.REPLY_TO_EMAIL,
    )


def referral_words(enquiry: Enquiry, at: datetime) -> str:
    """Return what the fixed reply about referrals says."""
    facts = {**sent_facts(enquiry, at), "links": help_addresses()}
    return text("contact/mail/referral.txt", facts)


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
    return letter(
        recipient=enquiry.email,
        subject=f"We have your enquiry: {enquiry.reference}",
        text=text("contact/mail/acknowledgement.txt", sent_facts(enquiry, at)),
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


def text(template: str, facts: dict[str, object]) -> str:
    """Return a mail's words. Django marks what it renders as safe HTML; plain text is not."""
    return "".join(render_to_string(template, facts))


def letter(*, recipient: str, subject: str, text: str, reply_to: str) -> Envelope:
    """Return the mail with the same words in HTML beside the plain text."""
    html = render_to_string(
        "contact/mail/letter.html",
        {"site_name": settings.SITE_NAME, "subject": subject, "text": text},
    )
    return Envelope(recipient, subject, text, html=html, reply_to=reply_to)


def _enquiry(enquiry_id: int) -> Enquiry | None:
    """Return the enquiry with what was typed in it. Raises UndecryptableError."""
    return Enquiry.objects.opened().select_related("region").filter(pk=enquiry_id).first()
