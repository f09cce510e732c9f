"""A session as plain values: to show, to freeze, and to compare with what was frozen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from govuk.dates import (
    duration_words,
    in_london,
    time_range_words,
    time_words,
    weekday_date_words,
)

SCHEDULED: Final = "scheduled"
FULL: Final = "full"
CANCELLED: Final = "cancelled"
STATUSES: Final = (SCHEDULED, FULL, CANCELLED)

# A year beyond these is a slip of the finger, and not every database can reckon with it.
EARLIEST: Final = datetime(2020, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)

# A track's slug, a start (seconds since 1970), a title and a region's slug.
NaturalKey: TypeAlias = tuple[str, float, str, str]


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as `components/sessions_table.html` reads it, as things stand at one moment."""

    weekday_date: str
    time_range: str
    title: str
    audience: str
    status: str
    registration_url: str
    url: str
    region_name: str
    is_past: bool
    duration: str
    calendar_url: str
    moved_from: str
    no_link: str


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session's facts. Moments are aware; blank means: none, or the same as the track's.

    `id` is None where only the values are known, as in the editions that the site ships with.
    `moved_from` is when it began before it was last moved, if it was.
    """

    id: int | None
    url: str
    track: str
    title: str
    audience: str
    starts_at: datetime
    ends_at: datetime
    status: str
    registration_url: str
    region_slug: str
    region_name: str
    moved_from: datetime | None = None

    @property
    def key(self) -> int | NaturalKey:
        """What makes it the same session at another time: its id, or else its values."""
        return self.natural_key if self.id is None else self.id

    @property
    def natural_key(self) -> NaturalKey:
        """The four values of which no two sessions share all."""
        return self.track, self.starts_at.timestamp(), self.title, self.region_slug

    @property
    def weekday_date(self) -> str:
        """The UK day it starts: "Tuesday 10 February 2026"."""
        return weekday_date_words(self.starts_at)

    @property
    def time_range(self) -> str:
        """Its UK times: "3:30pm to 4:45pm"."""
        return time_range_words(self.starts_at, self.ends_at)

    @property
    def duration(self) -> str:
        """How long it is: "1 hour 15 minutes"."""
        return duration_words(self.starts_at, self.ends_at)

    def is_past(self, at: datetime) -> bool:
        """Whether it has ended by then."""
        return self.ends_at <= at

    def differs_from(self, earlier: SessionFacts) -> bool:
        """Whether readers of a list see another session than they saw then.

        That it says from when it was moved is no difference by itself.
        """
        return self._as_listed() != earlier._as_listed()

    def is_moved_since(self, earlier: SessionFacts) -> bool:
        """Whether it still goes ahead, but was moved to another moment than it had then.

        Another start by which nothing was moved puts a mistake right.
        """
        return (
            self.status != CANCELLED
            and self._starts_otherwise(earlier)
            and self.moved_from != earlier.moved_from
        )

    def is_corrected_since(self, earlier: SessionFacts) -> bool:
        """Whether it still goes ahead, but the start that stood there then was a mistake."""
        return (
            self.status != CANCELLED
            and self._starts_otherwise(earlier)
            and self.moved_from == earlier.moved_from
        )

    def _starts_otherwise(self, earlier: SessionFacts) -> bool:
        return self.starts_at.timestamp() != earlier.starts_at.timestamp()

    def _as_listed(self) -> SessionFacts:
        # In UTC: Python compares two moments of one zone by their clocks alone.
        return replace(
            self,
            id=None,
            url="",
            moved_from=None,
            starts_at=self.starts_at.astimezone(UTC),
            ends_at=self.ends_at.astimezone(UTC),
        )

    @property
    def calendar_url(self) -> str:
        """The address of its calendar file: beside its page."""
        return f"{self.url.rstrip('/')}.ics" if self.url else ""

    def row(
        self, at: datetime, *, title: str | None = None, under_track: bool = False
    ) -> SessionRow:
        """Return its line in a table as things stand at `at`, by another title if one is given.

        Under its track's own heading the line need not say again for whom it is.
        """
        return SessionRow(
            weekday_date=self.weekday_date,
            time_range=self.time_range,
            title=self.title if title is None else title,
            audience="" if under_track else self.audience,
            status=self.status,
            registration_url=self.registration_url,
            url=self.url,
            region_name=self.region_name,
            is_past=self.is_past(at),
            duration=self.duration,
            calendar_url=self.calendar_url,
            moved_from=self._earlier_start(),
            no_link=self.no_link,
        )

    @property
    def no_link(self) -> str:
        """What stands where a link to register would, if there is none.

        The pages that the shipped editions restate had one everywhere.
        """
        return "Link to follow" if self.id else "The page had a link; it is not held here"

    def _earlier_start(self) -> str:
        """Return the day from which it was moved, or on the same day the time; "" for neither."""
        if self.moved_from is None:
            return ""
        same_day = in_london(self.moved_from).date() == in_london(self.starts_at).date()
        return time_words(self.moved_from) if same_day else weekday_date_words(self.moved_from)

    def to_json(self) -> dict[str, Any]:
        """Return what an edition freezes: all but the page's address, which may move.

        Times are ISO 8601 with their UK offset.
        """
        return {
            "id": self.id,
            "track": self.track,
            "title": self.title,
            "audience": self.audience,
            "starts_at": in_london(self.starts_at).isoformat(),
            "ends_at": in_london(self.ends_at).isoformat(),
            "status": self.status,
            "registration_url": self.registration_url,
            "region_slug": self.region_slug,
            "region_name": self.region_name,
            "moved_from": self.moved_from and in_london(self.moved_from).isoformat(),
        }

    @classmethod
    def from_json(cls, frozen: dict[str, Any]) -> SessionFacts:
        """Return the facts that `to_json` froze; the address is blank.

        Editions of before `moved_from` was frozen lack it. Raises KeyError or ValueError for
        anything that `to_json` never wrote.
        """
        moved_from = frozen.get("moved_from")
        return cls(
            id=frozen["id"],
            url="",
            track=frozen["track"],
            title=frozen["title"],
            audience=frozen["audience"],
            starts_at=in_london(datetime.fromisoformat(frozen["starts_at"])),
            ends_at=in_london(datetime.fromisoformat(frozen["ends_at"])),
            status=frozen["status"],
            registration_url=frozen["registration_url"],
            region_slug=frozen["region_slug"],
            region_name=frozen["region_name"],
            moved_from=moved_from and in_london(datetime.fromisoformat(moved_from)),
        )


def paired(
    old: Iterable[SessionFacts], new: Iterable[SessionFacts]
) -> list[tuple[SessionFacts | None, SessionFacts | None]]:
    """Return each session of two states once, as it was and as it is, None where it is not there.

    Sessions are paired by their ids. What is left (of an edition without ids, or stored anew) is
    paired by track, start, title and region: to a reader that is the same session. In order of
    track and start, as it is where it still is.
    """
    was = {facts.key: facts for facts in old}
    now = {facts.key: facts for facts in new}
    pairs: list[tuple[SessionFacts | None, SessionFacts | None]] = [
        (was.pop(key), now.pop(key)) for key in [*was] if key in now
    ]
    others = {facts.natural_key: facts for facts in now.values()}
    pairs += [(facts, others.pop(facts.natural_key, None)) for facts in was.values()]
    pairs += [(None, facts) for facts in others.values()]
    return sorted(pairs, key=lambda pair: next(f.natural_key for f in reversed(pair) if f))
