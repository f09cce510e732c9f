from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.training.factories import LINK, make_facts, uk
from training.api import session_item


def item(**fields: Any) -> dict[str, Any]:
    return session_item(make_facts(**fields), title="Training", site_url="https://rpec.example")


def test_a_session_tells_other_programs_all_that_a_reader_is_told() -> None:
    assert item(
        starts_at=datetime(2026, 6, 23, 14, 30, tzinfo=UTC),
        ends_at=datetime(2026, 6, 23, 15, 45, tzinfo=UTC),
        region_slug="london",
    ) == {
        "id": 7,
        "url": "https://rpec.example/training/sessions/7/",
        "track": "dsl",
        "title": "Training",
        "region": "london",
        "starts_at": "2026-06-23T15:30:00+01:00",
        "ends_at": "2026-06-23T16:45:00+01:00",
        "status": "scheduled",
        "registration_url": LINK,
        "academic_year": "2025 to 2026",
    }


def test_what_a_session_does_not_have_is_null_and_never_blank() -> None:
    bare = item(registration_url="", region_slug="")
    assert (bare["registration_url"], bare["region"]) == (None, None)


@pytest.mark.parametrize(
    ("starts_at", "told"),
    [
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "2027-03-28T00:30:00+00:00"),
        (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), "2027-03-28T02:30:00+01:00"),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "2027-10-31T01:30:00+01:00"),
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), "2027-10-31T01:30:00+00:00"),
        (uk("2027-10-31 01:30").replace(fold=1), "2027-10-31T01:30:00+00:00"),
    ],
)
def test_the_offset_tells_which_half_past_one_is_meant_when_the_clocks_change(
    starts_at: datetime, told: str
) -> None:
    said = item(starts_at=starts_at, ends_at=starts_at.astimezone(UTC) + timedelta(hours=1))
    assert said["starts_at"] == told
    ends_at = datetime.fromisoformat(said["ends_at"])
    assert ends_at - datetime.fromisoformat(said["starts_at"]) == timedelta(hours=1)


def test_a_session_is_in_the_academic_year_that_the_uk_has_as_it_starts() -> None:
    last = datetime(2026, 8, 31, 22, 59, tzinfo=UTC)
    first = last + timedelta(minutes=1)
    years = [item(starts_at=at, ends_at=first)["academic_year"] for at in (last, first)]
    assert years == ["2025 to 2026", "2026 to 2027"]
