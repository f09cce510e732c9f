"""The finder's box suggests names as one types, and is a plain box where it cannot."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.journeys.conftest import Visit, visit
from tests.processes import Site

pytestmark = pytest.mark.browser


def box(person: Visit) -> Locator:
    return person.page.locator("input[name=q]")


def options(person: Visit) -> Locator:
    return person.page.get_by_role("option")


def go_to_the_box_by_keyboard(person: Visit) -> None:
    """Press Tab until the box has the focus, and wait until it knows names."""
    for _ in range(30):
        person.page.keyboard.press("Tab")
        if box(person).evaluate("box => box === document.activeElement"):
            break
    if person.script:
        expect(person.page.get_by_role("listbox", include_hidden=True)).to_have_count(1)


def test_someone_finds_their_region_by_keyboard_alone(person: Visit):
    person.go("/")
    go_to_the_box_by_keyboard(person)
    keyboard = person.page.keyboard
    if not person.script:
        keyboard.type("Huddersfield")
    else:
        keyboard.type("hudd")
        expect(options(person)).to_have_text(["Huddersfield"])
        expect(person.page.get_by_role("status")).to_have_text(
            "1 suggestion. Use the up and down arrows to choose."
        )
        person.check()
        keyboard.press("ArrowDown")
        expect(person.page.get_by_role("option", selected=True)).to_have_text("Huddersfield")
        expect(box(person)).to_have_value("hudd")
        person.check()
    with person.page.expect_navigation(url=re.compile(r"\?q=Huddersfield$")):
        keyboard.press("Enter")
    person.check()
    assert "Huddersfield" in person.text


def test_someone_touches_a_suggestion(person: Visit):
    person.go("/find-your-coordinator/")
    box(person).focus()
    if not person.script:
        assert person.page.get_by_role("listbox", include_hidden=True).count() == 0
        return
    box(person).press_sequentially("new")
    expect(options(person)).to_have_count(8)
    heights = options(person).evaluate_all("all => all.map(one => one.offsetHeight)")
    assert min(heights) >= 44
    button = person.page.get_by_role("button", name="Find")
    assert button.evaluate(
        "button => { const { x, y } = button.getBoundingClientRect();"
        " return y > innerHeight || document.elementFromPoint(x + 5, y + 5) === button }"
    )
    with person.page.expect_navigation(url=re.compile(r"\?q=Newham$")):
        options(person).filter(has_text="Newham").click()
    person.check()


@pytest.fixture
def typist(browser: Browser, site: Site):
    """Someone with script who has come to the box and sees suggestions for "west s"."""
    with visit(browser, site, width=1280, script=True) as person:
        person.go("/")
        go_to_the_box_by_keyboard(person)
        person.page.keyboard.type("west s")
        expect(options(person).first).to_be_visible()
        yield person


def chosen(person: Visit) -> int:
    """Return which suggestion is chosen, from 0; -1 for none."""
    states = options(person).evaluate_all("all => all.map(one => one.ariaSelected)")
    return states.index("true") if "true" in states else -1


def test_the_arrows_go_round_the_suggestions_and_the_box(typist: Visit):
    keyboard = typist.page.keyboard
    last = options(typist).count() - 1
    assert last > 0
    keyboard.press("ArrowUp")
    assert chosen(typist) == last
    active = box(typist).get_attribute("aria-activedescendant")
    assert options(typist).nth(last).get_attribute("id") == active
    keyboard.press("ArrowDown")
    assert chosen(typist) == -1
    assert box(typist).get_attribute("aria-activedescendant") is None
    keyboard.press("ArrowDown")
    assert chosen(typist) == 0


@pytest.mark.parametrize(("key", "caret"), [("Home", 0), ("End", 6), ("ArrowLeft", 5)])
def test_the_keys_that_move_in_the_text_go_back_to_it(typist: Visit, key: str, caret: int):
    keyboard = typist.page.keyboard
    keyboard.press("ArrowDown")
    keyboard.press(key)
    assert chosen(typist) == -1
    assert box(typist).evaluate("box => box.selectionStart") == caret
    assert options(typist).count() > 0


def test_escape_puts_the_suggestions_away_and_keeps_what_was_typed(typist: Visit):
    keyboard = typist.page.keyboard
    keyboard.press("ArrowDown")
    keyboard.press("Escape")
    expect(options(typist)).to_have_count(0)
    expect(box(typist)).to_have_value("west s")
    assert box(typist).get_attribute("aria-expanded") == "false"
    keyboard.press("ArrowDown")
    assert box(typist).get_attribute("aria-expanded") == "true"
    assert options(typist).count() > 0


def test_tab_goes_on_and_enter_sends_what_was_typed(typist: Visit):
    keyboard = typist.page.keyboard
    keyboard.press("ArrowDown")
    keyboard.press("Tab")
    expect(typist.page.get_by_role("button", name="Find")).to_be_focused()
    expect(options(typist)).to_have_count(0)
    expect(box(typist)).to_have_value("west s")
    keyboard.press("Shift+Tab")
    with typist.page.expect_navigation(url=re.compile(r"\?q=west\+s$")):
        keyboard.press("Enter")


def test_a_postcode_suggests_nothing(typist: Visit):
    box(typist).fill("LS1")
    expect(options(typist)).to_have_count(0)
    assert box(typist).get_attribute("aria-expanded") == "false"


def test_a_click_elsewhere_puts_the_suggestions_away(typist: Visit):
    typist.page.get_by_role("heading", level=1).click()
    expect(options(typist)).to_have_count(0)
    expect(box(typist)).to_have_value("west s")


def test_no_request_is_made_before_the_box_is_used_nor_at_a_letter(browser: Browser, site: Site):
    with visit(browser, site, width=320, script=True) as person:
        asked: list[str] = []
        person.page.on("request", lambda request: asked.append(request.url))
        person.go("/")
        assert not [url for url in asked if "suggestions" in url or "names" in url]
        asked.clear()
        go_to_the_box_by_keyboard(person)
        assert len(asked) == 2
        person.page.keyboard.type("leed")
        expect(options(person)).to_have_text(["Leeds"])
        assert len(asked) == 2


def test_where_the_names_cannot_be_fetched_the_box_works_without(browser: Browser, site: Site):
    with visit(browser, site, width=320, script=True) as person:
        person.page.route("**/names.txt", lambda route: route.fulfill(status=503))
        person.go("/")
        box(person).focus()
        box(person).press_sequentially("Leeds")
        expect(person.page.get_by_role("searchbox")).to_have_value("Leeds")
        with person.page.expect_navigation(url=re.compile(r"\?q=Leeds$")):
            box(person).press("Enter")
        # The browser itself reports the refusal; the page's script has nothing to add.
        assert [fault for fault in person.faults if "503" not in fault] == []


def test_the_contact_form_takes_a_suggestion_and_goes_on(person: Visit):
    person.go("/contact/")
    place = person.page.locator("input[name=place]")
    place.focus()
    if not person.script:
        assert person.page.get_by_role("listbox", include_hidden=True).count() == 0
        return
    place.press_sequentially("wig")
    expect(options(person).first).to_be_visible()
    person.check()
    options(person).get_by_text("Wigan", exact=True).click()
    expect(place).to_have_value("Wigan")
    expect(options(person)).to_have_count(0)
    assert person.page.url.endswith("/contact/")
    person.check()


def test_a_trust_finds_the_regions_of_all_its_schools_at_once(person: Visit):
    person.go("/find-your-coordinator/")
    person.follow(person.page.get_by_role("link", name="Find many regions at once"))
    person.page.get_by_label("Places, one on each line").fill("Leeds\nSW1A 2AA\nNewport\nXanadu")
    person.press("button", "Find the regions")
    person.check()
    rows = person.page.locator("tbody tr")
    results = [row.get_attribute("data-result") for row in rows.all()]
    assert results == ["one", "one", "many", "none"]
    assert "2 of 4 found." in person.text
    assert person.page.get_by_label("Places, one on each line").input_value().startswith("Leeds")
    with person.page.expect_download() as download:
        person.page.get_by_role("button", name="Get them as a spreadsheet (CSV)").click()
    assert download.value.suggested_filename == "regions.csv"
