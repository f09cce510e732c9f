"""What is sent, and under which kinds. Pure: no Django."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime


@dataclass(frozen=True, slots=True)
class Envelope:
    """One mail to one recipient, as it stands at the moment of sending."""

    recipient: str
    subject: str
    text: str
    html: str = ""
    reply_to: str = ""


# Given a subject's id and the time, the mail to send now, or None if none is to be sent any more.
MakeEnvelope = Callable[[int, datetime], Envelope | None]

# What every mail server takes before the @ (RFC 5321's dot-string): nothing quoted, only ASCII.
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_HOST = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")

# Given a subject's id and the server's words, what follows from a bounce.
TakeBounce = Callable[[int, str], None]

_kinds: dict[str, MakeEnvelope] = {}
_bounces: dict[str, TakeBounce] = {}


class UnknownKindError(LookupError):
    """No application has said what mail of this kind looks like."""


def register(kind: str, make: MakeEnvelope, *, bounced: TakeBounce | None = None) -> None:
    """Say how mail of `kind` is made, and what follows if it comes back.

    Called once, in an application's `ready()`.
    """
    if _kinds.setdefault(kind, make) is not make:
        raise ValueError(f"Two makers of mail of the kind {kind!r}.")
    if bounced is not None:
        _bounces[kind] = bounced


def envelope(kind: str, subject_id: int, at: datetime) -> Envelope | None:
    """Return the mail of `kind` about the subject. Raises UnknownKindError."""
    try:
        make = _kinds[kind]
    except KeyError:
        raise UnknownKindError(kind) from None
    return make(subject_id, at)


def came_back(kind: str, subject_id: int, said: str) -> None:
    """Do what follows from a bounce of mail of `kind`, if anything does."""
    take = _bounces.get(kind)
    if take is not None:
        take(subject_id, said)


def ascii_address(address: str) -> str:
    """Return the address with its domain as mail servers write it (`xn--…`).

    Raises ValueError for what cannot be an address, so that nothing is ever sent on a guess.
    """
    local, at, domain = address.rpartition("@")
    try:
        host = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError("Not one e-mail address.") from error
    if not at or not _LOCAL_PART.fullmatch(local) or not _HOST.fullmatch(host):
        raise ValueError("Not one e-mail address.")
    return f"{local}@{host}"


def mime(mail: Envelope, *, sender: str, message_id: str, at: datetime) -> EmailMessage:
    """Return the mail as it goes over the wire, with the same Message-ID at each attempt.

    Raises ValueError for a line break in a header or an address that is none.
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
        message["Reply-To"] = ascii_address(mail.reply_to)
    message.set_content(mail.text, cte="quoted-printable")
    if mail.html:
        message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    return message
