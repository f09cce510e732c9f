"""Co-ordinators and the national team at the inbox, in a real browser, their clicks counted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.desk import Desk, at_desk
from tests.processes import Site

pytestmark = pytest.mark.browser

INBOX = "/admin/contact/enquiry/"


@pytest.fixture(params=[320, 1280])
def desk(request: pytest.FixtureRequest, browser: Browser, own_site: Site) -> Iterator[Desk]:
    with at_desk(browser, own_site, "coordinator-north-west", request.param) as found:
        yield found


def test_read_and_answer_in_four_clicks(desk: Desk):
    reference = desk.site.send(message="When is the next date for governors?")
    desk.open(INBOX)
    desk.look()
    desk.follow(reference)
    desk.look()
    assert "next date for governors" not in desk.page.inner_text("#content")
    desk.press("Show what was written")
    desk.look()
    assert "next date for governors" in desk.page.inner_text("#content")
    by_mail = desk.page.get_by_role("link", name="Answer by e-mail")
    assert reference in str(by_mail.get_attribute("href"))
    answering = 1  # That click opens the mail client.
    desk.press("Mark as answered")
    assert desk.clicks + answering == 4
    assert "Answered" in desk.page.inner_text(".rpec-facts")
    desk.open(INBOX)
    assert reference not in desk.page.inner_text("#content")


def test_the_link_in_the_mail_marks_it_as_answered_in_one_click(desk: Desk):
    reference = desk.site.send(message="Another question")
    desk.open(INBOX)
    desk.follow(reference)
    desk.open(desk.page.url.removeprefix(desk.site.address).replace("/change/", "/answered/"))
    desk.look()
    desk.press("Mark as answered")
    assert desk.clicks == 1
    assert "It is marked as answered." in desk.page.inner_text(".messagelist")


def test_hand_over_in_three_clicks_and_it_is_theirs(desk: Desk, browser: Browser):
    reference = desk.site.send(message="About Leeds after all")
    desk.open(INBOX)
    desk.follow(reference)
    desk.clicks = 0
    desk.follow("Hand over")
    desk.look()
    desk.press("Hand over")
    desk.look()
    assert "Choose a region" in desk.page.inner_text("#content")
    desk.clicks = 1
    desk.click(desk.page.get_by_label("North-East", exact=True))
    desk.page.get_by_label("Reason").fill("It is about a school in Leeds.")
    desk.press("Hand over")
    assert desk.clicks == 3
    assert reference not in desk.page.inner_text("#changelist")
    with at_desk(browser, desk.site, "coordinator-north-east") as theirs:
        theirs.open(INBOX)
        theirs.follow(reference)
        theirs.press("Show what was written")
        assert "a school in Leeds" in theirs.page.inner_text(".rpec-events")


def test_this_is_a_referral_in_two_clicks(desk: Desk):
    reference = desk.site.send(topic="complex-case", message="I want to refer a pupil")
    desk.open(INBOX)
    first = desk.page.locator("#result_list tbody tr").first.inner_text()
    assert reference in first, "complex cases come first"
    desk.follow(reference)
    desk.look()
    desk.clicks = 0
    desk.follow("This is a referral")
    desk.look()
    desk.press("Send the reply")
    assert desk.clicks == 2
    assert "answered as a referral" in desk.page.inner_text(".rpec-facts")


def test_a_held_enquiry_is_released_in_one_click(desk: Desk):
    reference = desk.site.send(website="filled in by a browser", message="A real question")
    desk.open(INBOX + "?show=held")
    desk.look()
    desk.follow(reference)
    desk.look()
    desk.clicks = 0
    desk.press("Release")
    assert desk.clicks == 1
    assert "It was released." in desk.page.inner_text(".messagelist")


def test_the_national_team_finds_a_persons_data(browser: Browser, own_site: Site):
    reference = own_site.send(email="asks@school.example", message="Please help")
    with at_desk(browser, own_site, "administrator") as desk:
        desk.open(INBOX)
        desk.look()
        desk.follow("A person’s data")
        desk.look()
        desk.page.get_by_label("E-mail address").fill("asks@school.example")
        desk.press("Find")
        desk.look()
        assert reference in desk.page.inner_text("#content")
