"""Whoever got or gets a region's enquiries hears by mail when that is changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone

from accounts.actions import load_groups
from accounts.models import User
from contact.actions.leaving import Succession, end_account
from outbox.actions import settle
from outbox.kinds import Failure, follow_failure, make_envelope
from outbox.models import Message
from regions.actions.pointing import forget_changes
from regions.mail import POST_CHANGED
from regions.models import Absence, Coordinator, Post, PostChange
from rpec_site.groups import COORDINATORS, EDITORS, GROUPS, WITHHELD
from tests.filled_forms import opened
from tests.people import at_desk, make_coordinator, make_user

pytestmark = pytest.mark.django_db

TEAM = "national@rpec.example"


def told() -> dict[str, str]:
    """Return the words of each mail that was queued about a change, by who gets it."""
    mails = {}
    for message in Message.objects.filter(kind=POST_CHANGED).order_by("pk"):
        mail = make_envelope(message.kind, message.subject_id, timezone.now())
        assert mail is not None
        mails[mail.recipient] = mail.text
    return mails


def post_of(region: str) -> Post:
    return Post.objects.get(region__slug=region)


def page(post: Post) -> str:
    return f"/admin/regions/post/{post.pk}/change/"


@pytest.fixture
def team_desk(national_team: User) -> Client:
    return at_desk(national_team)


@pytest.fixture
def london() -> Post:
    """London's post, with a mailbox and a holder."""
    make_coordinator("london")
    post = post_of("london")
    post.mailbox = "london@rpec.example"
    post.save()
    return post


class TestThePost:
    def test_a_new_mailbox_is_told_to_both_and_to_the_national_team(self, team_desk, london):
        sent = opened(team_desk, page(london)).sent(mailbox="new@rpec.example")
        assert team_desk.post(page(london), sent).status_code == 302
        mails = told()
        assert mails.keys() == {
            "london@rpec.example",
            "new@rpec.example",
            "coordinator-london@rpec.example",
            TEAM,
        }
        for words in mails.values():
            assert "Mailbox: new@rpec.example (before: london@rpec.example)" in words
            assert "Changed by national-team@rpec.example, on " in words
        assert f"tell the national team at once: {TEAM}" in mails["london@rpec.example"]

    def test_the_same_form_saved_again_tells_nobody(self, team_desk, london):
        team_desk.post(page(london), opened(team_desk, page(london)).sent())
        assert told() == {}

    def test_what_is_refused_tells_nobody(self, team_desk, london):
        sent = opened(team_desk, page(london)).sent(mailbox="not an address")
        assert team_desk.post(page(london), sent).status_code == 200
        assert told() == {}

    def test_days_away_are_told_with_their_cover_and_to_it(self, team_desk, london):
        make_coordinator("north-west")
        sent = opened(team_desk, page(london)).sent(
            **{
                "absences-TOTAL_FORMS": "1",
                "absences-0-post": london.pk,
                "absences-0-first_day": "2026-12-01",
                "absences-0-last_day": "2026-12-05",
                "absences-0-covered_by": post_of("north-west").pk,
            }
        )
        assert team_desk.post(page(london), sent).status_code == 302
        mails = told()
        assert "coordinator-north-west@rpec.example" in mails
        assert "Away: 1 December 2026 to 5 December 2026, covered by North-West" in mails[TEAM]
        assert Absence.history.get().history_user.email == "national-team@rpec.example"

    def test_a_new_post_is_told_to_those_whose_enquiries_it_may_take(self, team_desk, london):
        add = "/admin/regions/post/add/"
        sent = {
            "region": london.region_id,
            "title": "Deputy",
            "remit": "schools",
            "position": "0",
            "mailbox": "deputy@rpec.example",
            "absences-TOTAL_FORMS": "0",
            "absences-INITIAL_FORMS": "0",
        }
        assert team_desk.post(add, sent).status_code == 302
        assert {"london@rpec.example", "deputy@rpec.example", TEAM} <= told().keys()


class TestTheHolder:
    def test_another_account_is_told_to_the_one_that_loses_it(self, team_desk, london):
        new = make_user("new", COORDINATORS)
        holder = london.holder
        address = f"/admin/regions/coordinator/{holder.pk}/change/"
        sent = opened(team_desk, address).sent(user=new.pk)
        assert team_desk.post(address, sent).status_code == 302
        assert {"coordinator-london@rpec.example", "new@rpec.example", TEAM} <= told().keys()
        line = "Account that reads them: new@rpec.example (before: coordinator-london@rpec.example)"
        assert line in told()[TEAM]

    def test_who_changed_an_account_stands_in_the_history(self, team_desk, london, national_team):
        holder = london.holder
        address = f"/admin/regions/coordinator/{holder.pk}/change/"
        team_desk.post(address, opened(team_desk, address).sent(user=""))
        assert Coordinator.history.filter(id=holder.pk).first().history_user == national_team
        history = team_desk.get(f"/admin/regions/coordinator/{holder.pk}/history/")
        assert "national-team@rpec.example" in history.content.decode()

    def test_an_account_that_is_ended_tells_of_its_post(self, administrator, london):
        user = london.holder.user
        end_account(user=user, successions={london.pk: Succession()}, by=administrator)
        assert {"london@rpec.example", user.email, TEAM} == told().keys()
        assert "Vacant: yes (before: no)" in told()[TEAM]

    @pytest.mark.ignore_template_errors
    def test_another_sign_in_address_is_told(self, administrator, london):
        desk, user = at_desk(administrator), london.holder.user
        address = f"/admin/accounts/user/{user.pk}/change/"
        sent = opened(desk, address).sent(email="other@rpec.example")
        assert desk.post(address, sent).status_code == 302
        assert {user.email, "other@rpec.example", TEAM} <= told().keys()


class TestMailThatDoesNotArrive:
    @pytest.fixture
    def changed(self, team_desk: Client, london: Post) -> None:
        sent = opened(team_desk, page(london)).sent(mailbox="new@rpec.example")
        team_desk.post(page(london), sent)

    def test_a_new_mailbox_that_refuses_is_told_to_the_national_team(self, changed):
        row = PostChange.objects.get(recipient="new@rpec.example")
        before = PostChange.objects.filter(recipient=TEAM).count()
        follow_failure(POST_CHANGED, row.pk, Failure.REFUSED, "550 No such user")
        assert PostChange.objects.filter(recipient=TEAM).count() == before + 1
        said = "Mail about this change to new@rpec.example was refused: 550 No such user"
        assert said in told()[TEAM]

    def test_where_the_national_team_is_not_reached_the_other_alarm_sounds(
        self, changed, caplog, django_capture_on_commit_callbacks
    ):
        row = PostChange.objects.get(recipient=TEAM)
        message = Message.objects.get(kind=POST_CHANGED, subject_id=row.pk)
        count = PostChange.objects.count()
        with django_capture_on_commit_callbacks(execute=True):
            follow_failure(POST_CHANGED, row.pk, Failure.REFUSED, "550 No")
        assert "was changed was refused" in caplog.text
        assert PostChange.objects.count() == count
        assert settle(message=message, outcome=Message.State.REJECTED, server_said="550 No")

    def test_what_was_told_is_forgotten_after_a_year(self, changed):
        assert forget_changes(at=timezone.now()) == 0
        PostChange.objects.update(at=timezone.now() - timedelta(days=366))
        assert forget_changes(at=timezone.now()) == 4
        assert not Message.objects.exists()
        assert make_envelope(POST_CHANGED, 1, timezone.now()) is None


class TestWhoMay:
    def test_editors_see_posts_and_change_nothing_of_them(self, editor, london):
        desk = at_desk(editor)
        shown = desk.get(page(london))
        assert shown.status_code == 200
        assert "_save" not in shown.content.decode()
        assert desk.post(page(london), {"mailbox": "evil@attacker.example"}).status_code == 403
        assert desk.get("/admin/regions/post/add/").status_code == 403
        london.refresh_from_db()
        assert london.mailbox == "london@rpec.example"

    @pytest.mark.parametrize("groups", [(EDITORS,), (EDITORS, COORDINATORS)])
    def test_no_list_of_accounts_is_shown_to_editors(self, groups):
        make_user("secret-colleague")
        desk = at_desk(make_user("two-groups", *groups))
        for address in (
            "/admin/regions/coordinator/",
            "/admin/regions/coordinator/add/",
            "/admin/accounts/user/",
        ):
            answer = desk.get(address)
            assert answer.status_code == 403
            assert "secret-colleague" not in answer.content.decode()

    def test_what_an_earlier_version_gave_to_editors_is_taken_from_them(self):
        group = Group.objects.get(name=EDITORS)
        group.permissions.add(
            *Permission.objects.filter(
                codename__in=["change_post", "add_coordinator", "view_coordinator"]
            )
        )
        by_hand = Permission.objects.get(codename="view_user")
        group.permissions.add(by_hand)
        load_groups(permissions=GROUPS, withheld=WITHHELD)
        held = set(group.permissions.values_list("codename", flat=True))
        assert held.isdisjoint({"change_post", "add_coordinator", "view_coordinator"})
        assert {"view_post", "view_user"} <= held
