"""A year's dates: entered by an editor, whose clicks are counted, and seen in every state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import visit
from tests.journeys.desk import Desk, at_desk
from tests.processes import Site

pytestmark = pytest.mark.browser

LIST = "/admin/training/session/"
TWELVE = [date(2030, 9, 3) + timedelta(weeks=4 * number) for number in range(12)]
# One session in each state that readers can meet it in, beside the examples.
STATES = """
from datetime import timedelta
from django.utils import timezone
from training.models import Session, Track
from regions.models import Region
at = timezone.now().replace(minute=30, second=0, microsecond=0)
link = "https://www.eventbrite.co.uk/e/state-"
lasts = timedelta(minutes=75)
def make(name, days, track="dsl", **fields):
    starts = at + timedelta(days=days)
    made = Session.objects.create(
        track=Track.objects.get(slug=track), title=name, starts_at=starts, ends_at=starts + lasts,
        **fields)
    print(name, made.pk)
    return made
make("open", 1, registration_url=link + "1")
make("to-follow", 2)
make("full", 3, registration_url=link + "3", status="full")
make("cancelled", 4, status="cancelled")
make("local", 5, registration_url=link + "5", region=Region.objects.get(slug="london"))
make("past", -5)
moved = make("moved", 6, registration_url=link + "6")
moved.starts_at += timedelta(days=1)
moved.ends_at += timedelta(days=1)
moved.save()
Track.objects.create(
    slug="nothing", name="Training for which all dates are cancelled", audience="Nobody yet",
    summary="It will be about something.", position=4)
make("only", 8, track="nothing", status="cancelled")
"""


@pytest.fixture(scope="module")
def states(own_site: Site) -> dict[str, str]:
    """The page of a session in each state."""
    made = own_site.run(STATES).split()
    return {
        name: f"/training/sessions/{pk}/" for name, pk in zip(made[::2], made[1::2], strict=True)
    }


@pytest.fixture
def desk(browser: Browser, own_site: Site) -> Iterator[Desk]:
    with at_desk(browser, own_site, "editor") as found:
        found.open(LIST)
        yield found


def test_twelve_dates_are_one_paste_and_three_clicks(desk: Desk):
    lines = [
        f"{day:%A} {day.day} {day:%B %Y}, 3:30pm to 4:45pm, https://www.eventbrite.co.uk/e/y-{n}"
        for n, day in enumerate(TWELVE)
    ]
    desk.follow("Paste dates")
    desk.look()
    desk.page.get_by_label("Dates, one on each line").fill("\n".join(lines))
    desk.page.get_by_label("Track").select_option(
        label="Training for designated safeguarding leads (DSLs)"
    )
    desk.press("Look at them")
    assert "12 sessions can be added." in desk.page.inner_text("#content")
    desk.look()
    desk.press("Save 12 sessions")
    assert "12 sessions added." in desk.page.inner_text("#content-start")
    assert desk.clicks == 3


def test_mistakes_in_a_paste_are_named_in_their_rows_and_stay_in_the_box(desk: Desk):
    desk.follow("Paste dates")
    desk.page.get_by_label("Dates, one on each line").fill("Tuesday 2 December 2030, 5pm to 4pm")
    desk.press("Look at them")
    shown = desk.page.inner_text("#content")
    assert "2 December 2030 is a Monday, not a Tuesday." in shown
    assert "1 of 1 line must be mended." in shown
    assert desk.page.get_by_role("button", name="Save").count() == 0
    assert "5pm to 4pm" in desk.page.get_by_label("Dates, one on each line").input_value()
    desk.look()


def test_a_session_is_cancelled_in_two_clicks_and_taken_back_in_two(desk: Desk):
    desk.open(f"{LIST}?when=upcoming&status__exact=scheduled")
    desk.click(desk.page.get_by_role("link", name=re.compile("^Cancel: ")).first)
    desk.look()
    desk.press("Cancel the session")
    assert desk.clicks == 2
    assert "was cancelled." in desk.page.inner_text(".messagelist")
    desk.look()
    desk.click(desk.page.locator(".messagelist a"))
    desk.press("Make it scheduled again")
    assert desk.clicks == 4
    assert "is scheduled again." in desk.page.inner_text(".messagelist")


def test_a_session_is_copied_in_two_clicks_and_a_date(desk: Desk):
    desk.open(f"{LIST}?when=upcoming")
    desk.click(desk.page.get_by_role("link", name=re.compile("^Copy: ")).first)
    desk.page.get_by_label("Date", exact=True).fill("2031-06-24")
    desk.look()
    desk.press("Copy")
    assert desk.clicks <= 3
    assert "Copied to Tuesday 24 June 2031" in desk.page.inner_text(".messagelist")


def test_dates_come_in_as_a_file_after_a_look(desk: Desk, tmp_path: Path):
    file = tmp_path / "dates.csv"
    file.write_text("track,date,start,end\r\ngovernors,2031-03-04,17:00,18:15\r\n")
    desk.follow("Import")
    desk.page.locator("input[type=file]").set_input_files(file)
    desk.press("Look at it")
    assert "Tuesday 4 March 2031" in desk.page.inner_text("#content")
    desk.look()
    desk.press("Store 1")
    assert "1 added, 0 changed." in desk.page.inner_text(".messagelist")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_state_of_the_lists_says_what_to_do_and_shuts_nobody_out(
    browser: Browser, own_site: Site, states: dict[str, str], width: int, script: bool
):
    with visit(browser, own_site, width=width, script=script) as person:
        person.go("/training/")
        for words in ("open", "Link to follow", "Full", "Cancelled", "Moved from", "London only"):
            assert words in person.text
        person.go("/training/dsl/?region=london")
        assert "Dates for London and those for all of England." in person.text
        person.go("/training/?region=nowhere")
        assert "There is no region of that name" in person.text
        person.go("/training/nothing/")
        assert "Every date planned so far is cancelled. Ask about training" in person.text
        person.go("/training/past/")
        assert "past" in person.text
        for state, words in {
            "open": "Add to calendar",
            "to-follow": "The link to register will follow.",
            "full": "Next date with places",
            "cancelled": "This session is cancelled. It will not take place.",
            "moved": "This session has a new date or time. It was ",
            "past": "This session has ended.",
        }.items():
            person.go(states[state])
            assert words in person.text


@pytest.mark.parametrize("width", [320, 1280])
def test_with_nothing_to_come_a_list_says_what_to_do_without_script_too(
    browser: Browser, bare_site: Site, width: int
):
    with visit(browser, bare_site, width=width, script=False) as person:
        for path in ("/training/", "/training/dsl/"):
            person.go(path)
            assert "No dates are planned" in person.text
