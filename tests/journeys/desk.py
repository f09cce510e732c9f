"""Somebody at the admin, in a real browser, their clicks counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, Page

from tests.journeys.conftest import axe
from tests.processes import Site


class Desk:
    """A browser at the admin that counts clicks."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page = page
        self.site = site
        self.clicks = 0

    def sign_in(self, login: str) -> None:
        self.page.goto(f"{self.site.address}/admin/")
        self.page.get_by_label("E-mail address").fill(login)
        self.page.get_by_label("Password").fill("example-password-1")
        self.page.get_by_role("button", name="Log in").click()

    def open(self, path: str) -> None:
        """Begin where the counting begins."""
        self.page.goto(self.site.address + path)
        self.clicks = 0

    def click(self, target: Locator) -> None:
        target.click()
        self.page.wait_for_load_state()
        self.clicks += 1

    def press(self, name: str) -> None:
        self.click(self.page.get_by_role("button", name=name))

    def follow(self, name: str) -> None:
        self.click(self.page.get_by_role("link", name=name, exact=True).first)

    def look(self) -> None:
        """See that nothing on the page shuts anybody out."""
        found = axe(self.page)
        assert found == [], f"{self.page.url}\n" + "\n".join(found)


@contextmanager
def at_desk(browser: Browser, site: Site, login: str, width: int = 1280) -> Iterator[Desk]:
    """Sign somebody in, in a window of that many pixels."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    found = Desk(context.new_page(), site)
    found.sign_in(login)
    yield found
    context.close()
