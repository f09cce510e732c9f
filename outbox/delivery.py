"""Sending what is due. No lock and no transaction is held while a server is spoken to."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils import timezone

from outbox import actions
from outbox.addresses import ascii_address
from outbox.alarms import sound
from outbox.bounces import envelope_sender, token_of
from outbox.envelope import Envelope, mime
from outbox.journal import Journal
from outbox.kinds import make_envelope
from outbox.models import Message, Pause
from outbox.transports import (
    DeferredError,
    LoginRefusedError,
    RejectedError,
    Transport,
    UncertainError,
)

logger = logging.getLogger(__name__)

_OUTCOMES: dict[type[Exception], Message.State] = {
    DeferredError: Message.State.DEFERRED,
    RejectedError: Message.State.REJECTED,
    UncertainError: Message.State.UNCERTAIN,
}


def deliver_due(
    transport: Transport,
    *,
    stop: Callable[[], bool] = lambda: False,
    to_colleagues: bool = False,
) -> Counter[str]:
    """Send what is due until nothing is or `stop()`; return how many messages ended in each state.

    The oldest and the newest of what is most urgent take turns: nothing waits for ever, and what
    comes while a thousand wait is sent within the next few. `to_colleagues`: no mail to those who
    write to us. Nothing is sent while the mail server refuses our login, which is tried by itself
    every five minutes.
    """
    tally: Counter[str] = Counter()
    newest_first = False
    while not stop() and may_go_on(transport):
        message = actions.claim(to_colleagues=to_colleagues, newest_first=newest_first)
        if message is None:
            break
        newest_first = not newest_first
        try:
            tally[deliver(message, transport)] += 1
        except (InterfaceError, OperationalError):
            raise  # The database does not answer: the lease ends, and it is taken up again.
        except DatabaseError:
            # Its lease ends as if its worker had died. After three times it has to wait.
            logger.exception("What became of message %s could not be recorded", message.pk)
            tally["not recorded"] += 1
    return tally


def may_go_on(transport: Transport) -> bool:
    """Whether mail may be sent: the queue does not stand still, or the login works again."""
    if not Pause.objects.exists():
        return True
    if not actions.take_probe():
        return False
    try:
        transport.probe()
    except (LoginRefusedError, DeferredError) as error:
        logger.error("The queue still stands still: %s", error)
        return False
    if actions.resume():
        logger.warning("The mail server lets us in again: the queue goes on.")
    return True


def deliver(message: Message, transport: Transport) -> Message.State:
    """Send one claimed message to whoever is its recipient now; return the state it is left in."""
    journal = Journal(settings.JOURNAL_DIR)
    if journal.has(message.message_id):
        return actions.settle(
            message=message,
            outcome=Message.State.ACCEPTED,
            server_said="Accepted before: this machine's journal says so.",
        )
    now = timezone.now()
    try:
        mail = make_envelope(message.kind, message.subject_id, now)
        if mail is None:
            return actions.settle(
                message=message, outcome=Message.State.CANCELLED, server_said="Not wanted any more."
            )
        recipient = ascii_address(mail.recipient)
        if not actions.go_to(message=message, domain=recipient.rpartition("@")[2]):
            return Message.State.QUEUED
        words = _hand_over(mail, recipient, message, transport, now)
        journal.add(message.message_id)
        outcome = Message.State.ACCEPTED
    except LoginRefusedError as error:
        return _stand_still(message, str(error))
    except tuple(_OUTCOMES) as error:
        outcome, words = _OUTCOMES[type(error)], str(error)
    except (InterfaceError, OperationalError):
        raise  # Not the message's fault: its lease ends, and it is taken up again.
    except Exception as error:  # One message that cannot be made must not stop the others.
        logger.exception("Message %s could not be made", message.pk)
        outcome, words = Message.State.DEFERRED, f"Could not be made: {type(error).__name__}"
    if outcome is not Message.State.ACCEPTED:
        logger.warning("Message %s: %s", message.pk, outcome.value)
    return actions.settle(message=message, outcome=outcome, server_said=words)


def _hand_over(
    mail: Envelope, recipient: str, message: Message, transport: Transport, now: datetime
) -> str:
    wire = mime(mail, sender=settings.DEFAULT_FROM_EMAIL, message_id=message.message_id, at=now)
    return transport.deliver(
        wire,
        sender=envelope_sender(
            settings.BOUNCE_EMAIL,
            message.message_id,
            parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
            seal=actions.seal_of(token_of(message.message_id)),
        ),
        recipient=recipient,
    )


def _stand_still(message: Message, words: str) -> Message.State:
    """Put the message back as it was, let the queue stand still and sound one alarm."""
    state = actions.settle(
        message=message, outcome=Message.State.DEFERRED, server_said=words, is_ours=True
    )
    if actions.pause(reason=words):
        sound(
            "The mail server refuses the site's login: no mail is sent until it is mended. "
            "Check EMAIL_URL and the account. Enquiries are kept and can be read in the admin."
        )
    return state
