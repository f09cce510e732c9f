"""Nothing in the admin shuts anybody out: each list, form and step, and what comes of sending one.

A short run, as `make test` has it, looks once at each kind of page. The whole matrix, each person's
pages in light and dark at 320 and 1280 pixels:
`ADMIN_ACCESS=whole .venv/bin/python -m pytest -s -m browser tests/journeys/test_admin_access.py`
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.admin_look import SCREENS, Looks, Onlooker
from tests.journeys.pictures import content_items
from tests.processes import Site

pytestmark = pytest.mark.browser

INBOX = "/admin/contact/enquiry/"
PAGE = "/admin/guidance/page/1/change/"
SESSIONS = "/admin/training/session/"
SAID = "Said for a reason."


@contextmanager
def at_the_admin(browser: Browser, site: Site, looks: Looks, login: str) -> Iterator[Onlooker]:
    context = browser.new_context()
    desk = Onlooker(context.new_page(), site, looks, login)
    desk.sign_in(login)
    desk.see()
    yield desk
    context.close()


def at_the_door(browser: Browser, site: Site, looks: Looks) -> None:
    """Sign in with a wrong password, then after a form was sent too late."""
    context = browser.new_context()
    desk = Onlooker(context.new_page(), site, looks, "nobody")
    desk.open("/admin/")
    desk.page.get_by_label("E-mail address").fill("editor")
    desk.page.get_by_label("Password").fill("not the password")
    desk.press("Log in")
    desk.sign_in("editor")
    desk.open("/admin/guidance/link/1/change/")
    context.clear_cookies()
    save(desk)
    desk.page.get_by_label("E-mail address").fill("editor")
    desk.page.get_by_label("Password").fill("example-password-1")
    desk.press("Log in")
    desk.press("Show the form again")
    context.close()


def save(desk: Onlooker, name: str = "Save") -> None:
    desk.click(desk.page.get_by_role("button", name=name, exact=True).first)


def drafting(desk: Onlooker) -> None:
    """Draft, err, meet somebody else's save, publish later, take that back, discard."""
    page = desk.page
    desk.open(PAGE)
    desk.press("Edit the page")
    address = page.url.removeprefix(desk.site.address)
    rival = Onlooker(page.context.new_page(), desk.site, desk.looks, desk.login)
    rival.open(address)
    page.get_by_label("Lead").fill("What the co-ordinators do, and how to reach yours.")
    save(desk, "Save and continue editing")
    desk.follow_first("a[href*='/saves/']")
    rival.page.get_by_label("Lead").fill("What somebody else wrote meanwhile.")
    save(rival, "Save and continue editing")
    rival.page.close()
    for step in ("changes", "preview", "whitehall", "discard"):
        desk.open(address.replace("change", step))
    desk.open(address)
    page.get_by_label("Lead").fill("")
    save(desk, "Save and continue editing")
    desk.open(address.replace("change", "publish"))
    save(desk, "Publish")
    page.get_by_label("Change note").fill("A plainer opening sentence.")
    page.get_by_label("Date", exact=True).fill("2030-01-07")
    page.get_by_label("Time", exact=True).fill("09:00")
    save(desk, "Publish")
    desk.follow("Open what is scheduled")
    desk.press("Unschedule")
    desk.open(address.replace("change", "discard"))
    save(desk, "Discard the draft")
    desk.open(address)


def exchanging(desk: Onlooker, files: list[Path]) -> None:
    """Import a page, hold one against GOV.UK's, correct a note, withdraw."""
    chosen = desk.page.locator("input[type=file]")
    for path in ("/admin/guidance/page/import/", "/admin/guidance/page/1/official/"):
        desk.open(path)
        desk.press_first()
        chosen.set_input_files(files[-1])
        desk.press_first()
    chosen.set_input_files(files[0])
    desk.press_first()
    desk.open("/admin/guidance/page/import/")
    chosen.set_input_files(files[:-1])
    desk.press_first()
    save(desk, "Import")
    desk.open("/admin/guidance/edition/3/note/")
    desk.press_first()
    desk.open("/admin/guidance/page/1/withdraw/")
    desk.press_first()


def dates(desk: Onlooker, files: list[Path]) -> None:
    """Paste and import dates with and without mistakes; mark, cancel, copy, undo."""
    page = desk.page
    box = page.get_by_label("Dates, one on each line")
    desk.open(f"{SESSIONS}paste/")
    box.fill("Governors\t3 September 2030\t5pm\t6:15pm\thttp://www.eventbrite.co.uk/e/a1")
    desk.press("Look at them")
    box.fill(box.input_value().replace("http:", "https:"))
    desk.press("Look again")
    desk.press("Save 1 session")
    head = "id,track,title,date,start,end,region,status,registration_url\n"
    for row in ("dsl,,31 June 2030,5pm", "dsl,Ours,5 June 2030,5pm"):
        files[0].write_text(f"{head},{row},6pm,,,\n", "utf-8")
        desk.open(f"{SESSIONS}import/")
        page.locator("input[type=file]").set_input_files(files[0])
        desk.press("Look at it")
    for step in ("Full: ", "Copy: ", "Cancel: "):
        desk.open(SESSIONS)
        desk.follow_first(f'a[aria-label^="{step}"]')
        desk.press_first()
    desk.open(SESSIONS)
    desk.follow_first('a[href$="/undo/"]')
    desk.open(SESSIONS)
    page.locator("input[name=_selected_action]").first.check()
    page.locator("select[name=action]").select_option("cancel_selected")
    save(desk, "Go")
    desk.open(f"{SESSIONS}?q=nothing-of-the-kind")


def a_second_person(author: Onlooker, other: Onlooker) -> None:
    """Propose what needs a second person; look at it, and decide."""
    other.open(PAGE)
    other.page.get_by_label("Needs a second person").check()
    save(other)
    author.open("/admin/guidance/page/1/withdraw/")
    author.page.get_by_label("Explanation").fill(SAID)
    author.press_first()
    author.open(PAGE)
    author.press("Edit the page")
    author.page.get_by_label("Lead").fill("What two people agree on.")
    author.press("Save and go on to publish")
    author.page.get_by_label("Minor").check()
    author.press_first()
    for desk in (author, other):
        desk.open("/admin/")
        desk.open("/admin/guidance/proposal/")
        desk.follow_first("#result_list .field-look a")
        desk.open("/admin/guidance/page/1/withdraw/")


def enquiries(desk: Onlooker) -> None:
    """Read, take on, answer, refuse to say why, hand over: at the inbox of a region."""
    page = desk.page
    plain = desk.site.send(message="When is the next date?", email="asks@school.example")
    urgent = desk.site.send(topic="complex-case", message="Please call.", telephone="0161 4960000")
    held = desk.site.send(website="x", message="A real question")
    for reference, shown in ((held, "?show=held"), (urgent, "?show=complex"), (plain, "")):
        desk.open(INBOX + shown)
        desk.follow(reference)
        desk.press("Show what was written")
    address = page.url.partition(desk.site.address)[2].partition("show")[0]
    for step in ("hand-over", "hold", "note", "assign"):
        desk.open(f"{address}{step}/")
        desk.press_first()
    for step in ("take", "answered", "reopen", "refer", "close"):
        desk.open(f"{address}{step}/")
        desk.press_first()
    desk.open(INBOX + "?show=all")
    desk.open(INBOX + "?q=nobody@nowhere.example")
    desk.open(f"{address}hand-over/")
    page.get_by_label("North-East", exact=True).check()
    page.get_by_label("Reason").fill(SAID)
    desk.press("Hand over")
    desk.open(f"{address}change/")


def a_person_s_data(desk: Onlooker) -> None:
    """Find somebody's enquiries, and be asked before they are erased."""
    desk.open(f"{INBOX}person/")
    desk.press("Find")
    desk.page.get_by_label("E-mail address").fill("asks@school.example")
    desk.press("Find")
    save(desk, "Erase all of these …")


def redacting(desk: Onlooker) -> None:
    desk.open("/admin/guidance/page/1/redact/")
    desk.press_first()
    desk.page.get_by_label("Words to take out").fill("harmful outside influence")
    desk.page.get_by_label("Reason").fill(SAID)
    desk.press_first()


def refusals(desk: Onlooker) -> None:
    """Go where nothing is, or where one may not."""
    for path in ("nowhere/", "training/session/999999/change/", "contact/enquiry/999999/take/"):
        desk.open(f"/admin/{path}")
    desk.open("/admin/accounts/user/")


def test_every_page_of_the_admin_can_be_used_by_anybody(
    browser: Browser, own_site: Site, tmp_path: Path
):
    looks = Looks()
    not_one = tmp_path / "no-item.json"
    not_one.write_text(json.dumps({"title": "No content item"}), "utf-8")
    at_the_door(browser, own_site, looks)
    with (
        at_the_admin(browser, own_site, looks, "administrator") as administrator,
        at_the_admin(browser, own_site, looks, "editor") as editor,
        at_the_admin(browser, own_site, looks, "coordinator-north-west") as coordinator,
    ):
        drafting(editor)
        exchanging(editor, [*content_items(tmp_path), not_one])
        dates(editor, [tmp_path / "dates.csv"])
        a_second_person(editor, administrator)
        enquiries(coordinator)
        a_person_s_data(administrator)
        redacting(administrator)
        for desk in (coordinator, editor, administrator):
            refusals(desk)
        administrator.crawl()
        # The others see the same pages, or fewer of them.
        for desk in (editor, coordinator):
            desk.crawl(is_whole=looks.is_whole)
    said = ", ".join(f"{n} in {scheme} at {width}" for (scheme, width), n in looks.screens.items())
    sys.stdout.write(f"Looked at {len(looks.seen)} states: {said}.\n")
    assert looks.faults == []
    assert len(looks.seen) > 100
    assert {screen for screen, n in looks.screens.items() if n} >= set(SCREENS[:2])
