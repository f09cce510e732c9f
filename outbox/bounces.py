"""Bounces: which message came back, and whether for good (RFC 3464)."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from enum import StrEnum

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB

from outbox.delivery_reports import Part, outcomes, read_mail, words_of

_TOKEN = re.compile(r"\+([0-9a-f]{32})@", re.IGNORECASE)
# Our Message-ID, as a report names it that was sent on to an address without the token.
_MESSAGE_ID = re.compile(rb"<\d{14}\.([0-9a-f]{32})@", re.IGNORECASE)
# Where mail servers write the address that a mail was delivered to, the surest first.
_ADDRESSED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to")
# What comes of a mail that has not failed (RFC 3464, 2.3.3).
_GOES_ON = frozenset({"delayed", "delivered", "relayed", "expanded"})
# Whom mail servers write as, where they return a mail.
_SERVERS = re.compile(r"mailer-?daemon|postmaster|mail delivery|microsoftexchange", re.IGNORECASE)
_LONGEST = 500


class Verdict(StrEnum):
    """What a mail to the address for bounces says of ours."""

    FAILED = "failed"
    GOES_ON = "goes on"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail by which a mail server reports what became of one of ours.

    `token` is the one of the envelope sender, or, where a mail does not name that, the random part
    of our Message-ID, which proves nothing; `words` are the server's.
    """

    token: str
    verdict: Verdict
    words: str


def envelope_sender(bounce_address: str, message_id: str, fallback: str, *, key: str) -> str:
    """Return the address that a bounce of this one message comes back to.

    That is `bounces+<token>@…` for `bounces@…`; `fallback` where no address for bounces is set.
    """
    local, at, host = bounce_address.rpartition("@")
    if not at:
        return fallback
    return f"{local}+{bounce_token(message_id, key)}@{host}"


def token_of(message_id: str) -> str:
    """Return the random part of a Message-ID of ours."""
    return message_id.partition("@")[0].rpartition(".")[2]


def bounce_token(message_id: str, key: str) -> str:
    """Return the token of a message's envelope sender: 32 hexadecimal digits, like the other.

    Whoever gets an answer to the message reads its Message-ID there, and could write a report that
    it came back. This token tells nothing from that without the key, and stands in no mail.
    """
    encryptor = _block_cipher(key).encryptor()
    return (encryptor.update(bytes.fromhex(token_of(message_id))) + encryptor.finalize()).hex()


def token_behind(token: str, key: str) -> str:
    """Return the random part of the Message-ID of which this is the token, if it is one."""
    decryptor = _block_cipher(key).decryptor()
    return (decryptor.update(bytes.fromhex(token)) + decryptor.finalize()).hex()


def _block_cipher(key: str) -> Cipher[ECB]:
    derived = hmac.digest(key.encode(), b"outbox.bounces", "sha256")
    # One block, and random: each stands for itself, so there is nothing to chain.
    return Cipher(AES256(derived), ECB())  # noqa: S305


def read_bounce(raw: bytes, recipient: str = "") -> Bounce | None:
    """Return what a mail to the address for bounces reports; None if it names no message of ours.

    `recipient` is the envelope's, where the mail server gives it. "Action: failed" is for good,
    whatever the status says, and for whichever recipient. A delay goes on, and so does a mail whose
    reader is on holiday; what is neither, nor a report that can be read, is for a person to read.
    """
    mail = read_mail(raw)
    token = _token(mail, raw, recipient)
    if token is None:
        return None
    reported = outcomes(mail)
    failed = [outcome for outcome in reported if outcome.action == "failed"]
    if failed:
        first = failed[0]
        words = " ".join(part for part in (first.action, first.status, first.diagnosis) if part)
        return Bounce(token, Verdict.FAILED, _clean(words))
    goes_on = {outcome.action for outcome in reported} <= _GOES_ON if reported else _is_away(mail)
    verdict = Verdict.GOES_ON if goes_on else Verdict.UNREADABLE
    return Bounce(token, verdict, _clean(words_of(mail, longest=_LONGEST)))


def _token(mail: Part, raw: bytes, recipient: str) -> str | None:
    for text in (recipient, *(value for name in _ADDRESSED for value in mail.all(name))):
        if found := _TOKEN.search(text):
            return found[1].lower()
    named = _MESSAGE_ID.search(raw)
    return named[1].decode().lower() if named else None


def _is_away(mail: Part) -> bool:
    """Whether a person's robot answers (RFC 3834): the mail has arrived.

    Mail servers call their bounces automatic replies as well, so it must not be one of them.
    """
    submitted = mail.first("auto-submitted").lower()
    # Exchange calls the answers of people who are away "generated", and marks them by another name.
    is_robots = submitted.startswith("auto-replied") or (
        submitted.startswith("auto-generated") and bool(mail.all("x-auto-response-suppress"))
    )
    return (
        is_robots
        and not _SERVERS.search(mail.first("from") or "postmaster")
        and not mail.all("x-failed-recipients")
        and not mail.content_type.startswith("multipart/report")
    )


def _clean(words: str) -> str:
    """Return words as they can be kept: without control characters, an encoded @ as it is."""
    printable = "".join(sign if sign.isprintable() else " " for sign in words)
    return re.sub(r"\+40|\\x\{0*40\}", "@", printable, flags=re.IGNORECASE)[:_LONGEST]
