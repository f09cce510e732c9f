"""A line of a paste as it was read, and what it is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TrackWords:
    """What a line may call a track."""

    slug: str
    name: str
    audience: str


@dataclass(frozen=True, slots=True)
class Known:
    """A session that is stored already. Its moments are aware; region is a slug, or "" for all.

    `words` name it in a sentence: "Tuesday 10 February 2026".
    """

    track: str
    title: str
    region: str
    starts_at: datetime
    ends_at: datetime
    registration_url: str
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line as it was read: its moments are in UK time; track and region are slugs.

    `number` is the line's in the paste, from 1; `text` is the line as it was pasted. With any
    mistake in any row nothing may be saved; a warning is only told.
    """

    number: int
    text: str
    track: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    registration_url: str = ""
    mistakes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    title: str = ""
    region: str = ""
