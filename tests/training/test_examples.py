from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from tests.training.factories import uk
from training.examples import examples_for_the_year
from training.session_facts import CANCELLED, FULL

AT = uk("2026-11-20 12:00")


def test_the_examples_of_a_year_are_nine_with_full_ones_and_one_cancelled() -> None:
    examples = list(examples_for_the_year(AT))
    statuses = [example.status for example in examples]
    assert len(examples) == 9
    assert (statuses.count(FULL), statuses.count(CANCELLED)) == (2, 1)
    assert [example.registration_url for example in examples if not example.registration_url] == [
        ""
    ]


@pytest.mark.parametrize("year", range(2026, 2040))
def test_each_example_is_on_a_school_day_at_the_usual_uk_times(year: int) -> None:
    for example in examples_for_the_year(uk(f"{year}-11-20 12:00")):
        assert example.starts_at.weekday() < 5
        assert f"{example.starts_at:%H:%M} {example.ends_at:%H:%M}" in {
            "15:30 16:45",
            "17:00 18:15",
        }
        assert example.starts_at.month not in {4, 7, 8, 10}


def test_summer_and_winter_examples_keep_their_uk_times() -> None:
    hours = {
        (example.starts_at.month, f"{example.starts_at.astimezone(UTC):%H:%M}")
        for example in examples_for_the_year(AT)
        if example.track == "dsl"
    }
    assert hours == {(12, "15:30"), (2, "15:30"), (6, "14:30"), (9, "14:30")}


def test_a_month_later_the_same_examples_come_and_those_now_within_a_year() -> None:
    def starts(at_days: int) -> set[tuple[str, str]]:
        at = AT + timedelta(days=at_days)
        return {(e.track, e.starts_at.isoformat()) for e in examples_for_the_year(at)}

    now, later = starts(0), starts(31)
    gone, come = now - later, later - now
    assert {start[:7] for _, start in gone} == {"2026-12"}
    assert {start[:7] for _, start in come} == {"2027-12"}
