"""A line of a paste as it was read, and what it is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from training.session_facts import SCHEDULED


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
    """A line of a paste or a row of a file as it was read. Track and region are slugs.

    `number` is the line's, from 1; `text` is the line as it came; moments are in UK time. With any
    mistake in any row nothing may be saved; a warning is only shown. `session_id` is that of the
    stored session that it changes, "" where it adds one; `changes` are sentences that say what is
    stored now.
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
    status: str = SCHEDULED
    session_id: str = ""
    changes: tuple[str, ...] = ()

    @property
    def does(self) -> str:
        """What becomes of its session: "new", "changed" or "unchanged"."""
        if not self.session_id:
            return "new"
        return "changed" if self.changes or self.mistakes else "unchanged"
