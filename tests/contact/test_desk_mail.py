"""Mail to colleagues: who gets it, where a reply goes, and that it says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from contact import mail
from contact.actions import alarms, handling
from contact.models import Enquiry, Event
from outbox.envelope import Envelope
from regions.models import Region
from tests.contact.desk import (
    address,
    at_desk,
    coordinator,
    enquiry,
    national_team,
    send,
    stored,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

SENDER, REPLIES = "marker@school.example", "replies@rpec.example"
REACHES = "your answer goes to the person who wrote"
MISSES = f"A reply to this e-mail goes to {REPLIES}, not to the person who wrote"


def mail_of(event: Event) -> Envelope | None:
    return mail.event(event.pk, timezone.now())


def made(event: Event) -> Envelope:
    found = mail_of(event)
    assert found is not None
    return found


@pytest.mark.parametrize("kind", sorted(mail.MAILED))
def test_a_reply_goes_where_the_mail_says(kind: Event.Kind) -> None:
    user = coordinator("north-west")
    subject = enquiry()
    handling.assign(enquiry=subject, to=user, by=national_team())
    facts = {"to": user, "to_region": subject.region}
    event = handling.record(subject, kind, by=None, **facts)
    found = made(event)
    assert found.reply_to == (SENDER if kind in mail.TO_A_COLLEAGUE else REPLIES)
    assert ((REACHES in found.text), (MISSES in found.text)) == (
        kind in mail.TO_A_COLLEAGUE,
        kind not in mail.TO_A_COLLEAGUE,
    )
    assert found.recipient == (
        user.email if kind in mail.TO_A_COLLEAGUE else "national@rpec.example"
    )


def test_the_alarm_says_where_a_reply_goes() -> None:
    found = mail.alarm(enquiry().pk, timezone.now())
    assert found is not None
    assert found.reply_to == SENDER
    assert "A reply to this e-mail goes to the person who wrote the enquiry." in found.text


def test_where_mail_does_not_reach_the_sender_no_mail_says_that_a_reply_does() -> None:
    user = coordinator("north-west")
    subject = enquiry()
    Enquiry.objects.update(needs_telephone=True)
    subject.refresh_from_db()
    handling.assign(enquiry=subject, to=user, by=national_team())
    given = made(subject.events.get())
    assert given.reply_to == REPLIES
    assert "Mail to that person does not arrive: telephone them." in given.text
    first = mail.notice(subject.pk, timezone.now())
    assert first is not None
    assert REACHES not in first.text
    assert "Telephone the person who wrote" in first.text


def test_who_is_given_an_enquiry_gets_a_mail_and_finds_it_among_theirs() -> None:
    user, other = coordinator("north-west"), national_team()
    subject = enquiry()
    second = enquiry(email="b@school.example")
    at_desk(user).post(address(subject, "assign"), {"to": other.pk})
    found = made(subject.events.get())
    assert found.recipient == other.email
    assert found.subject == f"Given to you: enquiry {subject.reference}, North-West"
    assert "MARKER" not in found.text + found.subject
    mine = at_desk(other).get("/admin/contact/enquiry/", {"show": "mine"}).content.decode()
    assert subject.reference in mine
    assert second.reference not in mine
    nobodys = at_desk(user).get("/admin/contact/enquiry/", {"show": "mine"}).content.decode()
    assert subject.reference not in nobodys


def test_no_mail_to_who_takes_it_for_themselves_or_gave_it_on_or_has_answered_it() -> None:
    user, other = coordinator("north-west"), national_team()
    subject = enquiry()
    for to in (user, other, user):
        handling.assign(enquiry=subject, to=to, by=user)
    first, second, third = subject.events.filter(kind="assigned")
    assert (mail_of(first), mail_of(second), mail_of(third)) == (None, None, None)
    handling.assign(enquiry=subject, to=other, by=user)
    fourth = subject.events.filter(kind="assigned").latest("pk")
    assert made(fourth).recipient == other.email
    handling.mark_as_answered(enquiry=subject, by=other)
    assert mail_of(fourth) is None


def test_a_colleague_who_may_not_see_it_any_more_is_told_nothing_and_the_post_is() -> None:
    user, other = coordinator("north-west"), national_team()
    subject = enquiry()
    handling.assign(enquiry=subject, to=other, by=user)
    other.is_active = False
    other.save()
    found = made(subject.events.get())
    assert found.recipient == user.email
    assert found.subject.startswith("Given back to you: ")
    assert "gave this enquiry to team@example.org, who cannot see it any more." in found.text


def test_handed_over_twice_only_who_has_it_now_gets_the_mail() -> None:
    user = coordinator("north-west")
    coordinator("north-east")
    coordinator("london")
    subject = enquiry()
    for slug in ("north-east", "london"):
        region = Region.objects.get(slug=slug)
        handling.hand_over(enquiry=subject, to=region, by=user, note="On.")
    first, second = subject.events.filter(kind="handed-over")
    assert mail_of(first) is None
    assert made(second).recipient == "london@example.org"


def test_that_mail_did_not_arrive_is_not_held_against_those_who_get_it_next() -> None:
    user = coordinator("north-west")
    subject = enquiry()
    Enquiry.objects.update(has_notice_bounced=True)
    handling.hand_over(enquiry=subject, to=None, by=user, note="Several.")
    subject.refresh_from_db()
    assert not subject.has_notice_bounced


def test_handed_to_the_national_team_a_reply_reaches_the_sender_too() -> None:
    user = coordinator("north-west")
    subject = enquiry()
    handling.hand_over(enquiry=subject, to=None, by=user, note="Several.")
    found = made(subject.events.get())
    assert (found.recipient, found.reply_to) == ("national@rpec.example", SENDER)


def test_a_reminder_is_not_sent_to_a_region_that_got_the_enquiry_since() -> None:
    user = coordinator("north-west")
    coordinator("london")
    send(at_desk(user))
    subject = stored()
    Enquiry.objects.update(due_on=timezone.localdate() - timedelta(days=5))
    alarms.remind_of_overdue(on=timezone.localdate())
    handling.hand_over(
        enquiry=subject, to=Region.objects.get(slug="london"), by=user, note="London."
    )
    assert mail_of(subject.events.get(kind="reminded")) is None
