"""Mail that is refused, comes back or is late: somebody always knows, and hears the truth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import environ
import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

from contact import mail
from contact.actions import handling
from contact.actions.alarms import alarm_of_undelivered, remind_of_overdue
from contact.models import Enquiry, Event
from outbox.actions import settle_after_restore, take_bounce
from outbox.bounces import Bounce, Verdict
from outbox.delivery import deliver_due
from outbox.kinds import Failure, follow_failure
from outbox.models import Message
from outbox.transports import SmtpTransport
from regions.models import Region
from tests.contact.desk import address, at_desk, coordinator, enquiry, national_team
from tests.outbox.messages import token_in_envelope
from tests.smtp import running_mail_server

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

TEAM = "national@rpec.example"
SENDER = "marker@school.example"
Kind = Event.Kind


@pytest.fixture
def work(django_capture_on_commit_callbacks: Any) -> Callable[..., dict[str, list[str]]]:
    """Do what the worker does until nothing is due; return the subjects that arrived, by reader."""

    def run(*refused: str) -> dict[str, list[str]]:
        with running_mail_server(refuses=frozenset(refused)) as server:
            for _ in range(4):
                with django_capture_on_commit_callbacks(execute=True):
                    alarm_of_undelivered()
                    deliver_due(SmtpTransport(server.host, server.port))
            arrived: dict[str, list[str]] = {}
            for received in server.received:
                subject = " ".join(str(received.message["Subject"]).split()).partition(":")[0]
                arrived.setdefault(received.recipient, []).append(subject)
            assert not Message.objects.due().exists(), "it would go on for ever"
            return arrived

    return run


def kinds(subject: Enquiry) -> list[str]:
    return [*subject.events.values_list("kind", flat=True)]


def text_about(event: Event) -> str:
    found = mail.event(event.pk, timezone.now())
    assert found is not None
    return " ".join(found.text.split())


def health() -> Any:
    return Client().get("/health/delivery").json()


def test_a_refused_acknowledgement_asks_to_telephone_the_sender(work: Any) -> None:
    coordinator("north-west")
    subject = enquiry()
    assert work(SENDER)[TEAM] == ["Telephone the sender"]
    subject.refresh_from_db()
    assert (subject.needs_telephone, subject.state) == (True, "new")
    assert "550" in subject.events.get(kind=Kind.SENDER_NOT_REACHED).note


def test_a_refused_reply_about_a_referral_counts_as_not_told_and_all_mail_says_so(
    work: Any,
) -> None:
    user = coordinator("north-west")
    subject = enquiry()
    work()
    handling.refer(enquiry=subject, by=user)
    assert "still on its way to its sender" in text_about(subject.events.get(kind=Kind.REFERRED))
    assert work(SENDER)[TEAM] == ["Answered as a referral", "Telephone the sender"]
    subject.refresh_from_db()
    assert (subject.state, subject.is_referral, subject.needs_telephone, subject.answered_at) == (
        "acknowledged",
        False,
        True,
        None,
    )
    for kind in (Kind.REFERRED, Kind.SENDER_NOT_REACHED):
        text = text_about(subject.events.get(kind=kind))
        assert "open again" in text
        assert "its sender was told" not in text
    page = at_desk(user).get(address(subject)).content.decode()
    assert "Telephone the sender." in page
    refused = at_desk(user).post(address(subject, "refer"), follow=True).content.decode()
    assert "telephone them and say where to make a referral" in refused


def test_a_reply_that_has_left_is_said_to_have_left(work: Any) -> None:
    user = coordinator("north-west")
    subject = enquiry()
    handling.refer(enquiry=subject, by=user)
    work()
    assert "has left for its sender" in text_about(subject.events.get(kind=Kind.REFERRED))


def test_a_reply_that_comes_back_after_closing_opens_the_enquiry_again() -> None:
    user = coordinator("north-west")
    subject = enquiry()
    handling.refer(enquiry=subject, by=user)
    handling.close(enquiry=subject, by=user)
    message = Message.objects.get(kind=mail.REFERRAL)
    take_bounce(Bounce(token_in_envelope(message), Verdict.FAILED, "failed 5.1.1"))
    subject.refresh_from_db()
    assert (subject.state, subject.closed_at, subject.is_referral) == ("acknowledged", None, False)
    assert subject.due_on >= timezone.localdate()


def test_a_refused_notice_is_marked_and_goes_to_the_national_team(work: Any) -> None:
    coordinator("north-west")
    subject = enquiry()
    assert work("north-west@example.org")[TEAM] == ["Not delivered"]
    subject.refresh_from_db()
    assert subject.has_notice_bounced


@pytest.mark.parametrize("step", ["hand-over", "assign", "remind"])
def test_each_refused_mail_to_a_colleague_goes_to_the_national_team(work: Any, step: str) -> None:
    user, other = coordinator("north-west"), coordinator("north-east")
    subject = enquiry()
    work()
    if step == "hand-over":
        region = Region.objects.get(slug="north-east")
        handling.hand_over(enquiry=subject, to=region, by=user, note="Leeds.")
    elif step == "assign":
        handling.assign(enquiry=subject, to=user, by=national_team())
    else:
        Enquiry.objects.update(due_on=timezone.localdate() - timedelta(days=5))
        remind_of_overdue(on=timezone.localdate())
    assert work(user.email, other.email) == {TEAM: ["Mail to a colleague did not arrive"]}
    subject.refresh_from_db()
    assert subject.has_notice_bounced
    assert Kind.COLLEAGUE_NOT_REACHED in kinds(subject)


@pytest.mark.parametrize("kind", [mail.NOTICE, mail.EVENT])
def test_mail_to_a_colleague_that_comes_back_goes_to_the_national_team(kind: str) -> None:
    user = coordinator("north-west")
    coordinator("north-east")
    subject = enquiry()
    region = Region.objects.get(slug="north-east")
    handling.hand_over(enquiry=subject, to=region, by=user, note="Leeds.")
    message = Message.objects.get(kind=kind)
    take_bounce(Bounce(token_in_envelope(message), Verdict.FAILED, "failed 4.4.7"))
    found = mail.event(subject.events.get(kind=Kind.COLLEAGUE_NOT_REACHED).pk, timezone.now())
    assert found is not None
    assert found.recipient == TEAM


def test_a_bounce_that_cannot_be_read_goes_to_the_national_team_with_its_words() -> None:
    coordinator("north-west")
    subject = enquiry()
    message = Message.objects.get(kind=mail.ACKNOWLEDGEMENT)
    words = "Hi. This is the qmail-send program."
    take_bounce(Bounce(token_in_envelope(message), Verdict.UNREADABLE, words))
    event = subject.events.get(kind=Kind.MAYBE_RETURNED)
    assert event.note.endswith(words)
    assert "It may say that ours did not arrive" in text_about(event)
    subject.refresh_from_db()
    assert not subject.needs_telephone


def test_where_the_national_team_refuses_mail_too_the_other_way_and_health_tell(
    work: Any, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    coordinator("north-west")
    subject = enquiry()
    with running_mail_server() as second:
        settings.ALARM_MAIL = environ.Env.email_url_config(second.url)
        assert TEAM not in work("north-west@example.org", TEAM)
        (alarm,) = second.received
    assert (alarm.recipient, alarm.message["Subject"]) == (
        TEAM,
        "Alarm: the national team cannot be reached",
    )
    assert subject.reference.encode() in alarm.message.get_payload(decode=True)
    critical = [record for record in caplog.records if record.levelname == "CRITICAL"]
    assert len(critical) == 1
    assert kinds(subject) == [Kind.TEAM_NOT_REACHED]
    assert health()["status"] == "failing"
    assert "national team did not arrive" in health()["problem"]
    handling.add_note(enquiry=Enquiry.objects.get(), by=national_team(), note="I have it.")
    assert health() == {
        "status": "ok",
        "problem": None,
        "undelivered": 0,
        "oldest_seconds": None,
    }


@pytest.mark.parametrize("kind", [Kind.ESCALATED, Kind.SENDER_NOT_REACHED, Kind.LATE])
def test_each_mail_to_the_national_team_that_fails_is_told_otherwise_and_by_no_mail(
    kind: Event.Kind, django_capture_on_commit_callbacks: Any, caplog: pytest.LogCaptureFixture
) -> None:
    subject = enquiry()
    event = handling.record(subject, kind, by=None)
    before = Message.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        follow_failure(mail.EVENT, event.pk, Failure.REFUSED, "550")
    assert Message.objects.count() == before
    assert "Nobody may know of these enquiries" in caplog.text
    assert kinds(subject)[-1] == Kind.TEAM_NOT_REACHED


def test_a_helpdesks_receipt_for_mail_to_the_national_team_starts_no_loop(
    django_capture_on_commit_callbacks: Any,
) -> None:
    subject = enquiry()
    event = handling.record(subject, Kind.ESCALATED, by=None)
    before = Message.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        follow_failure(mail.EVENT, event.pk, Failure.UNREADABLE, "Ticket 7 was opened.")
    assert Message.objects.count() == before
    assert health()["status"] == "ok"


def make_late(*kinds_of_mail: str, minutes: int = 61) -> None:
    late = Message.objects.filter(kind__in=kinds_of_mail)
    late.update(created_at=Now() - timedelta(minutes=minutes))


def test_late_mail_is_told_of_once_by_name_and_called_off_when_it_has_arrived() -> None:
    user = coordinator("north-west")
    subject = enquiry()
    handling.assign(enquiry=subject, to=national_team(), by=user)
    make_late(mail.ACKNOWLEDGEMENT, mail.EVENT)
    assert [alarm_of_undelivered() for _ in range(3)] == [1, 0, 0]
    event = subject.events.get(kind=Kind.LATE)
    text = text_about(event)
    assert "- the acknowledgement to the person who wrote" in text
    assert "- the mail “Given to you” to a colleague" in text
    Message.objects.update(state=Message.State.ACCEPTED)
    assert mail.event(event.pk, timezone.now()) is None


def test_a_late_reply_about_a_referral_is_told_of_after_a_quarter_of_an_hour() -> None:
    user = coordinator("north-west")
    subject = enquiry()
    handling.refer(enquiry=subject, by=user)
    make_late(mail.REFERRAL, minutes=14)
    assert alarm_of_undelivered() == 0
    make_late(mail.REFERRAL, minutes=16)
    assert alarm_of_undelivered() == 1


def test_a_server_that_puts_the_acknowledgement_of_a_complex_case_off_is_given_its_hour() -> None:
    enquiry(topic="complex-case")
    make_late(mail.ACKNOWLEDGEMENT, minutes=59)
    assert alarm_of_undelivered() == 0


def test_late_mail_to_the_national_team_is_told_of_once_by_the_other_way(
    caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    first, second = enquiry(), enquiry(email="b@school.example")
    for subject in (first, second):
        handling.record(subject, Kind.ESCALATED, by=None)
    make_late(mail.EVENT)
    with django_capture_on_commit_callbacks(execute=True):
        assert [alarm_of_undelivered() for _ in range(3)] == [2, 0, 0]
    (alarm,) = [record for record in caplog.records if record.levelname == "CRITICAL"]
    assert first.reference in alarm.getMessage()
    assert second.reference in alarm.getMessage()


def test_a_worker_whose_clock_is_behind_tells_once_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    enquiry()
    make_late(mail.ACKNOWLEDGEMENT)
    behind = timezone.now() - timedelta(days=1)
    monkeypatch.setattr("contact.actions.alarms.timezone.now", lambda: behind)
    assert [alarm_of_undelivered() for _ in range(2)] == [1, 0]


@pytest.mark.parametrize("kind", [mail.NOTICE, mail.ACKNOWLEDGEMENT, mail.REFERRAL, mail.ALARM])
@pytest.mark.parametrize("failure", [*Failure])
def test_a_failure_is_told_of_even_where_no_key_opens_the_enquiry(
    kind: str, failure: Failure
) -> None:
    subject = enquiry()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE contact_enquiry SET email = 'not ours', message = 'not ours'")
    follow_failure(kind, subject.pk, failure, "550")
    for event in Event.objects.filter(kind__in=mail.MAILED):
        assert mail.event(event.pk, timezone.now()) is not None


@pytest.mark.parametrize("kind", [mail.NOTICE, mail.ACKNOWLEDGEMENT, mail.REFERRAL, mail.ALARM])
def test_a_failure_about_an_erased_enquiry_has_no_consequence(kind: str) -> None:
    follow_failure(kind, 999_999, Failure.REFUSED, "550")
    follow_failure(mail.EVENT, 999_999, Failure.REFUSED, "550")
    assert not Event.objects.exists()


def test_a_restore_repeats_the_reply_about_a_referral_rather_than_dropping_it() -> None:
    user = coordinator("north-west")
    subject = enquiry()
    handling.refer(enquiry=subject, by=user)
    settle_after_restore(kinds_to_repeat=mail.NEVER_DROPPED)
    assert Message.objects.get(kind=mail.REFERRAL).state == Message.State.QUEUED
    assert Message.objects.get(kind=mail.ACKNOWLEDGEMENT).state == Message.State.CANCELLED
