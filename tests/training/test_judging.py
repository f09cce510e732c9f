from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from govuk.dates import LONDON
from tests.training.pasted import (
    LINK,
    TRACKS,
    judged,
    row_of,
    session,
    stored,
)
from training.pasting import Row, read


def test_the_same_link_twice_is_a_mistake_that_names_where_it_was() -> None:
    first = session("2025-12-01 15:30", "2025-12-01 16:45", 3, registration_url=LINK)
    second = session("2025-12-08 15:30", "2025-12-08 16:45", 7, registration_url=LINK)
    assert judged(first, second)[1].mistakes == ("Line 3 has the same link.",)
    known = stored("2026-02-10 15:30", "2026-02-10 16:45", registration_url=LINK)
    assert judged(second, known=[known])[0].mistakes == (
        "The stored session of Tuesday 10 February 2026 has the same link.",
    )


def test_a_session_that_is_there_already_is_a_mistake() -> None:
    row = session("2026-02-10 15:30", "2026-02-10 17:00", 7)
    known = stored("2026-02-10 15:30", "2026-02-10 16:45")
    same = "has the same track, title, region and start."
    repeated = judged(row, known=[known])[0]
    assert repeated.mistakes == (
        f"It is there already: the stored session of Tuesday 10 February 2026 {same}",
    )
    assert not any("overlaps" in warning for warning in repeated.warnings)
    assert judged(row, replace(row, number=8))[1].mistakes == (
        f"It is there already: line 7 {same}",
    )


@pytest.mark.parametrize(
    "other", [{"track": "governors"}, {"title": "Another title"}, {"region": "north-east"}]
)
def test_a_session_of_another_track_title_or_region_is_another_session(
    other: dict[str, str],
) -> None:
    row = session("2026-02-10 15:30", "2026-02-10 16:45")
    known = stored("2026-02-10 15:30", "2026-02-10 16:45", **other)
    assert judged(row, known=[known])[0].mistakes == ()


@pytest.mark.parametrize(
    ("region", "other_region", "overlaps"),
    [
        ("", "", True),
        ("", "london", True),
        ("london", "", True),
        ("london", "london", True),
        ("london", "north-east", False),
    ],
)
def test_a_row_that_overlaps_another_of_its_track_where_both_are_open_is_warned_of(
    region: str, other_region: str, overlaps: bool
) -> None:
    row = session("2026-02-10 16:44", "2026-02-10 17:30", region=region, registration_url=LINK)
    known = stored("2026-02-10 15:30", "2026-02-10 16:45", region=other_region)
    expected = "It overlaps the stored session of Tuesday 10 February 2026, 3:30pm to 4:45pm."
    row = judged(row, known=[known])[0]
    assert (row.mistakes, row.warnings) == ((), (expected,) if overlaps else ())


def test_sessions_that_follow_each_other_do_not_overlap() -> None:
    first = session("2026-02-10 15:30", "2026-02-10 16:45", registration_url=LINK)
    second = session("2026-02-10 16:45", "2026-02-10 17:30", 2, registration_url=f"{LINK}2")
    assert [row.warnings for row in judged(first, second)] == [(), ()]


def test_an_overlap_over_midnight_is_seen() -> None:
    first = session("2026-02-10 22:00", "2026-02-11 01:00", registration_url=LINK)
    second = session("2026-02-11 00:30", "2026-02-11 01:30", 2, registration_url=f"{LINK}2")
    assert "It overlaps line 1, 10pm to 1am." in judged(first, second)[1].warnings


@pytest.mark.parametrize(
    ("line", "warning"),
    [
        (f"1 August 2025, 5pm to 6pm, {LINK}", "It is in the past."),
        (f"6 December 2025, 5pm to 6pm, {LINK}", "It is on a Saturday."),
        (f"7 December 2025, 5pm to 6pm, {LINK}", "It is on a Sunday."),
        (
            "1 December 2025, 5pm to 6pm",
            "It has no link: readers will be told that it is to follow.",
        ),
        (f"1 December 2025, 10am, 2pm, {LINK}", "It lasts 4 hours."),
        (f"1 December 2025, 03:30 - 04:45, {LINK}", "It starts at 3:30am."),
        (f"1 December 2025, 10:00 - 11:00pm, {LINK}", "It ends at 11pm."),
        (f"1 December 2025, 3:30pm to 4:45pm TBC, {LINK}", "It says “TBC”, and has a link."),
    ],
)
def test_what_may_be_meant_but_seldom_is_is_only_warned_of(line: str, warning: str) -> None:
    (row,) = judged(row_of(line))
    assert (row.mistakes, row.warnings) == ((), (warning,))


def test_rows_from_elsewhere_are_judged_by_their_moments() -> None:
    reversed_ = session("2026-02-10 15:30", "2026-02-10 15:30")
    long = session("2026-02-10 15:30", "2026-02-11 15:31")
    early = session("2019-12-31 15:30", "2019-12-31 16:45")
    utc = replace(
        session("2026-02-10 15:30", "2026-02-10 16:45"),
        starts_at=datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        ends_at=datetime(2027, 10, 31, 2, 30, tzinfo=UTC),
    )
    edge = replace(early, starts_at=datetime.min.replace(tzinfo=LONDON), ends_at=None)
    mistakes = [judged(row)[0].mistakes for row in (reversed_, long, early, utc, edge)]
    assert mistakes == [
        (
            "The end (3:30pm on 10 February 2026) is not after "
            "the start (3:30pm on 10 February 2026).",
        ),
        ("It lasts longer than a day: check both dates.",),
        (
            "The start is before 2020: check the year.",
            "The end is before 2020: check the year.",
        ),
        (
            "The start, 1:30am on 31 October 2027, comes twice: the clocks go back then. "
            "Choose a time before or after that hour.",
        ),
        ("The start is before 2020: check the year.",),
    ]


def test_a_title_is_as_long_as_a_session_can_store_at_most() -> None:
    fitting, longer = (
        session("2026-02-10 15:30", "2026-02-10 16:45", title="x" * length) for length in (150, 151)
    )
    assert judged(fitting)[0].mistakes == ()
    assert judged(longer)[0].mistakes == ("The title is longer than 150 characters.",)


def test_a_row_that_lacks_something_and_does_not_say_so_is_a_mistake_all_the_same() -> None:
    assert judged(Row(1, ""))[0].mistakes == ("Its track, its start or its end is not known.",)


def test_a_moment_without_its_time_zone_is_refused() -> None:
    row = Row(1, "", starts_at=datetime(2026, 2, 10, 15, 30))  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        judged(row)


def test_judging_again_says_nothing_twice() -> None:
    once = judged(*read("7 December 2025, 6pm to 5pm, www.a.uk", tracks=TRACKS, track="dsl"))
    assert judged(*once) == once
