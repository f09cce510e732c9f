"""What staff type survives, in a real browser: signed out, at once with others, on leaving."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog

from tests.journeys.desk import Desk, at_desk
from tests.processes import Site

pytestmark = pytest.mark.browser

END_SESSIONS = "from django.contrib.sessions.models import Session; Session.objects.all().delete()"
FIRST_SESSION = """
from django.utils import timezone
from training.models import Session
print(Session.objects.filter(starts_at__gt=timezone.now()).first().pk)
"""
LINK = "/admin/guidance/link/1/change/"


@pytest.fixture
def desk(browser: Browser, own_site: Site) -> Iterator[Desk]:
    with at_desk(browser, own_site, "administrator") as found:
        yield found


@pytest.fixture
def rival(browser: Browser, own_site: Site) -> Iterator[Desk]:
    with at_desk(browser, own_site, "editor") as found:
        yield found


@pytest.mark.parametrize("lost", ["the session", "every cookie"])
def test_a_form_comes_back_after_signing_in_and_is_saved(desk: Desk, lost: str):
    desk.open(LINK)
    words = f"Typed before {lost} was gone.\n\nWith “quotes” & <signs>."
    desk.page.get_by_label("Note").fill(words)
    if lost == "the session":
        desk.site.run(END_SESSIONS)
    else:
        desk.page.context.clear_cookies()
    desk.click(desk.page.get_by_role("button", name="Save", exact=True))
    assert "nothing that you typed is lost" in desk.page.inner_text("#content")
    desk.look()
    desk.page.get_by_label("E-mail address").fill("administrator")
    desk.page.get_by_label("Password").fill("example-password-1")
    desk.press("Log in")
    desk.look()
    desk.press("Show the form again")
    assert "so nothing was saved" in desk.page.inner_text("#content")
    assert desk.page.get_by_label("Note").input_value() == words
    desk.look()
    desk.click(desk.page.get_by_role("button", name="Save", exact=True))
    desk.open(LINK)
    assert desk.page.get_by_label("Note").input_value() == words


def test_a_token_of_before_signing_in_again_gives_the_form_back(desk: Desk):
    desk.open(LINK)
    desk.page.get_by_label("Note").fill("Typed with an old token.")
    other = Desk(desk.page.context.new_page(), desk.site)
    other.open("/admin/")
    other.press("Log out")
    other.sign_in("administrator")
    desk.click(desk.page.get_by_role("button", name="Save", exact=True))
    assert "The page had been open too long" in desk.page.inner_text("#content")
    assert desk.page.get_by_label("Note").input_value() == "Typed with an old token."
    desk.click(desk.page.get_by_role("button", name="Save", exact=True))
    assert "was changed successfully" in desk.page.inner_text("body")


def test_whoever_saves_a_session_second_sees_both_texts(desk: Desk, rival: Desk):
    address = f"/admin/training/session/{desk.site.run(FIRST_SESSION).strip()}/change/"
    desk.open(address)
    rival.open(address)
    rival.page.get_by_label("Title").fill("Their title")
    rival.click(rival.page.get_by_role("button", name="Save", exact=True))
    desk.page.get_by_label("Title").fill("My title")
    desk.click(desk.page.get_by_role("button", name="Save", exact=True))
    assert "Now: Their title" in desk.page.inner_text("#content")
    assert desk.page.get_by_label("Title").input_value() == "My title"
    desk.click(desk.page.get_by_role("button", name="Save", exact=True))
    desk.open(address)
    assert desk.page.get_by_label("Title").input_value() == "My title"


def test_a_post_s_new_mailbox_is_not_put_back(desk: Desk, browser: Browser, own_site: Site):
    address = "/admin/regions/post/1/change/"
    desk.open(address)
    with at_desk(browser, own_site, "administrator") as rival:
        rival.open(address)
        rival.page.get_by_label("Mailbox").fill("new@example.org")
        rival.click(rival.page.get_by_role("button", name="Save", exact=True))
    desk.page.get_by_label("Title").fill("A better title")
    desk.click(desk.page.get_by_role("button", name="Save", exact=True))
    assert "Now: new@example.org" in desk.page.inner_text("#content")
    desk.open(address)
    assert desk.page.get_by_label("Mailbox").input_value() == "new@example.org"


def asked_of(desk: Desk) -> list[str]:
    """Return a list of what the browser asks, to which its owner always says no."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    desk.page.on("dialog", stay)
    return asked


def test_leaving_words_behind_is_asked_about(desk: Desk):
    asked = asked_of(desk)
    desk.open(LINK)
    desk.page.get_by_label("Note").press_sequentially("Not saved yet")
    with desk.page.expect_event("dialog"):
        desk.page.get_by_role("link", name="Home").first.click(no_wait_after=True)
    assert asked == ["beforeunload"]
    assert "Not saved yet" in desk.page.get_by_label("Note").input_value()
    desk.click(desk.page.get_by_role("button", name="Save", exact=True))
    assert asked == ["beforeunload"]


def test_leaving_a_form_in_which_nothing_was_typed_asks_nothing(desk: Desk):
    asked = asked_of(desk)
    desk.open(LINK)
    desk.page.get_by_label("Note").click()
    desk.follow("Home")
    desk.open("/admin/guidance/link/")
    desk.page.locator("input[name=_selected_action]").first.check()
    desk.follow("Home")
    assert asked == []


def test_publish_at_the_top_saves_what_was_typed(rival: Desk):
    rival.open("/admin/guidance/page/1/change/")
    rival.press("Edit the page")
    rival.page.get_by_label("Lead").fill("Typed and not saved.")
    rival.click(rival.page.get_by_role("button", name="Publish", exact=True))
    assert "The opening sentence was changed." in rival.page.inner_text("#content")
    rival.page.get_by_label("Minor").check()
    rival.press("Publish")
    assert "Published: readers see it now." in rival.page.inner_text("body")
    rival.open("/guidance/regional-prevent-education-coordinators/")
    assert "Typed and not saved." in rival.page.inner_text("main")
