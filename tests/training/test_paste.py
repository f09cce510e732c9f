"""A year's dates pasted in the admin: looked at row by row, and saved all or none."""

from __future__ import annotations

import csv
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from accounts.models import User
from govuk.dates import time_range_words, weekday_date_words
from tests.govuk.html import attribute, document, elements, text
from tests.training.factories import LINK, make_region, make_session, make_track, uk
from training.actions.entering import (
    RowsRefusedError,
    read_paste,
    store_rows,
)
from training.actions.loading import DATA
from training.models import Session

pytestmark = pytest.mark.django_db
PASTE = "admin:training_session_paste"


@pytest.fixture(autouse=True)
def _tracks(db: None) -> None:
    make_track("dsl")
    make_track("governors")


def rows_shown(response: Any) -> list[list[str]]:
    page = document(response.content.decode())
    [body] = [
        part
        for table in elements(page, "table", class_="rpec-read")
        for part in elements(table, "tbody")
    ]
    return [
        [text(cell) for cell in [*elements(row, "th"), *elements(row, "td")]]
        for row in elements(body, "tr")
    ]


def known_sessions_moved(years: int) -> list[tuple[str, datetime, datetime]]:
    """The 16 known sessions, the same days some years later."""
    with (DATA / "sessions.csv").open(encoding="utf-8", newline="") as file:
        return [
            (row["track"], moved(row["starts_at"], years), moved(row["ends_at"], years))
            for row in csv.DictReader(file)
        ]


def moved(moment: str, years: int) -> datetime:
    day = uk(moment.replace("T", " "))
    return day.replace(year=day.year + years)


def test_the_16_known_sessions_moved_on_go_from_a_spreadsheet_to_page_feed_and_json(
    desk: Client, client: Client, editor: User
) -> None:
    sessions = known_sessions_moved(years=4)
    lines = [
        "\t".join(
            [
                {"dsl": "DSLs", "governors": "Governors and trustees in schools"}[track],
                f"{starts:%d/%m/%Y}",
                f"{starts:%H:%M}",
                f"{ends:%H:%M}",
                f"https://www.eventbrite.co.uk/e/moved-{number}",
            ]
        )
        for number, (track, starts, ends) in enumerate(sessions)
    ]
    pasted = {"text": "For\tDate\tStart\tEnd\tLink\r\n" + "\r\n".join(lines)}
    looked = desk.post(reverse(PASTE), pasted)
    assert "16 sessions can be added." in looked.content.decode()
    assert Session.objects.count() == 0
    [save] = elements(document(looked.content.decode()), "form", class_="rpec-save")
    sent = {attribute(i, "name"): attribute(i, "value") or "" for i in elements(save, "input")}
    saved = desk.post(reverse(PASTE), sent, follow=True)
    assert "16 sessions added." in saved.content.decode()

    expected = sorted(
        (starts, ends, track, f"https://www.eventbrite.co.uk/e/moved-{number}")
        for number, (track, starts, ends) in enumerate(sessions)
    )
    stored = Session.objects.with_relations().order_by("starts_at", "track__slug")
    assert [(s.starts_at, s.ends_at, s.track.slug, s.registration_url) for s in stored] == expected
    assert {s.history.get().history_user for s in stored} == {editor}

    page = " ".join(text(document(client.get("/training/").content.decode())).split())
    feed = Calendar.from_ical(client.get("/training/all.ics").content).events
    listed = client.get("/api/training/sessions").json()["sessions"]
    assert sorted((e.start, e.end) for e in feed) == [(s, e) for s, e, *_ in expected]
    assert (
        sorted(
            (
                datetime.fromisoformat(s["starts_at"]),
                datetime.fromisoformat(s["ends_at"]),
                s["track"],
                s["registration_url"],
            )
            for s in listed
        )
        == expected
    )
    for starts, ends, _, link in expected:
        assert f"{weekday_date_words(starts)} {time_range_words(starts, ends)}" in page
        assert link in client.get("/training/").content.decode()


MISTAKES = {
    "Tuesday 2 December 2030, 3:30pm to 4:45pm": "is a Monday, not a Tuesday",
    "2 December 2030, 4:45pm to 3:30pm": "end",
    "31 March 2030, 1:30am to 3pm": "clocks",
    "27 October 2030, 1:30am to 3pm": "clocks",
    "3 December 2030, 3:30pm to 4:45pm, http://www.eventbrite.co.uk/e/2": "must start with https://",
    "4 December 2030, 3:30pm to 4:45pm, https://evil.example/e/3": "must be on eventbrite.co.uk",
    "5 December 2030, 3:30pm to 4:45pm, https://www.eventbrite.co.uk/e/first": "Line 1 has the",
    "9 December 2030, 5pm to 6:15pm": "already",
    "10 December, 5pm to 6:15pm": "year",
    "31 April 2030, 5pm to 6:15pm": "April",
    "11 December 2030, 5pm to 6:15pm, with biscuits": "biscuits",
}
RIGHT = "2 December 2030, 3:30pm to 4:45pm, https://www.eventbrite.co.uk/e/first"


def test_each_mistake_is_named_in_its_row_and_nothing_is_saved(desk: Client) -> None:
    make_session(uk("2030-12-09 17:00"))
    dsl = Session.objects.get().track.pk
    pasted = {"text": "\n".join([RIGHT, *MISTAKES]), "track": dsl}
    for extra in ({}, {"save": "Save"}):
        response = desk.post(reverse(PASTE), {**pasted, **extra})
        shown = rows_shown(response)
        assert [row[0] for row in shown] == [str(n) for n in range(1, len(MISTAKES) + 2)]
        assert "Mend:" not in shown[0][-1]
        for row, words in zip(shown[1:], MISTAKES.values(), strict=True):
            assert "Mend:" in row[-1]
            assert words in row[-1]
        assert (
            f"{len(MISTAKES)} of {len(MISTAKES) + 1} lines must be mended."
            in response.content.decode()
        )
        assert Session.objects.count() == 1
        # Nothing typed is lost.
        [box] = elements(document(response.content.decode()), "textarea")
        assert text(box) == " ".join([RIGHT, *MISTAKES])


def test_what_is_only_unusual_is_said_and_can_be_saved(desk: Client) -> None:
    make_session(uk("2030-12-09 17:00"))
    pasted = {
        "text": "9 December 2030, 5:30pm to 6pm\n"
        "8 December 2030, 5pm to 6pm\n"
        "9 December 2020, 5pm to 6pm",
        "track": Session.objects.get().track.pk,
    }
    overlapping, sunday, past = (row[-1] for row in rows_shown(desk.post(reverse(PASTE), pasted)))
    assert "overlap" in overlapping.lower()
    assert "Sunday" in sunday
    assert "past" in past
    desk.post(reverse(PASTE), {**pasted, "save": "Save"})
    assert Session.objects.count() == 4


def test_track_region_and_title_hold_for_every_line_that_does_not_say(desk: Client) -> None:
    region = make_region()
    pasted = {
        "text": f"Governors; 3 December 2030; 17:00-18:15\n4 December 2030; 17:00-18:15; {LINK}",
        "track": make_track("dsl").pk,
        "region": region.pk,
        "title": "Local risk",
        "save": "Save",
    }
    desk.post(reverse(PASTE), pasted)
    assert list(Session.objects.values_list("track__slug", "region", "title")) == [
        ("governors", region.pk, "Local risk"),
        ("dsl", region.pk, "Local risk"),
    ]


def test_what_another_editor_has_saved_meanwhile_is_not_saved_twice(editor: User) -> None:
    at = timezone.now()
    track = make_track("dsl")
    rows = read_paste(RIGHT, track=track, region=None, title="", at=at)
    store_rows(rows, at=at, by=editor)
    with pytest.raises(RowsRefusedError) as refused:
        store_rows(rows, at=at, by=editor)
    assert "already" in " ".join(refused.value.rows[0].mistakes)
    assert Session.objects.count() == 1


def test_an_empty_paste_or_one_without_a_date_says_what_to_do(desk: Client) -> None:
    assert "Paste at least one line." in desk.post(reverse(PASTE), {"text": ""}).content.decode()
    for nothing in ("\n\n", "Date\tTime\tLink"):
        shown = desk.post(reverse(PASTE), {"text": nothing}).content.decode()
        assert "There is no date in what was pasted." in shown or "Paste at least" in shown


def test_hostile_text_is_shown_as_text(desk: Client) -> None:
    shown = desk.post(reverse(PASTE), {"text": "<script>alert(1)</script>\x00 =HYPERLINK(1)"})
    assert shown.status_code == 200
    assert "<script>alert" not in shown.content.decode()


def test_who_may_not_add_sessions_cannot_paste(desk: Client, editor: User) -> None:
    reader = User.objects.create_user("reader@example.com", "a long enough password")
    client = Client()
    client.force_login(reader)
    assert client.get(reverse(PASTE)).status_code == 403
