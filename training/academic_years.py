"""Academic years: from 1 September to 31 August, by the UK's calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar

from govuk.dates import LONDON, in_london

FIRST_MONTH: Final = 9

T = TypeVar("T")


@dataclass(frozen=True, order=True, slots=True)
class AcademicYear:
    """The academic year that begins in September of the calendar year `start`."""

    start: int

    @classmethod
    def of(cls, day: date) -> AcademicYear:
        """Return the year that a day is in. Of a moment, the day that it then is in the UK.

        Raises ValueError for a naive datetime: its zone could only be guessed.
        """
        local = in_london(day) if isinstance(day, datetime) else day
        return cls(local.year if local.month >= FIRST_MONTH else local.year - 1)

    @property
    def label(self) -> str:
        """As pages name it: "2026 to 2027"."""
        return f"{self.start} to {self.start + 1}"

    @property
    def first_moment(self) -> datetime:
        """Midnight in the UK as 1 September begins: the year's first moment."""
        return datetime(self.start, FIRST_MONTH, 1, tzinfo=LONDON)

    @property
    def end_moment(self) -> datetime:
        """The first moment that is no longer in it."""
        return AcademicYear(self.start + 1).first_moment


def by_academic_year(
    items: Iterable[T], day_of: Callable[[T], date]
) -> list[tuple[AcademicYear, list[T]]]:
    """Return the items under the year of each one's day, years and items in the order met."""
    years: dict[AcademicYear, list[T]] = {}
    for item in items:
        years.setdefault(AcademicYear.of(day_of(item)), []).append(item)
    return list(years.items())
