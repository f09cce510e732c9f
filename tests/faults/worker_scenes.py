"""F3, F4, F12, F15, F16, F17, F21: the worker is killed, misled, hurried and poisoned."""

from __future__ import annotations

import os
import signal
import threading
from datetime import UTC, datetime, timedelta

from cryptography.fernet import Fernet
from django.db import connection
from django.utils import timezone

from contact.encryption import Cipher
from contact.mail import ALARM
from contact.models import Enquiry, Event, sealed_columns
from outbox.models import Message
from tests.faults.mailserver import Rule
from tests.faults.points import ACCEPTED, BEFORE_MARK, BEFORE_SENDING, MARKED
from tests.faults.scene import Scene, fault
from tests.faults.stage import Sent
from tests.faults.zygote import Order

DAY = 24 * 60 * 60
KILLED = -signal.SIGKILL
# When the clocks changed and will change, by UTC.
CLOCKS_CHANGE = (datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2027, 3, 28, 1, tzinfo=UTC))


def _kill_some(scene: Scene, points: tuple[str, ...]) -> int:
    """Kill workers, each at a point, then let others finish; return how many were killed."""
    scene.send_some()
    kills = scene.chance.randint(1, 2)
    for _ in range(kills):
        order = Order(strike="kill", at=scene.chance.choice(points), nth=scene.nth(of=2))
        assert scene.stage.work(order) == KILLED
        scene.stage.pass_until_due()
    scene.stage.finish()
    return kills


@fault("F3", "worker killed in or after the claim, before it speaks to the mail server")
def killed_after_claim(scene: Scene) -> None:
    _kill_some(scene, BEFORE_SENDING)


@fault(
    "F4",
    "worker killed between the server's 250 and the mark, before or after the journal's note",
    bound="1 a kill before the note, 0 after it",
)
def killed_before_mark(scene: Scene) -> None:
    if scene.chance.random() < 0.5:
        scene.bound = _kill_some(scene, (ACCEPTED,))
    else:
        _kill_some(scene, (*BEFORE_MARK, MARKED))


@fault("F12", "worker's clock a day ahead or behind, or at the clocks' change, and others right")
def clock_wrong(scene: Scene) -> None:
    stage, chance = scene.stage, scene.chance
    scene.send_some()
    wrong = chance.choice((DAY, -DAY, _to_clocks_change(chance.choice(CLOCKS_CHANGE))))
    wrong += chance.randint(-7200, 7200)
    stage.mail.rules = [Rule("RCPT", "451 Later", times=chance.randint(0, 3))]
    # One holds a message: another, whose clock is wrong, must not think that its lease is over.
    pid, reached = stage.holding(Order(at="claimed"))
    assert reached
    assert stage.work(Order(clock_seconds=wrong)) == 0
    stage.let_go()
    assert stage.ended(pid) == 0
    stage.finish(Order(clock_seconds=wrong))


def _to_clocks_change(moment: datetime) -> int:
    """Return how far a clock must be off to show that moment, in seconds."""
    return round((moment - datetime.now(UTC)).total_seconds())


@fault("F15", "two or eight workers at once")
def many_workers(scene: Scene) -> None:
    scene.send_some()
    workers = [scene.stage.start(Order()) for _ in range(scene.chance.choice((2, 8)))]
    assert {scene.stage.ended(pid) for pid in workers} == {0}
    scene.stage.finish()


@fault("F16", "SIGTERM in the middle of a batch; a migration's lock while web and worker write")
def stopped_and_locked(scene: Scene) -> None:
    stage = scene.stage
    scene.send_some()
    sent = 2 * len(scene.enquiries)
    nth = scene.nth(of=sent)
    at = scene.chance.choice(("claimed", ACCEPTED, *BEFORE_MARK))
    if at == "inside mark":
        at = "noted"  # A held transaction would keep SQLite's lock from the harness.
    pid, reached = stage.holding(Order(at=at, nth=nth, loops=True))
    assert reached
    os.kill(pid, signal.SIGTERM)
    stage.let_go()
    assert stage.ended(pid) == 0, "SIGTERM is a wish, not a failure"
    states = list(Message.objects.values_list("state", flat=True))
    assert states.count("accepted") == nth, "the message in hand was not finished, or one more"
    assert states.count("queued") == sent - nth

    lock = threading.Thread(
        target=stage.database.hold_lock, args=(scene.chance.uniform(0.05, 0.2),)
    )
    lock.start()
    worker = stage.start(Order())
    scene.send_some(2)
    lock.join()
    assert stage.ended(worker) == 0
    stage.finish()


@fault("F17", "the most urgent message cannot be made, or kills each worker that takes it")
def poisoned(scene: Scene) -> None:
    drawn = scene.send_some(scene.chance.randint(2, 4), topic="training")
    poison = scene.send_some(1, topic="complex-case")[0]
    play = scene.chance.choice((_undecryptable, _deadly))
    play(scene, poison, drawn)


def _undecryptable(scene: Scene, poison: Sent, others: list[Sent]) -> None:
    """A row of which no key opens the words: others flow, people hear of it, nothing is lost."""
    stage = scene.stage
    key = Enquiry.objects.values_list("pk", flat=True).get(reference=poison.reference)
    column = scene.chance.choice(("email", "message", "full_name"))
    whole = _stored(key, column)
    _write(key, column, "poison")
    try:
        assert stage.work() == 0
        assert {scene.state(sent) for sent in others} == {"accepted"}, "the others had to wait"
        stage.pass_time(timedelta(minutes=16))
        stage.finish(rounds=2)
        assert stage.states().get((ALARM, key)) == "accepted", "nobody heard of it"
    finally:
        _write(key, column, whole)
    stage.finish()


@fault("F21", "a key is lost, and some enquiries cannot be read: all that needs no words goes on")
def key_lost(scene: Scene) -> None:
    """Receipts, reminders, alarms and erasing go on, and the rest follows when the key is back."""
    stage = scene.stage
    drawn = scene.send_some()
    lost = scene.chance.sample(drawn, scene.chance.randint(1, len(drawn) - 1))
    expired = scene.send_some(1)[0]
    stage.finish()
    keys = dict(Enquiry.objects.values_list("reference", "pk"))
    whole = {
        (keys[sent.reference], column): _stored(keys[sent.reference], column)
        for sent in (*lost, expired)
        for column in sealed_columns(Enquiry)
    }
    other = Cipher([Fernet.generate_key().decode()])
    for (key, column), value in whole.items():
        _write(key, column, value and other.encrypt("lost"))
    long_ago = timezone.now() - timedelta(days=4000)
    over = Enquiry.objects.filter(pk=keys[expired.reference])
    over.update(state=Enquiry.State.CLOSED, closed_at=long_ago, last_step_at=long_ago)
    Enquiry.objects.exclude(pk__in=over).update(due_on=long_ago.date(), state=Enquiry.State.NEW)
    try:
        assert stage.work(Order(once=True)) == 0, "it was stopped"
        assert stage.get(f"/contact/sent/{lost[0].reference}/").status == 200
        unreadable = Enquiry.objects.unreadable().values_list("reference", flat=True)
        assert set(unreadable) == {sent.reference for sent in lost}
        reminders = Event.objects.filter(kind=Event.Kind.REMINDED)
        assert reminders.count() == len(drawn), "somebody was not reminded"
        assert not over.exists(), "it was not erased in its time"
        # It was to be erased, and all that was to come of it came before.
        stage.mail.kept = [
            mail for mail in stage.mail.kept if expired.reference not in mail.subject
        ]
        scene.enquiries.remove(expired)
    finally:
        for (key, column), value in whole.items():
            _write(key, column, value)
    assert stage.work(Order(once=True)) == 0
    assert not Enquiry.objects.unreadable().exists(), "it opens again, and is still marked"
    stage.finish()


def _stored(key: int, column: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM contact_enquiry WHERE id = %s", [key])  # noqa: S608
        return str(cursor.fetchone()[0])


def _write(key: int, column: str, value: str) -> None:
    """Write past the site, which would encrypt."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE contact_enquiry SET {column} = %s WHERE id = %s", [value, key])  # noqa: S608


def _deadly(scene: Scene, poison: Sent, others: list[Sent]) -> None:
    """After three workers it is put off; the fourth sends the others."""
    stage = scene.stage
    messages = Message.objects.filter(priority=Message.Priority.URGENT)
    key = messages.most_urgent_first()[0].pk
    deadly = Order(strike="kill", at="claimed", nth=0, message=key)
    for _ in range(3):
        assert stage.work(deadly) == KILLED
        stage.pass_until_due()
    assert stage.work(deadly) == 0
    assert {scene.state(sent) for sent in others} == {"accepted"}, "the others had to wait"
    stage.finish()
