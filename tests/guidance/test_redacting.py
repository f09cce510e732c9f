"""Words taken out of what readers have seen, and of all that would bring them back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from guidance.actions.publishing import start_draft
from guidance.actions.redacting import redact
from guidance.content import ContentSection, RegionFacts, RegionsEmbed
from guidance.models import DraftSave, Edition, Origin, Redaction, Section
from tests.guidance.desk import NOW, words
from tests.guidance.factories import (
    build_section,
    make_content,
    make_edition,
    make_page,
    withdrawn,
)
from tests.guidance.page_text import GUIDE
from tests.people import at_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


class TestRedacting:
    def named(self) -> Edition:
        section = make_content().sections[0]
        html = "<p>Ask Jo <em>Bloggs</em> about it.</p>"
        content = make_content(
            sections=(type(section)(section.level, section.heading, section.anchor, html),)
        )
        edition = make_edition(frozen=content, change_note="Jo Bloggs named.")
        build_section(edition, markdown="Ask Jo *Bloggs* about it.").save()
        return edition

    def test_the_words_go_and_leave_a_mark_with_the_reason(self, client, administrator):
        edition = self.named()
        (mark,) = redact(
            page=edition.page,
            words="jo bloggs",
            reason="A court asked for it.",
            by=administrator,
            at=NOW,
        )
        assert (mark.places, mark.is_open, mark.redacted_by) == (2, False, administrator)
        edition.refresh_from_db()
        held = json.dumps([edition.content, edition.change_note, edition.text().to_json()])
        assert "Bloggs" not in held
        assert "about it." in held
        for address, of in ((GUIDE, "this page"), (f"{GUIDE}history/1/", "edition 1")):
            page = words(client.get(address))
            assert "Ask [redacted] about it." in page
            assert f"taken out of {of} on 20 November 2026, in 2 places" in page
            assert "A court asked for it." in page
        assert "A court asked for it." in words(client.get(f"{GUIDE}history/"))

    def test_notes_from_before_the_first_edition_lose_them_too(self, client, administrator):
        edition = make_edition(frozen=make_content())
        edition.page.earlier_notes.create(position=1, note="Biography of Wilhelmina Flobb added.")
        (mark,) = redact(
            page=edition.page, words="wilhelmina flobb", reason="Law.", by=administrator, at=NOW
        )
        assert (mark.edition, mark.places) == (edition, 1)
        page = words(client.get(f"{GUIDE}history/"))
        assert "Biography of [redacted] added." in page
        assert "Flobb" not in page

    def test_what_is_given_back_to_gov_uk_as_it_came_loses_them_too(self, client, administrator):
        edition = self.named()
        Origin.objects.create(
            edition=edition,
            content_id="5f1f7a2a-0000-4000-8000-000000000001",
            base_path="/guidance/some-guidance",
            updated_at=NOW,
            kept={
                "nations": [],
                "links": {
                    "people": [
                        {"title": "Jo Bloggs", "base_path": "/government/people/jo-bloggs"},
                        {"title": "Sam Other", "base_path": "/government/people/sam-other"},
                    ]
                },
                "details": {"attachments": [{"url": "/media/jo-bloggs-cv.pdf", "title": "CV"}]},
            },
        )
        redact(page=edition.page, words="Jo Bloggs", reason="Law.", by=administrator, at=NOW)
        kept = Origin.objects.get().kept
        assert [person["title"] for person in kept["links"]["people"]] == ["Sam Other"]
        assert kept["details"]["attachments"] == []

    def test_drafts_and_their_saves_lose_them_too(self, administrator):
        edition = self.named()
        draft = start_draft(source=edition, by=administrator)
        redact(page=edition.page, words="Jo Bloggs", reason="Law.", by=administrator, at=NOW)
        draft.refresh_from_db()
        said = [draft.text(), *(save.text() for save in draft.saves.all())]
        assert "Bloggs" not in repr(said)

    def test_words_that_stand_nowhere_and_a_reason_that_repeats_them_are_refused(
        self, administrator
    ):
        page = self.named().page
        asked = {"page": page, "by": administrator, "at": NOW}
        with pytest.raises(ValidationError, match="in no published edition"):
            redact(words="Nobody Here", reason="Law.", **asked)
        with pytest.raises(ValidationError, match="repeats the words"):
            redact(words="Jo Bloggs", reason="Jo Bloggs asked.", **asked)
        assert not Redaction.objects.exists()

    def test_anchors_the_log_and_earlier_reasons_lose_them_too(self, administrator):
        edition = self.named()
        edition.sections.update(heading="About Jo Bloggs", anchor="about-jo-bloggs")
        start_draft(source=edition, by=administrator)
        LogEntry.objects.log_actions(
            administrator.pk,
            [edition],
            CHANGE,
            "Added section About Jo Bloggs.",
            single_object=True,
        )
        asked = {"page": edition.page, "by": administrator, "at": NOW}
        redact(words="about it", reason="On behalf of Jo Bloggs.", **asked)
        redact(words="Jo Bloggs", reason="Law.", **asked)
        held: list[Any] = [*Section.objects.values_list("heading", "anchor", "markdown")]
        held += [*DraftSave.objects.values_list("said", flat=True)]
        held += [*LogEntry.objects.values_list("change_message", flat=True)]
        held += [*Redaction.objects.values_list("reason", flat=True)]
        assert "bloggs" not in repr(held).lower()

    def test_words_in_an_explanation_alone_are_found(self, administrator):
        edition = withdrawn(administrator, explanation="Jo Bloggs asked for it.")
        (mark,) = redact(
            page=edition.page, words="Jo Bloggs", reason="Law.", by=administrator, at=NOW
        )
        edition.refresh_from_db()
        assert mark.places == 1
        assert "Bloggs" not in edition.withdrawal.explanation

    def test_an_explanation_that_held_nothing_else_is_the_mark(self, administrator):
        edition = withdrawn(administrator, explanation="*[JB]: Jo Bloggs")
        redact(page=edition.page, words="Jo Bloggs", reason="Law.", by=administrator, at=NOW)
        edition.withdrawal.refresh_from_db()
        assert edition.withdrawal.explanation == "[redacted]"

    def test_words_that_the_page_would_say_again_are_refused(self, administrator):
        embed = RegionsEmbed((RegionFacts("north-west", "North-West", ("Cheshire",)),))
        section = ContentSection(2, "Regions", "regions", "", embed)
        edition = make_edition(frozen=make_content(sections=(section,)))
        with pytest.raises(ValidationError, match="Change it there first"):
            redact(page=edition.page, words="Cheshire", reason="Law.", by=administrator, at=NOW)

    def test_a_mark_that_is_longer_than_the_words_stays_within_the_title(self, administrator):
        edition = make_edition(title="Ann " * 49 + "Ann", frozen=make_content(title="Ann " * 50))
        redact(page=edition.page, words="Ann", reason="Law.", by=administrator, at=NOW)
        edition.refresh_from_db()
        assert len(edition.title) == 200

    def test_frozen_words_still_refuse_change_once_it_is_done(self, administrator):
        edition = self.named()
        redact(page=edition.page, words="Jo Bloggs", reason="Law.", by=administrator, at=NOW)
        with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
            Edition.objects.filter(pk=edition.pk).update(title="Another")

    def test_not_even_a_redaction_lets_a_date_or_a_number_change(self, administrator):
        edition = self.named()
        Redaction.objects.create(
            edition=edition,
            reason="Law.",
            places=1,
            is_open=True,
            redacted_at=NOW,
            redacted_by=administrator,
        )
        for change in ({"number": 9}, {"published_at": NOW}):
            with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
                Edition.objects.filter(pk=edition.pk).update(**change)

    def test_an_administrator_sees_where_they_stand_before_they_go(self, administrator):
        edition = self.named()
        desk = at_desk(administrator)
        address = f"/admin/guidance/page/{edition.page_id}/redact/"
        asked = {"words": "Jo Bloggs", "reason": "A court asked for it."}
        assert "Edition 1: 2 places" in words(desk.post(address, asked))
        assert not Redaction.objects.exists()
        assert "in no published edition" in words(desk.post(address, {**asked, "words": "Else"}))
        assert desk.post(address, {**asked, "words": "a"}).status_code == 200
        unseen = desk.post(address, {**asked, "_confirm": "1"})
        assert "Edition 1: 2 places" in words(unseen)
        shown = unseen.context["form"]["shown"].value()
        others = {**asked, "words": "about it", "shown": shown, "_confirm": "1"}
        assert desk.post(address, others).status_code == 200
        assert not Redaction.objects.exists()
        assert desk.post(address, {**asked, "shown": shown, "_confirm": "1"}).status_code == 302
        assert Redaction.objects.get().places == 2

    def test_other_pages_that_hold_the_words_are_named(self, administrator):
        edition = self.named()
        other = make_edition(page=make_page("another"), change_note="Jo Bloggs left.")
        address = f"/admin/guidance/page/{edition.page_id}/redact/"
        asked = {"words": "Jo Bloggs", "reason": "A court asked for it."}
        page = words(at_desk(administrator).post(address, asked))
        link = f'<a href="/admin/guidance/page/{other.page_id}/redact/">another</a>: 1 edition<'
        assert "Edition 1: 2 places" in page
        assert link in page

    def test_an_editor_may_not(self, editor):
        edition = self.named()
        address = f"/admin/guidance/page/{edition.page_id}/redact/"
        assert at_desk(editor).get(address).status_code == 403
