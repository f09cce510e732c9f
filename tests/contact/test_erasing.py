"""Nothing is erased before somebody has seen what goes, and said so on a page of its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from contact.actions import handling
from contact.models import Enquiry, PersonalDataRequest
from tests.contact.desk import at_desk, coordinator, enquiry, national_team
from tests.guidance.desk import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

PERSON = "/admin/contact/enquiry/person/"
ERASE = f"{PERSON}erase/"
WHO = "marker@school.example"


@pytest.fixture
def team() -> User:
    return national_team()


@pytest.fixture
def desk(team: User) -> Client:
    return at_desk(team)


def ask(desk: Client) -> Any:
    return desk.post(PERSON, {"email": WHO, "erase": "1"})


def answer(page: Any) -> dict[str, str]:
    """Return what the page's button sends."""
    form = page.context["form"]
    return {name: form[name].value() for name in form.fields}


def test_it_lists_what_goes_and_names_what_still_waits_for_an_answer(desk, team):
    urgent = enquiry(topic="complex-case")
    answered, kept = enquiry(token="answered"), enquiry(token="kept")
    handling.mark_as_answered(enquiry=answered, by=team)
    handling.begin_legal_hold(enquiry=kept, by=team, note="Needed.")
    page = words(ask(desk))
    flag = page.partition("still wait")[2].partition("</p>")[0]
    assert f"{urgent.reference}</a> (complex case)" in flag
    assert answered.reference not in flag
    assert "What goes: 2 enquiries of marker@school.example" in page
    assert kept.reference in page.partition("What stays, because of a legal hold")[2]
    assert Enquiry.objects.count() == 3


def test_its_button_is_coloured_as_a_danger_and_has_a_rule(desk):
    enquiry()
    assert 'value="Erase for ever" class="rpec-danger"' in words(ask(desk))
    sheet = (Path(settings.BASE_DIR) / "assets/backoffice/_frame.scss").read_text()
    assert re.search(r"\.rpec-danger \{\s+background: var\(--delete-button-bg\)", sheet)


def test_looking_at_either_page_erases_nothing(desk):
    enquiry()
    assert desk.get(f"{PERSON}?email={WHO}&erase=1").status_code == 200
    assert desk.get(ERASE).status_code == 302
    assert Enquiry.objects.count() == 1
    assert not PersonalDataRequest.objects.filter(kind="erased").exists()


@pytest.mark.parametrize("sent", [{}, {"email": "nobody"}, {"email": WHO}])
def test_who_comes_to_the_button_without_having_seen_the_list_erases_nothing(desk, sent):
    enquiry()
    desk.post(ERASE, sent)
    assert Enquiry.objects.count() == 1


def test_what_came_in_meanwhile_is_shown_before_it_goes(desk):
    enquiry()
    seen = answer(ask(desk))
    new = enquiry(token="new")
    page = desk.post(ERASE, seen)
    assert "has changed since you looked" in words(page)
    assert new.reference in words(page)
    assert Enquiry.objects.count() == 2
    desk.post(ERASE, answer(page))
    assert not Enquiry.objects.exists()


def test_an_address_without_enquiries_offers_no_button(desk):
    page = words(ask(desk))
    assert "What goes: 0 enquiries" in page
    assert "Erase for ever" not in page


def test_who_may_not_handle_personal_data_reaches_neither_page():
    enquiry()
    desk = at_desk(coordinator("north-west"))
    assert desk.post(ERASE, {"email": WHO}).status_code == 403
    assert desk.get(ERASE).status_code == 403
    assert Enquiry.objects.count() == 1
