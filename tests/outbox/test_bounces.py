"""What came back, and what follows from it."""

from __future__ import annotations

import io
import re
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis.strategies import integers, text

from outbox import actions
from outbox.bounces import (
    Bounce,
    Verdict,
    bounce_token,
    envelope_sender,
    read_bounce,
    token_behind,
    token_of,
)
from outbox.envelope import Envelope
from outbox.kinds import Failure, register
from outbox.models import Message
from tests.outbox.messages import token_in_envelope

TOKEN = "0123456789abcdef0123456789abcdef"
MESSAGE_ID = f"20261121120000.{TOKEN}@rpec.example"
CAME_BACK: list[tuple[int, Failure]] = []


def make(subject_id: int, at: datetime) -> Envelope:
    return Envelope("a@example.org", "Hello", "Hello.\n")


register(
    "bounced-test", make, on_failure=lambda subject, how, words: CAME_BACK.append((subject, how))
)


def fail(subject_id: int, failure: Failure, words: str) -> None:
    raise RuntimeError("It cannot be told.")


register("follower-fails", make, on_failure=fail)


def report(token: str = TOKEN, action: str = "failed", status: str = "5.1.1") -> bytes:
    return f"""From: MAILER-DAEMON@mail.example
To: bounces+{token}@rpec.example
Subject: Undelivered mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; gone@school.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <gone@school.example> unknown

--b--
""".replace("\n", "\r\n").encode()


def verdict(raw: bytes) -> Verdict:
    bounce = read_bounce(raw)
    assert bounce is not None
    return bounce.verdict


def test_each_message_has_an_envelope_sender_of_its_own() -> None:
    address = envelope_sender("bounces@rpec.example", MESSAGE_ID, "site@rpec.example", key="k")
    assert address == f"bounces+{bounce_token(MESSAGE_ID, 'k')}@rpec.example"
    assert envelope_sender("", MESSAGE_ID, "site@rpec.example", key="k") == "site@rpec.example"


@given(integers(0, 2**128 - 1), text(min_size=1))
def test_the_envelopes_token_leads_back_to_its_message_by_the_key_alone(
    number: int, key: str
) -> None:
    token = bounce_token(f"20261121120000.{number:032x}@rpec.example", key)
    assert re.fullmatch("[0-9a-f]{32}", token)
    assert token_behind(token, key) == f"{number:032x}"
    assert token_behind(token, f"{key}.") != f"{number:032x}"


@pytest.mark.django_db
def test_who_was_answered_cannot_say_that_the_notice_came_back() -> None:
    """A co-ordinator's answer names the notice's Message-ID to its reader."""
    CAME_BACK.clear()
    message = actions.enqueue(kind="bounced-test", subject_id=11)
    for forged in (
        report(token_of(message.message_id)),
        report("f" * 32) + f"Message-ID: <{message.message_id}>".encode(),
        report().replace(TOKEN.encode(), b"") + f"In-Reply-To: <{message.message_id}>".encode(),
    ):
        bounce = read_bounce(forged)
        assert bounce is not None
        actions.take_bounce(bounce)
    message.refresh_from_db()
    assert message.bounced_at is None
    assert CAME_BACK == [(11, Failure.UNREADABLE)]


def test_a_report_of_failure_names_its_message() -> None:
    bounce = read_bounce(report())
    assert bounce is not None
    assert (bounce.token, bounce.verdict) == (TOKEN, Verdict.FAILED)
    assert "550 5.1.1" in bounce.words


@pytest.mark.parametrize("status", ["5.1.1", "4.2.2", "4.4.1", "4.4.7", "2.0.0", ""])
def test_what_has_failed_is_final_whatever_its_status(status: str) -> None:
    assert verdict(report(status=status)) is Verdict.FAILED


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_has_not_failed_goes_on(action: str) -> None:
    assert verdict(report(action=action, status="5.0.0")) is Verdict.GOES_ON


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00\xff", b"To: someone@rpec.example\r\n\r\nHello", b"To: =?utf-8?q?=00?=\r\n\r\n"],
)
def test_other_mail_names_no_message_of_ours(raw: bytes) -> None:
    assert read_bounce(raw) is None


def test_the_envelopes_recipient_wins_over_the_headers() -> None:
    bounce = read_bounce(report("f" * 32), f"bounces+{TOKEN}@rpec.example")
    assert bounce is not None
    assert bounce.token == TOKEN


@pytest.mark.django_db
def test_a_bounce_is_written_down_once_without_its_address_and_what_follows_is_done() -> None:
    CAME_BACK.clear()
    message = actions.enqueue(kind="bounced-test", subject_id=7)
    Message.objects.filter(pk=message.pk).update(state=Message.State.ACCEPTED)
    bounce = read_bounce(report(token_in_envelope(message)))
    assert bounce is not None
    assert actions.take_bounce(bounce) == message
    assert actions.take_bounce(bounce) is None
    message.refresh_from_db()
    assert message.bounced_at is not None
    words = message.attempts.get().server_said
    assert "550" in words
    assert "gone@school.example" not in words
    assert CAME_BACK == [(7, Failure.CAME_BACK)]


@pytest.mark.django_db
def test_what_cannot_be_read_is_told_once_and_hides_no_report_that_can() -> None:
    CAME_BACK.clear()
    message = actions.enqueue(kind="bounced-test", subject_id=6)
    token = token_in_envelope(message)
    unreadable = Bounce(token, Verdict.UNREADABLE, "I wasn't able to deliver your message.")
    assert [actions.take_bounce(unreadable) for _ in range(2)] == [message, None]
    message.refresh_from_db()
    assert message.bounced_at is None
    assert actions.take_bounce(Bounce(token, Verdict.FAILED, "failed 5.1.1")) == message
    assert CAME_BACK == [(6, Failure.UNREADABLE), (6, Failure.CAME_BACK)]


@pytest.mark.django_db
def test_where_what_follows_fails_the_failure_is_kept_and_told_by_the_other_way(
    django_capture_on_commit_callbacks: Any, caplog: pytest.LogCaptureFixture
) -> None:
    message = actions.enqueue(kind="follower-fails", subject_id=4)
    claimed = actions.claim()
    assert claimed == message
    with django_capture_on_commit_callbacks(execute=True):
        actions.settle(message=claimed, outcome=Message.State.REJECTED, server_said="550 No")
    message.refresh_from_db()
    assert message.state == Message.State.REJECTED
    assert message.attempts.get().server_said == "550 No"
    (alarm,) = [record for record in caplog.records if record.levelname == "CRITICAL"]
    assert "(follower-fails) was refused" in alarm.getMessage()


@pytest.mark.django_db
def test_a_servers_words_are_kept_without_what_no_database_takes() -> None:
    actions.enqueue(kind="bounced-test", subject_id=3)
    claimed = actions.claim()
    assert claimed is not None
    actions.settle(message=claimed, outcome=Message.State.REJECTED, server_said="550\0No")
    assert claimed.attempts.get().server_said == "550 No"


@pytest.mark.django_db
def test_a_bounce_of_an_earlier_copy_leaves_the_attempt_under_way_alone() -> None:
    message = actions.enqueue(kind="bounced-test", subject_id=5)
    claimed = actions.claim()
    assert claimed == message
    actions.take_bounce(Bounce(token_in_envelope(message), Verdict.FAILED, "failed 5.1.1"))
    actions.settle(message=claimed, outcome=Message.State.ACCEPTED, server_said="250 OK")
    assert list(message.attempts.values_list("outcome", "server_said")) == [
        ("accepted", "250 OK"),
        ("rejected", "Came back: failed 5.1.1"),
    ]


@pytest.mark.django_db
def test_a_bounce_of_nothing_or_a_delay_changes_nothing() -> None:
    message = actions.enqueue(kind="bounced-test", subject_id=8)
    assert actions.take_bounce(Bounce("0" * 32, Verdict.FAILED, "")) is None
    assert actions.take_bounce(Bounce(token_in_envelope(message), Verdict.GOES_ON, "")) is None
    message.refresh_from_db()
    assert message.bounced_at is None


@pytest.mark.django_db
def test_the_hook_reads_a_mail_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    message = actions.enqueue(kind="bounced-test", subject_id=9)

    def come(raw: bytes) -> None:
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))

    come(report(token_in_envelope(message)) + b"The mail that is returned. " * 200_000)
    call_command("take_in_bounce")
    assert "came back: taken in" in capsys.readouterr().out
    unread = actions.enqueue(kind="bounced-test", subject_id=10)
    come(f"To: bounces+{token_in_envelope(unread)}@rpec.example\n\nShe left.".encode())
    call_command("take_in_bounce")
    assert "could not be read: a colleague is told" in capsys.readouterr().out
    come(b"To: x@y.example\r\n\r\n")
    with pytest.raises(CommandError, match="names no message of ours"):
        call_command("take_in_bounce")
