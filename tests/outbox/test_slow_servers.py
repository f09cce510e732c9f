"""A slow mail server holds up one worker, and no mail to anybody else; a flood holds up nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DataError, connection
from django.db.models.functions import Now

from outbox import actions
from outbox.delivery import deliver, deliver_due
from outbox.models import LEASE, Message
from outbox.transports import SmtpTransport
from tests.faults import mailserver as faults
from tests.outbox.messages import RECIPIENTS, make_due, queued, smtp
from tests.smtp import MailServer, free_port

pytestmark = pytest.mark.django_db


def in_hand(subject: int, domain: str, *, seconds: int) -> Message:
    """Return a message that another worker claimed so long ago, to that domain."""
    message = queued(subject)
    Message.objects.filter(pk=message.pk).update(
        state=Message.State.SENDING,
        claim="0" * 32,
        lease_expires_at=Now() + (LEASE - timedelta(seconds=seconds)),
        domain=actions.domain_digest(domain),
    )
    message.attempts.create(number=1)
    return message


def test_while_one_worker_waits_for_a_slow_server_no_other_goes_there(server: MailServer) -> None:
    in_hand(1, "slow.example", seconds=5)
    waiting = queued(2)
    queued(3)
    RECIPIENTS[2], RECIPIENTS[3] = "a@slow.example", "a@quick.example"
    assert dict(deliver_due(smtp(server))) == {"queued": 1, "accepted": 1}
    assert [mail.recipient for mail in server.received] == ["a@quick.example"]
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts.count()) == ("queued", 0), "that counts as no attempt"
    make_due(waiting)
    assert actions.claim() is None, "it was taken up only to be put back again"
    Message.objects.filter(state="sending").delete()
    assert dict(deliver_due(smtp(server))) == {"accepted": 1}


@pytest.mark.parametrize(
    ("seconds", "is_held_up"),
    [(0, False), (1, False), (3, True), (29, True), (31, False)],
)
def test_a_server_is_slow_after_two_seconds_and_a_dead_worker_holds_up_nobody_for_long(
    seconds: int, is_held_up: bool
) -> None:
    in_hand(1, "slow.example", seconds=seconds)
    assert bool(actions.slow_domains()) == is_held_up


def test_one_that_was_slow_a_moment_ago_is_not_waited_for_by_two() -> None:
    slow = queued(1, domain=actions.domain_digest("slow.example"), state="accepted")
    slow.attempts.create(
        number=1,
        outcome="accepted",
        started_at=Now() - timedelta(seconds=9),
        finished_at=Now() - timedelta(seconds=4),
    )
    assert actions.slow_domains() == set(), "nobody waits for it now"
    in_hand(2, "slow.example", seconds=0)
    in_hand(3, "quick.example", seconds=0)
    assert actions.slow_domains() == {actions.domain_digest("slow.example")}
    slow.attempts.update(
        started_at=Now() - timedelta(minutes=12), finished_at=Now() - timedelta(minutes=11)
    )
    assert actions.slow_domains() == set()


def test_which_domain_it_is_cannot_be_read() -> None:
    digest = actions.domain_digest("School.example")
    assert digest == actions.domain_digest("school.example")
    assert "school" not in digest
    assert len(digest) == 32


def test_to_which_domain_mail_went_is_kept_for_a_day(server: MailServer) -> None:
    message = queued()
    deliver_due(smtp(server))
    sent = Message.objects.get(pk=message.pk)
    assert sent.domain == actions.domain_digest("example.org")
    assert actions.forget_domains(at=sent.created_at + timedelta(hours=23)) == 0
    assert actions.forget_domains(at=sent.created_at + timedelta(hours=25)) == 1
    assert Message.objects.get(pk=message.pk).domain == ""


def test_the_oldest_and_the_newest_take_turns(server: MailServer) -> None:
    for subject in range(1, 7):
        queued(subject)
    deliver_due(smtp(server))
    subjects = [str(mail.message["Subject"]) for mail in server.received]
    assert subjects == [f"About {number}" for number in (1, 6, 2, 5, 3, 4)]


def test_all_mail_to_colleagues_goes_before_the_first_acknowledgement(server: MailServer) -> None:
    priorities = Message.Priority
    for subject, priority in enumerate((priorities.SENDER, priorities.ENQUIRY, priorities.URGENT)):
        queued(subject + 1, priority=priority)
    assert dict(deliver_due(smtp(server), to_colleagues=True)) == {"accepted": 2}
    deliver_due(smtp(server))
    subjects = [str(mail.message["Subject"]) for mail in server.received]
    assert subjects == ["About 3", "About 2", "About 1"]


@pytest.mark.parametrize("step", ["CONNECT", "EHLO", "MAIL", "RCPT"])
def test_an_answer_without_end_is_given_up_after_a_few_lines(step: str) -> None:
    message = queued()
    endless = faults.MailServer(port=free_port())
    endless.start()
    try:
        endless.rules = [faults.Rule(step, faults.ENDLESS)]
        assert dict(deliver_due(SmtpTransport("127.0.0.1", endless.port))) == {"deferred": 1}
    finally:
        endless.stop()
    assert "The answer does not end." in message.attempts.get().server_said
    # What was not read lies in the kernel's buffers.
    assert endless.endless_bytes < 20_000_000


@pytest.mark.parametrize("step", ["DATA", "DOT"])
def test_an_answer_without_end_to_the_text_may_have_been_a_yes(step: str) -> None:
    queued()
    endless = faults.MailServer(port=free_port())
    endless.start()
    try:
        endless.rules = [faults.Rule(step, faults.ENDLESS)]
        assert dict(deliver_due(SmtpTransport("127.0.0.1", endless.port))) == {"uncertain": 1}
    finally:
        endless.stop()


def test_what_cannot_be_recorded_of_one_message_keeps_no_other_from_its_turn(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = queued(1), queued(2)
    settle = actions.settle

    def refuse(**values: object) -> Message.State:
        if values["message"] == first:
            raise DataError("a value that the database does not take")
        return settle(**values)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "settle", refuse)
    assert dict(deliver_due(smtp(server))) == {"not recorded": 1, "accepted": 1}
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("sending", "accepted")


def test_a_message_that_the_database_refuses_to_make_is_put_off(server: MailServer) -> None:
    message = queued(665)
    claimed = actions.claim()
    assert claimed is not None
    assert deliver(claimed, smtp(server)) == Message.State.DEFERRED
    assert message.attempts.get().server_said == "Could not be made: DataError"
    assert connection.is_usable()
