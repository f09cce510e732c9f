"""Whoever comes too late, or to the wrong place, is told what happened, in their own frame."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from contact.actions import handling
from contact.models import Enquiry
from guidance.actions.proposing import drop, propose_address
from guidance.actions.publishing import discard_draft, publish, schedule, start_draft
from guidance.models import Edition, Link, Proposal
from outbox.models import Message
from regions.models import Coordinator, Post, Region
from tests.contact.desk import enquiry
from tests.guidance.desk import NOW, words
from tests.guidance.factories import build_section, make_edition
from tests.people import at_desk, make_administrator, make_coordinator, make_editor
from tests.training.factories import uk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

ADMIN = "/admin/guidance/edition/"


def in_frame(response: Any, status: int = 404) -> str:
    """Return the page's words: those of staff, not of readers."""
    page = words(response)
    assert response.status_code == status
    assert 'id="user-tools"' in page
    assert "govuk-" not in page
    assert "sign in" not in page
    assert "no-store" in response["Cache-Control"]
    return page


def begun(editor: User) -> Edition:
    edition = make_edition()
    build_section(edition).save()
    draft = start_draft(source=edition, by=editor)
    draft.sections.update(markdown="Other words.")
    return draft


def minor(draft: Edition, by: User) -> dict[str, Any]:
    kind = Edition.UpdateType.MINOR
    return {"draft": draft, "update_type": kind, "change_note": "", "by": by, "at": NOW}


class TestDrafts:
    @pytest.mark.parametrize("step", ["publish", "discard", "preview", "changes"])
    def test_what_was_published_in_another_tab_says_when_and_by_whom(self, editor, step):
        draft = begun(editor)
        publish(**minor(draft, editor))
        page = in_frame(at_desk(editor).get(f"{ADMIN}{draft.pk}/{step}/"))
        assert f"published already by {editor}, on Friday 20 November 2026, 10am" in page

    def test_publishing_it_a_second_time_says_the_same(self, editor):
        draft = begun(editor)
        publish(**minor(draft, editor))
        sent = {"update_type": "minor", "seen": "x"}
        page = in_frame(at_desk(editor).post(f"{ADMIN}{draft.pk}/publish/", sent))
        assert "published already" in page

    def test_what_is_scheduled_says_so(self, editor):
        draft = begun(editor)
        schedule(scheduled_for=uk("2026-12-01 09:00"), **minor(draft, editor))
        page = in_frame(at_desk(editor).get(f"{ADMIN}{draft.pk}/publish/"))
        assert "scheduled already" in page

    def test_what_was_discarded_says_so(self, editor):
        draft = begun(editor)
        key, save = draft.pk, draft.saves.get().pk
        discard_draft(draft=draft)
        desk = at_desk(editor)
        assert "was discarded" in in_frame(desk.get(f"{ADMIN}{key}/publish/"))
        assert "published or discarded" in in_frame(desk.get(f"{ADMIN}saves/{save}/"))

    def test_a_proposal_that_is_gone_says_so(self, editor):
        page = in_frame(at_desk(editor).get("/admin/guidance/proposal/999/decide/"))
        assert "confirmed, declined or taken back already" in page


class TestEnquiries:
    def handed_over(self) -> Enquiry:
        subject = enquiry(place="Wigan")
        handling.hand_over(
            enquiry=subject,
            to=Region.objects.get(slug="london"),
            by=make_administrator("boss"),
            note="SECRET-note",
        )
        return subject

    @pytest.mark.parametrize("page", ["change", "take", "close", "history"])
    def test_whose_region_it_left_learns_where_to_and_when(self, page):
        user = make_coordinator("north-west")
        subject = self.handed_over()
        said = in_frame(at_desk(user).get(f"/admin/contact/enquiry/{subject.pk}/{page}/"))
        assert "was handed over to London on" in said
        assert subject.reference not in said
        assert "SECRET-note" not in said

    def test_whoever_took_a_step_of_it_learns_it_too_without_a_post(self):
        user = make_coordinator("north-west")
        subject = enquiry(place="Wigan")
        handling.take(enquiry=subject, by=user)
        Post.objects.filter(holder__user=user).update(holder=None, is_vacant=True)
        handling.hand_over(
            enquiry=subject, to=Region.objects.get(slug="london"), by=user, note="Theirs."
        )
        said = in_frame(at_desk(user).get(f"/admin/contact/enquiry/{subject.pk}/change/"))
        assert "was handed over to London on" in said

    def test_where_it_went_afterwards_is_not_told(self):
        user = make_coordinator("north-west")
        subject = self.handed_over()
        handling.hand_over(
            enquiry=Enquiry.objects.get(),
            to=None,
            by=User.objects.get(email__startswith="boss"),
            note="x",
        )
        said = in_frame(at_desk(user).get(f"/admin/contact/enquiry/{subject.pk}/change/"))
        assert "handed over to London" in said
        assert "national team" not in said

    def test_to_others_what_is_not_theirs_and_what_is_not_there_look_the_same(self):
        desk = at_desk(make_coordinator("north-east"))
        subject = self.handed_over()
        pages = [
            in_frame(desk.get(f"/admin/contact/enquiry/{key}/change/"))
            for key in (subject.pk, subject.pk + 1000)
        ]
        assert "not yours, or not there" in pages[0]
        assert "London" not in pages[0].partition('id="content-main"')[2]
        first, second = (page.partition('id="content-main"')[2] for page in pages)
        assert first.partition("</div>")[0] == second.partition("</div>")[0]

    def test_what_was_erased_is_just_not_there(self):
        user = make_coordinator("north-west")
        subject = self.handed_over()
        key = subject.pk
        subject.delete()
        said = in_frame(at_desk(user).get(f"/admin/contact/enquiry/{key}/change/"))
        assert "It may have been erased" in said


def test_an_address_of_the_admin_that_is_none_is_told_in_its_frame(editor):
    assert "nothing at this address" in in_frame(at_desk(editor).get("/admin/nowhere/"))


def test_readers_keep_their_own_page(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "Page not found" in words(response)


class TestMethods:
    @pytest.mark.parametrize("address", ["/", "/get-help/", "/regions/"])
    def test_readers_get_a_page_with_the_way_to_help(self, address):
        response = Client().post(address)
        page = words(response)
        assert response.status_code == 405
        assert "GET" in response["Allow"]
        assert page.count("<h1") == 1
        assert 'href="/get-help/"' in page

    def test_a_step_that_is_opened_in_place_of_pressed_says_so_in_the_frame(self, editor):
        edition = make_edition()
        response = at_desk(editor).get(f"{ADMIN}{edition.pk}/draft/")
        assert "press the button" in in_frame(response, 405)
        assert response["Allow"] == "POST"
        assert not Edition.objects.drafts().exists()

    def test_programs_get_no_page(self):
        response = Client().post("/api/training/sessions")
        assert (response.status_code, response.content) == (405, b"")


class TestWhatWaits:
    def lines(self, desk: Client) -> dict[str, str]:
        """Return the addresses of the front page's lines by their words."""
        listed = (
            words(desk.get("/admin/")).partition('class="rpec-waiting"')[2].partition("</ul>")[0]
        )
        found = re.findall(r'<li> ?<a href="([^"]*)">(.*?)</a>', listed)
        return {re.sub("<[^>]*>", "", text): url.replace("&amp;", "&") for url, text in found}

    def test_each_line_opens_as_many_as_it_counts(self, administrator):
        enquiry()
        first = Message.objects.order_by("pk").first()
        assert first is not None
        Message.objects.filter(pk=first.pk).update(state=Message.State.REJECTED)
        begun(make_editor("writer"))
        gone = make_coordinator("london")
        User.objects.filter(pk=gone.pk).update(is_active=False)
        desk = at_desk(administrator)
        lines = self.lines(desk)
        assert {"1 mail that was refused", "1 mail on its way", "1 open draft"} <= lines.keys()
        assert "1 post whose holder's account has ended" in {
            text.replace("&#x27;", "'") for text in lines
        }
        for text, address in lines.items():
            count = re.match(r"\d+", text)
            if count:
                shown = desk.get(address).context["cl"].result_count
                assert shown == int(count[0]), (text, address)

    def test_one_is_one_and_two_are_two(self, national_team):
        coordinator = Coordinator.objects.create(name="All", email="all@rpec.example")
        Post.objects.update(holder=coordinator, is_vacant=False)
        few = list(Post.objects.values_list("pk", flat=True)[:2])
        desk = at_desk(national_team)
        for count, said in ((1, "1 vacant post"), (2, "2 vacant posts")):
            Post.objects.filter(pk__in=few[:count]).update(holder=None, is_vacant=True)
            assert said in self.lines(desk)

    def test_a_proposal_waits_for_others_and_not_for_whoever_made_it(self, editor):
        link = Link.objects.get(key="prevent-referral")
        propose_address(link=link, address="https://new.example/", by=editor, at=timezone.now())
        said = "1 change that waits for a second person"
        own, others = self.lines(at_desk(editor)), self.lines(at_desk(make_editor("colleague")))
        assert said not in own
        assert said in others
        assert own["1 change of yours that nobody has decided yet"].endswith("?whose=own")
        drop(proposal=Proposal.objects.get())
        assert not any("change" in line for line in self.lines(at_desk(editor)))


class TestNames:
    def test_of_colleagues_lead_nowhere_where_accounts_may_not_be_seen(self, editor):
        draft = begun(editor)
        published = publish(**minor(draft, editor))
        again = start_draft(source=published, by=editor)
        again.sections.update(markdown="Other words again.")
        schedule(scheduled_for=uk("2026-12-01 09:00"), **minor(again, editor))
        for key in (published.pk, again.pk):
            page = words(at_desk(editor).get(f"{ADMIN}{key}/change/"))
            assert str(editor) in page
            assert "/admin/accounts/user/" not in page

    def test_recent_actions_link_what_is_there_and_only_name_what_is_gone(self, editor):
        desk = at_desk(editor)
        edition = make_edition()
        build_section(edition).save()
        desk.post(f"{ADMIN}{edition.pk}/draft/")
        draft = Edition.objects.drafts().get()
        assert f'href="{ADMIN}{draft.pk}/change/"' in words(desk.get("/admin/"))
        desk.post(f"{ADMIN}{draft.pk}/discard/")
        page = words(desk.get("/admin/"))
        assert f"{ADMIN}{draft.pk}/" not in page
        assert "some-guidance: draft" in page
        assert f'href="/admin/guidance/page/{edition.page_id}/change/"' in page
