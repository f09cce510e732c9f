"""A change note of several lines keeps them, wherever readers meet it."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from guidance.actions.loading import PAGE
from guidance.forms.publishing import NoteForm, PublishForm, WithdrawForm
from guidance.models import EarlierNote, NoteCorrection
from tests.guidance.factories import SLUG, make_edition, make_page, superseded
from tests.guidance.govuk_items import FIRST, read
from tests.people import make_editor
from tests.training.factories import uk

pytestmark = pytest.mark.django_db

TYPED = "Dates added.\r\nLinks & dates checked.\r\n\r\nSpelling."
STORED = "Dates added.\nLinks & dates checked.\n\nSpelling."
SHOWN = "Dates added.<br>Links &amp; dates checked.<br><br>Spelling."


@pytest.mark.parametrize("typed", [TYPED, TYPED.replace("\r\n", "\r"), STORED])
def test_its_lines_are_stored_with_one_kind_of_end(typed: str) -> None:
    published = PublishForm({"update_type": "major", "change_note": typed})
    corrected = NoteForm({"note": typed})
    withdrawn = WithdrawForm({"explanation": typed}, page=make_page())
    imported = read(history=((FIRST, typed),))

    assert published.is_valid()
    assert corrected.is_valid()
    assert withdrawn.is_valid()
    assert published.cleaned_data["change_note"] == STORED
    assert corrected.cleaned_data["note"] == STORED
    assert withdrawn.cleaned_data["explanation"] == STORED
    assert imported.history[0].note == STORED


@pytest.mark.parametrize("note", [STORED, TYPED], ids=["stored now", "stored before"])
@pytest.mark.parametrize("address", ["", "history/", "history/2/", "history/1..2/"])
def test_log_history_edition_and_comparison_show_its_lines(
    client: Client, address: str, note: str
) -> None:
    superseded(1)
    make_edition(2, change_note=note)

    assert SHOWN in client.get(f"/guidance/{SLUG}/{address}").content.decode()


def test_the_home_page_shows_its_lines(client: Client) -> None:
    make_edition(1, page=make_page(PAGE), change_note=STORED)

    assert SHOWN in client.get("/").content.decode()


def test_a_corrected_note_and_what_it_first_said_show_their_lines(client: Client) -> None:
    edition = make_edition(1, change_note=STORED)
    NoteCorrection.objects.create(
        edition=edition,
        note="Now.\r\nToo.",
        corrected_at=uk("2026-11-20 10:00"),
        corrected_by=make_editor("another"),
    )

    page = client.get(f"/guidance/{SLUG}/history/").content.decode()

    assert "Now.<br>Too." in page
    assert f"It first said: “{SHOWN}”" in page


def test_a_note_of_an_unknown_day_shows_its_lines(client: Client) -> None:
    edition = make_edition(1)
    EarlierNote.objects.create(page=edition.page, position=1, note=STORED)

    assert f"<li>{SHOWN}</li>" in client.get(f"/guidance/{SLUG}/").content.decode()


@pytest.mark.parametrize("note", [STORED, TYPED], ids=["stored now", "stored before"])
def test_the_feed_has_its_lines_in_the_summary_and_a_title_of_one(
    client: Client, note: str
) -> None:
    superseded(1)
    make_edition(2, change_note=note)

    feed = client.get(f"/guidance/{SLUG}/updates.atom").content.decode()

    assert "<title>Dates added. Links &amp; dates checked. Spelling.</title>" in feed
    assert f'<summary type="html">{html.escape(SHOWN)}</summary>' in feed
    assert "\r" not in feed


def test_the_content_item_has_its_lines_with_one_kind_of_end(client: Client) -> None:
    make_edition(1, change_note=TYPED)

    item = client.get(f"/api/content/guidance/{SLUG}").json()

    assert item["details"]["change_history"][0]["note"] == STORED
    assert not re.search("\r", str(item))
