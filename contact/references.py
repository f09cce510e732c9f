"""References that people read out on the telephone."""

from __future__ import annotations

import re
import secrets

# Without letters and digits that are taken for one another: 0 O, 1 I L, 5 S, 2 Z, 8 B.
ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"
PATTERN = re.compile(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}")


def new_reference() -> str:
    """Return a reference such as `A7KD-93RT-MX4P`, one of 5.9e16, that nobody can guess."""
    letters = [secrets.choice(ALPHABET) for _ in range(12)]
    return "-".join("".join(letters[start : start + 4]) for start in (0, 4, 8))
