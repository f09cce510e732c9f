"""A page that readers have seen is withdrawn, and change notes are corrected."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from guidance.actions.amending import correct_note, withdraw
from guidance.actions.publishing import publish, schedule, start_draft
from guidance.models import Edition
from tests.guidance.desk import NOW, words
from tests.guidance.factories import build_section, make_edition, make_page, withdrawn
from tests.guidance.page_text import GUIDE
from tests.people import at_desk
from tests.training.factories import uk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


class TestWithdrawing:
    def test_the_page_stays_at_its_address_under_why_and_where_to_read_instead(
        self, client, editor
    ):
        other = make_edition(page=make_page("newer-guidance")).page
        withdrawn(editor, instead=other)
        response = client.get(GUIDE)
        page = words(response)
        assert response.status_code == 200
        assert "This page was withdrawn on 20 November 2026." in page
        assert "It was <strong>merged</strong>." in page
        assert 'href="/guidance/newer-guidance/">Read the page that holds now' in page
        assert "Some words." in page
        assert '<meta name="robots" content="noindex">' in page

    def test_its_history_its_day_its_log_and_its_feed_say_so(self, client, editor):
        edition = withdrawn(editor)
        assert edition.state == "withdrawn"
        assert "Withdrawn on 20 November 2026" in words(client.get(f"{GUIDE}history/"))
        assert "It was <strong>merged</strong>." in words(client.get(f"{GUIDE}history/1/"))
        assert "This page was withdrawn." in words(client.get(GUIDE))
        feed = client.get(f"{GUIDE}updates.atom").content.decode()
        assert feed.count("<entry>") == 2
        assert "<title>This page was withdrawn.</title>" in feed
        assert "This page was withdrawn on" in words(client.get(f"{GUIDE}on/2026-11-20/"))
        assert client.get("/sitemap.xml").content.decode().count(GUIDE) == 0

    def test_publishing_it_again_ends_the_withdrawal_and_keeps_its_record(self, client, editor):
        edition = withdrawn(editor)
        build_section(edition).save()
        publish(
            draft=start_draft(source=edition, by=editor),
            update_type=Edition.UpdateType.MAJOR,
            change_note="It holds again.",
            by=editor,
            at=uk("2026-11-21 10:00"),
        )
        assert "This page was withdrawn on" not in words(client.get(GUIDE))
        assert "Withdrawn on 20 November 2026" in words(client.get(f"{GUIDE}history/"))
        assert Edition.objects.get(number=1).state == "withdrawn"

    def test_what_is_withdrawn_cannot_be_withdrawn_again(self, editor):
        edition = withdrawn(editor)
        with pytest.raises(ValidationError, match="withdrawn already"):
            withdraw(page=edition.page, explanation="Again.", instead=None, by=editor, at=NOW)

    def test_a_page_does_not_point_at_itself(self, editor):
        edition = make_edition()
        with pytest.raises(ValidationError, match="in its own place"):
            withdraw(page=edition.page, explanation="Why.", instead=edition.page, by=editor, at=NOW)

    def test_what_is_scheduled_would_undo_it_and_has_to_go_first(self, editor):
        edition = make_edition()
        schedule(
            draft=start_draft(source=edition, by=editor),
            scheduled_for=uk("2026-12-01 09:00"),
            update_type=Edition.UpdateType.MINOR,
            change_note="",
            by=editor,
            at=NOW,
        )
        with pytest.raises(ValidationError, match="unschedule it first"):
            withdraw(page=edition.page, explanation="Why.", instead=None, by=editor, at=NOW)
        assert Edition.objects.live().get() == edition

    def test_an_editor_withdraws_it_in_the_admin(self, client, editor):
        edition = make_edition()
        desk = at_desk(editor)
        address = f"/admin/guidance/page/{edition.page_id}/withdraw/"
        assert desk.get(address).status_code == 200
        assert "Write why the page is withdrawn." in words(desk.post(address, {"explanation": ""}))
        assert desk.post(address, {"explanation": "Merged."}).status_code == 302
        assert "This page was withdrawn on" in words(client.get(GUIDE))


class TestCorrectingANote:
    def test_readers_see_the_new_note_and_what_it_said_first(self, client, editor):
        edition = make_edition()
        correct_note(edition=edition, note="First put up.", by=editor, at=NOW)
        correct_note(edition=edition, note="Put up first.", by=editor, at=uk("2026-11-21 10:00"))
        assert Edition.objects.get().change_note == "First published."
        log = words(client.get(GUIDE))
        assert "Put up first." in log
        assert "First published." not in log
        history = words(client.get(f"{GUIDE}history/"))
        assert "Put up first." in history
        assert "Corrected on 20 November 2026. It first said: “First published.”" in history
        assert "Corrected on 21 November 2026." in history
        assert "Put up first." in client.get(f"{GUIDE}updates.atom").content.decode()

    def test_a_minor_update_has_no_note_to_correct(self, editor):
        edition = make_edition(update_type=Edition.UpdateType.MINOR, change_note="")
        with pytest.raises(ValidationError, match="Only a published major update"):
            correct_note(edition=edition, note="New.", by=editor, at=NOW)

    def test_the_same_words_are_no_correction(self, editor):
        with pytest.raises(ValidationError, match="says that already"):
            correct_note(edition=make_edition(), note="First published.", by=editor, at=NOW)

    def test_an_editor_corrects_it_in_the_admin(self, editor):
        edition = make_edition()
        desk = at_desk(editor)
        address = f"/admin/guidance/edition/{edition.pk}/note/"
        assert "First published." in words(desk.get(address))
        assert "says that already" in words(desk.post(address, {"note": "First published."}))
        assert desk.post(address, {"note": "Put up first."}).status_code == 302
        assert Edition.objects.with_note().get().note == "Put up first."
