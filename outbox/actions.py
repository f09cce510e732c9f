"""The writes of the queue: enqueue, claim, settle. Each is a short transaction of its own."""

from __future__ import annotations

import random
import re
import uuid
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils import timezone

from outbox.backoff import delay_after
from outbox.models import LEASE, Attempt, Message

_ADDRESS = re.compile(r"\S+@\S+")
_WORDS_KEPT = 1000


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
    """Take the most urgent due message for this worker and write its attempt down.

    No other worker takes it before the lease ends. None when nothing is due.
    """
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
    """A worker died after it claimed: nobody knows whether the server had the mail by then."""
    message.attempts.filter(outcome="").update(
        outcome=Message.State.UNCERTAIN,
        finished_at=Now(),
        server_said="The worker stopped before it knew the outcome.",
    )


@transaction.atomic
def settle(*, message: Message, outcome: Message.State, server_said: str) -> Message.State:
    """Write down what came of a claimed message's attempt, and when to try again, if at all.

    Returns the state that the message is left in. A worker that outlived its lease changes
    nothing: the message is another's by then.
    """
    held = Message.objects.filter(pk=message.pk, claim=message.claim)
    attempts = message.attempts.aggregate(last=Max("number"))["last"] or 1
    delay = None
    if outcome in (Message.State.DEFERRED, Message.State.UNCERTAIN):
        delay = delay_after(
            attempts,
            age=timezone.now() - message.created_at,
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
    Attempt.objects.filter(message=message, number=attempts).update(
        outcome=outcome,
        finished_at=Now(),
        server_said=_ADDRESS.sub("(address)", server_said)[:_WORDS_KEPT],
    )
    return outcome
