"""What the readers of dates, times and tracks share."""

from __future__ import annotations

import re
from typing import Final

# What is taken out of a line leaves this behind: no line has one of its own.
CUT: Final = "\n"

CELL_ENDS: Final = re.compile(r'([\t,;|"\n])')

# The patterns are verbose: a space in them is written [ ].
FLAGS: Final = re.IGNORECASE | re.ASCII | re.VERBOSE
ALONE: Final = r"(?<![0-9a-z])(?<![0-9][.:/])"


def words_of(text: str) -> frozenset[str]:
    """Return the words, without their order."""
    return frozenset(text.split())


SMALL_WORDS: Final = words_of(
    "a an and at between by date day end ends finish finishes for from in of on start starts the "
    "till time times to until when"
)


def first_group(match: re.Match[str], *groups: str) -> str:
    """Return what the first of the groups that took part has matched, or ""."""
    return next((match[group] for group in groups if match[group]), "")
