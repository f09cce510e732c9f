"""Sending what is due. No lock and no transaction is held while a server is spoken to."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from outbox import actions
from outbox.addresses import ascii_address
from outbox.alarms import sound
from outbox.bounces import envelope_sender
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


def deliver_due(transport: Transport, *, stop: Callable[[], bool] = lambda: False) -> Counter[str]:
    """Send what is due until nothing is or `stop()`; return how many messages ended in each state.

    Nothing is sent while the mail server refuses our login, which is tried by itself every five
    minutes.
    """
    tally: Counter[str] = Counter()
    while not stop() and may_go_on(transport):
        message = actions.claim()
        if message is None:
            break
        tally[deliver(message, transport)] += 1
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
        words = _hand_over(mail, message, transport, now)
        journal.add(message.message_id)
        outcome = Message.State.ACCEPTED
    except LoginRefusedError as error:
        return _stand_still(message, str(error))
    except DeferredError as error:
        outcome, words = Message.State.DEFERRED, str(error)
    except RejectedError as error:
        outcome, words = Message.State.REJECTED, str(error)
    except UncertainError as error:
        outcome, words = Message.State.UNCERTAIN, str(error)
    except DatabaseError:
        raise  # Not the message's fault: its lease ends, and it is taken up again.
    except Exception as error:  # One message that cannot be made must not stop the others.
        logger.exception("Message %s could not be made", message.pk)
        outcome, words = Message.State.DEFERRED, f"Could not be made: {type(error).__name__}"
    if outcome is not Message.State.ACCEPTED:
        logger.warning("Message %s: %s", message.pk, outcome.value)
    return actions.settle(message=message, outcome=outcome, server_said=words)


def _hand_over(mail: Envelope, message: Message, transport: Transport, now: datetime) -> str:
    wire = mime(mail, sender=settings.DEFAULT_FROM_EMAIL, message_id=message.message_id, at=now)
    return transport.deliver(
        wire,
        sender=envelope_sender(
            settings.BOUNCE_EMAIL,
            message.message_id,
            parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
            key=settings.DIGEST_KEY,
        ),
        recipient=ascii_address(mail.recipient),
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
