"""Dates and times in words."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from govuk.dates import (
    LONDON,
    date_words,
    in_london,
    is_repeated,
    is_skipped,
    time_range_words,
    time_words,
    uk_moment,
    weekday_date_words,
)


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (0, 0, "midnight"),
        (0, 5, "12:05am"),
        (1, 0, "1am"),
        (9, 30, "9:30am"),
        (11, 59, "11:59am"),
        (12, 0, "midday"),
        (12, 30, "12:30pm"),
        (15, 30, "3:30pm"),
        (17, 0, "5pm"),
        (23, 1, "11:01pm"),
    ],
)
def test_a_time_reads_as_the_style_guide_writes_it(hour: int, minute: int, words: str) -> None:
    assert time_words(datetime(2026, 2, 10, hour, minute, tzinfo=LONDON)) == words


def test_a_date_has_no_leading_nought_and_no_comma() -> None:
    assert date_words(date(2026, 2, 3)) == "3 February 2026"
    assert weekday_date_words(date(2026, 2, 10)) == "Tuesday 10 February 2026"


def test_every_month_and_weekday_has_its_name() -> None:
    days = [date(2026, month, 1) for month in range(1, 13)]
    assert [date_words(day) for day in days] == [f"1 {day:%B} 2026" for day in days]
    week = [date(2026, 6, day) for day in range(1, 8)]
    assert [weekday_date_words(day).split()[0] for day in week] == [f"{day:%A}" for day in week]


def test_two_times_are_joined_by_to() -> None:
    start = datetime(2026, 2, 10, 15, 30, tzinfo=LONDON)
    assert time_range_words(start, start + timedelta(minutes=75)) == "3:30pm to 4:45pm"


def test_a_summer_moment_stored_in_utc_is_said_in_uk_time() -> None:
    assert time_words(datetime(2025, 7, 3, 14, 30, tzinfo=UTC)) == "3:30pm"
    assert time_words(datetime(2025, 12, 1, 15, 30, tzinfo=UTC)) == "3:30pm"


def test_an_hour_before_midnight_in_utc_is_the_next_day_in_a_uk_summer() -> None:
    assert weekday_date_words(datetime(2025, 6, 30, 23, 30, tzinfo=UTC)) == "Tuesday 1 July 2025"


def test_the_clocks_skip_an_hour_in_march() -> None:
    before = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    assert time_range_words(before, before + timedelta(minutes=1)) == "12:59am to 2am"


def test_the_clocks_say_one_hour_twice_in_october() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert time_words(first) == time_words(first + timedelta(hours=1)) == "1:30am"
    assert in_london(first).fold == 0
    assert in_london(first + timedelta(hours=1)).fold == 1


@pytest.mark.parametrize(
    ("day", "first", "last", "skipped", "repeated"),
    [
        ("2027-03-28", "01:00", "01:59", True, False),
        ("2027-10-31", "01:00", "01:59", False, True),
        ("2027-10-31", "00:00", "00:59", False, False),
        ("2027-03-28", "00:59", "02:00", False, False),
    ],
)
def test_a_time_that_uk_clocks_skip_or_repeat_is_told(
    day: str, first: str, last: str, skipped: bool, repeated: bool
) -> None:
    for clock in (first, last):
        local = datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=LONDON)
        assert (is_skipped(local), is_repeated(local)) == (skipped, repeated)


def test_any_zone_is_understood() -> None:
    karachi = timezone(timedelta(hours=5))
    assert date_words(datetime(2026, 1, 1, 2, tzinfo=karachi)) == "31 December 2025"


def test_a_time_without_its_zone_is_refused() -> None:
    naive = datetime(2026, 2, 10, 15, 30)  # noqa: DTZ001 - that it is naive is the point
    for words in (time_words, date_words, weekday_date_words):
        with pytest.raises(ValueError, match="time zone"):
            words(naive)


def test_a_date_and_time_as_text_is_what_a_uk_clock_shows() -> None:
    assert uk_moment("2026-02-10T15:30") == datetime(2026, 2, 10, 15, 30, tzinfo=UTC)
    assert uk_moment("2026-07-10 15:30") == datetime(2026, 7, 10, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "2026-02-10T15:30+01:00"])
def test_no_uk_moment_is_guessed_from_other_text(text: str) -> None:
    with pytest.raises(ValueError, match=r"offset|isoformat"):
        uk_moment(text)
