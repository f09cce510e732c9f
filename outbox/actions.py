"""The writes of the queue: enqueue, claim, settle. Each is a short transaction of its own."""

from __future__ import annotations

import logging
import random
import re
import uuid
from collections.abc import Collection
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Max
from django.db.models.functions import Now
from django.utils import timezone

from outbox.alarms import sound
from outbox.backoff import delay_after
from outbox.bounces import Bounce, Verdict, token_behind
from outbox.kinds import Failure, follow_failure
from outbox.models import LEASE, Attempt, Message, MessageQuerySet, Pause

logger = logging.getLogger(__name__)

_ADDRESS = re.compile(r"\S+@\S+")
_LONGEST = 1000
# By the database's clock: how often a refused login is tried again.
PROBE_EVERY = timedelta(minutes=5)
# A message that has stopped this many workers in a row must wait like any other failure.
KILLS_IN_A_ROW = 3
_ABANDONED = "The worker stopped before it knew the outcome."
_TOO_OFTEN = "Put off: the worker stopped at each of the last attempts."
_UNREADABLE = "Came back, but not as a report that can be read: a colleague was told."


def enqueue(
    *, kind: str, subject_id: int, priority: Message.Priority = Message.Priority.ENQUIRY
) -> Message:
    """Store a message in the caller's transaction: it is sent if, and only if, that commits."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    message_id = f"{timezone.now():%Y%m%d%H%M%S}.{uuid.uuid4().hex}@{domain}"
    return Message.objects.create(
        kind=kind, subject_id=subject_id, priority=priority, message_id=message_id
    )


def claim() -> Message | None:
    """Claim the most urgent due message for this worker and record its attempt.

    No other worker takes it before the lease ends. None when nothing is due. A message that has
    stopped worker after worker is put off, so that it cannot keep the others from being sent.
    """
    while (message := _take()) is not None:
        if not _stops_workers(message):
            return message
        settle(message=message, outcome=Message.State.DEFERRED, server_said=_TOO_OFTEN)
    return None


def _take() -> Message | None:
    due = Message.objects.due().most_urgent_first()
    if not due.exists():
        return None  # Asked outside the transaction: idle workers never hold SQLite's lock.
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        key = due.values_list("pk", flat=True).first()
        if key is None:
            return None
        token = uuid.uuid4()
        taken = (
            Message.objects.due()
            .filter(pk=key)
            .update(
                state=Message.State.SENDING,
                claim=token,
                lease_expires_at=Now() + LEASE,
            )
        )
        if not taken:
            return None
        message = Message.objects.get(pk=key)
        _close_abandoned(message)
        last = message.attempts.aggregate(last=Max("number"))["last"] or 0
        message.attempts.create(number=last + 1)
    return message


def _close_abandoned(message: Message) -> None:
    """Mark an attempt as uncertain whose worker died: the server may have had the mail by then."""
    message.attempts.filter(outcome="").update(
        outcome=Message.State.UNCERTAIN, finished_at=Now(), server_said=_ABANDONED
    )


def _stops_workers(message: Message) -> bool:
    """Whether each of its last attempts ended with the worker that made it."""
    ended = message.attempts.exclude(outcome="").order_by("-number")
    words = ended.values_list("server_said", flat=True)
    last = list(words[:KILLS_IN_A_ROW])
    return len(last) == KILLS_IN_A_ROW and set(last) == {_ABANDONED}


def _without_addresses(words: str) -> str:
    """Return a server's words as they are stored: nobody's address, no NUL, not without end."""
    return _ADDRESS.sub("(address)", words.replace("\0", " "))[:_LONGEST]


@transaction.atomic
def settle(
    *, message: Message, outcome: Message.State, server_said: str, is_ours: bool = False
) -> Message.State:
    """Record the outcome of a claimed message's attempt, and when to try again, if at all.

    What follows from a refusal is done in the same commit. `is_ours`: the fault was not the
    message's, so it is due again at once and never given up. Return the state that the message is
    left in. A worker that outlived its lease changes nothing: the message is another's by then.
    """
    held = Message.objects.filter(pk=message.pk, claim=message.claim)
    # By the database's clock: by a worker's own, if wrong, a new message would be given up at once.
    age = Message.objects.annotate(age=Now() - F("created_at")).values_list("age", flat=True)
    attempts = message.attempts.aggregate(last=Max("number"))["last"] or 1
    delay = None
    if outcome in (Message.State.DEFERRED, Message.State.UNCERTAIN) and not is_ours:
        delay = delay_after(
            attempts,
            age=age.get(pk=message.pk),
            chance=random.random(),  # noqa: S311 (spreads load, guards nothing)
        )
        if delay is None:
            outcome = Message.State.REJECTED
            server_said = f"Given up after four days. Last: {server_said}"
    settled = held.update(
        state=outcome,
        claim=None,
        lease_expires_at=None,
        due_at=Now() + (delay or timedelta()),
    )
    if not settled:
        return outcome
    # The one under way: a bounce of an earlier copy may have come in between.
    Attempt.objects.filter(message=message, outcome="").update(
        outcome=outcome,
        finished_at=Now(),
        server_said=_without_addresses(server_said),
    )
    if outcome is Message.State.REJECTED:
        _follow(message, Failure.REFUSED, _without_addresses(server_said))
    return outcome


def _follow(message: Message, failure: Failure, words: str) -> None:
    """Do what follows from a failure. If that itself fails, what is recorded of it stays."""
    try:
        with transaction.atomic():
            follow_failure(message.kind, message.subject_id, failure, words)
    except (InterfaceError, OperationalError):
        raise  # The database does not answer: all of it is done again.
    except Exception:
        logger.exception("What follows from the failure of message %s", message.pk)
        transaction.on_commit(
            lambda: sound(
                f"Message {message.pk} ({message.kind}) {failure}, and the site could not tell "
                "anybody. Look at it in the admin, under Mail.",
                subject="Alarm: a mail did not arrive",
            )
        )


def pause(*, reason: str) -> bool:
    """Let the queue stand still. Whether it did not before, so that one worker alarms."""
    probe_at = Now() + PROBE_EVERY
    _, is_new = Pause.objects.get_or_create(
        pk=Pause.THE_ONE,
        defaults={"reason": _without_addresses(reason), "probe_at": probe_at},
    )
    return is_new


def take_probe() -> bool:
    """Whether this worker is to try the login now: one does, every five minutes."""
    due = Pause.objects.filter(probe_at__lte=Now())
    return due.update(probe_at=Now() + PROBE_EVERY) > 0


def resume() -> bool:
    """Let the queue go on. Whether it stood still."""
    deleted, _ = Pause.objects.all().delete()
    return deleted > 0


@transaction.atomic
def take_bounce(bounce: Bounce) -> Message | None:
    """Record that a message came back, do what follows and return it; None where nothing changes.

    It is done once a message for what was refused for good, and once for what a person must read.
    That is also what names a message by its Message-ID alone: whoever was answered can write it.
    """
    if bounce.verdict is Verdict.GOES_ON:
        return None
    of_token = _with_token(token_behind(bounce.token, settings.DIGEST_KEY))
    is_proven = of_token.exists()
    if not is_proven:
        of_token = _with_token(bounce.token)
    message = of_token.select_for_update().first()
    if message is None or message.bounced_at is not None:
        return None
    is_final = is_proven and bounce.verdict is Verdict.FAILED
    words = _without_addresses(bounce.words)
    said = f"Came back: {words}" if is_final else _UNREADABLE
    if not is_final and message.attempts.filter(server_said=said).exists():
        return None
    if is_final:
        of_token.update(bounced_at=Now())
        message.refresh_from_db(fields=["bounced_at"])
    last = message.attempts.aggregate(last=Max("number"))["last"] or 0
    message.attempts.create(
        number=last + 1,
        outcome=Message.State.REJECTED if is_final else Message.State.ACCEPTED,
        finished_at=Now(),
        server_said=said,
    )
    _follow(message, Failure.CAME_BACK if is_final else Failure.UNREADABLE, words)
    return message


def _with_token(token: str) -> MessageQuerySet:
    return Message.objects.filter(message_id__contains=f".{token}@")


@transaction.atomic
def settle_after_restore(*, kinds_to_repeat: Collection[str]) -> tuple[int, int]:
    """Decide about mail that a restored backup holds as unsent: some of it may have been sent.

    Mail of `kinds_to_repeat` (to colleagues) is sent again with its own Message-ID: rather twice
    than never. Anything else is cancelled: rather never than the same to every stranger twice.
    Return how many are repeated and how many are cancelled.
    """
    waiting = Message.objects.undelivered()
    cancelled = waiting.exclude(kind__in=kinds_to_repeat).update(
        state=Message.State.CANCELLED, claim=None, lease_expires_at=None
    )
    return waiting.filter(kind__in=kinds_to_repeat).count(), cancelled
