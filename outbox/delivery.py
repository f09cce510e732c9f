"""Sends what is due. No lock and no transaction is held while a server is spoken to."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone

from outbox import actions
from outbox.envelope import ascii_address, envelope, mime
from outbox.models import Message
from outbox.transports import DeferredError, RejectedError, Transport, UncertainError

logger = logging.getLogger(__name__)


def deliver_due(transport: Transport, *, stop: Callable[[], bool] = lambda: False) -> Counter[str]:
    """Send every message that is due until none is or `stop()`; return how many ended how."""
    tally: Counter[str] = Counter()
    while not stop():
        message = actions.claim()
        if message is None:
            break
        tally[deliver(message, transport)] += 1
    return tally


def deliver(message: Message, transport: Transport) -> Message.State:
    """Send one claimed message to whoever is its recipient now; return the state it is left in."""
    now = timezone.now()
    try:
        mail = envelope(message.kind, message.subject_id, now)
        if mail is None:
            return actions.settle(
                message=message, outcome=Message.State.CANCELLED, server_said="Not wanted any more."
            )
        wire = mime(mail, sender=settings.DEFAULT_FROM_EMAIL, message_id=message.message_id, at=now)
        said = transport.deliver(
            wire,
            sender=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
            recipient=ascii_address(mail.recipient),
        )
        outcome = Message.State.ACCEPTED
    except DeferredError as error:
        outcome, said = Message.State.DEFERRED, str(error)
    except RejectedError as error:
        outcome, said = Message.State.REJECTED, str(error)
    except UncertainError as error:
        outcome, said = Message.State.UNCERTAIN, str(error)
    except Exception as error:  # One message that cannot be made must not stop the others.
        logger.exception("Message %s could not be made", message.pk)
        outcome, said = Message.State.DEFERRED, f"Could not be made: {type(error).__name__}"
    if outcome is not Message.State.ACCEPTED:
        logger.warning("Message %s: %s", message.pk, outcome.value)
    return actions.settle(message=message, outcome=outcome, server_said=said)
