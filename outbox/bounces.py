"""Bounces: which message came back, and whether for good (RFC 3464)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import SMTP
from email.utils import getaddresses

_TOKEN = re.compile(r"\+([0-9a-f]{32})@", re.IGNORECASE)
# Where mail servers write the address that a mail was delivered to, the surest first.
_ADDRESSED = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To")
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail by which a mail server reports that one of ours did not arrive.

    `token` is the random part of our Message-ID, as in the envelope sender; `words` are the
    server's.
    """

    token: str
    is_final: bool
    words: str


def envelope_sender(bounce_address: str, message_id: str, fallback: str) -> str:
    """Return the address that a bounce of this one message comes back to.

    That is `bounces+<token>@…` for `bounces@…`; `fallback` where no address for bounces is set.
    """
    local, at, host = bounce_address.rpartition("@")
    if not at:
        return fallback
    return f"{local}+{token_of(message_id)}@{host}"


def token_of(message_id: str) -> str:
    """Return the random part of a Message-ID of ours."""
    return message_id.partition("@")[0].rpartition(".")[2]


def read_bounce(raw: bytes, recipient: str = "") -> Bounce | None:
    """Return what a mail to the address for bounces reports; None if it names no message of ours.

    `recipient` is the envelope's, where the mail server gives it. A delay ("Action: delayed"), a
    vacation note or a mail without a delivery report is not final.
    """
    mail = message_from_bytes(raw, policy=SMTP)
    found = _TOKEN.search(recipient) or _TOKEN.search(_addresses(mail))
    if found is None:
        return None
    action, status, diagnosis = _report(mail)
    is_final = action == "failed" and not status.startswith(("4.", "2."))
    words = " ".join(part for part in (action, status, diagnosis) if part)
    return Bounce(found[1].lower(), is_final, words[:_LONGEST])


def _addresses(mail: Mail) -> str:
    return " ".join(
        address
        for name in _ADDRESSED
        for _, address in getaddresses([str(value) for value in mail.get_all(name, [])])
    )


def _report(mail: Mail) -> tuple[str, str, str]:
    """Return action, status and diagnosis of the first recipient in a report (RFC 3464, 2.3)."""
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload():
            if isinstance(block, Mail) and block["Action"]:
                return (
                    str(block["Action"]).strip().lower(),
                    str(block["Status"] or "").strip(),
                    " ".join(str(block["Diagnostic-Code"] or "").split()),
                )
    return "", "", ""
