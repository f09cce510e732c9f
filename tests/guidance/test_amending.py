"""What is done to a page that readers have seen: withdrawing it, correcting it, redacting it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.models import User
from guidance.actions.amending import correct_note, withdraw
from guidance.actions.publishing import publish, publish_due, schedule, start_draft
from guidance.actions.redacting import redact
from guidance.content import ContentSection, RegionFacts, RegionsEmbed
from guidance.models import DraftSave, Edition, Page, Redaction, Section
from rpec_site.groups import EDITORS
from tests.guidance.factories import (
    SLUG,
    build_section,
    make_content,
    make_edition,
    make_page,
)
from tests.training.factories import uk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

NOW = uk("2026-11-20 10:00")
GUIDE = f"/guidance/{SLUG}/"


@pytest.fixture
def editor() -> User:
    user = User.objects.create_user("editor@rpec.example", "a long password")
    user.groups.set(Group.objects.filter(name=EDITORS))
    return user


@pytest.fixture
def administrator() -> User:
    return User.objects.create_superuser("administrator@rpec.example", "a long password")


def desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def withdrawn(by: User, **changes: Any) -> Edition:
    edition = make_edition()
    withdraw(
        **{
            "page": edition.page,
            "explanation": "It was **merged**.",
            "instead": None,
            "by": by,
            "at": NOW,
            **changes,
        }
    )
    edition.refresh_from_db()
    return edition


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
        desk = desk_of(editor)
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
        desk = desk_of(editor)
        address = f"/admin/guidance/edition/{edition.pk}/note/"
        assert "First published." in words(desk.get(address))
        assert "says that already" in words(desk.post(address, {"note": "First published."}))
        assert desk.post(address, {"note": "Put up first."}).status_code == 302
        assert Edition.objects.with_note().get().note == "Put up first."


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
        desk = desk_of(administrator)
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

    def test_an_editor_may_not(self, editor):
        edition = self.named()
        address = f"/admin/guidance/page/{edition.page_id}/redact/"
        assert desk_of(editor).get(address).status_code == 403


class TestASecondPerson:
    def begun(self, by: User) -> Edition:
        edition = make_edition()
        build_section(edition).save()
        Page.objects.update(needs_second_person=True)
        return start_draft(source=edition, by=by)

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
        draft = start_draft(source=edition, by=editor)
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
        desk = desk_of(editor)
        address = f"/admin/guidance/edition/{draft.pk}/publish/"
        assert "This page needs a second person" in words(desk.get(address))
        seen = desk.get(address).context["form"]["seen"].value()
        page = words(desk.post(address, {"update_type": "minor", "seen": seen}))
        assert "somebody else has to publish it" in page
        assert Edition.objects.live().get().number == 1

    def test_who_has_to_be_checked_cannot_switch_the_check_off(self, editor, administrator):
        page = self.begun(editor).page
        address = f"/admin/guidance/page/{page.pk}/change/"
        sent = {"applies_to": "England"}
        assert desk_of(editor).post(address, sent).status_code == 302
        page.refresh_from_db()
        assert page.needs_second_person
        assert desk_of(administrator).post(address, sent).status_code == 302
        page.refresh_from_db()
        assert not page.needs_second_person
