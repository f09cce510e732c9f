"""Sessions as JSON: what is asked for, what is answered, and what one session says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.training.factories import (
    LINK,
    make_facts,
    make_region,
    make_session,
    make_track,
    uk,
)
from training.api import session_item
from training.session_facts import CANCELLED

pytestmark = pytest.mark.django_db


def ask(client: Client, status: int = 200, /, **query: str) -> Any:
    response = client.get("/api/training/sessions", query)
    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    return response.json()


def ids(client: Client, **query: str) -> list[int]:
    return [session["id"] for session in ask(client, **query)["sessions"]]


def test_sessions_to_come_are_told_soonest_first_cancelled_ones_too(
    client: Client, now: datetime
) -> None:
    later = make_session(now + timedelta(days=9), status=CANCELLED)
    soon = make_session(now + timedelta(days=3), title="Local risk")
    make_session(now - timedelta(days=3))
    make_session(now + timedelta(days=5), is_example=True)
    sessions = ask(client)["sessions"]
    assert [(session["id"], session["status"], session["title"]) for session in sessions] == [
        (soon.pk, "scheduled", "Local risk"),
        (later.pk, "cancelled", later.track.name),
    ]
    assert sessions[0]["url"] == f"http://127.0.0.1:8000/training/sessions/{soon.pk}/"


def test_past_sessions_are_told_newest_first_and_those_to_come_are_not(
    client: Client, now: datetime
) -> None:
    old = make_session(now - timedelta(days=30))
    recent = make_session(now - timedelta(days=3))
    make_session(now + timedelta(days=3))
    assert ids(client, past="1") == [recent.pk, old.pk]


def test_a_region_is_told_its_own_sessions_and_those_for_all(client: Client, now: datetime) -> None:
    for_all = make_session(now + timedelta(days=1))
    own = make_session(now + timedelta(days=2), region=make_region("london", "London", 8))
    make_session(now + timedelta(days=3), region=make_region())
    assert ids(client, region="london") == [for_all.pk, own.pk]


def test_a_track_is_told_its_own_sessions(client: Client, now: datetime) -> None:
    make_session(now + timedelta(days=1))
    governors = make_session(now + timedelta(days=2), track=make_track("governors"))
    assert ids(client, track="governors") == [governors.pk]


def test_a_blank_value_asks_for_nothing(client: Client, now: datetime) -> None:
    session = make_session(now + timedelta(days=1))
    assert ids(client, track="", region="", past="") == [session.pk]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"track": "governor"}, "There is no track “governor”."),
        ({"region": "atlantis"}, "There is no region “atlantis”."),
        ({"region": "dsl"}, "There is no region “dsl”."),
        ({"track": "\x00"}, "There is no track “\x00”."),
        ({"past": "yes"}, "“past” must be 0 or 1, not “yes”."),
    ],
)
def test_what_is_not_known_is_refused_with_a_sentence(
    client: Client, query: dict[str, str], error: str
) -> None:
    make_track("dsl")
    assert ask(client, 400, **query) == {"error": error}


def test_a_refusal_repeats_no_more_than_a_hundred_characters_of_what_was_sent(
    client: Client,
) -> None:
    assert ask(client, 400, track="x" * 101) == {"error": f"There is no track “{'x' * 100}…”."}


def test_two_queries_answer_whatever_is_asked(
    client: Client, now: datetime, django_assert_max_num_queries: Any
) -> None:
    make_session(now + timedelta(days=1), region=make_region())
    with django_assert_max_num_queries(1):
        ask(client)
    with django_assert_max_num_queries(2):
        ask(client, track="dsl", region="north-east", past="1")
    with django_assert_max_num_queries(2):
        ask(client, 400, track="dsl", region="atlantis")


def test_sessions_can_be_read_and_not_written(client: Client) -> None:
    assert client.head("/api/training/sessions").content == b""
    refused = client.post("/api/training/sessions")
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD, OPTIONS")


def item_of(**fields: Any) -> dict[str, Any]:
    return session_item(make_facts(**fields), title="Training", site_url="https://rpec.example")


def test_a_session_tells_other_programs_all_that_a_reader_is_told() -> None:
    assert item_of(
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
    bare = item_of(registration_url="", region_slug="")
    assert (bare["registration_url"], bare["region"]) == (None, None)


@pytest.mark.parametrize(
    ("starts_at", "written"),
    [
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "2027-03-28T00:30:00+00:00"),
        (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), "2027-03-28T02:30:00+01:00"),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "2027-10-31T01:30:00+01:00"),
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), "2027-10-31T01:30:00+00:00"),
        (uk("2027-10-31 01:30").replace(fold=1), "2027-10-31T01:30:00+00:00"),
    ],
)
def test_the_offset_tells_which_half_past_one_is_meant_when_the_clocks_change(
    starts_at: datetime, written: str
) -> None:
    data = item_of(starts_at=starts_at, ends_at=starts_at.astimezone(UTC) + timedelta(hours=1))
    assert data["starts_at"] == written
    ends_at = datetime.fromisoformat(data["ends_at"])
    assert ends_at - datetime.fromisoformat(data["starts_at"]) == timedelta(hours=1)


def test_a_session_is_in_the_academic_year_that_the_uk_has_as_it_starts() -> None:
    last = datetime(2026, 8, 31, 22, 59, tzinfo=UTC)
    first = last + timedelta(minutes=1)
    years = [item_of(starts_at=at, ends_at=first)["academic_year"] for at in (last, first)]
    assert years == ["2025 to 2026", "2026 to 2027"]
