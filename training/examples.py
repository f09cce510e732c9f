"""When the example sessions are: the same days of term every year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from govuk.dates import LONDON
from training import session_facts

TUESDAY: Final = 1
WEDNESDAY: Final = 2
THURSDAY: Final = 3

AFTERNOON: Final = (time(15, 30), time(16, 45))
EVENING: Final = (time(17, 0), time(18, 15))

A_YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Slot:
    """A day of term: the weekday that falls on `first_day` of the month or in the week after."""

    track: str
    month: int
    first_day: int
    weekday: int
    times: tuple[time, time]
    status: str = session_facts.SCHEDULED
    title: str = ""
    region: str = ""
    has_link: bool = True

    def day(self, year: int) -> date:
        """Return its day in a calendar year."""
        first = date(year, self.month, self.first_day)
        return first + timedelta(days=(self.weekday - first.weekday()) % 7)


@dataclass(frozen=True, slots=True)
class Example:
    """An example session; its moments are aware, in UK time."""

    track: str
    title: str
    region: str
    starts_at: datetime
    ends_at: datetime
    status: str
    registration_url: str


# None in a school holiday, in any year: those of February, Easter and May move, so their weeks
# are left out.
SLOTS: Final = (
    Slot("dsl", 12, 1, TUESDAY, AFTERNOON),
    Slot("dsl", 2, 1, WEDNESDAY, AFTERNOON, session_facts.FULL),
    Slot("dsl", 6, 15, TUESDAY, AFTERNOON),
    Slot("dsl", 9, 22, THURSDAY, AFTERNOON, has_link=False),
    Slot("governors", 12, 1, THURSDAY, EVENING, session_facts.FULL),
    Slot("governors", 3, 8, TUESDAY, EVENING, session_facts.CANCELLED),
    Slot("governors", 6, 22, WEDNESDAY, EVENING),
    Slot(
        "regional",
        1,
        15,
        WEDNESDAY,
        AFTERNOON,
        title="Responding to local risk in the North-East",
        region="north-east",
    ),
    Slot(
        "regional",
        5,
        8,
        THURSDAY,
        AFTERNOON,
        title="Responding to local risk in the South-West",
        region="south-west",
    ),
)


def examples_for_the_year(at: datetime) -> Iterator[Example]:
    """Yield the example sessions that start in the 365 days after `at`, slot by slot.

    The days depend on the calendar alone: asked again a month later, it yields the same ones and
    those that have come within a year since.
    """
    for number, slot in enumerate(SLOTS, start=1):
        for year in (at.year, at.year + 1):
            day = slot.day(year)
            starts_at, ends_at = (datetime.combine(day, t, LONDON) for t in slot.times)
            if not at < starts_at <= at + A_YEAR:
                continue
            link = f"https://www.eventbrite.co.uk/e/example-{day:%Y%m%d}{number:04}"
            yield Example(
                track=slot.track,
                title=slot.title,
                region=slot.region,
                starts_at=starts_at,
                ends_at=ends_at,
                status=slot.status,
                registration_url=link if slot.has_link else "",
            )
