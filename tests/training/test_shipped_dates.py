"""The tracks and the dates that the site ships with. Plain files, read without Django."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "training" / "data"

DSL_DATES = [
    "Monday 17 March 2025",
    "Monday 12 May 2025",
    "Thursday 3 July 2025",
    "Monday 22 September 2025",
    "Monday 1 December 2025",
    "Tuesday 10 February 2026",
    "Wednesday 22 April 2026",
    "Tuesday 23 June 2026",
]
GOVERNORS_DATES = [
    "Monday 10 March 2025",
    "Monday 12 May 2025",
    "Thursday 3 July 2025",
    "Monday 29 September 2025",
    "Wednesday 3 December 2025",
    "Wednesday 11 February 2026",
    "Tuesday 21 April 2026",
    "Thursday 25 June 2026",
]


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file of the app's data by the names in its first line."""
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def in_words(start: str) -> str:
    """Return "Monday 17 March 2025" for "2025-03-17T15:30"."""
    at = datetime.fromisoformat(start)
    return f"{at:%A} {at.day} {at:%B %Y}"


def days(track: str) -> list[str]:
    """Return the days of a track's sessions in words, in the file's order."""
    return [in_words(row["starts_at"]) for row in rows("sessions.csv") if row["track"] == track]


def test_the_sixteen_sessions_fall_on_the_days_and_times_that_the_page_gave() -> None:
    times = {
        (row["track"], row["starts_at"][10:], row["ends_at"][10:]) for row in rows("sessions.csv")
    }
    lengths = {
        datetime.fromisoformat(row["ends_at"]) - datetime.fromisoformat(row["starts_at"])
        for row in rows("sessions.csv")
    }

    assert days("dsl") == DSL_DATES
    assert days("governors") == GOVERNORS_DATES
    assert times == {("dsl", "T15:30", "T16:45"), ("governors", "T17:00", "T18:15")}
    assert lengths == {timedelta(minutes=75)}
    assert len(rows("sessions.csv")) == 16


def test_the_tracks_are_the_three_of_the_site_and_governors_are_in_schools() -> None:
    tracks = {row["slug"]: row for row in rows("tracks.csv")}

    assert [(row["slug"], row["position"]) for row in rows("tracks.csv")] == [
        ("dsl", "1"),
        ("governors", "2"),
        ("regional", "3"),
    ]
    assert tracks["governors"]["name"] == "Training for governors and trustees in schools"
    assert tracks["governors"]["audience"] == "Governors and trustees in schools"
    assert {row["track"] for row in rows("sessions.csv")} == {"dsl", "governors"}
    assert [value for row in rows("tracks.csv") for value in row.values() if not value] == []
