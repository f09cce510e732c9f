"""Signing in: who guesses is slowed down, each try leaves a line in the log, sessions end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.actions import begin_sign_in, forget_sign_ins
from accounts.models import KnownNetwork, SignInTries, User
from accounts.slowing import FREE, LONGEST
from contact.actions.leaving import end_account
from rpec_site import worker
from rpec_site.groups import COORDINATORS
from tests.filled_forms import opened
from tests.people import PASSWORD, at_desk, make_user

pytestmark = pytest.mark.django_db

PLACES = ("203.0.112.7", "198.51.99.9")


@pytest.fixture
def ann() -> User:
    return make_user("ann", COORDINATORS)


def sign_in(
    email: str = "ann@rpec.example", password: str = PASSWORD, *, network: str = PLACES[0]
) -> Any:
    sent = {"username": email, "password": password, "next": "/admin/"}
    return Client().post("/admin/login/", sent, REMOTE_ADDR=network)


def guess(times: int, **where: str) -> list[int]:
    return [sign_in(password="wrong", **where).status_code for _ in range(times)]


def later(**passed: float) -> None:
    """Let time go by."""
    for row in SignInTries.objects.all():
        row.last_at -= timedelta(**passed)
        row.save()


class TestSlowingDown:
    def test_who_guesses_is_told_to_wait_and_not_even_heard(self, ann, monkeypatch):
        assert guess(FREE + 1) == [200] * FREE + [429]
        heard = []
        monkeypatch.setattr(hashers, "verify_password", lambda *given: heard.append(given))
        answer = sign_in()
        assert (answer.status_code, answer["Retry-After"]) == (429, "1")
        assert "Wait 1 second, then try again." in answer.content.decode()
        assert heard == []

    def test_once_the_wait_is_over_the_right_password_lets_in(self, ann):
        guess(FREE)
        later(seconds=1)
        assert sign_in().status_code == 302
        assert guess(1) == [200]

    def test_a_try_while_waiting_does_not_make_it_longer(self, ann):
        guess(FREE)
        before = SignInTries.objects.order_by("pk").values_list("failures", "last_at")
        rows = list(before)
        guess(10)
        assert list(before) == rows

    def test_whoever_guesses_elsewhere_keeps_nobody_out(self, ann):
        for number in range(30):
            guess(1, network=f"8.8.{number}.1")
        assert sign_in(network=PLACES[1]).status_code == 302

    def test_where_an_account_is_guessed_at_from_everywhere_each_network_has_one_try(self, ann):
        for number in range(20):
            guess(1, network=f"8.8.{number}.1")
        assert guess(2, network=PLACES[1]) == [200, 429]

    def test_a_colleague_is_not_held_up_where_they_have_signed_in_before(self, ann):
        assert sign_in().status_code == 302
        for number in range(30):
            guess(1, email=f"guessed-{number}@rpec.example")
        assert sign_in().status_code == 302
        make_user("new", COORDINATORS)
        assert sign_in("new@rpec.example").status_code == 429

    def test_spellings_of_one_address_count_as_one(self, ann):
        guess(FREE)
        assert sign_in(" ANN@rpec.EXAMPLE").status_code == 429

    def test_an_account_that_is_not_there_is_answered_like_one_that_is(self, ann):
        one = [sign_in(password="wrong") for _ in range(FREE + 1)]
        other = [
            sign_in("nobody@rpec.example", "wrong", network=PLACES[1]) for _ in range(FREE + 1)
        ]
        assert [answer.status_code for answer in one] == [answer.status_code for answer in other]

    def test_many_at_once_are_heard_no_more_often_than_many_in_a_row(self, ann):
        now = timezone.now()
        waits = [begin_sign_in(email=ann.email, network=PLACES[0], at=now) for _ in range(FREE + 3)]
        assert waits == [0] * FREE + [1] * 3

    def test_no_address_and_no_network_is_stored(self, ann):
        sign_in()
        guess(2)
        stored = f"{list(SignInTries.objects.values())}{list(KnownNetwork.objects.values())}"
        assert "rpec.example" not in stored
        assert PLACES[0] not in stored

    def test_what_counts_no_longer_is_forgotten(self, ann):
        sign_in()
        guess(2)
        assert forget_sign_ins(at=timezone.now()) == 0
        assert forget_sign_ins(at=timezone.now() + timedelta(hours=2)) == 3
        assert forget_sign_ins(at=timezone.now() + timedelta(days=91)) == 1

    def test_the_wait_is_bounded_whatever_the_number_of_guesses(self, ann):
        guess(FREE)
        SignInTries.objects.update(failures=2_000_000_000)
        assert 0 < int(sign_in()["Retry-After"]) <= LONGEST


class TestTheLog:
    @pytest.fixture
    def lines(self, caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
        caplog.set_level(logging.INFO, logger="accounts.sign_in")
        return lambda: [line.getMessage() for line in caplog.records if "sign" in line.name]

    def test_each_success_and_failure_leaves_a_line_by_number(self, ann, lines):
        sign_in(password="my secret")
        sign_in("who@rpec.example", "my secret")
        sign_in()
        assert lines() == [
            f"Account {ann.pk} could not sign in, from {PLACES[0]}",
            f"An unknown account could not sign in, from {PLACES[0]}",
            f"Account {ann.pk} signed in, from {PLACES[0]}",
        ]

    def test_who_had_to_wait_leaves_a_line_too(self, ann, lines):
        guess(FREE + 1)
        assert lines()[-1] == f"Account {ann.pk} must wait 1 s to sign in, from {PLACES[0]}"

    def test_who_may_not_sign_in_any_more_leaves_one(self, lines):
        ended = make_user("ended", COORDINATORS, is_staff=False)
        assert sign_in(ended.email).status_code == 200
        assert lines() == [f"Account {ended.pk} could not sign in, from {PLACES[0]}"]


class TestSessions:
    @pytest.mark.ignore_template_errors
    @pytest.mark.parametrize("tick", ["is_active", "is_staff"])
    def test_a_session_does_not_outlive_an_account_that_comes_back(self, ann, administrator, tick):
        theirs, desk = at_desk(ann), at_desk(administrator)
        assert theirs.get("/admin/").status_code == 200
        address = f"/admin/accounts/user/{ann.pk}/change/"
        form = opened(desk, address).sent()
        del form[tick]
        assert desk.post(address, form).status_code == 302
        desk.post(address, opened(desk, address).sent(**{tick: "on"}))
        ann.refresh_from_db()
        assert getattr(ann, tick)
        assert theirs.get("/admin/").status_code == 302

    def test_nor_one_that_was_ended_by_its_step(self, ann, administrator):
        theirs = at_desk(ann)
        end_account(user=ann, successions={}, by=administrator)
        User.objects.update(is_active=True)
        assert theirs.get("/admin/").status_code == 302

    @pytest.mark.ignore_template_errors
    def test_what_else_is_changed_signs_nobody_out(self, ann, administrator):
        theirs, desk = at_desk(ann), at_desk(administrator)
        address = f"/admin/accounts/user/{ann.pk}/change/"
        desk.post(address, opened(desk, address).sent(name="Ann"))
        assert theirs.get("/admin/").status_code == 200

    def test_the_worker_clears_sessions_that_have_ended(self, ann):
        at_desk(ann)
        at_desk(ann)
        ended = Session.objects.order_by("pk").values_list("pk", flat=True)[0]
        Session.objects.filter(pk=ended).update(expire_date=timezone.now())
        worker.forget_staff(worker.Worker.__new__(worker.Worker))
        assert Session.objects.count() == 1


@pytest.mark.parametrize(
    "asked", ["https://attacker.example/", "//attacker.example", "javascript:x"]
)
def test_a_way_out_of_the_site_leads_to_the_start_of_the_admin(ann, asked):
    sent = {"username": ann.email, "password": PASSWORD, "next": asked}
    answer = Client().post("/admin/login/", sent)
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
