"""Whoever takes an administrator's rights leaves another one."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from tests.filled_forms import opened
from tests.guidance.desk import words
from tests.people import at_desk, make_administrator, make_editor

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("reference_data"),
    # Django's own templates for passwords read variables that need not be there.
    pytest.mark.ignore_template_errors,
]

SENTENCE = "Nobody else can administer this site"
ABLE = {"is_active": "on", "is_staff": "on", "is_superuser": "on"}


def change(desk: Client, user: User, *without: str) -> Any:
    """Save somebody's form with these ticks taken out of it."""
    return desk.post(address_of(user), filled(desk, user, *without))


def address_of(user: User) -> str:
    return f"/admin/accounts/user/{user.pk}/change/"


def filled(desk: Client, user: User, *without: str) -> dict[str, Any]:
    """Return what is sent of somebody's form with these ticks taken out of it."""
    sent = opened(desk, address_of(user)).sent(name="Typed")
    return {name: sent[name] for name in sent if name not in without}


@pytest.mark.parametrize("tick", ABLE)
def test_the_last_one_takes_no_tick_from_themselves_and_what_was_typed_stays(administrator, tick):
    page = words(change(at_desk(administrator), administrator, tick))
    assert SENTENCE in page
    assert 'value="Typed"' in page
    assert User.objects.administrators().get() == administrator


def test_somebody_who_may_change_users_takes_it_from_the_last_one_no_more(administrator):
    boss = make_administrator("boss")
    assert change(at_desk(boss), boss, "is_superuser").status_code == 302
    assert SENTENCE in words(change(at_desk(administrator), administrator, "is_active"))


def test_with_another_one_there_it_can_be_taken(administrator):
    other = make_administrator("other")
    assert change(at_desk(administrator), other, "is_superuser").status_code == 302
    assert User.objects.administrators().get() == administrator


@pytest.mark.parametrize(
    "fields", [{"is_active": False}, {"is_staff": False}, {"password": "!nothing"}]
)
def test_an_administrator_who_cannot_sign_in_is_no_other_one(administrator, fields):
    User.objects.filter(pk=make_administrator("other").pk).update(**fields)
    assert SENTENCE in words(change(at_desk(administrator), administrator, "is_superuser"))


def test_the_last_one_is_not_deleted(administrator):
    desk = at_desk(administrator)
    address = f"/admin/accounts/user/{administrator.pk}/delete/"
    assert SENTENCE in words(desk.post(address, {"post": "yes"}))
    assert User.objects.filter(pk=administrator.pk).exists()


def test_all_administrators_at_once_are_not_deleted_from_the_list(administrator):
    keys = [administrator.pk, make_administrator("other").pk, make_editor("third").pk]
    sent = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    assert SENTENCE in words(at_desk(administrator).post("/admin/accounts/user/", sent))
    assert User.objects.filter(pk__in=keys).count() == 3


def test_others_can_be_deleted_from_the_list(administrator):
    other = make_editor("third")
    sent = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}
    assert at_desk(administrator).post("/admin/accounts/user/", sent).status_code == 302
    assert not User.objects.filter(pk=other.pk).exists()


def test_the_last_one_keeps_a_password(administrator):
    desk = at_desk(administrator)
    address = f"/admin/accounts/user/{administrator.pk}/password/"
    sent = {"usable_password": "false", "unset-password": "1"}
    assert SENTENCE in words(desk.post(address, sent))
    assert User.objects.get(pk=administrator.pk).has_usable_password()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("reference_data")
class TestAtTheSameMoment:
    @pytest.fixture(autouse=True)
    def _alone(self) -> Iterator[None]:
        """Leave nobody behind: what these tests store is not rolled back."""
        yield
        User.objects.all().delete()

    def test_two_who_take_it_from_each_other_do_not_both_succeed(self):
        pair = [make_administrator("one"), make_administrator("two")]
        desks, barrier = [at_desk(user) for user in pair], Barrier(2)

        forms = [
            filled(desk, other, "is_superuser")
            for desk, other in zip(desks, reversed(pair), strict=True)
        ]

        def take(desk: Client, other: User, sent: dict[str, Any]) -> None:
            # An engine may refuse one of them altogether: it locks whole tables.
            desk.raise_request_exception = False
            barrier.wait()
            desk.post(address_of(other), sent)
            connection.close()

        threads = [
            Thread(target=take, args=(desk, other, sent))
            for desk, other, sent in zip(desks, reversed(pair), forms, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert User.objects.administrators().exists()
