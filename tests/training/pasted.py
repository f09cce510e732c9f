"""Pasted lines for the tests: the tracks, and short ways to read and to judge a line."""

from __future__ import annotations

from typing import Any

from tests.training.factories import uk
from training.pasting import Known, Row, TrackWords, judge, read

TRACKS = [
    TrackWords(
        "dsl",
        "Training for designated safeguarding leads (DSLs)",
        "Designated safeguarding leads (DSLs)",
    ),
    TrackWords(
        "governors",
        "Training for governors and trustees in schools",
        "Governors and trustees in schools",
    ),
    TrackWords("regional", "Regional training", "Education providers in the region"),
]
HOSTS = ["eventbrite.co.uk"]
LINK = "https://www.eventbrite.co.uk/e/x-1"
AT = uk("2025-09-01 12:00")


def row_of(line: str, track: str = "dsl") -> Row:
    (row,) = read(line, tracks=TRACKS, track=track)
    return row


def judged(*rows: Row, known: list[Known] | None = None) -> list[Row]:
    return judge(rows, known=known or [], hosts=HOSTS, at=AT)


def mistakes_of(line: str, track: str = "dsl") -> tuple[str, ...]:
    return judged(row_of(line, track))[0].mistakes


def session(starts_at: str, ends_at: str, number: int = 1, **others: Any) -> Row:
    """A row as it comes from elsewhere: its moments are there already."""
    values: dict[str, Any] = {"track": "dsl", **others}
    return Row(number, "", starts_at=uk(starts_at), ends_at=uk(ends_at), **values)


def stored(starts_at: str, ends_at: str, **others: str) -> Known:
    values = {"track": "dsl", "title": "", "region": "", "registration_url": "", **others}
    return Known(
        starts_at=uk(starts_at), ends_at=uk(ends_at), words="Tuesday 10 February 2026", **values
    )
