"""What an address of a row may look like."""

from __future__ import annotations


def is_key(text: str) -> bool:
    """Whether a part of an address can be a row's number: digits, and not too many for a column."""
    return text.isascii() and text.isdecimal() and len(text) < 19
