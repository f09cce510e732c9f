"""Editors bring pages of GOV.UK's in, hold ours against theirs, and copy ours to Whitehall."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guidance.actions.loading import PAGE, load_published
from guidance.actions.publishing import start_draft
from guidance.models import Edition, Page, Section
from tests.guidance.desk import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

IMPORT = "/admin/guidance/page/import/"


def item(**changes: Any) -> dict[str, Any]:
    """Return a state of a page as GOV.UK serves it."""
    return {
        "base_path": "/guidance/a-page-from-there",
        "content_id": "5f5ea667-7631-41e4-a3cb-005056011aef",
        "description": "What it is for.",
        "details": {
            "body": '<div class="govspeak"><h2 id="one">One</h2><p>Some words.</p></div>',
            "political": False,
            "change_history": [
                {"note": "First published.", "public_timestamp": "2024-01-02T10:00:00+00:00"}
            ],
        },
        "document_type": "detailed_guide",
        "links": {},
        "locale": "en",
        "public_updated_at": "2024-01-02T10:00:00+00:00",
        "schema_name": "detailed_guide",
        "title": "A page from there",
        "updated_at": "2024-01-02T10:00:00+00:00",
        **changes,
    }


def upload(said: Any, name: str = "state.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, json.dumps(said).encode(), "application/json")


def publish_arrived(desk: Client, **changes: str) -> None:
    """Publish the draft that was imported, as its form proposes it."""
    address = f"/admin/guidance/edition/{Edition.objects.drafts().get().pk}/publish/"
    form = desk.get(address).context["form"]
    sent = {name: form[name].value() for name in ("seen", "update_type", "change_note")}
    assert desk.post(address, {**sent, **changes}).status_code == 302


class TestImporting:
    def test_what_would_come_is_shown_before_anything_is_stored(self, desk, client):
        later = item(updated_at="2024-02-03T10:00:00+00:00")
        later["details"] = {
            **later["details"],
            "body": later["details"]["body"].replace("Some", "Other"),
            "change_history": [
                {"note": "Other words.", "public_timestamp": "2024-02-03T10:00:00+00:00"},
                {"note": "Not held.", "public_timestamp": "2024-01-20T10:00:00+00:00"},
                *later["details"]["change_history"],
            ],
        }
        shown = desk.post(IMPORT, {"upload": [upload(later, "b.json"), upload(item(), "a.json")]})
        page = words(shown)
        assert "What would come: A page from there" in page
        assert "2 January 2024, 10am: major, “First published.”, its text from a.json" in page
        assert "20 January 2024, 10am: major, “Not held.”, text not held" in page
        assert not Page.objects.filter(slug="a-page-from-there").exists()

        held = shown.context["form"]["held"].value()
        assert desk.post(IMPORT, {"held": held, "_confirm": "1"}).status_code == 302
        publish_arrived(desk)
        read = words(client.get("/guidance/a-page-from-there/"))
        assert "Other words." in read
        assert words(client.get("/guidance/a-page-from-there/history/")).count("Edition ") >= 3

    def test_a_second_time_it_says_that_nothing_would_come(self, desk):
        desk.post(IMPORT, {"upload": upload(item()), "_confirm": "1"})
        publish_arrived(desk)
        response = desk.post(IMPORT, {"upload": upload(item()), "_confirm": "1"})
        assert "nothing would be added" in words(response)
        assert Edition.objects.filter(page__slug="a-page-from-there").count() == 1

    @pytest.mark.parametrize(
        ("said", "fault"),
        [
            ("not an item", "is not a content item of the schema detailed_guide"),
            (item(base_path=f"/guidance/{PAGE}"), "that was written here"),
            (
                item(details={**item()["details"], "body": "<p>x</p><script>1</script>"}),
                "The body holds “script”",
            ),
        ],
    )
    def test_what_cannot_be_imported_is_said_and_nothing_is_stored(self, desk, said, fault):
        load_published()
        before = Edition.objects.count()
        page = words(desk.post(IMPORT, {"upload": upload(said), "_confirm": "1"}))
        assert fault in page
        assert "Nothing was imported." in page or "content item" in page
        assert Edition.objects.count() == before

    def test_without_a_file_it_asks_for_one(self, desk):
        assert "Choose a file for each state" in words(desk.post(IMPORT, {"look": "1"}))
        forged = desk.post(IMPORT, {"held": "forged", "_confirm": "1"})
        assert "Choose the files again." in words(forged)

    def test_who_may_not_edit_may_not_import(self, outsider):
        assert outsider.get(IMPORT).status_code == 403
        assert Client().get(IMPORT).status_code == 302


class TestInStep:
    def test_ours_is_held_against_the_official_page_both_ways(self, desk):
        load_published()
        page = Page.objects.get(slug=PAGE)
        address = f"/admin/guidance/page/{page.pk}/official/"
        assert desk.get(address).status_code == 200
        said = words(desk.post(address, {"upload": upload(item())}))
        assert "From ours to the official page: what to bring here" in said
        assert "From the official page to ours: what to bring there" in said
        assert "One: section added." in said
        assert "One: section removed." in said

    def test_a_file_that_is_none_is_said(self, desk):
        load_published()
        page = Page.objects.get(slug=PAGE)
        said = desk.post(f"/admin/guidance/page/{page.pk}/official/", {"upload": upload([])})
        assert "is not a content item" in words(said)


class TestCopyToWhitehall:
    def test_any_edition_and_its_note_can_be_copied_with_and_without_script(self, desk, editor):
        load_published()
        live = Edition.objects.live().get(page__slug=PAGE)
        address = f"/admin/guidance/edition/{live.pk}/"
        page = words(desk.get(f"{address}whitehall/"))
        text = desk.get(f"{address}govspeak.txt/")
        assert text["Content-Type"] == "text/plain; charset=utf-8"
        assert "## Find your region {#find-your-region}" in text.content.decode()
        assert "- **North-West**: including Greater Manchester" in text.content.decode()
        assert "| Monday 22 September 2025 | 3:30pm to 4:45pm |" in text.content.decode()
        assert f'href="{address}govspeak.txt/"' in page
        assert desk.get(f"{address}note.txt/").content.decode() == live.change_note
        draft = start_draft(source=live, by=editor)
        assert desk.get(f"/admin/guidance/edition/{draft.pk}/whitehall/").status_code == 200

    def test_what_govspeak_cannot_say_is_told_beside_the_text(self, desk, editor):
        load_published()
        live = Edition.objects.live().get(page__slug=PAGE)
        draft = start_draft(source=live, by=editor)
        Section.objects.filter(edition=draft, embed=Section.Embed.NONE).update(
            markdown="^One.\n\nTwo.^"
        )

        page = words(desk.get(f"/admin/guidance/edition/{draft.pk}/whitehall/"))

        assert "What cannot be carried as it is" in page
        assert "a notice of several paragraphs (each is a notice of its own)" in page

    def test_of_a_text_that_is_not_held_there_is_none(self, desk):
        load_published()
        first = Edition.objects.get(page__slug=PAGE, number=1)
        assert desk.get(f"/admin/guidance/edition/{first.pk}/govspeak.txt/").status_code == 404
