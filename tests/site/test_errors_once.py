"""What is wrong with a field is said once: at the field, and in the summary."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from copy import deepcopy
from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING, Any

import pytest
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.test.html import Element

from tests.contact.desk import TYPED
from tests.govuk.html import attribute, document, elements, text
from tests.people import make_administrator

if TYPE_CHECKING:
    AnyForm = type[forms.Form] | type[forms.ModelForm[Any]]

APPS = ("accounts", "backoffice", "contact", "govuk", "guidance", "outbox", "regions", "training")
# Wrong in as many ways at once as may be.
WRONG = (
    "",
    "\u200b",
    "\0",
    "x\0" * 3000,
    "x\n" * 6000,
    "x" * 6000,
    "ada.example.org",
    "ada@example.org\r\nBcc: x",
    "a@☃.example",
    "https://exa mple.org/\n",
    "http://",
    "javascript:1",
    "-1",
    "9" * 15,
    "1e999",
    "2026-99-99",
    "0001-01-01",
    "9999-12-31",
    "[]",
)
NO_ADDRESSES = (
    "ada.example.org",
    "ada@",
    "@example.org",
    "ada@@example.org",
    "ada@example",
    "ada lovelace@example.org",
    "Ada <ada@example.org>",
    "ada@example.org, bob@example.org",
    '"ada"@example.org',
    "ada@example..org",
    "ada@192.0.2.1",
    "ada@[192.0.2.1]",
    "ada@-example.org",
    "ada@☃.example",
    "ada@example.org\0",
    "ada\n@example.org",
    "a" * 300,
    "a" * 300 + "\0@example.org",
    "",
)


def forms_of_the_site() -> Iterator[AnyForm]:
    for app in APPS:
        for module in walk_packages(import_module(app).__path__, f"{app}."):
            if ".migrations" in module.name or ".management" in module.name:
                continue
            for found in vars(import_module(module.name)).values():
                if inspect.isclass(found) and issubclass(found, (forms.Form, forms.ModelForm)):
                    yield found


def forms_of_the_admin() -> Iterator[AnyForm]:
    request = RequestFactory().get("/")
    request.user = make_administrator()
    for model_admin in admin.site._registry.values():
        if not model_admin.has_add_permission(request):
            continue  # What nobody may write has no form.
        yield model_admin.get_form(request)
        for _, inline in model_admin.get_formsets_with_inlines(request):
            yield inline.get_formset(request).form


def messages(field: forms.Field, value: str) -> list[str]:
    """Return what a field says of a value, or of as many as it takes."""
    given: object = value
    if isinstance(field, forms.MultiValueField):
        given = [value for _ in field.fields]
    elif isinstance(field, (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)):
        given = [value, value]
    try:
        deepcopy(field).clean(given)
    except ValidationError as error:
        return error.messages
    return []


def twice(messages: list[str]) -> bool:
    return len(messages) > len(set(messages))


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data")
def test_no_field_of_any_form_says_the_same_twice() -> None:
    tried = {
        (form, name): field
        for form in (*forms_of_the_site(), *forms_of_the_admin())
        for name, field in form.base_fields.items()
        if not isinstance(field, forms.FileField)
    }
    assert len(tried) > 100
    found = [
        (form.__qualname__, name, value[:20], said)
        for (form, name), field in tried.items()
        for value in WRONG
        if twice(said := messages(field, value))
    ]
    assert found == []


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data")
@pytest.mark.parametrize("value", WRONG)
def test_no_form_of_the_admin_says_the_same_of_a_field_twice(value: str) -> None:
    found = []
    for form in forms_of_the_admin():
        names = [name for field in form.base_fields for name in (field, f"{field}_0", f"{field}_1")]
        for field, said in form(dict.fromkeys(names, value)).errors.items():
            if twice([str(words) for words in said]):
                found.append((form.__qualname__, field, said))
    assert found == []


def errors_of(page: Element) -> tuple[list[tuple[str | None, str]], list[str]]:
    """Return the summary's links with their words, and the messages at the fields."""
    [summary] = elements(page, class_="govuk-error-summary")
    links = [(attribute(link, "href"), text(link)) for link in elements(summary, "a")]
    return links, [text(said) for said in elements(page, "p", class_="govuk-error-message")]


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data")
@pytest.mark.parametrize("typed", NO_ADDRESSES)
def test_what_is_no_address_has_one_link_in_the_summary_and_one_message(typed: str) -> None:
    response = Client().post("/contact/", {**TYPED, "email": typed})
    assert response.status_code == 422
    links, said = errors_of(document(response.content.decode()))
    assert [href for href, _ in links] == ["#id_email"]
    assert said == [f"Error: {links[0][1]}"]


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data")
@pytest.mark.parametrize("value", WRONG)
def test_a_contact_form_that_is_wrong_throughout_says_each_thing_once(value: str) -> None:
    wrong = dict.fromkeys(TYPED, value)
    response = Client().post("/contact/", wrong)
    assert response.status_code == 422
    links, said = errors_of(document(response.content.decode()))
    assert len(links) == len(set(links))
    assert len(said) == len({href for href, _ in links})


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data")
def test_an_address_that_is_too_long_is_called_that() -> None:
    response = Client().post("/contact/", {**TYPED, "email": "a" * 300 + "@example.org"})
    _, said = errors_of(document(response.content.decode()))
    assert said == ["Error: Write an e-mail address of 254 characters or fewer."]
