from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.training.factories import LINK, make_facts, uk
from training.session_facts import CANCELLED, SessionFacts, SessionRow, paired


def test_a_session_is_dated_in_uk_time_whatever_the_zone_of_its_moments() -> None:
    facts = make_facts(
        starts_at=datetime(2025, 7, 3, 14, 30, tzinfo=UTC),
        ends_at=datetime(2025, 7, 3, 15, 45, tzinfo=UTC),
    )
    assert (facts.weekday_date, facts.time_range) == ("Thursday 3 July 2025", "3:30pm to 4:45pm")


def test_a_session_is_past_the_moment_it_ends() -> None:
    facts = make_facts()
    assert not facts.is_past(facts.ends_at - timedelta(microseconds=1))
    assert facts.is_past(facts.ends_at)


def test_a_row_says_what_a_table_needs_at_one_moment() -> None:
    row = make_facts(region_slug="north-east", region_name="North-East").row(uk("2026-01-01 09:00"))
    assert row == SessionRow(
        weekday_date="Tuesday 10 February 2026",
        time_range="3:30pm to 4:45pm",
        title="",
        audience="Designated safeguarding leads (DSLs)",
        status="scheduled",
        registration_url=LINK,
        url="/training/sessions/7/",
        region_name="North-East",
        is_past=False,
        duration="1 hour 15 minutes",
        calendar_url="/training/sessions/7.ics",
        moved_from="",
        no_link="Link to follow",
    )


def test_a_row_may_be_titled_otherwise_and_leave_out_its_audience_under_its_track() -> None:
    row = make_facts(title="Own").row(uk("2027-01-01 09:00"), title="Other", under_track=True)
    assert (row.title, row.audience, row.is_past) == ("Other", "", True)


@pytest.mark.parametrize(
    ("moved_from", "words"),
    [
        (uk("2026-02-09 15:30"), "Monday 9 February 2026"),
        (uk("2026-02-10 14:00"), "2pm"),
        (None, ""),
    ],
)
def test_a_row_says_the_day_it_was_moved_from_or_on_the_same_day_the_time(
    moved_from: datetime | None, words: str
) -> None:
    assert make_facts(moved_from=moved_from).row(uk("2026-01-01 09:00")).moved_from == words


def test_frozen_facts_come_back_the_same_but_for_the_address() -> None:
    facts = make_facts(
        title="Local risk",
        status=CANCELLED,
        region_slug="london",
        region_name="London",
        moved_from=uk("2026-02-09 15:30"),
    )
    frozen = json.loads(json.dumps(facts.to_json()))
    assert SessionFacts.from_json(frozen) == replace(facts, url="")


def test_facts_freeze_with_their_uk_offset_in_winter_and_summer() -> None:
    winter = make_facts().to_json()
    summer = make_facts(
        starts_at=datetime(2025, 7, 3, 14, 30, tzinfo=UTC),
        ends_at=datetime(2025, 7, 3, 15, 45, tzinfo=UTC),
    ).to_json()
    assert winter["starts_at"] == "2026-02-10T15:30:00+00:00"
    assert summer["starts_at"] == "2025-07-03T15:30:00+01:00"
    assert "url" not in winter


def test_frozen_facts_with_a_naive_time_are_refused() -> None:
    frozen = make_facts().to_json() | {"starts_at": "2026-02-10T15:30:00"}
    with pytest.raises(ValueError, match="time zone"):
        SessionFacts.from_json(frozen)


def test_facts_frozen_before_moves_were_are_of_a_session_that_was_not_moved() -> None:
    frozen = make_facts().to_json()
    del frozen["moved_from"]
    assert SessionFacts.from_json(frozen) == replace(make_facts(), url="")


def test_sessions_of_two_states_are_paired_by_id_whatever_has_changed_of_them() -> None:
    was = make_facts(id=1)
    now = replace(was, track="governors", starts_at=uk("2026-03-10 15:30"), title="Other")
    new = make_facts(id=2)
    assert paired([was], [new, now]) == [(None, new), (was, now)]


def test_without_an_id_a_session_is_the_same_by_track_start_title_and_region() -> None:
    was = [make_facts(id=None), make_facts(id=None, title="Own")]
    now = [make_facts(id=5, status=CANCELLED), make_facts(id=6, title="Other")]
    assert paired(was, now) == [(was[0], now[0]), (None, now[1]), (was[1], None)]


def test_the_half_hour_that_comes_twice_when_the_clocks_go_back_is_two_moments() -> None:
    first = make_facts(starts_at=uk("2026-10-25 01:30"), ends_at=uk("2026-10-25 02:30"))
    second = replace(first, starts_at=first.starts_at.replace(fold=1), moved_from=first.starts_at)
    assert second.differs_from(first)
    assert second.is_moved_since(first)
