"""What marks an enquiry to be looked at before it goes on.

Marks never refuse: a held enquiry is kept, seen by its co-ordinator and released with a click.
Speed alone is no mark: who pastes a prepared text, or whose browser fills the form in, is fast.
"""

from __future__ import annotations

import re
from datetime import timedelta

TOO_FAST = timedelta(seconds=3)
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_WORD = re.compile(r"\w+")
FEWEST_WORDS_A_LINK = 3


def suspicion(*, honeypot: str, took: timedelta | None, message: str) -> str:
    """Return why to hold an enquiry, as a clause for colleagues, or "".

    `honeypot` is what stood in the field that people do not see; `took` is the time from form to
    sending, None where it is not known.
    """
    links = len(_LINK.findall(message))
    if honeypot.strip():
        return "a field that people do not see was filled in"
    if links and took is not None and took < TOO_FAST:
        return "it holds links and was sent within three seconds"
    words = len(_WORD.findall(_without_links(message)))
    if links and words < links * FEWEST_WORDS_A_LINK:
        return "it is hardly more than links"
    return ""


def _without_links(message: str) -> str:
    return " ".join(word for word in message.split() if not _LINK.search(word))
