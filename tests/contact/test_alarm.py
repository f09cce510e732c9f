"""Somebody always knows: what does not reach a co-ordinator reaches the national team."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from contact import mail
from contact.actions.alarms import alarm_of_undelivered
from contact.models import Enquiry
from outbox.models import Message
from tests.contact.desk import enquiry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def notice_of(subject: Enquiry) -> Message:
    return Message.objects.get(kind=mail.NOTICE, subject_id=subject.pk)


def queued(subject: Enquiry, *, minutes_ago: int) -> None:
    Message.objects.filter(pk=notice_of(subject).pk).update(
        created_at=Now() - timedelta(minutes=minutes_ago)
    )


def test_a_refused_notice_goes_to_the_national_team_once() -> None:
    subject = enquiry()
    Message.objects.filter(pk=notice_of(subject).pk).update(state=Message.State.REJECTED)
    assert (alarm_of_undelivered(), alarm_of_undelivered()) == (1, 0)
    found = mail.alarm(subject.pk, AT)
    assert found is not None
    assert found.recipient == "national@rpec.example"
    assert found.subject == f"Not delivered: enquiry {subject.reference}, North-West"
    assert f"/admin/contact/enquiry/{subject.pk}/change/" in found.text
    assert "MARKER" not in found.text + found.html


@pytest.mark.parametrize("column", ["email", "message"])
def test_an_enquiry_that_no_key_opens_any_more_alarms_the_national_team_all_the_same(
    column: str,
) -> None:
    subject = enquiry()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE contact_enquiry SET {column} = 'not ours'")  # noqa: S608
    found = mail.alarm(subject.pk, AT)
    assert found is not None
    assert subject.reference in found.subject
    assert found.reply_to == (
        "replies@rpec.example" if column == "email" else "marker@school.example"
    )


@pytest.mark.parametrize(
    ("topic", "minutes", "is_late"),
    [
        ("training", 59, False),
        ("training", 61, True),
        ("complex-case", 14, False),
        ("complex-case", 16, True),
    ],
)
def test_it_is_late_after_an_hour_and_a_complex_case_after_15_minutes(
    topic: str, minutes: int, is_late: bool
) -> None:
    queued(enquiry(topic=topic), minutes_ago=minutes)
    assert alarm_of_undelivered() == is_late


@pytest.mark.parametrize("state", [Message.State.ACCEPTED, Message.State.CANCELLED])
def test_what_has_arrived_or_is_not_wanted_alarms_nobody(state: Message.State) -> None:
    subject = enquiry()
    queued(subject, minutes_ago=600)
    Message.objects.filter(pk=notice_of(subject).pk).update(state=state)
    assert alarm_of_undelivered() == 0


def test_an_alarm_is_called_off_when_the_notice_arrives_after_all() -> None:
    subject = enquiry()
    queued(subject, minutes_ago=61)
    assert alarm_of_undelivered() == 1
    Message.objects.filter(pk=notice_of(subject).pk).update(state=Message.State.ACCEPTED)
    assert mail.alarm(subject.pk, AT) is None


def test_the_alarm_goes_as_soon_as_the_enquiry_itself() -> None:
    queued(enquiry(topic="complex-case"), minutes_ago=16)
    alarm_of_undelivered()
    assert Message.objects.get(kind=mail.ALARM).priority == Message.Priority.URGENT
