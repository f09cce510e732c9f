"""What a reader is told of a session, as plain values: to show, and to freeze. No Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

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


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session's facts. Moments are aware; blank means: none, or the same as the track's."""

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

    @property
    def calendar_url(self) -> str:
        """Where it is to be had for a calendar: beside its page."""
        return f"{self.url.rstrip('/')}.ics" if self.url else ""

    def row(
        self,
        at: datetime,
        *,
        title: str | None = None,
        under_track: bool = False,
        moved_from: datetime | None = None,
    ) -> SessionRow:
        """Return its line in a table as things stand at `at`, by another title if one is given.

        Under its track's own heading the line need not say again for whom it is. If it was moved,
        the line says from when.
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
            moved_from=self._earlier_time(moved_from) if moved_from else "",
        )

    def _earlier_time(self, moment: datetime) -> str:
        """Return when it began before it was moved: the day, or on the same day the time."""
        same_day = in_london(moment).date() == in_london(self.starts_at).date()
        return time_words(moment) if same_day else weekday_date_words(moment)

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
        }

    @classmethod
    def from_json(cls, frozen: dict[str, Any]) -> SessionFacts:
        """Return the facts that `to_json` froze; the address is blank.

        Raises KeyError or ValueError for anything that it did not write.
        """
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
        )
