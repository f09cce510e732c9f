"""Somebody leaves: no post and no enquiry stays behind that nobody has."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from contact.actions import handling
from contact.actions.leaving import Succession, end_account
from contact.models import Enquiry, Event
from outbox.models import Message
from regions.models import Coordinator, Post
from tests.contact.desk import at_desk, coordinator, enquiry
from tests.filled_forms import opened
from tests.guidance.desk import words

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("reference_data"),
    # Django's own templates for passwords read variables that need not be there.
    pytest.mark.ignore_template_errors,
]


@pytest.fixture
def leaver() -> User:
    """The co-ordinator of the North West, who has one open enquiry."""
    user = coordinator("north-west")
    handling.take(enquiry=enquiry(), by=user)
    return user


def post_of(slug: str) -> Post:
    return Post.objects.get(region__slug=slug)


def page(user: User) -> str:
    return f"/admin/accounts/user/{user.pk}/end/"


def answers(region: str = "north-west") -> str | None:
    return Post.objects.recipient(region, "school", on=timezone.localdate()).address


class TestAsking:
    def test_unticking_active_is_refused_and_says_what_they_hold(self, leaver, administrator):
        desk, address = at_desk(administrator), f"/admin/accounts/user/{leaver.pk}/change/"
        for tick in ("is_staff", "is_active"):
            sent = opened(desk, address).sent(name="Typed")
            del sent[tick]
            said = words(desk.post(address, sent))
            assert "holds the post North-West: Regional Prevent" in said
            assert "has 1 open enquiry" in said
            assert "End this account" in said
            assert 'value="Typed"' in said
        leaver.refresh_from_db()
        assert leaver.is_active
        assert leaver.is_staff

    def test_deleting_is_refused_and_says_what_they_hold(self, leaver, administrator):
        desk = at_desk(administrator)
        said = words(desk.post(f"/admin/accounts/user/{leaver.pk}/delete/", {"post": "yes"}))
        assert "holds the post North-West: Regional Prevent" in said
        sent = {"action": "delete_selected", "_selected_action": [leaver.pk], "post": "yes"}
        assert "End the account first" in words(desk.post("/admin/accounts/user/", sent))
        assert User.objects.filter(pk=leaver.pk).exists()

    def test_who_holds_nothing_is_unticked_as_ever(self, editor, administrator):
        desk, address = at_desk(administrator), f"/admin/accounts/user/{editor.pk}/change/"
        sent = opened(desk, address).sent()
        del sent["is_active"]
        assert desk.post(address, sent).status_code == 302
        editor.refresh_from_db()
        assert not editor.is_active

    def test_the_page_lists_posts_and_enquiries_and_changes_nothing(self, leaver, administrator):
        said = words(at_desk(administrator).get(page(leaver)))
        assert "They hold 1 post." in said
        assert Enquiry.objects.get().reference in said
        assert answers() == leaver.email
        assert User.objects.get(pk=leaver.pk).is_active

    def test_without_a_choice_it_is_refused(self, leaver, administrator):
        said = words(at_desk(administrator).post(page(leaver), {}))
        assert "Choose what becomes of the post North-West: Regional Prevent" in said
        assert User.objects.get(pk=leaver.pk).is_active

    def test_who_may_not_change_accounts_does_not_reach_it(self, leaver, editor):
        assert at_desk(editor).get(page(leaver)).status_code == 403


class TestEnding:
    def end(self, leaver: User, administrator: User, choice: str) -> Any:
        sent = {f"post-{post_of('north-west').pk}": choice}
        return at_desk(administrator).post(page(leaver), sent)

    def test_vacant_it_goes_to_the_national_team(self, leaver, administrator):
        assert self.end(leaver, administrator, "vacant").status_code == 302
        assert (post_of("north-west").is_vacant, answers()) == (True, None)
        assert not User.objects.get(pk=leaver.pk).is_active

    def test_covered_it_goes_to_the_post_that_covers(self, leaver, administrator):
        cover = coordinator("north-east")
        choice = f"cover-{post_of('north-east').pk}"
        assert self.end(leaver, administrator, choice).status_code == 302
        assert answers() == cover.email

    def test_held_by_another_it_goes_to_them_though_the_mailbox_was_the_leavers(
        self, leaver, administrator
    ):
        Post.objects.filter(region__slug="north-west").update(mailbox=leaver.email)
        heir = Coordinator.objects.create(name="Heir", email="heir@rpec.example")
        assert self.end(leaver, administrator, f"holder-{heir.pk}").status_code == 302
        assert answers() == "heir@rpec.example"

    def test_a_mailbox_of_the_posts_own_stays(self, leaver, administrator):
        Post.objects.filter(region__slug="north-west").update(mailbox="nw@rpec.example")
        heir = Coordinator.objects.create(name="Heir", email="heir@rpec.example")
        self.end(leaver, administrator, f"holder-{heir.pk}")
        assert answers() == "nw@rpec.example"

    def test_days_away_of_the_leaver_do_not_keep_the_heir_from_it(self, leaver, administrator):
        today = timezone.localdate()
        absences = post_of("north-west").absences
        absences.create(first_day=today - timedelta(days=3))
        absences.create(first_day=today + timedelta(days=3))
        heir = Coordinator.objects.create(name="Heir", email="heir@rpec.example")
        self.end(leaver, administrator, f"holder-{heir.pk}")
        assert answers() == "heir@rpec.example"
        assert absences.get().last_day == today - timedelta(days=1)

    def test_open_enquiries_wait_again_and_an_event_says_so(self, leaver, administrator):
        self.end(leaver, administrator, "vacant")
        freed = Enquiry.objects.get()
        assert (freed.assigned_to, freed.state) == (None, "new")
        event = freed.events.get(kind=Event.Kind.UNASSIGNED)
        assert (event.by, event.to) == (administrator, leaver)
        # Its first mail has gone: freeing it sends no second one.
        assert Message.objects.filter(kind="enquiry-notice").count() == 1

    def test_what_is_answered_stays_with_whoever_answered(self, leaver, administrator):
        handling.mark_as_answered(enquiry=Enquiry.objects.get(), by=leaver)
        self.end(leaver, administrator, "vacant")
        assert Enquiry.objects.get().assigned_to == leaver

    def test_a_post_that_nobody_holds_covers_nothing(self, leaver, administrator):
        empty = post_of("south-east")
        with pytest.raises(ValidationError, match="nobody holds it"):
            end_account(
                user=leaver,
                successions={post_of("north-west").pk: Succession(covered_by=empty)},
                by=administrator,
            )
        assert User.objects.get(pk=leaver.pk).is_active

    def test_two_posts_that_fall_vacant_do_not_cover_each_other(self, leaver, administrator):
        second = post_of("south-east")
        second.holder, second.is_vacant = leaver.coordinator, False
        second.save()
        first = post_of("north-west")
        sent = {f"post-{first.pk}": f"cover-{second.pk}", f"post-{second.pk}": "vacant"}
        said = words(at_desk(administrator).post(page(leaver), sent))
        assert "cannot cover North-West" in said
        assert User.objects.get(pk=leaver.pk).is_active

    def test_a_post_that_came_meanwhile_is_asked_about(self, leaver, administrator):
        with pytest.raises(ValidationError, match="Choose what becomes of the post North-West"):
            end_account(user=leaver, successions={}, by=administrator)

    def test_the_last_administrator_does_not_leave(self, administrator):
        said = words(at_desk(administrator).post(page(administrator), {}))
        assert "Nobody else can administer this site" in said
        assert User.objects.get(pk=administrator.pk).is_active
