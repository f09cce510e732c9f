"""Editors at the admin, in a real browser, their clicks counted."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator

from tests.journeys.desk import Desk, at_desk
from tests.processes import Site

pytestmark = pytest.mark.browser

GUIDE = "/guidance/regional-prevent-education-coordinators/"


@pytest.fixture
def desk(browser: Browser, own_site: Site) -> Iterator[Desk]:
    with at_desk(browser, own_site, "editor") as found:
        yield found


def open_page_settings(desk: Desk) -> None:
    """Begin where the counting begins: at the page's own place in the admin."""
    desk.open("/admin/guidance/page/1/change/")


def text_of(desk: Desk, anchor: str) -> Locator:
    """Return the box that holds a section's Markdown."""
    boxes = desk.page.locator(f'input[name$="-anchor"][value="{anchor}"]')
    name = str(boxes.first.get_attribute("name")).removesuffix("anchor")
    return desk.page.locator(f'textarea[name="{name}markdown"]')


def read(site: Site, path: str = GUIDE) -> str:
    with urllib.request.urlopen(site.address + path) as response:
        return response.read().decode()


def test_publish_with_a_note_fix_a_typing_error_and_undo_in_few_clicks(desk: Desk):
    open_page_settings(desk)
    desk.press("Edit the page")
    text_of(desk, "newsletters").fill("Ask for oor newsletter.")
    desk.press("Save and go on to publish")
    changes = desk.page.inner_text("#content")
    assert re.findall(r"(.+): \d+ edits? to the text\.", changes) == [
        "Newsletters from your region"
    ]
    desk.page.get_by_label("Change note").fill("Newsletters explained.")
    desk.press("Publish")
    assert desk.clicks <= 4
    assert "Ask for oor newsletter." in read(desk.site)

    open_page_settings(desk)
    desk.press("Edit the page")
    text_of(desk, "newsletters").fill("Ask for our newsletter.")
    desk.press("Save and go on to publish")
    desk.click(desk.page.get_by_label(re.compile("Minor")))
    desk.press("Publish")
    assert desk.clicks <= 4
    assert "Ask for our newsletter." in read(desk.site)
    assert "Newsletters explained." in read(desk.site)

    third = desk.page.goto(f"{desk.site.address}/admin/guidance/edition/3/change/")
    assert third is not None
    assert third.ok
    desk.clicks = 0
    desk.press("Start a draft from this")
    desk.click(desk.page.get_by_role("button", name="Publish", exact=True))
    desk.page.get_by_label("Change note").fill("Back to the earlier words.")
    desk.press("Publish")
    assert desk.clicks <= 3
    assert "Ask for our newsletter." not in read(desk.site)
    assert "Ask for our newsletter." in read(desk.site, f"{GUIDE}history/5/")


def test_whoever_saves_second_sees_the_difference_and_pasted_markup_is_cleaned(
    desk: Desk, browser: Browser
):
    open_page_settings(desk)
    desk.press("Edit the page")
    draft = desk.page.url.removeprefix(desk.site.address)
    context = browser.new_context()
    rival = Desk(context.new_page(), desk.site)
    rival.sign_in("administrator")
    rival.open(draft)
    desk.page.get_by_label("Lead").fill("What the first of the two wrote.")
    text_of(desk, "newsletters").fill(
        "Kept words. <iframe src=https://evil.example></iframe>"
        '<p onclick="alert(1)" style="color:red">More words.</p><svg onload="alert(1)"></svg>'
    )
    desk.press("Save and continue editing")
    cleaned = text_of(desk, "newsletters").input_value()
    assert "Kept words." in cleaned
    assert "More words." in cleaned
    assert not re.search("iframe|onclick|style|svg|script", cleaned)
    rival.page.get_by_label("Lead").fill("What the second of the two wrote.")
    rival.press("Save and continue editing")
    assert "Somebody else has saved this draft" in rival.page.inner_text("#content")
    marked = rival.page.locator(".rpec-comparison ins, .rpec-comparison del").all_inner_texts()
    assert {"first", "second"} <= set(re.findall(r"\w+", " ".join(marked)))
    assert (
        rival.page.get_by_label("Lead").first.input_value() == "What the second of the two wrote."
    )
    context.close()
    desk.open(draft.replace("/change/", "/discard/"))
    desk.page.locator("#content input[type=submit]").first.click()
