"""Sessions on the two Sundays of 2027 on which the UK's clocks change, wherever they are shown."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from tests.govuk.html import attribute, document, elements, text
from tests.training.factories import make_session, make_track, uk
from training.models import Session

pytestmark = pytest.mark.django_db

DAYS = {
    "2027-03-27": ("Saturday 27 March 2027", "+00:00", "15:30"),
    "2027-03-28": ("Sunday 28 March 2027", "+01:00", "14:30"),
    "2027-10-30": ("Saturday 30 October 2027", "+01:00", "14:30"),
    "2027-10-31": ("Sunday 31 October 2027", "+00:00", "15:30"),
}


@pytest.fixture(params=DAYS)
def session(request: pytest.FixtureRequest) -> Session:
    """An afternoon's session, 3:30pm to 4:45pm by the UK's clocks."""
    return make_session(uk(f"{request.param} 15:30"), track=make_track("dsl"))


@pytest.fixture
def shown(session: Session) -> tuple[str, str, str]:
    """Its day in words, its offset, and its start in UTC."""
    return DAYS[f"{session.starts_at:%Y-%m-%d}"]


def test_people_are_told_uk_times(client: Client, session: Session, shown: tuple[str, ...]) -> None:
    for address in ("/training/", "/training/dsl/", session.get_absolute_url(), "/"):
        words = text(document(client.get(address).content.decode()))
        assert shown[0] in words
        assert "3:30pm to 4:45pm" in words
    assert "1 hour 15 minutes" in client.get("/training/").content.decode()


def test_programs_are_told_the_same_moment(
    client: Client, session: Session, shown: tuple[str, ...]
) -> None:
    day, start = f"{session.starts_at:%Y-%m-%d}", f"{session.starts_at:%Y-%m-%d}T15:30:00{shown[1]}"
    [listed] = client.get("/api/training/sessions").json()["sessions"]
    assert listed["starts_at"] == start
    page = client.get(session.get_absolute_url()).content.decode()
    [script] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert json.loads(script)["startDate"] == start
    events: list[Any] = Calendar.from_ical(client.get("/training/all.ics").content).events
    instant = datetime.fromisoformat(f"{day}T{shown[2]}:00+00:00")
    assert [event.start.astimezone(UTC) for event in events] == [instant]
    assert datetime.fromisoformat(listed["starts_at"]) == instant


def test_editors_are_shown_and_given_uk_times(
    desk: Client, session: Session, shown: tuple[str, ...]
) -> None:
    words = text(document(desk.get(reverse("admin:training_session_changelist")).content.decode()))
    assert f"{shown[0]} 3:30pm to 4:45pm" in words
    exported = desk.get(reverse("admin:training_session_export")).content.decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(exported))
    assert (row["date"], row["start"], row["end"]) == (
        f"{session.starts_at:%Y-%m-%d}",
        "15:30",
        "16:45",
    )
    form = document(
        desk.get(reverse("admin:training_session_change", args=[session.pk])).content.decode()
    )
    values = {attribute(i, "name"): attribute(i, "value") for i in elements(form, "input")}
    assert values["starts_at_1"] in {"15:30", "15:30:00"}
