"""Editors at work: draft, look, publish, undo."""

from __future__ import annotations

import io
import re
import time

import pytest
from django.contrib.auth.models import Group
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from guidance.actions.loading import PAGE
from guidance.actions.publishing import (
    discard_draft,
    publish,
    publish_due,
    schedule,
    start_draft,
    unschedule,
)
from guidance.models import Edition, Page
from rpec_site.groups import COORDINATORS, EDITORS
from tests.guidance.desk import form_values
from tests.guidance.factories import build_section
from tests.training.factories import uk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

NOW = uk("2026-11-20 10:00")
GUIDE = f"/guidance/{PAGE}/"
ADMIN = "/admin/guidance/edition/"
MINOR = Edition.UpdateType.MINOR


@pytest.fixture
def editor() -> User:
    user = User.objects.create_user("editor@rpec.example", "a long password")
    user.groups.set(Group.objects.filter(name=EDITORS))
    return user


@pytest.fixture
def desk(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client


class LastMonth(signing.TimestampSigner):
    """Signs as of 31 days ago."""

    def timestamp(self) -> str:
        return signing.b62_encode(int(time.time()) - 31 * 86_400)


def live() -> Edition:
    return Edition.objects.live().get()


def numbered(number: int) -> Edition:
    return Edition.objects.get(page__slug=PAGE, number=number)


def publishing(desk: Client, begun: Edition, **changes: str) -> dict[str, str]:
    """Return what a browser would send back from the publish form."""
    form = desk.get(f"{ADMIN}{begun.pk}/publish/").context["form"]
    return {"seen": form["seen"].value(), "update_type": "major", "change_note": "", **changes}


def start(source: Edition | None = None) -> Edition:
    writer, _ = User.objects.get_or_create(email="writer@rpec.example")
    return start_draft(source=source or live(), by=writer)


def draft() -> Edition:
    return Edition.objects.drafts().get()


def reword(edition: Edition, anchor: str, markdown: str) -> None:
    edition.sections.filter(anchor=anchor).update(markdown=markdown)


class TestTheWrites:
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
        minor = {"update_type": Edition.UpdateType.MINOR, "change_note": "", "by": editor}
        publish(draft=begun, at=NOW, **minor)
        with pytest.raises(ValidationError, match="published, scheduled or discarded already"):
            publish(draft=begun, at=NOW, **minor)
        with pytest.raises(ValidationError, match="published, scheduled or discarded already"):
            discard_draft(draft=begun)

    def test_a_minor_update_moves_no_date_and_is_in_the_history(self, client, editor):
        before = client.get(GUIDE).content.decode()
        publish(
            draft=start(),
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
        return schedule(
            draft=start(),
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


class TestAtTheDesk:
    def begin(self, desk: Client) -> Edition:
        response = desk.post(f"{ADMIN}{live().pk}/draft/")
        assert response.status_code == 302
        assert response["Location"] == f"{ADMIN}{draft().pk}/change/"
        return draft()

    def test_the_page_leads_to_its_draft(self, desk):
        page = Page.objects.get(slug=PAGE)
        settings_page = desk.get(f"/admin/guidance/page/{page.pk}/change/").content.decode()
        assert f'action="{ADMIN}{live().pk}/draft/"' in settings_page
        begun = self.begin(desk)
        settings_page = desk.get(f"/admin/guidance/page/{page.pk}/change/").content.decode()
        assert f"{ADMIN}{begun.pk}/change/" in settings_page

    def test_a_draft_is_edited_compared_previewed_and_published(self, desk, client):
        begun = self.begin(desk)
        sent = form_values(desk, f"{ADMIN}{begun.pk}/change/")
        key = next(k for k, v in sent.items() if v == "newsletters").removesuffix("anchor")
        response = desk.post(
            f"{ADMIN}{begun.pk}/change/", {**sent, f"{key}markdown": "Ask for ours, please."}
        )
        assert response.status_code == 302

        changes = desk.get(f"{ADMIN}{begun.pk}/changes/").content.decode()
        assert "Ask for ours, please." in re.sub(r"<span[^>]*>\w+: </span>|<[^>]+>", "", changes)
        assert "Newsletters from your region" in changes
        preview = desk.get(f"{ADMIN}{begun.pk}/preview/")
        assert "Ask for ours, please." in preview.content.decode()
        assert "no-store" in preview["Cache-Control"]
        assert "Ask for ours, please." not in client.get(GUIDE).content.decode()

        response = desk.post(
            f"{ADMIN}{begun.pk}/publish/",
            publishing(desk, begun, change_note="Newsletters explained."),
        )
        assert response.status_code == 302
        assert "Ask for ours, please." in client.get(GUIDE).content.decode()
        assert f"{GUIDE}history/3..4/" in client.get(GUIDE).content.decode()

    def test_a_link_shows_the_draft_to_who_has_no_account_while_it_lasts(self, desk, client):
        begun = self.begin(desk)
        reword(begun, "newsletters", "Ask for ours, please.")
        page = desk.get(f"{ADMIN}{begun.pk}/change/").content.decode()
        (token,) = set(re.findall(r"/guidance/preview/([^/]+)/", page))
        shown = client.get(f"/guidance/preview/{token}/")
        assert "Ask for ours, please." in shown.content.decode()
        assert "Readers do not see it yet." in shown.content.decode()
        assert '<meta name="robots" content="noindex">' in shown.content.decode()
        assert shown["Cache-Control"] == "private, no-store"

        assert client.get(f"/guidance/preview/{token}x/").status_code == 404
        expired = LastMonth(salt="guidance.preview").sign_object(begun.pk)
        assert client.get(f"/guidance/preview/{expired}/").status_code == 404
        discard_draft(draft=begun)
        assert client.get(f"/guidance/preview/{token}/").status_code == 404

    def test_a_major_update_without_a_note_is_asked_for_one(self, desk):
        begun = self.begin(desk)
        page = desk.post(f"{ADMIN}{begun.pk}/publish/", {"update_type": "major"})
        assert page.status_code == 200
        assert "a major update needs a note" in page.content.decode()
        assert live().number == 3

    def test_an_edition_is_scheduled_and_unscheduled(self, desk):
        begun = self.begin(desk)
        response = desk.post(
            f"{ADMIN}{begun.pk}/publish/",
            publishing(
                desk,
                begun,
                update_type="minor",
                scheduled_for_0="2027-03-01",
                scheduled_for_1="09:00",
            ),
            follow=True,
        )
        assert "Scheduled for Monday 1 March 2027, 9am." in response.content.decode()
        assert desk.get(f"{ADMIN}{begun.pk}/change/").status_code == 200
        assert desk.post(f"{ADMIN}{begun.pk}/change/", {"title": "x"}).status_code == 403
        assert desk.get(f"{ADMIN}{begun.pk}/preview/").status_code == 200
        desk.post(f"{ADMIN}{begun.pk}/unschedule/")
        assert draft() == begun

    @pytest.mark.parametrize("day", ["2027-03-28", "2027-10-31"])
    def test_an_hour_that_the_clocks_skip_or_repeat_is_refused_in_words(self, desk, day):
        begun = self.begin(desk)
        page = desk.post(
            f"{ADMIN}{begun.pk}/publish/",
            {"update_type": "minor", "scheduled_for_0": day, "scheduled_for_1": "01:30"},
        ).content.decode()
        assert "The clocks change in that hour" in page
        assert draft() == begun

    def test_who_saves_second_sees_the_difference_and_neither_text_is_lost(self, desk, editor):
        begun = self.begin(desk)
        address = f"{ADMIN}{begun.pk}/change/"
        opened = form_values(desk, address)
        assert desk.post(address, {**opened, "lead": "Theirs and ours."}).status_code == 302
        second = desk.post(address, {**opened, "lead": "Mine and ours."})
        assert second.status_code == 200
        page = second.content.decode()
        assert "Somebody else has saved this draft since you opened it." in page
        assert ">\nMine and ours.</textarea>" in page
        marked = re.sub(r"<span[^>]*>\w+: </span>", "", page)
        assert "<del>Theirs</del><ins>Mine</ins> and ours." in marked
        assert draft().lead == "Theirs and ours."

        seen = {**opened, "opened_as": second.context["adminform"].form["opened_as"].value()}
        brought_together = {**seen, "lead": "Theirs, mine and ours."}
        assert desk.post(address, brought_together).status_code == 302
        assert draft().lead == "Theirs, mine and ours."
        assert [save.text().lead for save in begun.saves.all()] == [
            "Theirs, mine and ours.",
            "Theirs and ours.",
            live().lead,
        ]
        theirs = begun.saves.get(said__lead="Theirs and ours.")
        shown = desk.get(f"{ADMIN}saves/{theirs.pk}/").content.decode()
        assert "<p>Theirs and ours.</p>" in shown

    def test_a_clash_shows_a_section_that_the_other_added_and_keeps_it(self, desk):
        begun = self.begin(desk)
        address = f"{ADMIN}{begun.pk}/change/"
        opened = form_values(desk, address)
        build_section(begun, 90, heading="Their section", anchor="theirs").save()
        second = desk.post(address, {**opened, "lead": "Mine."})
        summary = second.context["comparison"].summary
        assert list(summary) == ["The opening sentence was changed."]
        seen = second.context["adminform"].form["opened_as"].value()
        assert desk.post(address, {**opened, "lead": "Mine.", "opened_as": seen}).status_code == 302
        assert begun.sections.filter(anchor="theirs").exists()

    def test_the_form_shows_what_the_draft_changes_so_far(self, desk):
        begun = self.begin(desk)
        reword(begun, "newsletters", "Ask for ours, please.")
        page = desk.get(f"{ADMIN}{begun.pk}/change/")
        assert [line for line in page.context["comparison"].summary if "Newsletters" in line]

    def test_pasted_markup_is_cleaned_said_and_the_rest_kept(self, desk):
        begun = self.begin(desk)
        address = f"{ADMIN}{begun.pk}/change/"
        sent = form_values(desk, address)
        key = next(k for k, v in sent.items() if v == "newsletters").removesuffix("anchor")
        pasted = (
            'Ask us.<script>alert(1)</script><iframe src="https://x.example"></iframe>'
            '<p onclick="alert(2)" style="color:red">Kept words.</p><svg><path d="M0"/></svg>'
        )
        response = desk.post(address, {**sent, f"{key}markdown": pasted}, follow=True)
        kept = begun.sections.get(anchor="newsletters").markdown
        assert kept.split() == ["Ask", "us.", "Kept", "words."]
        said = " ".join(str(message) for message in response.context["messages"])
        for thing in ("script", "iframe", "onclick", "SVG"):
            assert thing in said
        assert "The rest was kept." in said

    @pytest.mark.parametrize(
        ("pasted", "fault"),
        [
            ("| Track | Date |\n| DSL | 1 May |", "has no header row"),
            ("word " * 30_000, "Cut it into several sections"),
        ],
    )
    def test_what_no_reader_could_read_is_refused_and_still_there(self, desk, pasted, fault):
        begun = self.begin(desk)
        address = f"{ADMIN}{begun.pk}/change/"
        sent = form_values(desk, address)
        key = next(k for k, v in sent.items() if v == "newsletters").removesuffix("anchor")
        response = desk.post(address, {**sent, f"{key}markdown": pasted})
        assert response.status_code == 200
        page = response.content.decode()
        assert fault in page
        assert pasted.strip() in page

    def test_what_was_saved_after_somebody_looked_is_not_published_unseen(self, desk):
        begun = self.begin(desk)
        sent = publishing(desk, begun, change_note="Reviewed.")
        reword(begun, "newsletters", "Never reviewed.")
        page = desk.post(f"{ADMIN}{begun.pk}/publish/", sent)
        assert "has been changed since you looked at it" in page.content.decode()
        assert live().number == 3
        sent["seen"] = page.context["form"]["seen"].value()
        assert desk.post(f"{ADMIN}{begun.pk}/publish/", sent).status_code == 302

    def test_sections_trade_places_and_make_room(self, desk):
        begun = self.begin(desk)
        address = f"{ADMIN}{begun.pk}/change/"
        sent = form_values(desk, address)
        first, second = ("sections-0-", "sections-1-")
        for part in ("position", "anchor"):
            sent[first + part], sent[second + part] = sent[second + part], sent[first + part]
        assert desk.post(address, sent).status_code == 302
        headings = list(begun.sections.order_by("position").values_list("heading", flat=True)[:2])
        assert headings == [sent["sections-1-heading"], sent["sections-0-heading"]]

    def test_two_sections_at_one_place_are_refused_in_a_sentence(self, desk):
        begun = self.begin(desk)
        address = f"{ADMIN}{begun.pk}/change/"
        sent = {**form_values(desk, address), "sections-0-position": "2"}
        page = desk.post(address, sent)
        assert page.status_code == 200
        assert "correct the duplicate data for position" in page.content.decode()

    def test_a_section_that_the_other_deleted_is_a_new_one_with_its_text(self, desk):
        begun = self.begin(desk)
        address = f"{ADMIN}{begun.pk}/change/"
        opened = form_values(desk, address)
        begun.sections.get(anchor="newsletters").delete()
        clash = desk.post(address, opened)
        assert clash.status_code == 200
        seen = clash.context["adminform"].form["opened_as"].value()
        assert desk.post(address, {**opened, "opened_as": seen}).status_code == 302
        assert begun.sections.get(anchor="newsletters").markdown

    @pytest.mark.parametrize("fate", ["published", "discarded"])
    def test_what_was_typed_into_a_draft_that_is_none_any_more_is_given_back(
        self, desk, editor, fate
    ):
        begun = self.begin(desk)
        sent = {**form_values(desk, f"{ADMIN}{begun.pk}/change/"), "lead": "Typed in vain?"}
        if fate == "discarded":
            discard_draft(draft=begun)
        else:
            publish(draft=begun, update_type=MINOR, change_note="", by=editor, at=NOW)
        page = desk.post(f"{ADMIN}{begun.pk}/change/", sent)
        assert page.status_code == 409
        assert "Typed in vain?" in page.content.decode()

    def test_discarding_what_somebody_has_published_meanwhile_says_so(self, desk, editor):
        begun = self.begin(desk)
        begun_pk = begun.pk
        publish(draft=begun, update_type=MINOR, change_note="", by=editor, at=NOW)
        assert desk.post(f"{ADMIN}{begun_pk}/discard/").status_code == 404

    def test_unscheduling_keeps_the_note(self, desk, editor):
        begun = start()
        schedule(
            draft=begun,
            scheduled_for=uk("2027-03-01 09:00"),
            update_type=Edition.UpdateType.MAJOR,
            change_note="Keep this.",
            by=editor,
            at=NOW,
        )
        unschedule(edition=begun)
        assert "Keep this." in desk.get(f"{ADMIN}{begun.pk}/publish/").content.decode()

    @pytest.mark.parametrize("note", ["\u200b", " \u00ad "])
    def test_a_note_in_which_nothing_can_be_seen_is_none(self, desk, note):
        begun = self.begin(desk)
        page = desk.post(f"{ADMIN}{begun.pk}/publish/", publishing(desk, begun, change_note=note))
        assert "a major update needs a note" in page.content.decode()

    def test_a_control_character_in_a_note_does_not_reach_the_feed(self, desk, client):
        begun = self.begin(desk)
        sent = publishing(desk, begun, change_note="One line\x0banother")
        assert desk.post(f"{ADMIN}{begun.pk}/publish/", sent).status_code == 302
        assert "One line another" in client.get(f"{GUIDE}updates.atom").content.decode()

    def test_a_link_by_a_key_that_nobody_keeps_is_refused(self, desk):
        begun = self.begin(desk)
        address = f"{ADMIN}{begun.pk}/change/"
        sent = {**form_values(desk, address), "sections-0-markdown": "[x](link:nokey)"}
        page = desk.post(address, sent)
        assert "There is no link with the key “nokey”" in page.content.decode()

    def test_an_earlier_state_is_only_looked_at(self, desk):
        page = Page.objects.get(slug=PAGE)
        key = page.history.earliest().history_id
        address = f"/admin/guidance/page/{page.pk}/history/{key}/"
        assert desk.get(address).status_code == 200
        assert desk.post(address, {"applies_to": "Wales"}).status_code == 403
        page.refresh_from_db()
        assert page.applies_to == "England"

    def test_a_new_page_is_begun_and_published(self, desk, client):
        page = Page.objects.create(slug="a-new-page")
        assert desk.post(f"/admin/guidance/page/{page.pk}/begin/").status_code == 302
        begun = draft()
        assert (begun.page, begun.title) == (page, "A new page")
        sent = publishing(desk, begun, change_note="First published.")
        assert desk.post(f"{ADMIN}{begun.pk}/publish/", sent).status_code == 302
        assert client.get("/guidance/a-new-page/").status_code == 200

    def test_a_second_draft_is_refused_in_a_sentence(self, desk):
        self.begin(desk)
        response = desk.post(f"{ADMIN}{live().pk}/draft/", follow=True)
        assert "has an open draft already" in response.content.decode()

    def test_discarding_asks_first(self, desk):
        begun = self.begin(desk)
        assert desk.get(f"{ADMIN}{begun.pk}/discard/").status_code == 200
        assert draft() == begun
        desk.post(f"{ADMIN}{begun.pk}/discard/")
        assert not Edition.objects.drafts().exists()

    @pytest.mark.parametrize("step", ["preview", "changes", "publish", "discard"])
    def test_what_has_been_published_has_no_such_steps(self, desk, step):
        assert desk.get(f"{ADMIN}{live().pk}/{step}/").status_code == 404

    @pytest.mark.parametrize("step", ["draft", "preview", "changes", "publish", "discard"])
    def test_only_editors_take_these_steps(self, step):
        begun = start()
        user = User.objects.create_user("c@rpec.example", "a long password")
        user.groups.set(Group.objects.filter(name=COORDINATORS))
        outsider = Client()
        outsider.force_login(user)
        assert outsider.post(f"{ADMIN}{begun.pk}/{step}/").status_code == 403
        assert Client().get(f"{ADMIN}{begun.pk}/{step}/").status_code == 302
