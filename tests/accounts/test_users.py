"""Staff users, and the command that makes the first."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.test import Client

from accounts.actions import load_groups
from accounts.models import User

pytestmark = pytest.mark.django_db


def test_capitals_in_an_address_make_no_difference() -> None:
    user = User.objects.create_user("Sam@Example.org", "a long password")
    assert user.email == "sam@example.org"
    assert Client().login(username="SAM@example.ORG", password="a long password")


def test_an_address_is_there_once_whatever_its_capitals() -> None:
    User.objects.create_user("sam@example.org")
    with pytest.raises(ValidationError, match="Somebody has this e-mail address already"):
        User(email="SAM@example.org", password="x").full_clean()


def test_the_database_itself_refuses_capitals() -> None:
    with pytest.raises(IntegrityError):
        User.objects.bulk_create([User(email="SAM@example.org")])


def test_a_user_needs_an_address() -> None:
    with pytest.raises(ValueError, match="needs an e-mail address"):
        User.objects.create_user("  ")


def test_a_bare_name_signs_in_on_an_example_site_only(settings: Any) -> None:
    User.objects.create_user("editor@example.org", "a long password")
    assert not Client().login(username="editor", password="a long password")
    settings.EXAMPLES = True
    assert Client().login(username="editor", password="a long password")


def test_a_refused_sign_in_says_where_capitals_matter() -> None:
    sent = {"username": "SAM@example.org", "password": "wrong"}
    page = Client().post("/admin/login/", sent).content.decode()
    assert "Capitals make a difference in the password only." in page
    assert "case-sensitive" not in page


def create_administrator(
    monkeypatch: pytest.MonkeyPatch, password: str, email: str = "Sam@example.org"
) -> str:
    output = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    call_command("create_administrator", email, stdout=output)
    return output.getvalue()


def test_an_administrator_is_made_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    output = create_administrator(monkeypatch, "correct horse battery")
    assert output == "sam@example.org can now sign in as an administrator.\n"
    user = User.objects.get()
    assert (user.is_superuser, user.check_password("correct horse battery")) == (True, True)


@pytest.mark.parametrize(
    ("password", "email", "words"),
    [
        ("", "sam@example.org", "No password came on standard input"),
        ("short", "sam@example.org", "too short"),
        ("correct horse battery", "nobody", "Not an e-mail address"),
    ],
)
def test_bad_input_is_told_and_nobody_is_made(
    monkeypatch: pytest.MonkeyPatch, password: str, email: str, words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        create_administrator(monkeypatch, password, email)
    assert not User.objects.exists()


def test_an_administrator_is_not_made_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    create_administrator(monkeypatch, "correct horse battery")
    with pytest.raises(CommandError, match="has an account already; nothing was changed"):
        create_administrator(monkeypatch, "another horse battery")


def test_a_permission_that_does_not_exist_is_named() -> None:
    with pytest.raises(LookupError, match=r"contact\.read_minds"):
        load_groups(permissions={"Seers": ["contact.read_minds"]})
