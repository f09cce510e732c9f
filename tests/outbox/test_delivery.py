"""The queue against a real SMTP server."""

from __future__ import annotations

import socket
from datetime import timedelta
from pathlib import Path

import environ
import pytest
from django.db.models.functions import Now
from django.utils import timezone

from outbox import actions
from outbox.delivery import deliver, deliver_due
from outbox.models import LEASE, Attempt, Message
from outbox.transports import FolderTransport, SmtpTransport, transport_from
from tests.faults import mailserver as faults
from tests.outbox.messages import RECIPIENTS, make_due, queued, smtp
from tests.smtp import MailServer, free_port, running_mail_server

pytestmark = pytest.mark.django_db


def test_a_message_is_accepted_and_the_servers_words_are_kept(server: MailServer) -> None:
    message = queued()
    assert dict(deliver_due(smtp(server))) == {"accepted": 1}
    message.refresh_from_db()
    attempt = message.attempts.get()
    assert (message.state, attempt.outcome) == ("accepted", "accepted")
    assert attempt.server_said == "DATA: 250 Kept as 1"
    assert [mail.recipient for mail in server.received] == ["a@example.org"]


def test_nothing_is_due_twice(server: MailServer) -> None:
    queued()
    deliver_due(smtp(server))
    assert dict(deliver_due(smtp(server))) == {}
    assert len(server.received) == 1


def test_a_greylisting_server_gets_the_same_message_id_again_a_minute_later(
    server: MailServer,
) -> None:
    message = queued()
    server.on_rcpt = "451 Come back later"
    assert dict(deliver_due(smtp(server))) == {"deferred": 1}
    message.refresh_from_db()
    wait = message.due_at - message.created_at
    assert timedelta(minutes=1) <= wait < timedelta(minutes=2)
    assert message.attempts.get().server_said == "RCPT TO: 451 Come back later"

    server.on_rcpt = ""
    make_due(message)
    assert dict(deliver_due(smtp(server))) == {"accepted": 1}
    assert [mail.message_id for mail in server.received] == [f"<{message.message_id}>"]


def test_a_refusal_for_good_is_not_tried_again(server: MailServer) -> None:
    message = queued()
    server.on_data = "554 No"
    assert dict(deliver_due(smtp(server))) == {"rejected": 1}
    make_due(message)
    assert dict(deliver_due(smtp(server))) == {}


def test_a_connection_cut_after_the_text_is_uncertain_and_sent_again(server: MailServer) -> None:
    message = queued()
    server.cuts_after_data = True
    assert dict(deliver_due(smtp(server))) == {"uncertain": 1}
    server.cuts_after_data = False
    make_due(message)
    assert dict(deliver_due(smtp(server))) == {"accepted": 1}
    assert [mail.message_id for mail in server.received] == [f"<{message.message_id}>"] * 2


def test_no_server_at_all_defers() -> None:
    queued()
    with running_mail_server() as gone:
        transport = smtp(gone)
    assert dict(deliver_due(transport)) == {"deferred": 1}


def test_addresses_in_the_servers_words_are_not_kept(server: MailServer) -> None:
    message = queued()
    server.on_rcpt = "550 <a@example.org>: no such user"
    deliver_due(smtp(server))
    assert message.attempts.get().server_said == "RCPT TO: 550 (address) no such user"


def test_the_recipient_is_the_one_of_the_moment_of_sending(server: MailServer) -> None:
    queued(subject_id=7)
    RECIPIENTS[7] = "new@example.org"
    deliver_due(smtp(server))
    assert [mail.recipient for mail in server.received] == ["new@example.org"]


def test_what_is_no_longer_wanted_is_cancelled(server: MailServer) -> None:
    message = queued(subject_id=7)
    RECIPIENTS[7] = ""
    assert dict(deliver_due(smtp(server))) == {"cancelled": 1}
    message.refresh_from_db()
    assert (message.state, server.received) == ("cancelled", [])


def test_a_message_that_cannot_be_made_does_not_stop_the_next(server: MailServer) -> None:
    poison = queued(subject_id=666)
    queued(subject_id=2)
    assert dict(deliver_due(smtp(server))) == {"deferred": 1, "accepted": 1}
    assert poison.attempts.get().server_said == "Could not be made: RuntimeError"


def test_complex_cases_go_before_newsletters(server: MailServer) -> None:
    for subject, priority in ((1, 90), (2, 20), (3, 10)):
        queued(subject_id=subject, priority=priority)
    deliver_due(smtp(server))
    assert [str(mail.message["Subject"]) for mail in server.received] == [
        "About 3",
        "About 2",
        "About 1",
    ]


def test_a_claimed_message_is_nobody_elses_until_its_lease_ends() -> None:
    queued()
    first = actions.claim()
    assert first is not None
    assert actions.claim() is None

    Message.objects.update(lease_expires_at=Now() - timedelta(seconds=1))
    second = actions.claim()
    assert second is not None
    assert second.pk == first.pk
    outcomes = Attempt.objects.order_by("number").values_list("outcome", flat=True)
    assert list(outcomes) == ["uncertain", ""]


def test_a_worker_that_outlived_its_lease_changes_nothing() -> None:
    queued()
    slow = actions.claim()
    assert slow is not None
    Message.objects.update(lease_expires_at=Now() - timedelta(seconds=1))
    quick = actions.claim()
    assert quick is not None

    actions.settle(message=slow, outcome=Message.State.REJECTED, server_said="550 late")
    quick.refresh_from_db()
    assert quick.state == "sending"
    actions.settle(message=quick, outcome=Message.State.ACCEPTED, server_said="250")
    quick.refresh_from_db()
    assert quick.state == "accepted"


def test_a_lease_is_at_most_five_minutes_by_the_databases_clock() -> None:
    queued()
    message = actions.claim()
    assert message is not None
    assert message.lease_expires_at is not None
    assert timedelta(minutes=5) >= LEASE
    remaining = message.lease_expires_at - timezone.now()
    assert LEASE - timedelta(seconds=30) < remaining <= LEASE + timedelta(seconds=30)


def test_after_four_days_a_message_is_given_up_and_says_so(server: MailServer) -> None:
    message = queued(created_at=timezone.now() - timedelta(days=4, minutes=1))
    server.on_rcpt = "451 Come back later"
    assert dict(deliver_due(smtp(server))) == {"rejected": 1}
    assert message.attempts.get().server_said == (
        "Given up after four days. Last: RCPT TO: 451 Come back later"
    )


def test_a_worker_whose_clock_is_months_ahead_gives_no_new_message_up(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued()
    ahead = timezone.now() + timedelta(days=120)
    monkeypatch.setattr(timezone, "now", lambda: ahead)
    server.on_rcpt = "451 Come back later"
    assert dict(deliver_due(smtp(server))) == {"deferred": 1}


def test_starttls_is_never_given_up(server: MailServer) -> None:
    message = queued()
    stripped = SmtpTransport(server.host, server.port, starttls=True)
    assert dict(deliver_due(stripped)) == {"deferred": 1}
    assert server.received == []
    assert "STARTTLS" in message.attempts.get().server_said


def test_a_server_that_never_comes_to_the_point_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        queued()
        transport = SmtpTransport("127.0.0.1", silent.getsockname()[1], patience=0.2)
        assert dict(deliver_due(transport)) == {"deferred": 1}


def test_an_answer_that_breaks_off_after_250_has_accepted_nothing() -> None:
    half = faults.MailServer(port=free_port(), rules=[faults.Rule("DOT", faults.HALF)])
    half.start()
    try:
        queued()
        transport = SmtpTransport("127.0.0.1", half.port)
        assert dict(deliver_due(transport)) == {"uncertain": 1}
        assert half.kept == []
    finally:
        half.stop()


def test_a_folder_gets_one_file_a_message_however_often_it_is_sent(tmp_path: Path) -> None:
    message = queued()
    folder = FolderTransport(tmp_path / "mail")
    claimed = actions.claim()
    assert claimed is not None
    assert deliver(claimed, folder) == "accepted"
    Message.objects.filter(pk=message.pk).update(state="uncertain", due_at=Now())
    assert dict(deliver_due(folder)) == {"accepted": 1}
    files = list((tmp_path / "mail").iterdir())
    assert [file.suffix for file in files] == [".eml"]
    assert f"Message-ID: <{message.message_id}>".encode() in files[0].read_bytes()


def test_a_folder_that_cannot_be_written_defers(tmp_path: Path) -> None:
    queued()
    blocked = tmp_path / "mail"
    blocked.write_text("a file where the folder should be")
    assert dict(deliver_due(FolderTransport(blocked))) == {"deferred": 1}


def test_the_ledger_balances(server: MailServer) -> None:
    for subject in range(5):
        queued(subject_id=subject)
    server.on_rcpt = "550 No"
    claimed = actions.claim()
    assert claimed is not None
    deliver(claimed, smtp(server))
    server.on_rcpt = ""
    deliver_due(smtp(server), stop=lambda: len(server.received) == 2)
    states = sorted(Message.objects.values_list("state", flat=True))
    assert states == ["accepted", "accepted", "queued", "queued", "rejected"]
    assert Message.objects.undelivered().count() == 2


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org:2525", SmtpTransport("mail.example.org", 2525)),
        (
            "smtp+tls://u:p%40ss@mail.example.org:587",
            SmtpTransport("mail.example.org", 587, "u", "p@ss", starttls=True),
        ),
        (
            "smtp+ssl://mail.example.org:465",
            SmtpTransport("mail.example.org", 465, tls=True),
        ),
        ("filemail:///var/spool/rpec", FolderTransport(Path("/var/spool/rpec"))),
    ],
)
def test_email_url_names_the_transport(url: str, expected: object) -> None:
    assert transport_from(environ.Env.email_url_config(url)) == expected
