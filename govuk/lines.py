"""Line breaks: none in titles and names, of one kind in texts of several lines."""

from __future__ import annotations


def on_one_line(text: str) -> str:
    """Return the text without line breaks, each a space now, and without space around it."""
    return " ".join(filter(None, map(str.strip, text.splitlines())))


def with_plain_breaks(text: str) -> str:
    """Return the text with each line break as one character, as browsers do not send it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
