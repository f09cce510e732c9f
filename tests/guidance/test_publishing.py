"""Drafts begun, published, scheduled and discarded."""

from __future__ import annotations

import io
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from accounts.models import User
from guidance.actions.amending import withdraw
from guidance.actions.loading import PAGE
from guidance.actions.publishing import (
    discard_draft,
    publish,
    publish_due,
    schedule,
    unschedule,
)
from guidance.models import Edition
from tests.guidance.desk import GUIDE, NOW, live, numbered, reword, start
from tests.training.factories import uk

MINOR = Edition.UpdateType.MINOR

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


class TestPublishing:
    def test_a_draft_begins_with_what_the_live_edition_says(self):
        begun = start()
        assert (begun.state, begun.number, begun.title) == ("draft", None, live().title)
        assert list(begun.sections.values_list("heading", "markdown")) == list(
            live().sections.values_list("heading", "markdown")
        )

    def test_a_page_has_one_open_draft(self):
        start()
        with pytest.raises(ValidationError, match="has an open draft already"):
            start()

    @pytest.mark.parametrize("update_type", ["major", "minor"])
    def test_a_draft_that_changes_nothing_is_not_published_or_scheduled(self, editor, update_type):
        asked = {
            "draft": start(),
            "update_type": update_type,
            "change_note": "A note." if update_type == "major" else "",
            "by": editor,
            "at": NOW,
        }
        with pytest.raises(ValidationError, match="says what readers see already"):
            publish(**asked)
        with pytest.raises(ValidationError, match="says what readers see already"):
            schedule(scheduled_for=uk("2026-12-01 09:00"), **asked)
        assert live().number == 3

    def test_a_draft_that_was_changed_and_changed_back_changes_nothing(self, editor):
        begun = start()
        kept = begun.sections.get(anchor="newsletters").markdown
        reword(begun, "newsletters", "Other words.")
        reword(begun, "newsletters", kept)
        with pytest.raises(ValidationError, match="says what readers see already"):
            publish(draft=begun, update_type=MINOR, change_note="", by=editor, at=NOW)

    @pytest.mark.parametrize("part", ["heading", "anchor", "level", "position"])
    def test_any_part_of_a_section_is_a_change(self, editor, part):
        begun = start()
        section = begun.sections.get(anchor="newsletters")
        value = {"heading": "New", "anchor": "new", "level": 5 - section.level, "position": 99}
        begun.sections.filter(pk=section.pk).update(**{part: value[part]})
        published = publish(draft=begun, update_type=MINOR, change_note="", by=editor, at=NOW)
        assert published.number == 4

    def test_a_withdrawn_page_comes_back_with_the_words_that_it_had(self, editor):
        withdraw(page=live().page, explanation="Not now.", instead=None, by=editor, at=NOW)
        begun = start(Edition.objects.shown().get(page__slug=PAGE))
        published = publish(draft=begun, update_type=MINOR, change_note="", by=editor, at=NOW)
        assert published.state == "published"

    def test_an_edition_whose_text_is_not_held_cannot_be_drafted_from(self):
        with pytest.raises(ValidationError, match="is not held"):
            start(numbered(1))

    def test_publishing_freezes_the_draft_and_supersedes_what_stood(self, editor):
        begun = start()
        reword(begun, "newsletters", "Ask for **ours**.")
        publish(
            draft=begun,
            update_type=Edition.UpdateType.MAJOR,
            change_note="Newsletters explained.",
            by=editor,
            at=NOW,
        )
        edition = live()
        assert (edition.number, edition.published_by, edition.published_at) == (4, editor, NOW)
        assert not edition.is_restated
        html = {section.anchor: section.html for section in edition.frozen().sections}
        assert html["newsletters"] == "<p>Ask for <strong>ours</strong>.</p>"
        assert numbered(3).state == "superseded"

    def test_a_major_update_needs_a_note_and_changes_nothing_without(self, editor):
        begun = start()
        with pytest.raises(ValidationError, match="needs a change note"):
            publish(
                draft=begun,
                update_type=Edition.UpdateType.MAJOR,
                change_note="",
                by=editor,
                at=NOW,
            )
        assert live().number == 3

    def test_a_draft_is_published_once(self, editor):
        begun = start()
        reword(begun, "newsletters", "Ask for ours, please.")
        minor = {"update_type": Edition.UpdateType.MINOR, "change_note": "", "by": editor}
        publish(draft=begun, at=NOW, **minor)
        with pytest.raises(ValidationError, match="published, scheduled or discarded already"):
            publish(draft=begun, at=NOW, **minor)
        with pytest.raises(ValidationError, match="published, scheduled or discarded already"):
            discard_draft(draft=begun)

    def test_a_minor_update_moves_no_date_and_is_in_the_history(self, client, editor):
        before = client.get(GUIDE).content.decode()
        begun = start()
        reword(begun, "newsletters", "Ask for ours, please.")
        publish(
            draft=begun,
            update_type=Edition.UpdateType.MINOR,
            change_note="",
            by=editor,
            at=NOW,
        )
        after = client.get(GUIDE).content.decode()
        updated = re.compile(r"<dt>Updated:</dt> <dd>([^<]+)")
        assert updated.findall(before) == updated.findall(after)
        assert "Edition 4" in " ".join(client.get(f"{GUIDE}history/").content.decode().split())

    def test_undoing_is_a_new_draft_from_an_earlier_edition(self, editor):
        begun = start(numbered(2))
        publish(
            draft=begun,
            update_type=Edition.UpdateType.MAJOR,
            change_note="Back to the earlier words.",
            by=editor,
            at=NOW,
        )
        assert live().title == numbered(2).title

    def test_a_discarded_draft_leaves_nothing(self):
        discard_draft(draft=start())
        assert not Edition.objects.drafts().exists()
        assert live().number == 3


class TestScheduling:
    def scheduled(self, editor: User, when: str = "2026-11-23 09:00") -> Edition:
        begun = start()
        reword(begun, "newsletters", "Ask for ours, please.")
        return schedule(
            draft=begun,
            scheduled_for=uk(when),
            update_type=Edition.UpdateType.MAJOR,
            change_note="New words.",
            by=editor,
            at=NOW,
        )

    def test_it_is_published_once_when_its_time_has_come_and_not_before(self, editor):
        edition = self.scheduled(editor)
        assert publish_due(at=uk("2026-11-23 08:59")) == []
        assert publish_due(at=uk("2026-11-23 09:00")) == [edition]
        assert publish_due(at=uk("2026-11-23 09:01")) == []
        assert (live(), live().number, live().published_by) == (edition, 4, editor)

    def test_a_worker_that_was_away_publishes_it_late_rather_than_never(self, editor):
        self.scheduled(editor)
        late = uk("2026-11-25 12:00")
        publish_due(at=late)
        assert live().published_at == late

    def test_readers_see_nothing_of_it_before(self, client, editor):
        self.scheduled(editor)
        assert live().number == 3
        assert "New words." not in client.get(f"{GUIDE}history/").content.decode()

    def test_it_can_be_taken_back_and_is_a_draft_again(self, editor):
        edition = unschedule(edition=self.scheduled(editor))
        assert (edition.state, edition.scheduled_for) == ("draft", None)
        assert publish_due(at=uk("2027-01-01 09:00")) == []
        with pytest.raises(ValidationError, match="not scheduled any more"):
            unschedule(edition=edition)

    def test_while_one_is_scheduled_no_other_draft_is_begun(self, editor):
        self.scheduled(editor)
        with pytest.raises(ValidationError, match="has an open draft already"):
            start()

    @pytest.mark.parametrize("when", ["2026-11-20 10:04", "2026-11-20 09:00"])
    def test_a_time_that_is_nearly_there_or_past_is_refused(self, editor, when):
        with pytest.raises(ValidationError, match="at least five minutes from now"):
            self.scheduled(editor, when)
        assert not Edition.objects.filter(state=Edition.State.SCHEDULED).exists()

    def test_the_worker_publishes_it(self, editor):
        edition = self.scheduled(editor)
        Edition.objects.filter(pk=edition.pk).update(scheduled_for=uk("2026-01-01 09:00"))
        output = io.StringIO()
        call_command("work", "--once", stdout=output)
        assert output.getvalue().endswith("History: 1 editions added.\n")
        assert live() == edition
