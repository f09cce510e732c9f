from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.training.factories import LINK, make_facts, uk
from training.facts import CANCELLED, SessionFacts, SessionRow


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
    )


def test_a_row_may_be_titled_otherwise_and_leave_out_its_audience_under_its_track() -> None:
    row = make_facts(title="Own").row(uk("2027-01-01 09:00"), title="Other", under_track=True)
    assert (row.title, row.audience, row.is_past) == ("Other", "", True)


def test_frozen_facts_come_back_the_same_but_for_the_address() -> None:
    facts = make_facts(
        title="Local risk", status=CANCELLED, region_slug="london", region_name="London"
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
