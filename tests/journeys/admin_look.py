"""Looking at the admin's pages as they stand, on one screen or on each."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, Literal

from playwright.sync_api import Locator, Page

from tests.journeys.conftest import axe
from tests.journeys.desk import Desk
from tests.processes import Site

IS_WHOLE: Final = os.environ.get("ADMIN_ACCESS") == "whole"

Screen = tuple[Literal["light", "dark"], int]
# What most differs comes first: that is what a short run alternates between.
SCREENS: Final[tuple[Screen, ...]] = (
    ("dark", 320),
    ("light", 1280),
    ("light", 320),
    ("dark", 1280),
)
# Colours fade in after the scheme was changed: they are measured once they stand.
STILL = "() => Promise.all(document.getAnimations().map((each) => each.finished))"
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
BUTTONS = "#content .submit-row input[type=submit]"
LINKS = "(links) => links.map((link) => new URL(link.href, location).pathname + link.search)"

# What axe finds in what is Django's own and not ours to mend, by the beginning of its line.
DJANGOS_OWN: Final[tuple[str, ...]] = ()


@dataclass
class Looks:
    """What was looked at, by whom it may be seen, and what was found.

    A short run looks once at each kind of page, on two screens in turn; a whole one looks for each
    person anew, on every screen.
    """

    is_whole: bool = IS_WHOLE
    seen: set[tuple[str, ...]] = field(default_factory=set)
    screens: Counter[Screen] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def kind_to_open(self, link: str) -> str:
        """Return of which kind a link's page is; blank where it is not to be opened."""
        kind = kind_of(link)
        # What a list is asked by is looked at one by one, or it would never end.
        if not is_page(link) or kind.count("?") > self.is_whole:
            return ""
        if self.is_whole:
            return kind
        # Django has one template for all apps, and one for each of these of all models.
        return re.sub(r"^/admin/\w+/(\w+/N/(history/\w*|delete)/?)?$", r"any \2", kind)

    def look(self, page: Page, *, login: str) -> None:
        """Look at the page as it stands."""
        state = (login if self.is_whole else "", kind_of(page.url), heading_of(page))
        if state in self.seen:
            return
        self.seen.add(state)
        chosen = SCREENS if self.is_whole else [SCREENS[len(self.seen) % 2]]
        for screen in chosen:
            scheme, width = screen
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(STILL)
            found = [line for line in axe(page) if not line.startswith(DJANGOS_OWN)]
            overflow = page.evaluate(OVERFLOW)
            if overflow > 0:
                found.append(f"{overflow} pixels wider than the screen")
            self.screens[screen] += 1
            self.faults += [f"{login}, {scheme}, {width}, {page.url}: {line}" for line in found]


class Onlooker(Desk):
    """Somebody at the admin who looks at every page that they come to."""

    def __init__(self, page: Page, site: Site, looks: Looks, login: str) -> None:
        super().__init__(page, site)
        self.looks = looks
        self.login = login

    def open(self, path: str) -> None:
        super().open(path)
        self.see()

    def click(self, target: Locator) -> None:
        super().click(target)
        self.see()

    def press_first(self) -> None:
        """Press the first button of the page's own form."""
        self.click(self.page.locator(BUTTONS).first)

    def follow_first(self, selector: str) -> None:
        """Go where the first such link leads, be it in what is folded away."""
        self.open(str(self.page.locator(selector).first.get_attribute("href")))

    def see(self) -> None:
        self.looks.look(self.page, login=self.login)

    def crawl(self, *, is_whole: bool = True) -> None:
        """Open one page of each kind to which a link leads, from the front page on.

        One that is not `is_whole` goes to the pages that the front page itself leads to.
        """
        waiting, kinds = ["/admin/"], {"/admin/"}
        while waiting:
            self.open(waiting.pop())
            if not is_whole and len(kinds) > 1:
                continue
            for link in self.page.eval_on_selector_all("a[href]", LINKS):
                kind = self.looks.kind_to_open(link)
                if kind and kind not in kinds:
                    kinds.add(kind)
                    waiting.append(link)


def kind_of(address: str) -> str:
    """Return an address without its numbers; of a query, what it asks by."""
    path, _, query = re.sub(r"^https?://[^/]+", "", address).partition("?")
    asked = sorted({part.partition("=")[0] for part in query.split("&") if part})
    return "?".join([re.sub(r"\d+", "N", path), *asked])


def is_page(link: str) -> bool:
    """Whether a link leads to a page of the admin, and to no file and out of no session."""
    left_out = ("/admin/logout/", "/admin/r/", "/admin/training/session/export/")
    return link.startswith("/admin/") and not link.startswith(left_out) and ".txt" not in link


def heading_of(page: Page) -> str:
    """Return what the page says that it is, and whether it names something to mend."""
    title = re.sub(r"\d+", "N", page.title())
    notes = page.locator(".errornote, .messagelist li, .rpec-flag").all_inner_texts()
    return " | ".join([title, *(re.sub(r"[\d“”].*", "", note) for note in notes)])
