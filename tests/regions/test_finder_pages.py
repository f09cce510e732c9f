"""The finder as people and programs use it: page and JSON give the same answer."""

from __future__ import annotations

import csv
import re

import pytest
from django.core.management import call_command
from django.test import Client

from regions.models import Place, PlaceTarget, Region
from tests.processes import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

DATA = ROOT / "regions" / "data"


def by_json(client: Client, query: str) -> tuple[str | None, list[str], str | None]:
    answer = client.get("/api/regions/lookup", {"q": query}).json()
    return answer["result"], [region["slug"] for region in answer["regions"]], answer["notice"]


def by_page(client: Client, query: str) -> tuple[str | None, list[str], str | None]:
    response = client.get("/find-your-coordinator/", {"q": query})
    assert response.status_code == 200
    page = response.content.decode()
    found = re.search(
        r'<section[^>]* data-result="([^"]+)"(?: data-notice="([^"]+)")?>(.*?)</section>',
        page,
        re.DOTALL,
    )
    if found is None:
        assert "data-result" not in page
        return None, [], None
    offered = re.findall(r'href="/regions/([^/]+)/" data-region="([^"]+)"', found[3])
    assert all(address == slug for address, slug in offered)
    return found[1], [slug for _, slug in offered], found[2]


def answer(client: Client, query: str) -> tuple[str | None, list[str], str | None]:
    page, api = by_page(client, query), by_json(client, query)
    assert page == api
    return page


@pytest.mark.parametrize(
    ("query", "regions"),
    [
        ("Leeds", ["north-east"]),
        ("East Sussex", ["south-east"]),
        ("Bristol", ["south-west"]),
        ("North-Yorkshire", ["north-east"]),
        ("Barnsley", ["north-east"]),
        ("Westmorland & Furness", ["north-west"]),
        ("windsor & maidenhead", ["south-east"]),
        ("Allerdale", ["north-west"]),
        ("North East Derbyshire", ["east-midlands"]),
        ("North West Leicestershire", ["east-midlands"]),
        ("Bath and North East Somerset", ["south-west"]),
        ("Southend on Sea City Council", ["east-of-england"]),
        ("Royal Borough of Kensington & Chelsea", ["london"]),
        ("ST HELENS COUNCIL", ["north-west"]),
        ("St. Helens", ["north-west"]),
        ("Salop", ["west-midlands"]),
        ("IOW", ["south-east"]),
        ("Hereford & Worcester", ["west-midlands"]),
        ("Avon", ["south-west"]),
        ("  yorkshire\u200b ", ["north-east"]),
    ],
)
def test_a_name_of_one_region_finds_it(client: Client, query: str, regions: list[str]) -> None:
    assert answer(client, query) == ("one", regions, None)


@pytest.mark.parametrize(
    ("query", "regions"),
    [
        ("Lincolnshire", ["east-midlands", "north-east"]),
        ("Richmond", ["london", "north-east"]),
        ("Kingston", ["london", "north-east"]),
    ],
)
def test_a_name_of_several_regions_is_asked_about(
    client: Client, query: str, regions: list[str]
) -> None:
    result, found, notice = answer(client, query)
    assert (result, sorted(found), notice) == ("many", regions, None)


def test_lincolnshire_offers_the_east_midlands_first(client: Client) -> None:
    assert answer(client, "Lincolnshire")[1][0] == "east-midlands"


@pytest.mark.parametrize("query", ["Cardiff", "Wrexham", "Scotland"])
def test_a_place_in_another_nation_is_outside_england(client: Client, query: str) -> None:
    assert answer(client, query) == ("outside-england", [], None)


def test_the_isle_of_man_is_north_west_and_not_in_england(client: Client) -> None:
    assert answer(client, "Isle of Man") == ("one", ["north-west"], "not-in-england")


@pytest.mark.parametrize(
    ("query", "result"),
    [
        ("county", "none"),
        ("1", "none"),
        ("<script>alert(1)</script>", "none"),
        ("{{7*7}}", "none"),
        ("SW1A 1A", "invalid"),
        ("ZZ99 9ZZ", "invalid"),
        ("XX1 1XX", "invalid"),
        ("M11 1AA", "none"),
        ("21580", "none"),
        ("x" * 100_000, "invalid"),
        ("a\x00b", "none"),
    ],
)
def test_what_is_not_a_place_is_answered_plainly(client: Client, query: str, result: str) -> None:
    assert answer(client, query) == (result, [], None)


def test_markup_is_inert(client: Client) -> None:
    page = client.get("/find-your-coordinator/", {"q": "<script>alert(1)</script>"})
    assert b"<script>alert" not in page.content


@pytest.mark.parametrize("query", ["", " ", "\u200b", "\u00a0\u2060\ufeff"])
def test_a_blank_question_has_no_answer(client: Client, query: str) -> None:
    assert answer(client, query) == (None, [], None)


def test_every_council_finds_its_own_region(client: Client) -> None:
    with (DATA / "areas.csv").open(encoding="utf-8") as lines:
        regions = {row["slug"]: row["region"] for row in csv.DictReader(lines)}
    with (DATA / "councils.csv").open(encoding="utf-8") as lines:
        expected = {row["name"]: regions[row["area"]] for row in csv.DictReader(lines)}
    found = {name: answer(client, name) for name in expected}
    assert len(found) == 296
    assert found == {name: ("one", [region], None) for name, region in expected.items()}


def test_a_name_that_an_editor_adds_is_found_and_kept(client: Client) -> None:
    place = Place(name="The Littletown Federation")
    place.full_clean()
    place.save()
    PlaceTarget.objects.create(place=place, region=Region.objects.get(slug="london"))
    assert answer(client, "The Littletown Federation") == ("one", ["london"], None)
    call_command("load_reference", verbosity=0)
    assert answer(client, "The Littletown Federation") == ("one", ["london"], None)
