"""Floods and robots: held at most, never refused, and never a stranger's mailbox filled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.networks import client_network
from contact import mail
from contact.actions import handling, retention
from contact.forms.enquiry import new_token
from contact.models import AcknowledgedAddress, Enquiry
from contact.suspicion import suspicion
from outbox.models import Message
from tests.contact.desk import address, at_desk, coordinator, enquiry, national_team, post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

LINKS = "https://a.example https://b.example https://c.example"


@pytest.mark.parametrize(
    ("honeypot", "seconds", "message", "held"),
    [
        ("", 600, "When is the next date?", False),
        ("http://x.example", 600, "When is the next date?", True),
        (" ", 600, "When is the next date?", False),
        ("", 1, "When is the next date?", False),
        ("", 1, "See https://a.example for what I mean by this question", True),
        ("", 90, "See https://a.example for what I mean by this question", False),
        ("", 90, LINKS, True),
        ("", None, "See https://a.example for what I mean by this question", False),
        ("", 600, "متى التدريب القادم؟", False),
        ("", 600, "Help", False),
        ("", 600, "", False),
    ],
)
def test_what_makes_us_look_twice(
    honeypot: str, seconds: int | None, message: str, held: bool
) -> None:
    took = None if seconds is None else timedelta(seconds=seconds)
    assert bool(suspicion(honeypot=honeypot, took=took, message=message)) == held


def test_a_held_enquiry_sends_nothing_is_seen_and_can_be_released() -> None:
    subject = enquiry(website="https://spam.example")
    assert subject.state == "held"
    assert not Message.objects.exists()
    desk = at_desk(coordinator("north-west"))
    assert address(subject) in desk.get("/admin/contact/enquiry/").content.decode()
    assert "held enquiry to look at" in desk.get("/admin/").content.decode()
    desk.post(address(subject, "release"))
    subject.refresh_from_db()
    assert subject.state == "new"
    assert sorted(Message.objects.values_list("kind", flat=True)) == [
        mail.ACKNOWLEDGEMENT,
        mail.NOTICE,
    ]


def test_who_is_held_is_told_the_truth_on_the_confirmation() -> None:
    subject = enquiry(website="https://spam.example")
    page = Client().get(f"/contact/sent/{subject.reference}/").content.decode()
    assert "one of us looks at it" in page
    assert "We are sending you an e-mail" not in page


def test_held_by_a_colleague_and_released_sends_no_second_mail() -> None:
    user, subject = coordinator("north-west"), enquiry()
    handling.hold(enquiry=subject, by=user, note="Unwanted?")
    handling.release(enquiry=subject, by=user)
    assert Message.objects.filter(kind=mail.NOTICE).count() == 1


def test_a_complex_case_is_never_held(settings: Any) -> None:
    settings.ENQUIRIES_AN_HOUR_BY_SENDER = 1
    enquiry()
    subject = enquiry(topic="complex-case", website="filled by a browser", message=LINKS)
    assert subject.state == "new"
    assert Message.objects.filter(kind=mail.NOTICE, subject_id=subject.pk).exists()


def test_the_form_carries_what_a_robot_filled_in_past_the_check_page() -> None:
    page = post(Client(), website="MARK").content.decode()
    assert 'name="website" value="MARK"' in page


def test_a_fast_sender_of_links_is_held_and_a_slow_one_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = "What do you think of https://a.example for our staff meeting next week?"
    fast, slow = new_token(), new_token()
    assert enquiry(token=fast, message=words).state == "held"
    later = timezone.now().timestamp() + 24 * 3600
    monkeypatch.setattr("contact.forms.enquiry.time.time", lambda: later)
    assert enquiry(token=slow, message=words).state == "new"


def test_over_a_senders_limit_is_accepted_and_held_and_after_an_hour_it_is_not(
    settings: Any,
) -> None:
    settings.ENQUIRIES_AN_HOUR_BY_SENDER = 3
    states = [enquiry(message=f"Question {number}").state for number in range(5)]
    assert states == ["new"] * 3 + ["held"] * 2
    Enquiry.objects.update(received_at=timezone.now() - timedelta(minutes=61))
    assert enquiry(message="An hour later").state == "new"


def test_thirty_people_behind_one_schools_address_are_all_accepted() -> None:
    states = {
        enquiry(email=f"p{number}@school.example", remote="81.2.69.7").state for number in range(30)
    }
    assert states == {"new"}


def test_over_a_networks_limit_is_held_and_a_forged_header_gains_nothing(settings: Any) -> None:
    settings.ENQUIRIES_AN_HOUR_BY_NETWORK = 5
    states = [
        enquiry(
            email=f"p{number}@school.example",
            remote="81.2.69.7",
            forwarded=f"81.2.70.{number}",
        ).state
        for number in range(7)
    ]
    assert states == ["new"] * 5 + ["held"] * 2


def test_behind_a_trusted_proxy_the_senders_own_network_counts(settings: Any) -> None:
    settings.ENQUIRIES_AN_HOUR_BY_NETWORK = 2
    settings.TRUSTED_PROXIES = ["10.0.0.1"]

    def state(number: int, client: str) -> str:
        return enquiry(email=f"p{number}@school.example", remote="10.0.0.1", forwarded=client).state

    assert [state(number, "81.2.69.7") for number in range(3)] == ["new", "new", "held"]
    assert state(4, "81.2.69.8") == "new"
    # What the sender wrote into the header stands left of what the proxy saw.
    assert state(5, "1.2.3.4, 81.2.69.7") == "held"


@pytest.mark.parametrize(
    ("remote", "forwarded", "trusted", "network"),
    [
        ("81.2.69.7", "", [], "81.2.69.7"),
        ("81.2.69.7", "9.9.9.9", [], "81.2.69.7"),
        ("127.0.0.1", "9.9.9.9", [], ""),
        ("127.0.0.1", "9.9.9.9", ["127.0.0.1"], "9.9.9.9"),
        ("10.0.0.1", "9.9.9.9, 10.0.0.2", ["10.0.0.0/24"], "9.9.9.9"),
        ("10.0.0.1", "spoof, 9.9.9.9", ["10.0.0.1"], "9.9.9.9"),
        ("10.0.0.1", "nonsense", ["10.0.0.1"], ""),
        ("10.0.0.1", "", ["10.0.0.1"], ""),
        ("10.0.0.1", "9.9.9.9", [], ""),
        ("172.16.0.1", "9.9.9.9", [], ""),
        ("192.168.0.1", "9.9.9.9", [], ""),
        ("169.254.0.1", "9.9.9.9", [], ""),
        ("100.64.0.1", "9.9.9.9", [], ""),
        ("100.64.0.1", "9.9.9.9", ["100.64.0.0/10"], "9.9.9.9"),
        ("203.0.113.7", "", [], ""),
        ("::1", "9.9.9.9", [], ""),
        ("fc00::1", "9.9.9.9", [], ""),
        ("fe80::1", "9.9.9.9", [], ""),
        ("::ffff:10.0.0.1", "9.9.9.9", [], ""),
        ("2a02:c7f:1:2:3:4:5:6", "", [], "2a02:c7f:1:2::/64"),
        ("::ffff:81.2.69.7", "", [], "81.2.69.7"),
        ("", "", [], ""),
        ("127.0.0.1", "9.9.9.9:5678", ["127.0.0.1"], "9.9.9.9"),
        ("127.0.0.1", "spoof:1, 9.9.9.9:443", ["127.0.0.1"], "9.9.9.9"),
        ("127.0.0.1", "[2a02:c7f:1:2::6]:99", ["127.0.0.1"], "2a02:c7f:1:2::/64"),
        ("127.0.0.1", "[2a02:c7f:1:2::6]", ["127.0.0.1"], "2a02:c7f:1:2::/64"),
        ("10.0.0.1", "9.9.9.9, 10.0.0.2:80", ["10.0.0.0/24"], "9.9.9.9"),
        ("127.0.0.1", "9.9.9.9:", ["127.0.0.1"], ""),
        ("127.0.0.1", "9.9.9.9:x", ["127.0.0.1"], ""),
        ("127.0.0.1", "[9.9.9.9", ["127.0.0.1"], ""),
    ],
)
def test_which_network_a_request_came_from(
    remote: str, forwarded: str, trusted: list[str], network: str
) -> None:
    assert client_network(remote, forwarded, trusted) == network


def test_the_network_is_kept_as_a_digest_and_for_a_day() -> None:
    subject = enquiry(remote="81.2.69.7")
    assert len(subject.network) == 64
    assert retention.forget_networks(at=timezone.now() + timedelta(hours=23)) == 0
    assert retention.forget_networks(at=timezone.now() + timedelta(hours=25)) == 1
    subject.refresh_from_db()
    assert subject.network == ""


def test_a_strangers_address_gets_one_mail_in_15_minutes_and_three_a_day() -> None:
    start = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    subjects = [enquiry(token=f"t{number}") for number in range(40)]
    got = [
        minutes
        for minutes, subject in zip(range(0, 40 * 4, 4), subjects, strict=True)
        if mail.acknowledgement(subject.pk, start + timedelta(minutes=minutes))
    ]
    assert got == [0, 16, 32]
    assert mail.acknowledgement(subjects[39].pk, start + timedelta(hours=24, minutes=1))


def test_the_same_acknowledgement_tried_again_is_one() -> None:
    start = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    subject = enquiry()
    for minutes in (0, 1, 6, 21):
        assert mail.acknowledgement(subject.pk, start + timedelta(minutes=minutes))


def test_a_thousand_enquiries_in_a_victims_name_are_one_mail_now(settings: Any) -> None:
    settings.ENQUIRIES_AN_HOUR_BY_SENDER = 2000
    now = timezone.now()
    first = enquiry()
    Enquiry.objects.bulk_create(
        Enquiry(
            **{
                field.attname: getattr(first, field.attname)
                for field in Enquiry._meta.concrete_fields
                if field.name not in {"id", "reference", "submission"}
            },
            reference=f"AAAA-{number:04d}-BBBB",
            submission=f"s{number}",
        )
        for number in range(1000)
    )
    sent = [mail.acknowledgement(key, now) for key in Enquiry.objects.values_list("pk", flat=True)]
    assert sum(letter is not None for letter in sent) == 1


def test_addresses_that_were_written_to_are_forgotten_after_a_day() -> None:
    mail.acknowledgement(enquiry().pk, timezone.now())
    AcknowledgedAddress.objects.update(last_at=timezone.now() - timedelta(hours=25))
    retention.forget_networks(at=timezone.now())
    assert not AcknowledgedAddress.objects.exists()


def test_the_national_team_sees_what_is_held_in_every_region() -> None:
    enquiry(website="x", place="Leeds")
    page = at_desk(national_team()).get("/admin/contact/enquiry/?show=held").content.decode()
    assert "1 enquiry" in page
