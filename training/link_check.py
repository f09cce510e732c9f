"""Whether a registration address still leads to a page.

Only what is sure counts as broken: that the page is gone, or leads elsewhere. Sites like
Eventbrite turn programs away with 403, 405 or 429, and a network may be down: neither says
anything about the address.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http.client import HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from training.registration import registration_fault

PATIENCE_SECONDS: Final = 10
REDIRECTS: Final = 5
GONE: Final = {404, 410}
_PLAIN: Final = "".join(map(chr, range(0x21, 0x7F)))
_HEADERS: Final = {"User-Agent": "RPEC-link-check", "Accept": "text/html", "Connection": "close"}

Connect = Callable[[str], HTTPSConnection]


def _connect(host: str) -> HTTPSConnection:
    return HTTPSConnection(host, timeout=PATIENCE_SECONDS)


def broken(url: str, hosts: Sequence[str], *, connect: Connect = _connect) -> str | None:
    """Return what is wrong with the address in a sentence, "" if nothing, None if not known.

    Follows redirects, and only to where a registration may lead: `hosts` and their subdomains.
    """
    for _ in range(REDIRECTS + 1):
        if registration_fault(url, hosts):
            return f"It leads away from registration, to {url[:100]}."
        try:
            status, location = _ask(url, connect)
            target = urljoin(url, location)
        except (OSError, HTTPException, ValueError):
            return None
        if status in GONE:
            return f"There is no page at this address any more (the answer is {status})."
        if not (300 <= status < 400 and location):
            return "" if status < 300 else None
        url = target
    return "It leads round in circles."


def _ask(url: str, connect: Connect) -> tuple[int, str]:
    """Return the answer's status, and where it leads if it is a redirect."""
    parts = urlsplit(url)
    connection = connect(parts.hostname or "")
    try:
        path = parts.path or "/"
        connection.request(
            "GET", f"{path}?{parts.query}" if parts.query else path, headers=_HEADERS
        )
        answer = connection.getresponse()
        # As a browser reads it: what is not plain is percent-encoded, octet by octet.
        location = answer.headers.get("Location", "").encode("latin-1", errors="replace")
        return answer.status, quote(location, safe=_PLAIN)
    finally:
        connection.close()
