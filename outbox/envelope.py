"""One mail to one recipient, and how it goes over the wire."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from outbox.addresses import ascii_address


@dataclass(frozen=True, slots=True)
class Envelope:
    """One mail to one recipient, as it stands at the moment of sending."""

    recipient: str
    subject: str
    text: str
    html: str = ""
    reply_to: str = ""


def mime(mail: Envelope, *, sender: str, message_id: str, at: datetime) -> EmailMessage:
    """Return the mail as it goes over the wire, with the same Message-ID at each attempt.

    Raises ValueError for a line break in a header or a recipient that is no address. Where answers
    would go to no address they go to the sender: an enquiry must reach its co-ordinator, and an
    address that an earlier version took may be none by today's rules (IDNA 2008).
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = ascii_address(mail.recipient)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{message_id}>"
    # RFC 3834: vacation notes and other robots do not answer.
    message["Auto-Submitted"] = "auto-generated"
    if mail.reply_to:
        with suppress(ValueError):
            message["Reply-To"] = ascii_address(mail.reply_to)
    # So lines of any length pass every server: RFC 5322 (2.1.1) allows 998 characters a line.
    message.set_content(mail.text, cte="quoted-printable")
    if mail.html:
        message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    return message
