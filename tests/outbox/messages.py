"""Messages of a kind of our own, in the queue."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models.functions import Now

from outbox import actions
from outbox.bounces import bounce_token
from outbox.envelope import Envelope
from outbox.kinds import register
from outbox.models import Message
from outbox.transports import SmtpTransport
from tests.smtp import MailServer

# By subject; "" for one whose mail is no longer wanted. Anybody else's goes to a@example.org.
RECIPIENTS: dict[int, str] = {}


def make(subject_id: int, at: datetime) -> Envelope | None:
    """Return mail to whoever is the subject's recipient at the moment; 666 cannot be made."""
    if subject_id == 666:
        raise RuntimeError("cannot be made")
    recipient = RECIPIENTS.get(subject_id, "a@example.org")
    return Envelope(recipient, f"About {subject_id}", "Hello.\n") if recipient else None


register("test", make)


def queued(subject_id: int = 1, **fields: object) -> Message:
    message = actions.enqueue(kind="test", subject_id=subject_id)
    Message.objects.filter(pk=message.pk).update(**fields)
    message.refresh_from_db()
    return message


def make_due(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(due_at=Now() - timedelta(seconds=1))


def smtp(server: MailServer) -> SmtpTransport:
    return SmtpTransport(server.host, server.port)


def token_in_envelope(message: Message) -> str:
    """Return what a report of a message is proven by: the token of its envelope's sender."""
    return bounce_token(message.message_id, settings.DIGEST_KEY)
