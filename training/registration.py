"""Which addresses may stand behind "Register"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

# What a browser's address bar yields when copied. Anything else (spaces, control characters,
# letters that are invisible or look like others) is percent-encoded there, or meant to deceive.
_PLAIN: Final = re.compile(r"[!-~]+")
# Browsers read a backslash as a slash, so a host is judged only when it is spelt as one.
_AUTHORITY: Final = re.compile(r"(?P<host>[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:443)?", re.IGNORECASE)


def registration_fault(url: str, hosts: Iterable[str]) -> str | None:
    """Return what is wrong with a registration address, in a sentence, or None.

    It is right if blank (not known yet), or https on one of `hosts` or a subdomain of one: a
    reader who follows "Register" must land where the department's registrations are.
    """
    if not url:
        return None
    if not _PLAIN.fullmatch(url) or "\\" in url:
        return (
            "The address has a space, a backslash or a character that cannot be seen in it. "
            "Copy it again from your browser's address bar."
        )
    if not url.startswith("https://"):
        return "The address must start with https:// in small letters."
    allowed = [host.strip(". ").lower() for host in hosts if host.strip(". ")]
    try:
        authority = _AUTHORITY.fullmatch(urlsplit(url).netloc)
    except ValueError:  # Square brackets that hold no IP address.
        authority = None
    host = authority["host"].lower() if authority else ""
    if any(host == name or host.endswith(f".{name}") for name in allowed):
        return None
    return f"The address must be on {' or '.join(allowed)}, with no name or port before the path."
