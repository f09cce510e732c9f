"""Whom to ask nearby: shown where somebody has checked it, and kept right in the admin."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from regions.models import Area, LocalContact, Place, Region
from rpec_site.waiting import waiting_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

CHECKED = date(2025, 7, 3)


def make_contact(council: str = "", area: str = "", **values: Any) -> LocalContact:
    values = {
        "kind": "police" if area else "prevent",
        "council": Place.objects.get(name=council) if council else None,
        "area": Area.objects.get(slug=area) if area else None,
        "label": f"{council or area} team",
        "telephone": "0161 000 0000",
        "owner": council or "The police",
        "checked_on": CHECKED,
    } | values
    return LocalContact.objects.create(**values)


def shown(client: Client, address: str) -> list[str]:
    page = client.get(address).content.decode()
    return re.findall(r'rpec-local__contact">\s*<strong>(.*?)</strong>', page)


def find(client: Client, query: str) -> list[str]:
    return shown(client, f"/find-your-coordinator/?q={query}")


def test_the_councils_own_contact_comes_before_the_police_of_the_whole_area(client: Client) -> None:
    make_contact(area="greater-manchester")
    make_contact("Wigan")
    make_contact("Bolton")
    assert find(client, "Wigan") == ["Wigan team", "greater-manchester team"]
    assert find(client, "Greater+Manchester") == ["greater-manchester team"]
    assert find(client, "Leeds") == []


def test_one_that_nobody_has_checked_is_not_shown(client: Client) -> None:
    make_contact("Wigan", checked_on=None)
    assert find(client, "Wigan") == []
    assert shown(client, "/regions/north-west/") == []
    assert b"Local contacts" not in client.get("/find-your-coordinator/?q=Wigan").content
    assert b"Local contacts" not in client.get("/regions/north-west/").content


@pytest.mark.parametrize("query", ["Lincolnshire", "Cardiff", "nowhere", ""])
def test_none_is_shown_while_the_region_is_not_certain(client: Client, query: str) -> None:
    make_contact("Lincoln")
    make_contact(area="lincolnshire")
    assert find(client, query) == []


def test_a_regions_page_shows_all_of_its_own_by_council(client: Client) -> None:
    make_contact(area="greater-manchester")
    make_contact("Wigan")
    make_contact("Bolton")
    make_contact("Leeds")
    assert shown(client, "/regions/north-west/") == [
        "Bolton team",
        "Wigan team",
        "greater-manchester team",
    ]
    assert shown(client, "/regions/london/") == []


def test_each_says_how_to_reach_it_who_keeps_it_and_when_it_was_checked(client: Client) -> None:
    make_contact(
        "Wigan",
        email="prevent@wigan.example",
        address="https://wigan.example/prevent",
        telephone="+44 (0)1942 000 000",
    )
    page = " ".join(client.get("/find-your-coordinator/?q=Wigan").content.decode().split())
    assert 'href="tel:+441942000000">+44 (0)1942 000 000</a>' in page
    assert 'href="mailto:prevent@wigan.example"' in page
    assert 'href="https://wigan.example/prevent"' in page
    assert "For Wigan. Kept by Wigan, last checked 3 July 2025." in page


@pytest.mark.parametrize(
    ("telephone", "dialled"),
    [
        ("01942 000 000", "01942000000"),
        ("(01942) 000-000", "01942000000"),
        ("+44 (0)1942 000000", "+441942000000"),
        ("101, extension 5", ""),
        ("", ""),
    ],
)
def test_a_number_with_words_in_it_is_not_dialled(telephone: str, dialled: str) -> None:
    assert LocalContact(telephone=telephone).dialled == dialled


def test_none_can_be_kept_that_cannot_be_reached() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_contact("Wigan", telephone="")


def test_loading_reference_data_again_leaves_contacts_with_their_councils(client: Client) -> None:
    make_contact("Wigan")
    before = set(Place.objects.values_list("pk", "key"))
    call_command("load_reference", verbosity=0)
    assert find(client, "Wigan") == ["Wigan team"]
    assert set(Place.objects.values_list("pk", "key")) == before


def test_a_council_that_leaves_the_list_is_kept_while_a_contact_points_at_it(
    client: Client,
) -> None:
    for name in ("Oldtown", "Gonetown"):
        Place.objects.create(name=name, key=name.lower(), kind="council", is_reference=True)
    make_contact("Oldtown")
    call_command("load_reference", verbosity=0)
    assert list(Place.objects.filter(key__endswith="town", kind="council").values_list("key")) == [
        ("oldtown",)
    ]


def test_those_not_checked_for_half_a_year_wait_on_the_front_page(
    editor: User, desk: Client
) -> None:
    today = timezone.localdate()
    make_contact("Wigan", checked_on=None)
    make_contact("Bolton", checked_on=today - timedelta(days=181))
    make_contact("Bury", checked_on=today - timedelta(days=180))
    waiting = {line.text: line for line in waiting_for(editor)}
    line = waiting["local contacts to check"]
    assert line.count == 2
    page = desk.get(line.url).content.decode()
    assert "Wigan team" in page
    assert "Bolton team" in page
    assert "Bury team" not in page


def test_marking_as_checked_is_in_the_contacts_history(editor: User, desk: Client) -> None:
    chosen = make_contact("Wigan", checked_on=None)
    make_contact("Bolton", checked_on=None)
    response = desk.post(
        "/admin/regions/localcontact/",
        {"action": "mark_as_checked", "_selected_action": [chosen.pk]},
    )
    assert response.status_code == 302
    today = timezone.localdate()
    assert dict(LocalContact.objects.values_list("label", "checked_on")) == {
        "Wigan team": today,
        "Bolton team": None,
    }
    last = LocalContact.history.filter(id=chosen.pk).first()
    assert last is not None
    assert (last.checked_on, last.history_user) == (today, editor)


def test_an_editor_adds_one(desk: Client, client: Client) -> None:
    values = {
        "kind": "prevent",
        "label": "Wigan Prevent team",
        "council": Place.objects.get(key="wigan").pk,
        "telephone": "01942 000000",
        "owner": "Wigan Council",
        "checked_on": "2025-07-03",
    }
    assert desk.post("/admin/regions/localcontact/add/", values).status_code == 302
    assert find(client, "Wigan") == ["Wigan Prevent team"]
    assert shown(client, Region.objects.get(slug="north-west").get_absolute_url()) == [
        "Wigan Prevent team"
    ]


def test_only_councils_are_offered(desk: Client) -> None:
    html = desk.get("/admin/regions/localcontact/add/").content.decode()
    [councils] = re.findall(r'<select name="council".*?</select>', html, re.DOTALL)
    assert ">Wigan</option>" in councils
    assert "Greater Manchester" not in councils
