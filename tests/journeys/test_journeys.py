"""What the four kinds of readers come for, in a real browser."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import Visit, visit
from tests.processes import Site, wait_for
from tests.smtp import MailServer

pytestmark = pytest.mark.browser


def test_someone_reads_the_guidance_and_its_log(person: Visit):
    person.go("/")
    person.press("link", "Guidance")
    assert "Regional Prevent education co-ordinators" in person.page.title()
    assert "Applies to" in person.text
    assert "29 August 2024" in person.text
    assert "21 May 2025" in person.text
    assert person.text.index("999") < person.text.index("newsletter")
    person.go("/guidance/regional-prevent-education-coordinators/history/")
    for path in ("history/1/", "history/2/", "history/3/", "on/2025-03-01/"):
        person.go(f"/guidance/regional-prevent-education-coordinators/{path}")


def test_someone_sees_which_words_an_update_changed(person: Visit):
    person.go("/guidance/regional-prevent-education-coordinators/")
    person.press("link", "See what changed")
    assert person.page.url.endswith("/history/2..3/")
    assert "5 dates added, 2 dates removed" in person.text
    heard = person.page.locator("article").aria_snapshot()
    assert "Removed: coordinators" in heard
    assert "Added: co-ordinators" in heard
    person.go("/guidance/regional-prevent-education-coordinators/history/")
    person.page.get_by_label("What has changed since").fill("1 March 2025")
    person.press("button", "See what changed")
    assert person.page.url.endswith("/history/2..3/")


@pytest.mark.parametrize(
    ("typed", "result", "regions"),
    [
        ("Leeds", "one", ["north-east"]),
        ("Avon", "one", ["south-west"]),
        ("10 Downing Street, SW1A 2AA", "one", ["london"]),
        ("Barrow", "many", ["north-west", "east-midlands", "east-of-england", "north-east"]),
        ("Lincolnshire", "many", ["east-midlands", "north-east"]),
        ("Cardiff", "outside-england", []),
    ],
)
def test_someone_finds_their_co_ordinator(
    person: Visit, typed: str, result: str, regions: list[str]
):
    person.go("/")
    person.page.get_by_role("searchbox").fill(typed)
    person.press("button", "Find")
    answer = person.page.locator("[data-result]")
    assert answer.get_attribute("data-result") == result
    offered = answer.locator("[data-region]")
    assert [link.get_attribute("data-region") for link in offered.all()] == regions
    if regions:
        person.follow(offered.first)
        assert person.page.url.endswith(f"/regions/{regions[0]}/")


def test_a_safeguarding_lead_finds_the_next_date_and_its_registration(person: Visit):
    person.go("/")
    person.press("link", "Training")
    person.go("/training/dsl/")
    first = person.page.get_by_role("table").first.get_by_role("row").nth(1)
    assert re.search(r"(Mon|Tues|Wednes|Thurs|Fri)day \d+ \w+ 20\d\d", first.inner_text())
    register = person.page.get_by_role("link", name="Register").first
    assert str(register.get_attribute("href")).startswith("https://www.eventbrite.co.uk/")
    person.follow(first.get_by_role("link").first)
    assert "/training/sessions/" in person.page.url


def test_before_launch_the_empty_list_says_what_to_do(browser: Browser, bare_site: Site):
    for width in (320, 1280):
        with visit(browser, bare_site, width=width, script=True) as person:
            for path in ("/", "/training/", "/training/dsl/", "/training/governors/"):
                person.go(path)
                assert "No dates are planned" in person.text or "No date is planned" in person.text
                assert person.page.locator('main a[href*="/contact/"]').count() > 0
            person.go("/training/past/")
            assert "Tuesday 23 June 2026" in person.text


def test_a_provider_writes_from_wigan_and_the_right_people_hear(
    person: Visit, mail_server: MailServer
):
    sender = f"sam-{uuid.uuid4().hex}@school.example"
    person.go("/contact/")
    page = person.page
    page.get_by_label("Which county, council, postcode or school is this about?").fill("Wigan")
    page.get_by_label("School, academy, trust or alternative provision").check()
    page.get_by_label("Training", exact=True).check()
    page.get_by_label("What would you like to tell or ask us?").fill("When is the next date?")
    page.get_by_label("What is your name?").fill("Sam Example")
    person.press("button", "Continue")
    assert "Write your e-mail address." in person.text
    assert page.get_by_label("What is your name?").input_value() == "Sam Example"

    page.get_by_label("What is your e-mail address?").fill(sender)
    page.get_by_label("Which organisation do you work for?").fill("Example High School")
    person.press("button", "Continue")
    assert (
        "This goes to the North-West co-ordinator, because Wigan is policed by "
        "Greater Manchester." in person.text
    )
    person.press("button", "Send")
    reference = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", page.url)
    assert reference is not None
    assert reference[0] in person.text

    def arrived() -> set[str]:
        return {
            mail.recipient
            for mail in list(mail_server.received)
            if reference[0] in str(mail.message["Subject"])
        }

    wait_for(lambda: arrived() == {"north-west@example.org", sender}, "notice and acknowledgement")


def test_every_other_page_is_as_sound(person: Visit):
    for path in (
        "/get-help/",
        "/regions/",
        "/regions/north-west/",
        "/regions/london/",
        "/find-your-coordinator/",
        "/find-your-coordinator/?q=nowhere",
        "/find-your-coordinator/?q=ZZ99+9ZZ",
        "/find-your-coordinator/?q=Isle+of+Man",
        "/training/",
        "/training/governors/",
        "/training/regional/",
        "/training/past/",
        "/privacy/",
        "/cookies/",
        "/api/",
        "/accessibility/",
    ):
        person.go(path)


def test_a_page_that_is_not_there_says_so_and_where_to_go(person: Visit):
    person.go("/nowhere/")
    assert person.page.get_by_role("link", name="Get help now").count() == 1
