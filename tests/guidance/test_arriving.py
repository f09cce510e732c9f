"""A page that is imported arrives as a draft, and its history comes with its publication."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import User
from guidance.actions.importing import import_items
from guidance.actions.publishing import discard_draft, publish, publish_due, schedule
from guidance.actions.redacting import redact
from guidance.models import Arrival, Edition, Page, Section
from guidance.whitehall.content_item import read_item
from tests.guidance.desk import NOW, words
from tests.guidance.test_import_admin import IMPORT, item, publish_arrived, upload
from tests.people import at_desk, make_editor
from tests.training.factories import uk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

PAGE = "/guidance/a-page-from-there/"
ADDRESSES = (
    PAGE,
    f"{PAGE}history/",
    f"{PAGE}history/1/",
    f"{PAGE}updates.atom",
    f"{PAGE}on/2024-02-01/",
    "/api/content/guidance/a-page-from-there",
)


def later(**changes: Any) -> dict[str, Any]:
    """Return a later state of the page, with other words and a second update."""
    state = item(updated_at="2024-02-03T10:00:00+00:00", **changes)
    state["details"] = {
        **state["details"],
        "body": state["details"]["body"].replace("Some", "Other"),
        "change_history": [
            {"note": "Other words.", "public_timestamp": "2024-02-03T10:00:00+00:00"},
            *state["details"]["change_history"],
        ],
    }
    return state


def bring(desk: Client, *states: dict[str, Any]) -> Any:
    """Import states of the page, given in any order."""
    uploads = [upload(state, f"{number}.json") for number, state in enumerate(states)]
    return desk.post(IMPORT, {"upload": uploads, "_confirm": "1"})


def arrived() -> Edition:
    return Edition.objects.drafts().get()


def asked(by: User, **changes: Any) -> dict[str, Any]:
    minor = {"update_type": Edition.UpdateType.MINOR, "change_note": ""}
    return {"draft": arrived(), "by": by, "at": NOW, **minor, **changes}


def test_nothing_of_a_new_page_is_public_before_it_is_published(desk, client):
    response = bring(desk, later(), item())
    assert response["Location"] == f"/admin/guidance/edition/{arrived().pk}/change/"
    assert arrived().text().sections[0].markdown.strip() == "Other words."
    assert {client.get(address).status_code for address in ADDRESSES} == {404}
    assert PAGE not in client.get("/sitemap.xml").content.decode()
    assert "A page from there" not in words(client.get("/"))


def test_published_as_it_came_it_has_its_history_with_the_dates_of_old(desk, client):
    bring(desk, later(), item())
    publish_arrived(desk)
    found = Edition.objects.order_by("number").values_list("number", "published_at", "state")
    assert [(number, str(at.date()), state) for number, at, state in found if at] == [
        (1, "2024-01-02", "superseded"),
        (2, "2024-02-03", "published"),
    ]
    assert {client.get(address).status_code for address in ADDRESSES} == {200}
    assert not Arrival.objects.exists()


def test_what_was_changed_in_the_draft_is_an_edition_on_top_of_its_history(desk, client):
    bring(desk, item())
    Section.objects.filter(edition=arrived()).update(markdown="Words of ours.")
    publish_arrived(desk, update_type="major", change_note="In our words.")
    assert list(Edition.objects.order_by("number").values_list("number", "change_note")) == [
        (1, "First published."),
        (2, "In our words."),
    ]
    assert "Words of ours." in words(client.get(PAGE))
    assert "Some words." in words(client.get(f"{PAGE}history/1/"))


def test_a_note_that_was_typed_is_not_lost_where_nothing_was_changed(desk):
    bring(desk, item())
    publish_arrived(desk, update_type="major", change_note="Brought here.")
    assert Edition.objects.live().get().change_note == "Brought here."


def test_a_later_state_of_a_page_that_is_here_arrives_as_its_draft(desk, client):
    bring(desk, item())
    publish_arrived(desk)
    bring(desk, later())
    assert "Some words." in words(client.get(PAGE))
    publish_arrived(desk)
    assert "Other words." in words(client.get(PAGE))
    assert Edition.objects.count() == 2


def test_an_open_draft_is_not_overwritten(desk):
    bring(desk, item())
    Section.objects.filter(edition=arrived()).update(markdown="Words of ours.")
    page = words(bring(desk, later()))
    assert "has an open draft already: publish or discard it first." in page
    assert "Nothing was imported." in page
    assert arrived().text().sections[0].markdown == "Words of ours."


def test_whoever_imports_does_not_publish_alone_where_the_page_needs_a_second_person(editor):
    bring(at_desk(editor), item())
    Page.objects.update(needs_second_person=True)
    with pytest.raises(ValidationError, match="needs a second person"):
        publish(**asked(editor))
    assert not Edition.objects.live().exists()
    publish(**asked(make_editor("colleague")))
    assert Edition.objects.live().exists()


def test_the_worker_publishes_it_with_its_history_at_its_time(editor):
    bring(at_desk(editor), later(), item())
    schedule(scheduled_for=uk("2026-12-01 09:00"), **asked(editor))
    published = publish_due(at=uk("2026-12-01 09:00"))
    assert [edition.number for edition in published] == [2]
    assert Edition.objects.count() == 2


def test_discarded_it_leaves_nothing_and_can_be_imported_again(desk, client):
    bring(desk, item())
    discard_draft(draft=arrived())
    assert not Arrival.objects.exists()
    bring(desk, item())
    publish_arrived(desk)
    assert client.get(PAGE).status_code == 200


def test_a_page_that_is_withdrawn_there_is_withdrawn_here_once_published(desk, client):
    notice = {"explanation": "<p>Merged.</p>", "withdrawn_at": "2024-03-04T10:00:00+00:00"}
    bring(desk, item(withdrawn_notice=notice))
    publish_arrived(desk)
    assert "This page was withdrawn on 4 March 2024." in words(client.get(PAGE))


def test_another_import_meanwhile_is_said_and_the_draft_stays(editor):
    bring(at_desk(editor), item())
    state = item(content_id="6f5ea667-7631-41e4-a3cb-005056011aef")
    import_items([read_item(upload(state).read(), name="other.json")], at=NOW)
    with pytest.raises(ValidationError, match="is taken by another page"):
        publish(**asked(editor))
    assert arrived().page.slug == "a-page-from-there"


def test_words_are_not_taken_out_while_a_draft_could_bring_them_back(desk, administrator):
    bring(desk, item())
    publish_arrived(desk)
    bring(desk, later())
    with pytest.raises(ValidationError, match="publish or discard it first"):
        redact(
            page=Page.objects.get(slug="a-page-from-there"),
            words="Some words",
            reason="A court order.",
            by=administrator,
            at=NOW,
        )
