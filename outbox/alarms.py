"""An alarm that does not go through the queue: the queue may be what failed."""

from __future__ import annotations

import logging
import uuid
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone

from outbox.envelope import Envelope, mime
from outbox.transports import (
    DeferredError,
    LoginRefusedError,
    RejectedError,
    UncertainError,
    transport_from,
)

logger = logging.getLogger(__name__)


def sound(words: str, *, subject: str = "Alarm: mail is not being sent") -> None:
    """Log the words as CRITICAL and, where ALARM_EMAIL_URL is set, mail them by that second server.

    `/health/delivery` and the admin's front page show the fault too, for as long as it lasts. Never
    raises: an alarm that fails must not stop what it is about.
    """
    logger.critical("%s", words)
    if settings.ALARM_MAIL is None:
        return
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    now = timezone.now()
    mail = Envelope(settings.NATIONAL_TEAM_EMAIL, subject, f"{words}\n")
    try:
        transport_from(settings.ALARM_MAIL).deliver(
            mime(
                mail,
                sender=settings.DEFAULT_FROM_EMAIL,
                message_id=f"{uuid.uuid4().hex}@{sender.rpartition('@')[2]}",
                at=now,
            ),
            sender=sender,
            recipient=mail.recipient,
        )
    except (DeferredError, LoginRefusedError, RejectedError, UncertainError) as error:
        logger.critical("The second mail server did not take the alarm: %s", error)
