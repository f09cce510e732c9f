from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.training.factories import uk
from training.academic_years import AcademicYear, by_academic_year


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (date(2026, 8, 31), 2025),
        (date(2026, 9, 1), 2026),
        (date(2026, 12, 31), 2026),
        (date(2027, 1, 1), 2026),
    ],
)
def test_an_academic_year_runs_from_1_september_to_31_august(day: date, start: int) -> None:
    assert AcademicYear.of(day) == AcademicYear(start)


def test_a_moment_counts_by_the_day_that_it_is_in_the_uk() -> None:
    # In summer time it is 1 September in London while it is still 31 August in UTC.
    assert AcademicYear.of(datetime(2026, 8, 31, 23, 0, tzinfo=UTC)) == AcademicYear(2026)
    assert AcademicYear.of(datetime(2026, 8, 31, 22, 59, tzinfo=UTC)) == AcademicYear(2025)


def test_a_moment_without_its_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        AcademicYear.of(datetime(2026, 9, 1))  # noqa: DTZ001


def test_an_academic_year_is_named_by_both_its_calendar_years() -> None:
    assert AcademicYear(2026).label == "2026 to 2027"


def test_an_academic_year_ends_the_moment_the_next_begins() -> None:
    year = AcademicYear(2026)
    assert year.first_moment == datetime(2026, 8, 31, 23, 0, tzinfo=UTC)
    assert year.end_moment == AcademicYear(2027).first_moment


def test_items_are_grouped_by_year_in_the_order_met() -> None:
    days = [uk("2026-06-23 15:30"), uk("2026-09-22 15:30"), uk("2026-12-01 15:30")]
    assert by_academic_year(days, lambda day: day) == [
        (AcademicYear(2025), days[:1]),
        (AcademicYear(2026), days[1:]),
    ]
