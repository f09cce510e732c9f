"""Where a page's settings ask for it, somebody else than a draft's writers has to publish it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from guidance.actions.publishing import publish, publish_due, schedule, start_draft
from guidance.models import Edition, Page
from tests.filled_forms import opened
from tests.guidance.desk import NOW, words
from tests.guidance.factories import build_section, make_edition
from tests.people import at_desk
from tests.training.factories import uk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


class TestASecondPerson:
    def begun(self, by: User) -> Edition:
        edition = make_edition()
        build_section(edition).save()
        Page.objects.update(needs_second_person=True)
        return self.written(edition, by)

    def written(self, edition: Edition, by: User) -> Edition:
        draft = start_draft(source=edition, by=by)
        draft.sections.update(markdown="Other words.")
        return draft

    def test_who_wrote_in_the_draft_cannot_publish_or_schedule_it(self, editor):
        draft = self.begun(editor)
        asked = {
            "draft": draft,
            "update_type": Edition.UpdateType.MINOR,
            "change_note": "",
            "by": editor,
            "at": NOW,
        }
        with pytest.raises(ValidationError, match="needs a second person"):
            publish(**asked)
        with pytest.raises(ValidationError, match="needs a second person"):
            schedule(scheduled_for=uk("2026-12-01 09:00"), **asked)
        assert Edition.objects.live().get().number == 1

    def test_somebody_else_can(self, editor, administrator):
        draft = self.begun(editor)
        published = publish(
            draft=draft,
            update_type=Edition.UpdateType.MINOR,
            change_note="",
            by=administrator,
            at=NOW,
        )
        assert published.number == 2
        assert not published.saves.exists()

    def test_what_was_scheduled_before_the_setting_becomes_a_draft_again(self, editor):
        edition = make_edition()
        build_section(edition).save()
        draft = self.written(edition, editor)
        schedule(
            draft=draft,
            scheduled_for=uk("2026-12-01 09:00"),
            update_type=Edition.UpdateType.MINOR,
            change_note="",
            by=editor,
            at=NOW,
        )
        Page.objects.update(needs_second_person=True)
        assert publish_due(at=uk("2026-12-01 09:00")) == []
        draft.refresh_from_db()
        assert draft.state == "draft"

    def test_the_publish_page_says_so_at_once(self, editor):
        draft = self.begun(editor)
        desk = at_desk(editor)
        address = f"/admin/guidance/edition/{draft.pk}/publish/"
        assert "This page needs a second person" in words(desk.get(address))
        assert 'value="Ask somebody else to publish it"' in words(desk.get(address))
        seen = desk.get(address).context["form"]["seen"].value()
        desk.post(address, {"update_type": "minor", "seen": seen})
        assert Edition.objects.live().get().number == 1

    def test_who_has_to_be_checked_cannot_switch_the_check_off(self, editor, administrator):
        page = self.begun(editor).page
        address = f"/admin/guidance/page/{page.pk}/change/"
        desk = at_desk(editor)
        assert desk.post(address, opened(desk, address).sent()).status_code == 302
        page.refresh_from_db()
        assert page.needs_second_person
        desk = at_desk(administrator)
        sent = opened(desk, address).sent(needs_second_person=[])
        assert desk.post(address, sent).status_code == 302
        page.refresh_from_db()
        assert not page.needs_second_person
