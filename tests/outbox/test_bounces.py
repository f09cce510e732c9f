"""What came back, and what follows from it."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from outbox import actions
from outbox.bounces import Bounce, envelope_sender, read_bounce, token_of
from outbox.envelope import Envelope
from outbox.kinds import register
from outbox.models import Message

TOKEN = "0123456789abcdef0123456789abcdef"
MESSAGE_ID = f"20261121120000.{TOKEN}@rpec.example"
CAME_BACK: list[tuple[int, str]] = []


def make(subject_id: int, at: datetime) -> Envelope:
    return Envelope("a@example.org", "Hello", "Hello.\n")


register("bounced-test", make, on_bounce=lambda subject, words: CAME_BACK.append((subject, words)))


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


def test_each_message_has_an_envelope_sender_of_its_own() -> None:
    address = envelope_sender("bounces@rpec.example", MESSAGE_ID, "site@rpec.example")
    assert address == f"bounces+{TOKEN}@rpec.example"
    assert envelope_sender("", MESSAGE_ID, "site@rpec.example") == "site@rpec.example"


def test_a_report_of_failure_names_its_message() -> None:
    bounce = read_bounce(report())
    assert bounce is not None
    assert (bounce.token, bounce.is_final) == (TOKEN, True)
    assert "550 5.1.1" in bounce.words


@pytest.mark.parametrize(
    ("action", "status"), [("delayed", "4.4.1"), ("failed", "4.2.2"), ("delivered", "2.0.0")]
)
def test_a_delay_is_not_final(action: str, status: str) -> None:
    bounce = read_bounce(report(action=action, status=status))
    assert bounce is not None
    assert not bounce.is_final


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00\xff", b"To: someone@rpec.example\r\n\r\nHello", b"To: =?utf-8?q?=00?=\r\n\r\n"],
)
def test_other_mail_names_no_message_of_ours(raw: bytes) -> None:
    assert read_bounce(raw) is None


def test_a_vacation_note_to_that_address_is_not_final() -> None:
    note = f"To: bounces+{TOKEN}@rpec.example\r\nSubject: Away\r\n\r\nI am away.\r\n".encode()
    bounce = read_bounce(note)
    assert bounce is not None
    assert not bounce.is_final


def test_the_envelopes_recipient_wins_over_the_headers() -> None:
    bounce = read_bounce(report("f" * 32), f"bounces+{TOKEN}@rpec.example")
    assert bounce is not None
    assert bounce.token == TOKEN


@pytest.mark.django_db
def test_a_bounce_is_written_down_once_without_its_address_and_what_follows_is_done() -> None:
    CAME_BACK.clear()
    message = actions.enqueue(kind="bounced-test", subject_id=7)
    Message.objects.filter(pk=message.pk).update(state=Message.State.ACCEPTED)
    bounce = read_bounce(report(token_of(message.message_id)))
    assert bounce is not None
    assert actions.take_bounce(bounce) == message
    assert actions.take_bounce(bounce) is None
    message.refresh_from_db()
    assert message.bounced_at is not None
    words = message.attempts.get().server_said
    assert "550" in words
    assert "gone@school.example" not in words
    assert [subject for subject, _ in CAME_BACK] == [7]


@pytest.mark.django_db
def test_a_bounce_of_nothing_or_a_delay_changes_nothing() -> None:
    message = actions.enqueue(kind="bounced-test", subject_id=8)
    assert actions.take_bounce(Bounce("0" * 32, True, "")) is None
    assert actions.take_bounce(Bounce(token_of(message.message_id), False, "")) is None
    message.refresh_from_db()
    assert message.bounced_at is None


@pytest.mark.django_db
def test_the_hook_reads_a_mail_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    message = actions.enqueue(kind="bounced-test", subject_id=9)

    class Stdin:
        def __init__(self, raw: bytes) -> None:
            self.buffer = self
            self.raw = raw

        def read(self, size: int) -> bytes:
            return self.raw[:size]

    monkeypatch.setattr("sys.stdin", Stdin(report(token_of(message.message_id))))
    call_command("take_in_bounce")
    assert "came back: taken in" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", Stdin(b"To: x@y.example\r\n\r\n"))
    with pytest.raises(CommandError, match="names no message of ours"):
        call_command("take_in_bounce")
