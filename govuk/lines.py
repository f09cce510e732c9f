"""Texts that stand on one line: titles and names."""

from __future__ import annotations


def on_one_line(text: str) -> str:
    """Return the text without line breaks, each a space now, and without space around it."""
    return " ".join(filter(None, map(str.strip, text.splitlines())))
