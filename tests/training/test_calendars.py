"""Sessions in calendars, as two parsers read them: icalendar, and ical.js on its own time zones."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from regions.models import Region
from tests.processes import ROOT
from tests.training.factories import LINK, make_facts, make_region, make_session, make_track, uk
from training.calendars import Entry, calendar
from training.models import Session
from training.session_facts import CANCELLED, FULL

READER = ROOT / "tests" / "training" / "read_calendar.mjs"
NODE = shutil.which("node")


def with_icalendar(text: bytes) -> list[dict[str, Any]]:
    """The events as icalendar reads them."""
    events: list[Any] = Calendar.from_ical(text).events
    return [
        {
            "uid": str(event["uid"]),
            "sequence": event["sequence"],
            "status": str(event["status"]),
            "summary": str(event["summary"]),
            "description": str(event["description"]),
            "location": str(event["location"]),
            "url": str(event["url"]),
            "zone": event["dtstart"].params.get("TZID", "UTC"),
            "starts": utc(event.start),
            "ends": utc(event.end),
            "modified": utc(event["last-modified"].dt),
            "stamp": utc(event["dtstamp"].dt),
        }
        for event in events
    ]


def with_ical_js(text: bytes) -> list[dict[str, Any]]:
    """The events as ical.js reads them, by the calendar's own VTIMEZONE."""
    assert NODE, "The styles are built with Node, so it is there."
    done = subprocess.run([NODE, READER], input=text, capture_output=True, check=True, cwd=ROOT)
    events: list[dict[str, Any]] = json.loads(done.stdout)
    return events


def with_both(text: bytes) -> list[dict[str, Any]]:
    """The events, which both parsers read alike."""
    events = with_icalendar(text)
    assert with_ical_js(text) == events
    return events


def utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_sound(text: bytes) -> None:
    """RFC 5545's own rules of form: CRLF, lines of at most 75 octets, one of each identity."""
    assert text.endswith(b"END:VCALENDAR\r\n")
    assert b"\r" not in text.replace(b"\r\n", b"")
    assert b"\n" not in text.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)
    text.decode()
    uids = re.findall(rb"^UID:(.*)$", text, re.MULTILINE)
    assert len(uids) == len(set(uids)) == text.count(b"\nBEGIN:VEVENT\r")


def entry(**changes: Any) -> Entry:
    values: dict[str, Any] = {
        "uid": uuid.UUID(int=7),
        "sequence": 0,
        "changed_at": uk("2026-01-01 09:00"),
        "name": "Training",
        "facts": make_facts(),
        "page_url": "https://rpec.example/training/sessions/7/",
    }
    return Entry(**values | changes)


def made(*entries: Entry) -> bytes:
    return calendar(entries, name="Prevent training", source_url="https://rpec.example/all.ics")


def test_an_event_says_what_when_for_whom_and_where_to_register() -> None:
    text = made(entry())
    is_sound(text)
    assert with_both(text) == [
        {
            "uid": "00000000-0000-0000-0000-000000000007",
            "sequence": 0,
            "status": "CONFIRMED",
            "summary": "Training",
            "description": "For: Designated safeguarding leads (DSLs)\n"
            f"Register: {LINK}\n"
            "Details, and any change: https://rpec.example/training/sessions/7/",
            "location": "Online",
            "url": "https://rpec.example/training/sessions/7/",
            "zone": "Europe/London",
            "starts": "2026-02-10T15:30:00Z",
            "ends": "2026-02-10T16:45:00Z",
            "modified": "2026-01-01T09:00:00Z",
            "stamp": "2026-01-01T09:00:00Z",
        }
    ]


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ("2027-03-28 00:30", "2027-03-28 02:30", ("00:30:00Z", "01:30:00Z")),
        ("2027-03-28 15:30", "2027-03-28 16:45", ("14:30:00Z", "15:45:00Z")),
        ("2027-03-27 15:30", "2027-03-27 16:45", ("15:30:00Z", "16:45:00Z")),
        ("2027-10-31 00:30", "2027-10-31 15:30", ("23:30:00Z", "15:30:00Z")),
        ("2027-10-31 15:30", "2027-10-31 16:45", ("15:30:00Z", "16:45:00Z")),
        ("2027-10-30 15:30", "2027-10-30 16:45", ("14:30:00Z", "15:45:00Z")),
        ("2095-07-01 15:30", "2095-07-01 16:45", ("14:30:00Z", "15:45:00Z")),
    ],
)
def test_uk_times_are_the_same_moments_to_every_calendar_on_the_days_the_clocks_change(
    starts: str, ends: str, expected: tuple[str, str]
) -> None:
    [event] = with_both(made(entry(facts=make_facts(starts_at=uk(starts), ends_at=uk(ends)))))
    assert (event["starts"][11:], event["ends"][11:]) == expected
    assert event["zone"] == "Europe/London"


def test_half_past_one_comes_twice_when_the_clocks_go_back_and_is_told_apart() -> None:
    first = uk("2027-10-31 01:30")
    second = first.replace(fold=1)
    [event] = with_both(made(entry(facts=make_facts(starts_at=first, ends_at=second))))
    assert (event["starts"], event["ends"]) == ("2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z")


@pytest.mark.parametrize(
    "title",
    [
        "Commas, semicolons; back\\slashes, \"quotes\" and 'more' \\n",
        "Two\nlines",
        "ü" * 150,
        "👩🏽‍🏫" * 30,
        "BEGIN:VEVENT\r\nUID:stolen",
        "NUL\x00, bell\x07 and \x1b[31mred",
        "‮reversed",
        "x" * 74 + " " + "y" * 75,
    ],
)
def test_no_title_breaks_the_calendar(title: str) -> None:
    text = made(entry(name=title))
    is_sound(text)
    [event] = with_both(text)
    on_one_line = " ".join(title.splitlines())
    shown = re.sub("[\x00-\x08\x0b-\x1f\x7f]", "", on_one_line)
    assert event["summary"] == shown


def test_a_cancelled_session_is_cancelled_to_programs_and_to_people() -> None:
    [event] = with_both(made(entry(facts=make_facts(status=CANCELLED))))
    assert (event["status"], event["summary"]) == ("CANCELLED", "Cancelled: Training")
    assert LINK not in event["description"]


def test_a_full_session_or_one_without_a_link_says_so() -> None:
    full, bare = with_both(
        made(
            entry(facts=make_facts(status=FULL)),
            entry(uid=uuid.UUID(int=8), facts=make_facts(registration_url="")),
        )
    )
    assert "This session is full." in full["description"]
    assert "The link to register will follow." in bare["description"]


@pytest.mark.django_db
def test_a_past_session_without_a_link_promises_none(client: Client) -> None:
    past = make_session(uk("2026-06-23 15:30"))
    description = with_icalendar(client.get(f"/training/sessions/{past.pk}.ics").content)[0][
        "description"
    ]
    assert "will follow" not in description
    assert "This session has ended. Its link to register is not held here." in description


def test_a_calendar_says_how_often_to_ask_as_outlook_reads_it() -> None:
    assert b"\r\nX-PUBLISHED-TTL:PT6H\r\n" in made()
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in made()


def test_the_same_sessions_give_the_same_bytes() -> None:
    assert made(entry()) == made(entry())


@pytest.mark.django_db
class TestFeeds:
    @pytest.fixture
    def now(self) -> datetime:
        return datetime.now(UTC).replace(microsecond=0)

    def test_a_session_moved_and_one_cancelled_are_updated_in_place(
        self, client: Client, now: datetime
    ) -> None:
        moved = make_session(now + timedelta(days=3))
        cancelled = make_session(now + timedelta(days=4))
        before = {event["uid"]: event for event in events(client, "/training/all.ics")}
        moved.starts_at += timedelta(days=7)
        moved.ends_at += timedelta(days=7)
        moved.save()
        Session.objects.filter(pk=cancelled.pk).update(status=CANCELLED)
        after = {event["uid"]: event for event in events(client, "/training/all.ics")}
        assert before.keys() == after.keys() == {str(moved.uid), str(cancelled.uid)}
        assert {event["sequence"] for event in before.values()} == {0}
        assert {event["sequence"] for event in after.values()} == {1}
        assert after[str(moved.uid)]["starts"] == utc(moved.starts_at)
        assert after[str(cancelled.uid)]["status"] == "CANCELLED"
        assert all(after[uid]["modified"] >= before[uid]["modified"] for uid in before)

    def test_a_feed_of_a_thousand_sessions_reads_the_same_to_both_parsers(
        self, client: Client, now: datetime
    ) -> None:
        track = make_track()
        Session.objects.bulk_create(
            Session(
                track=track,
                title=f"Number {n}, in “Ünicode”; and more",
                starts_at=now + timedelta(hours=9 * n),
                ends_at=now + timedelta(hours=9 * n, minutes=75),
                registration_url=LINK,
                status=["scheduled", FULL, CANCELLED][n % 3],
            )
            for n in range(1000)
        )
        text = client.get("/training/all.ics").content
        is_sound(text)
        events = with_both(text)
        assert [(event["starts"], event["ends"]) for event in events] == [
            (utc(session.starts_at), utc(session.ends_at)) for session in Session.objects.all()
        ]

    @pytest.mark.usefixtures("empty_database")
    def test_calendars_are_of_one_session_a_track_a_region_or_all(
        self, client: Client, now: datetime
    ) -> None:
        dsl = make_session(now + timedelta(days=1))
        governors = make_session(now + timedelta(days=2), track=make_track("governors"))
        local = make_session(now + timedelta(days=3), region=make_region())
        Region.objects.create(slug="london", name="London", position=8)
        one = client.get(f"/training/sessions/{dsl.pk}.ics")
        assert one["Content-Disposition"] == f'attachment; filename="session-{dsl.pk}.ics"'
        assert uids(one.content) == [dsl.uid]
        assert uids(client.get("/training/all.ics").content) == [dsl.uid, governors.uid, local.uid]
        assert uids(client.get("/training/governors.ics").content) == [governors.uid]
        assert uids(client.get("/training/dsl.ics?region=london").content) == [dsl.uid]
        assert uids(client.get("/training/dsl.ics?region=north-east").content) == [
            dsl.uid,
            local.uid,
        ]

    @pytest.mark.parametrize(
        "address",
        [
            "/training/nobody.ics",
            "/training/sessions/999.ics",
            "/training/all.ics?region=nowhere",
            "/training/all.ics?region=%00",
        ],
    )
    def test_a_calendar_of_what_is_not_there_is_not_found(
        self, client: Client, address: str
    ) -> None:
        assert client.get(address).status_code == 404

    def test_what_ended_or_was_cancelled_stays_for_a_year(
        self, client: Client, now: datetime
    ) -> None:
        recent = make_session(now - timedelta(days=364), status=CANCELLED)
        gone = make_session(now - timedelta(days=366), status=CANCELLED)
        assert uids(client.get("/training/all.ics").content) == [recent.uid]
        assert client.get(f"/training/sessions/{gone.pk}.ics").status_code == 200

    def test_a_calendar_that_has_not_changed_is_not_sent_again(
        self, client: Client, now: datetime
    ) -> None:
        session = make_session(now + timedelta(days=1))
        first = client.get("/training/dsl.ics")
        assert first["Content-Type"] == "text/calendar; charset=utf-8"
        again = client.get("/training/dsl.ics", headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        session.status = FULL
        session.save()
        changed = client.get("/training/dsl.ics", headers={"If-None-Match": first["ETag"]})
        assert changed.status_code == 200


def events(client: Client, address: str) -> list[dict[str, Any]]:
    text = client.get(address).content
    is_sound(text)
    return with_both(text)


def uids(text: bytes) -> list[uuid.UUID]:
    return [uuid.UUID(str(event["uid"])) for event in Calendar.from_ical(text).events]
