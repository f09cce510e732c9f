"""Takes the pictures of the guides: `.venv/bin/python -m tests.journeys.pictures`.

A site of its own is started and used as the guides tell it; docs/pictures/ is written anew.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

import tests.environment  # noqa: F401 (the settings that the site's processes inherit)
from tests.journeys.conftest import FLAGS, chromium
from tests.processes import ROOT, Site, new_site

PICTURES = ROOT / "docs" / "pictures"
WIDTH, HEIGHT = 1100, 760
WIDE = 1600


class Camera:
    """A signed-in browser that takes pictures."""

    def __init__(self, page: Page, site: Site, login: str) -> None:
        self.page = page
        self.site = site
        self.visit("/admin/")
        page.get_by_label("E-mail address").fill(login)
        page.get_by_label("Password").fill("example-password-1")
        page.get_by_role("button", name="Log in").click()

    def visit(self, path: str) -> None:
        self.page.goto(self.site.address + path)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def take(self, name: str, *, width: int = WIDTH, height: int = HEIGHT) -> None:
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.mouse.move(0, 0)
        self.page.screenshot(path=PICTURES / f"{name}.png")
        self.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})


def content_items(folder: Path) -> list[Path]:
    """Write two states of a page as GOV.UK serves them."""
    updates = [
        {"note": "Dates added.", "public_timestamp": "2025-03-04T09:30:00+00:00"},
        {"note": "First published.", "public_timestamp": "2024-09-02T09:30:00+01:00"},
    ]
    files = []
    for number, history in enumerate((updates[1:], updates), start=1):
        item = {
            "base_path": "/guidance/prevent-training-in-colleges",
            "content_id": "0d5ea667-7631-41e4-a3cb-005056011aef",
            "description": "How colleges book training about Prevent.",
            "details": {
                "body": '<div class="govspeak"><h2 id="booking">Booking</h2>'
                f"<p>There are {number * 4} dates this year.</p></div>",
                "change_history": history,
                "political": False,
            },
            "document_type": "detailed_guide",
            "links": {},
            "locale": "en",
            "public_updated_at": history[0]["public_timestamp"],
            "schema_name": "detailed_guide",
            "title": "Prevent training in colleges",
            "updated_at": history[0]["public_timestamp"],
        }
        files.append(folder / f"state-{number}.json")
        files[-1].write_text(json.dumps(item), "utf-8")
    return files


def editors(camera: Camera, rival: Camera, folder: Path) -> None:
    """Draft, clash, publish, schedule, correct, withdraw: in the order of the editors' guide."""
    page = camera.page
    settings = "/admin/guidance/page/1/change/"
    camera.visit(settings)
    camera.take("page", height=420)
    camera.press("Edit the page")
    draft = page.url.removeprefix(camera.site.address)
    rival.visit(draft)
    page.get_by_label("Lead").fill("What the regional co-ordinators do, and how to reach yours.")
    camera.press("Save and continue editing")
    camera.take("draft", width=WIDE, height=900)
    rival.page.get_by_label("Lead").fill("What the co-ordinators in your region can do for you.")
    rival.press("Save and continue editing")
    rival.take("clash", width=WIDE, height=900)
    camera.visit(draft.replace("/change/", "/preview/"))
    camera.take("preview")
    camera.visit(draft)
    camera.press("Save and go on to publish")
    page.get_by_label("Change note").fill("A plainer opening sentence.")
    camera.take("publish", height=1000)
    page.get_by_label("Date", exact=True).fill("2030-01-07")
    page.get_by_label("Time", exact=True).fill("09:00")
    camera.press("Publish")
    camera.follow("Open what is scheduled")
    camera.take("scheduled", height=520)
    camera.press("Unschedule")
    camera.follow("Discard")
    camera.take("discard", height=560)
    camera.visit("/admin/guidance/edition/")
    camera.take("editions", height=480)
    page.locator("#result_list a", has_text="3").first.click()
    camera.take("undo", height=620)
    camera.follow("Correct the note")
    camera.take("note", height=460)
    camera.visit("/guidance/regional-prevent-education-coordinators/history/")
    camera.take("history")
    camera.visit("/admin/guidance/edition/3/whitehall/")
    camera.take("whitehall", height=620)
    camera.visit("/admin/guidance/page/import/")
    page.locator("input[type=file]").set_input_files(content_items(folder))
    camera.press("Show what would come")
    camera.take("import")
    camera.visit(settings)
    camera.follow("Compare with the official page")
    page.locator("input[type=file]").set_input_files(content_items(folder)[:1])
    camera.press("Compare")
    camera.take("official")
    camera.visit(settings)
    camera.follow("Withdraw")
    camera.take("withdraw", height=620)


def dates(camera: Camera) -> None:
    """Paste a year's dates, cancel one, copy one: in the order of the editors' guide."""
    page = camera.page
    sessions = "/admin/training/session/"
    camera.visit(sessions + "paste/")
    page.get_by_label("Dates, one on each line").fill(
        "Governors\t3 September 2030\t5pm\t6:15pm\thttps://www.eventbrite.co.uk/e/a1\n"
        "Governors\t2 October 2030\t5pm\t6:15pm\thttps://www.eventbrite.co.uk/e/a2\n"
        "DSLs\tTuesday 1 October 2030\t15:30\t16:45\thttps://www.eventbrite.co.uk/e/a3\n"
        "DSLs\tTuesday 6 November 2030\t15:30\t16:45\thttp://www.eventbrite.co.uk/e/a4"
    )
    camera.press("Look at them")
    camera.take("paste-to-mend", height=940)
    box = page.get_by_label("Dates, one on each line")
    mended = (
        box.input_value().replace("Tuesday 6 Nov", "Wednesday 6 Nov").replace("http://", "https://")
    )
    box.fill(mended)
    camera.press("Look again")
    camera.take("paste-to-save", height=700)
    camera.press("Save 4 sessions")
    camera.take("sessions", width=WIDE, height=640)
    page.locator('a[aria-label^="Cancel: "]').first.click()
    camera.take("cancel", height=420)
    camera.press("Cancel the session")
    camera.take("cancelled", width=WIDE, height=520)
    page.locator('a[aria-label^="Copy: "]').first.click()
    camera.take("copy", height=560)


def coordinators(camera: Camera, site: Site) -> None:
    """Read, answer, hand over, refer, release: in the order of the co-ordinators' guide."""
    inbox = "/admin/contact/enquiry/"
    people = {"full_name": "Alex Example", "organisation": "Example Primary School"}
    question = "When is the next date for governors, and can three of us come?"
    site.send(**people, email="held@school.example", website="x", message=question)
    case = "A teacher is worried about what a pupil shares online. Please call me."
    site.send(
        **people,
        email="case@school.example",
        topic="complex-case",
        message=case,
        telephone="0161 496 0000",
    )
    plain = site.send(**people, email="alex@school.example", message=question)
    camera.visit(inbox)
    camera.take("inbox", width=WIDE)
    camera.follow(plain)
    camera.take("enquiry", height=820)
    camera.press("Show what was written")
    camera.take("enquiry-shown", height=1100)
    camera.press("Take it on")
    camera.follow("Hand over")
    camera.take("hand-over", height=860)
    camera.visit(inbox + "?show=complex")
    camera.page.locator("#result_list tbody th a").first.click()
    camera.follow("This is a referral")
    camera.take("referral", height=760)
    camera.visit(inbox + "?show=held")
    camera.page.locator("#result_list tbody th a").first.click()
    camera.take("held", height=820)
    camera.visit("/admin/")
    camera.take("what-waits", height=460)


def national_team(camera: Camera) -> None:
    """Find what somebody wrote."""
    camera.visit("/admin/contact/enquiry/person/")
    camera.page.get_by_label("E-mail address").fill("alex@school.example")
    camera.press("Find")
    camera.take("person", height=620)


def administrators(camera: Camera) -> None:
    """Take words out, having seen where they stand."""
    camera.visit("/admin/guidance/page/1/redact/")
    camera.page.get_by_label("Words to take out").fill("harmful outside influence")
    camera.page.get_by_label("Reason").fill("Taken out on legal advice.")
    camera.press("Show where they stand")
    camera.take("redact", height=680)


def main() -> None:
    """Write every picture."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        with new_site(folder, email_url=f"filemail://{folder}/mail") as site:
            site.manage("collectstatic", "--noinput", "-v0")
            site.start_web()
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)

            def camera(login: str) -> Camera:
                return Camera(browser.new_context().new_page(), site, login)

            coordinators(camera("coordinator-north-west"), site)
            national_team(camera("administrator"))
            administrators(camera("administrator"))
            dates(camera("editor"))
            editors(camera("editor"), camera("administrator"), folder)
            browser.close()


if __name__ == "__main__":
    main()
