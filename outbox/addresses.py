"""Which addresses mail can be made for, as mail servers write them."""

from __future__ import annotations

import re

# What every mail server takes before the @ (RFC 5321's dot-string): nothing quoted, only ASCII.
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_HOST = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


def ascii_address(address: str) -> str:
    """Return the address with its domain as mail servers write it (`xn--…`, RFC 3490).

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
