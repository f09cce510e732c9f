from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from guidance.models import Edition, Link, Page
from tests.filled_forms import opened
from tests.guidance.factories import make_draft, make_edition, make_link
from tests.people import at_desk

pytestmark = pytest.mark.django_db

ADMIN = f"/{settings.ADMIN_PATH}guidance/"


@pytest.fixture
def staff(administrator: User) -> Client:
    return at_desk(administrator)


def messages(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_every_list_of_the_guidance_opens(staff: Client) -> None:
    make_edition()
    make_draft()
    make_link()

    paths = ["link/", "page/", "edition/", "link/?checked=no", "link/?checked=yes"]

    assert [staff.get(ADMIN + path).status_code for path in paths] == [200] * 5


@pytest.mark.usefixtures("empty_database")
def test_the_links_that_nobody_has_followed_are_marked_and_can_be_listed(staff: Client) -> None:
    make_link("followed", checked_on=date(2026, 11, 1))
    make_link("waiting")
    make_link("unknown", address="")

    response = staff.get(f"{ADMIN}link/?checked=no")
    everything = staff.get(f"{ADMIN}link/").content.decode()

    assert [link.key for link in response.context["cl"].result_list] == ["unknown", "waiting"]
    assert (everything.count("icon-no.svg"), everything.count("icon-yes.svg")) == (2, 1)
    assert "not known" in everything


@pytest.mark.usefixtures("empty_database")
def test_links_that_nobody_has_followed_for_half_a_year_can_be_listed(staff: Client) -> None:
    today = timezone.localdate()
    make_link("old", checked_on=today - timedelta(days=181))
    make_link("recent", checked_on=today - timedelta(days=180))
    make_link("waiting")

    response = staff.get(f"{ADMIN}link/?checked=overdue")

    assert [link.key for link in response.context["cl"].result_list] == ["old", "waiting"]


@pytest.mark.usefixtures("empty_database")
def test_chosen_links_are_marked_as_checked_today_and_unknown_ones_stay(staff: Client) -> None:
    known, unknown = make_link("known"), make_link("unknown", address="")

    response = staff.post(
        f"{ADMIN}link/",
        {"action": "mark_as_checked", "_selected_action": [known.pk, unknown.pk]},
        follow=True,
    )

    assert messages(response) == [
        "Links marked as checked today: 1.",
        "Left as they are, because their address is not known: 1.",
    ]
    assert list(Link.objects.order_by("key").values_list("key", "checked_on")) == [
        ("known", timezone.localdate()),
        ("unknown", None),
    ]
    assert (known.history.count(), unknown.history.count()) == (2, 1)
    assert known.history.latest().history_user == staff.get(ADMIN).context["user"]


def test_a_new_address_counts_as_unchecked_and_the_editor_is_told(staff: Client) -> None:
    link = make_link(checked_on=date(2026, 11, 1))

    address = f"{ADMIN}link/{link.pk}/change/"
    form = opened(staff, address)
    response = staff.post(address, form.sent(address="https://elsewhere.example/"), follow=True)

    link.refresh_from_db()
    assert (link.address, link.checked_on) == ("https://elsewhere.example/", None)
    assert messages(response)[0] == (
        "The address has changed, so the link counts as unchecked until you mark it."
    )


def test_a_link_keeps_the_key_that_texts_know_it_by(staff: Client) -> None:
    link = make_link("known")

    form = staff.get(f"{ADMIN}link/{link.pk}/change/").content.decode()

    assert 'name="key"' not in form
    assert 'name="key"' in staff.get(f"{ADMIN}link/add/").content.decode()


@pytest.mark.usefixtures("empty_database")
def test_an_address_that_is_none_is_refused_at_its_field(staff: Client) -> None:
    response = staff.post(
        f"{ADMIN}link/add/",
        {"key": "k", "label": "L", "owner": "O", "address": "javascript:alert(1)"},
    )

    assert response.context["adminform"].form.errors["address"] == ["Enter a valid URL."]
    assert not Link.objects.exists()


def test_editions_are_to_read_and_not_to_change(staff: Client) -> None:
    edition = make_edition()

    page = staff.get(f"{ADMIN}edition/{edition.pk}/change/")

    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert edition.get_absolute_url() in page.content.decode()
    assert staff.get(f"{ADMIN}edition/add/").status_code == 403
    assert staff.post(f"{ADMIN}edition/{edition.pk}/change/", {"title": "x"}).status_code == 403
    assert staff.post(f"{ADMIN}edition/{edition.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Edition.objects.get().title == "Some guidance"


def test_an_edition_leads_to_where_readers_see_it_and_a_draft_nowhere(staff: Client) -> None:
    edition = make_edition()
    make_draft()

    page = staff.get(f"{ADMIN}edition/").content.decode()

    assert page.count(f'<a href="{edition.get_absolute_url()}">See it</a>') == 1
    assert page.count("not public") == 1


def test_who_changed_a_page_s_settings_is_kept(staff: Client) -> None:
    page = make_edition().page

    address = f"{ADMIN}page/{page.pk}/change/"
    staff.post(address, opened(staff, address).sent(applies_to="England and Wales"))

    newest = Page.objects.get().history.first()
    assert newest is not None
    assert (newest.applies_to, str(newest.history_user)) == (
        "England and Wales",
        "administrator@rpec.example",
    )


def test_a_page_is_not_deleted(staff: Client) -> None:
    page = make_edition().page

    assert staff.post(f"{ADMIN}page/{page.pk}/delete/", {"post": "yes"}).status_code == 403
