"""A refused login, a message that stops workers, a backup restored: the queue's hard days."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import environ
import pytest
from aiosmtpd.smtp import AuthResult
from django.db.models.functions import Now
from django.test import Client

from outbox import actions
from outbox.delivery import deliver, deliver_due
from outbox.journal import Journal
from outbox.models import Message, Pause
from outbox.transports import SmtpTransport
from tests.outbox.messages import make_due, queued, smtp
from tests.smtp import MailServer, running_mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def locked() -> Iterator[MailServer]:
    """A server that lets nobody in whose password is not `right`."""

    def check(*arguments: Any) -> AuthResult:
        *_, login = arguments
        return AuthResult(success=login.password == b"right", handled=False)

    with running_mail_server(
        controller={"authenticator": check, "auth_required": True, "auth_require_tls": False}
    ) as running:
        yield running


def with_password(server: MailServer, password: str) -> SmtpTransport:
    return SmtpTransport(server.host, server.port, user="site", password=password)


def make_probe_due() -> None:
    Pause.objects.update(probe_at=Now() - timedelta(seconds=1))


def test_a_refused_login_stops_the_queue_and_alarms_once_in_the_log(
    locked: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    for subject in (1, 2, 3):
        queued(subject)
    with caplog.at_level(logging.CRITICAL):
        assert dict(deliver_due(with_password(locked, "wrong"))) == {"deferred": 1}
        assert dict(deliver_due(with_password(locked, "wrong"))) == {}
    assert [record.levelname for record in caplog.records].count("CRITICAL") == 1
    assert sum(message.attempts.count() for message in Message.objects.all()) == 1


def test_no_login_where_one_is_wanted_stops_it_too(locked: MailServer) -> None:
    queued()
    deliver_due(smtp(locked))
    assert "530" in Pause.objects.get().reason


def test_the_second_mail_server_tells_the_national_team(
    locked: MailServer, server: MailServer, settings: Any
) -> None:
    settings.ALARM_MAIL = environ.Env.email_url_config(server.url)
    queued()
    deliver_due(with_password(locked, "wrong"))
    assert [mail.recipient for mail in server.received] == ["national@rpec.example"]
    assert "refuses the site's login" in server.received[0].message.get_payload()


def test_a_second_mail_server_that_is_down_stops_nothing(locked: MailServer, settings: Any) -> None:
    with running_mail_server() as gone:
        settings.ALARM_MAIL = environ.Env.email_url_config(gone.url)
    queued()
    assert dict(deliver_due(with_password(locked, "wrong"))) == {"deferred": 1}


def test_health_says_so(locked: MailServer) -> None:
    assert Client().get("/health/delivery").status_code == 200
    queued()
    deliver_due(with_password(locked, "wrong"))
    answer = Client().get("/health/delivery")
    assert answer.status_code == 503
    assert "refuses our login" in answer.json()["problem"]


def test_it_goes_on_by_itself_when_the_login_is_mended(locked: MailServer) -> None:
    for subject in (1, 2, 3):
        queued(subject)
    deliver_due(with_password(locked, "wrong"))
    assert dict(deliver_due(with_password(locked, "right"))) == {}, "not before the next probe"
    make_probe_due()
    assert dict(deliver_due(with_password(locked, "wrong"))) == {}
    assert Pause.objects.exists()
    make_probe_due()
    assert dict(deliver_due(with_password(locked, "right"))) == {"accepted": 3}
    assert not Pause.objects.exists()


def test_no_message_is_given_up_for_a_refused_login(locked: MailServer) -> None:
    message = queued(created_at=Now() - timedelta(days=9))
    assert dict(deliver_due(with_password(locked, "wrong"))) == {"deferred": 1}
    message.refresh_from_db()
    assert message.state == Message.State.DEFERRED


def killed(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(lease_expires_at=Now() - timedelta(seconds=1))


def test_a_message_that_stops_worker_after_worker_lets_the_others_go_first(
    server: MailServer,
) -> None:
    poison, other = queued(1), queued(2)
    for _ in range(3):
        taken = actions.claim()
        assert taken == poison
        killed(poison)
    assert actions.claim() == other
    poison.refresh_from_db()
    assert poison.state == Message.State.DEFERRED
    make_due(poison)
    assert dict(deliver_due(smtp(server))) == {"accepted": 1}


def test_what_the_journal_knows_is_not_sent_again(server: MailServer, settings: Any) -> None:
    message = queued()
    taken = actions.claim()
    Journal(settings.JOURNAL_DIR).add(message.message_id)
    assert taken is not None
    assert deliver(taken, smtp(server)) == Message.State.ACCEPTED
    assert server.received == []
    assert "journal" in message.attempts.get().server_said


def test_a_journal_that_cannot_be_written_does_not_stop_the_mail(
    server: MailServer, settings: Any, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    settings.JOURNAL_DIR = file / "journal"
    queued()
    assert dict(deliver_due(smtp(server))) == {"accepted": 1}


def test_a_journal_that_cannot_be_entered_does_not_stop_the_mail(
    server: MailServer, settings: Any, tmp_path: Path
) -> None:
    # A link to itself: whoever opens it is refused, whatever their rights are.
    settings.JOURNAL_DIR = tmp_path / "journal"
    settings.JOURNAL_DIR.symlink_to(settings.JOURNAL_DIR)
    queued()
    assert dict(deliver_due(smtp(server))) == {"accepted": 1}


def test_the_journal_forgets_what_is_old(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.add("20261121120000.abc@rpec.example")
    assert journal.forget_before(datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert journal.has("20261121120000.abc@rpec.example")
    assert journal.forget_before(datetime(2100, 1, 1, tzinfo=UTC)) == 1
    assert not journal.has("20261121120000.abc@rpec.example")


def test_after_a_restore_colleagues_mail_goes_again_and_strangers_does_not() -> None:
    notice, stranger = queued(1), actions.enqueue(kind="to-strangers", subject_id=1)
    assert actions.settle_after_restore(kinds_to_repeat={"test"}) == (1, 1)
    for message in (notice, stranger):
        message.refresh_from_db()
    assert (notice.state, stranger.state) == ("queued", "cancelled")
