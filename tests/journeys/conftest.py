"""A site as people meet it: real server, worker, mail server and browser."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    sync_playwright,
)

from tests.processes import ROOT, Site, new_site
from tests.smtp import MailServer, running_mail_server

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# Nothing of the browser's own calls out: no network is needed but loopback.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def mail_server() -> Iterator[MailServer]:
    with running_mail_server() as server:
        yield server


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, mail_server: MailServer) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("journeys")
    with new_site(folder, email_url=mail_server.url) as running:
        running.start_web()
        running.start_worker()
        yield running


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that a module's people may change; nobody works off its mail."""
    folder = tmp_path_factory.mktemp("own")
    with new_site(folder, email_url=f"filemail://{folder}/mail") as running:
        running.start_web()
        yield running


@pytest.fixture(scope="session")
def bare_site(tmp_path_factory: pytest.TempPathFactory, mail_server: MailServer) -> Iterator[Site]:
    """The site as it would be launched today: no examples, so no session to come."""
    folder = tmp_path_factory.mktemp("bare")
    with new_site(folder, email_url=mail_server.url, EXAMPLES="off") as running:
        running.start_web()
        yield running


def chromium() -> str | None:
    """Return the path of the browser; None leaves the choice to Playwright."""
    named = os.environ.get("CHROMIUM")
    return named or shutil.which("chromium-headless-shell") or shutil.which("chromium")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


def axe(page: Page) -> list[str]:
    """Return what axe finds wrong on the page as it stands, a line each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate(
        "() => axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa',"
        " 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    return [
        f"{violation['id']}: {node['html']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


# States of pages that were looked at and found sound: screen, address, HTML. Most pages are the
# same with script and without.
_sound: set[tuple[int, str, str]] = set()
# By these the script says that it runs; nothing else of them is seen.
SCRIPT_RUNS = re.compile(r"\s*\b(js-enabled|govuk-frontend-supported)\b")


@dataclass
class Visit:
    """One person's visit: what they see, and what they should never meet."""

    page: Page
    context: BrowserContext
    address: str
    width: int
    script: bool
    glass: Page
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.check()

    def press(self, role: str, name: str) -> None:
        self.follow(self.page.get_by_role(role, name=name).first)  # type: ignore[arg-type]

    def follow(self, target: Locator) -> None:
        """Click what leads to another page, and look at that."""
        with self.page.expect_navigation(wait_until="load"):
            target.click()
        self.check()

    def hear(self, message: ConsoleMessage) -> None:
        """Keep what the browser reports as wrong, save that the page itself said 404 or 422."""
        refused = message.text.startswith("Failed to load resource")
        if message.type == "error" and not (refused and message.location["url"] == self.page.url):
            self.faults.append(message.text)

    def check(self) -> None:
        """Look at the page as it stands: overflow, headings, cookies, accessibility.

        How it looks, and what axe finds, is asked once of each state of a page at a width.
        """
        assert self.page.locator("h1").count() == 1, self.page.url
        assert self.context.cookies() == [], self.page.url
        assert self.faults == [], self.page.url
        state = (self.width, self.page.url, SCRIPT_RUNS.sub("", self.page.content()))
        if state in _sound:
            return
        page = self.page if self.script else self._through_the_glass()
        overflow = page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, f"{self.page.url} is {overflow} pixels wider than the screen"
        found = axe(page)
        assert found == [], f"{self.page.url}\n" + "\n".join(found)
        _sound.add(state)

    def _through_the_glass(self) -> Page:
        """Show what a page without script shows, in one where axe can run but the site's cannot."""
        self.glass.unroute_all()
        self.glass.route(re.compile(r"\.js$"), lambda route: route.abort())
        html = self.page.content()
        self.glass.route(
            self.page.url,
            lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"),
        )
        self.glass.goto(self.page.url)
        return self.glass

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()


@contextmanager
def visit(browser: Browser, site: Site, *, width: int, script: bool) -> Iterator[Visit]:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=script
    )
    page = context.new_page()
    mirror = browser.new_context(viewport={"width": width, "height": 900})
    person = Visit(page, context, site.address, width, script, mirror.new_page())
    page.on("console", person.hear)
    page.on("pageerror", lambda error: person.faults.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((site.address, "data:"))
            else person.faults.append(f"another host: {request.url}")
        ),
    )
    try:
        yield person
    finally:
        context.close()
        mirror.close()


@pytest.fixture(
    params=[(320, True), (320, False), (1280, True), (1280, False)],
    ids=["320", "320 without script", "1280", "1280 without script"],
)
def person(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Visit]:
    width, script = request.param
    with visit(browser, site, width=width, script=script) as visitor:
        yield visitor
        picture = os.environ.get("PICTURES")
        if picture:
            folder = Path(picture)
            folder.mkdir(parents=True, exist_ok=True)
            visitor.page.screenshot(path=folder / f"{request.node.name}.png", full_page=True)
