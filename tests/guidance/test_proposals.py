"""What needs a second person is handed on: one proposes it, another sees it and confirms it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from guidance.actions.amending import correct_note, withdraw
from guidance.actions.proposing import (
    confirm,
    drop,
    propose_note,
    propose_publication,
    propose_withdrawal,
)
from guidance.actions.publishing import discard_draft, publish, start_draft
from guidance.actions.redacting import redact
from guidance.models import Edition, NoteCorrection, Page, Proposal, Withdrawal
from tests.guidance.desk import NOW, words
from tests.guidance.factories import build_section, make_edition
from tests.people import at_desk, make_coordinator_without_post, make_editor
from tests.training.factories import uk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

LIST = "/admin/guidance/proposal/"


@pytest.fixture
def edition() -> Edition:
    """The live edition of a page that needs a second person."""
    edition = make_edition()
    build_section(edition).save()
    Page.objects.update(needs_second_person=True)
    return Edition.objects.select_related("page").get()


@pytest.fixture
def colleague(db: None) -> User:
    return make_editor("colleague")


def proposed(edition: Edition, by: User, explanation: str = "Merged.") -> Proposal:
    return propose_withdrawal(
        page=edition.page, explanation=explanation, instead=None, by=by, at=NOW
    )


def decide(proposal: Proposal) -> str:
    return f"{LIST}{proposal.pk}/decide/"


class TestWithdrawing:
    def test_nobody_withdraws_it_alone(self, edition, editor):
        with pytest.raises(ValidationError, match="needs a second person"):
            withdraw(page=edition.page, explanation="Why.", instead=None, by=editor, at=NOW)
        with pytest.raises(ValidationError, match="needs a second person"):
            withdraw(
                page=edition.page,
                explanation="Why.",
                instead=None,
                by=editor,
                at=NOW,
                proposed_by=editor,
            )

    def test_one_proposes_it_and_another_confirms_it_with_the_explanation(
        self, edition, editor, colleague, client
    ):
        address = f"/admin/guidance/page/{edition.page_id}/withdraw/"
        desk = at_desk(editor)
        assert "Propose to withdraw it" in words(desk.get(address))
        assert desk.post(address, {"explanation": "It was **merged**."}).status_code == 302
        assert "This page was withdrawn" not in words(client.get(edition.page.get_absolute_url()))

        proposal = Proposal.objects.get()
        other = at_desk(colleague)
        assert "It was **merged**." in words(other.get(LIST))
        assert "It was **merged**." in words(other.get(decide(proposal)))
        assert other.post(decide(proposal), {"_confirm": "1"}).status_code == 302
        withdrawal = Withdrawal.objects.get()
        assert (withdrawal.explanation, withdrawal.withdrawn_by) == (
            "It was **merged**.",
            colleague,
        )
        assert not Proposal.objects.exists()

    def test_whoever_proposed_it_does_not_confirm_it_and_may_take_it_back(self, edition, editor):
        proposal = proposed(edition, editor)
        desk = at_desk(editor)
        said = words(desk.post(decide(proposal), {"_confirm": "1"}))
        assert "You proposed this yourself" in said
        assert "Take it back" in said
        assert not Withdrawal.objects.exists()
        assert desk.post(decide(proposal), {"_drop": "1"}).status_code == 302
        assert not Proposal.objects.exists()

    def test_a_colleague_declines_it(self, edition, editor, colleague):
        desk = at_desk(colleague)
        assert desk.post(decide(proposed(edition, editor)), {"_drop": "1"}).status_code == 302
        assert not Proposal.objects.exists()
        assert edition.page.editions.live().exists()

    def test_what_took_its_place_is_not_confirmed_unseen(self, edition, editor, colleague):
        seen = proposed(edition, editor, "Seen.")
        proposed(edition, editor, "Not seen.")
        with pytest.raises(ValidationError, match="something else was proposed"):
            confirm(proposal=seen, by=colleague, at=NOW)
        assert at_desk(colleague).post(decide(seen), {"_confirm": "1"}).status_code == 404
        assert not Withdrawal.objects.exists()

    def test_it_is_confirmed_once(self, edition, editor, colleague):
        proposal = proposed(edition, editor)
        confirm(proposal=proposal, by=colleague, at=NOW)
        with pytest.raises(ValidationError, match="confirmed, declined or taken back already"):
            confirm(proposal=proposal, by=colleague, at=NOW)
        with pytest.raises(ValidationError, match="confirmed, declined or taken back already"):
            drop(proposal=proposal)

    def test_looking_at_it_changes_nothing(self, edition, editor, colleague):
        proposal = proposed(edition, editor)
        for query in ("", "?_confirm=1", "?_drop=1"):
            at_desk(colleague).get(decide(proposal) + query)
        assert Proposal.objects.get() == proposal

    def test_a_page_that_needs_nobody_is_withdrawn_at_once(self, edition, editor):
        Page.objects.update(needs_second_person=False)
        address = f"/admin/guidance/page/{edition.page_id}/withdraw/"
        assert at_desk(editor).post(address, {"explanation": "Merged."}).status_code == 302
        assert Withdrawal.objects.exists()

    def test_what_is_withdrawn_already_is_not_proposed(self, edition, editor, colleague):
        confirm(proposal=proposed(edition, editor), by=colleague, at=NOW)
        with pytest.raises(ValidationError, match="withdrawn already"):
            proposed(edition, editor)

    def test_who_edits_no_guidance_sees_no_proposal(self, edition, editor):
        desk = at_desk(make_coordinator_without_post())
        assert desk.get(LIST).status_code == 403
        assert desk.get(decide(proposed(edition, editor))).status_code == 403


class TestCorrectingANote:
    def test_nobody_corrects_it_alone(self, edition, editor):
        with pytest.raises(ValidationError, match="needs a second person"):
            correct_note(edition=edition, note="New.", by=editor, at=NOW)

    def test_one_proposes_it_and_another_confirms_it(self, edition, editor, colleague):
        address = f"/admin/guidance/edition/{edition.pk}/note/"
        assert at_desk(editor).post(address, {"note": "Put up first."}).status_code == 302
        assert not NoteCorrection.objects.exists()
        page = words(at_desk(colleague).get(decide(Proposal.objects.get())))
        assert "First published." in page
        assert "Put up first." in page
        at_desk(colleague).post(decide(Proposal.objects.get()), {"_confirm": "1"})
        assert Edition.objects.with_note().get().note == "Put up first."

    def test_the_note_that_is_there_is_not_proposed(self, edition, editor):
        with pytest.raises(ValidationError, match="says that already"):
            propose_note(edition=edition, note="First published.", by=editor, at=NOW)


def begun(edition: Edition, by: User) -> Edition:
    """Return a draft that says something else."""
    draft = start_draft(source=edition, by=by)
    draft.sections.update(markdown="Other words.")
    return draft


class TestPublishing:
    def test_the_writers_note_kind_and_time_are_kept_for_whoever_publishes(
        self, edition, editor, colleague
    ):
        draft = begun(edition, editor)
        address = f"/admin/guidance/edition/{draft.pk}/publish/"
        desk, other = at_desk(editor), at_desk(colleague)
        form = desk.get(address).context["form"]
        sent = {
            "seen": form["seen"].value(),
            "update_type": "major",
            "change_note": "New dates.",
            "scheduled_for_0": "2030-01-02",
            "scheduled_for_1": "09:30",
        }
        assert desk.post(address, sent).status_code == 302
        assert Edition.objects.drafts().get() == draft

        proposal = Proposal.objects.get()
        assert other.get(decide(proposal))["Location"] == address
        shown = other.get(address).context["form"]
        assert shown["change_note"].value() == "New dates."
        assert shown["scheduled_for"].value() == uk("2030-01-02 09:30")
        assert "asks for a second person to publish it" in words(other.get(address))
        assert other.post(address, sent).status_code == 302
        assert Edition.objects.get(pk=draft.pk).state == "scheduled"
        assert not Proposal.objects.exists()

    def hand_on(self, draft: Edition, by: User, **changes: Any) -> Proposal:
        values: dict[str, Any] = {
            "draft": draft,
            "update_type": Edition.UpdateType.MINOR,
            "change_note": "",
            "scheduled_for": None,
            "by": by,
            "at": NOW,
            **changes,
        }
        return propose_publication(**values)

    def test_what_could_not_be_published_is_not_handed_on(self, edition, editor):
        draft = begun(edition, editor)
        with pytest.raises(ValidationError, match="needs a change note"):
            self.hand_on(draft, editor, update_type=Edition.UpdateType.MAJOR)
        with pytest.raises(ValidationError, match="five minutes"):
            self.hand_on(draft, editor, scheduled_for=NOW + timedelta(minutes=1))
        with pytest.raises(ValidationError, match="changed since you looked"):
            self.hand_on(draft, editor, seen="another text")

    def test_confirming_does_not_publish_what_nobody_looked_at(self, edition, editor, colleague):
        proposal = self.hand_on(begun(edition, editor), editor)
        with pytest.raises(ValidationError, match="on its own page"):
            confirm(proposal=proposal, by=colleague, at=NOW)

    def test_it_goes_with_the_draft_published_or_discarded(self, edition, editor, colleague):
        draft = begun(edition, editor)
        self.hand_on(draft, editor)
        publish(
            draft=draft,
            update_type=Edition.UpdateType.MINOR,
            change_note="",
            by=colleague,
            at=NOW,
        )
        assert not Proposal.objects.exists()
        again = start_draft(source=Edition.objects.live().get(), by=editor)
        self.hand_on(again, editor)
        discard_draft(draft=again)
        assert not Proposal.objects.exists()

    def test_the_author_takes_it_back_and_the_draft_stays(self, edition, editor):
        proposal = self.hand_on(begun(edition, editor), editor)
        assert at_desk(editor).post(decide(proposal), {"_drop": "1"}).status_code == 302
        assert Edition.objects.drafts().exists()


def test_a_redaction_takes_the_words_out_of_what_is_proposed_too(edition, editor, administrator):
    proposed(edition, editor, "Some words. They went.")
    redact(
        page=edition.page,
        words="Some words",
        reason="A court order.",
        by=administrator,
        at=timezone.now(),
    )
    assert "Some words" not in Proposal.objects.get().text
