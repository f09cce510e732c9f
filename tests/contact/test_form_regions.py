"""The contact form's question of the region: what decides it, what is asked, what is offered."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from contact.models import Enquiry
from regions.models import Area, Establishment, PostcodeSector
from regions.names import establishment_keys
from regions.postcodes import BYTES
from tests.contact.desk import post, region_of, send, stored

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


@pytest.fixture
def national_files(reference_data: None) -> None:
    """One sector of postcodes that are in use, one that has ended, and one school."""
    area = Area.objects.get(slug="greater-manchester")
    every = bytes([255] * BYTES)
    for sector, in_use in (("1", True), ("2", False)):
        PostcodeSector.objects.create(
            outward="M11",
            sector=sector,
            area=area,
            council="Manchester",
            in_use=in_use,
            units=every,
        )
    Establishment.objects.create(
        urn=100001,
        ukprn=10000001,
        name="Littletown High School",
        key=establishment_keys("Littletown High School")[0],
        council="Manchester",
        status="open",
        area=area,
    )


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("M11 1AA", "M11 1AA"),
        ("m111aa", "M11 1AA"),
        ("littletown high school", "Littletown High School"),
        ("100001", "Littletown High School"),
        ("10000001", "Littletown High School"),
    ],
)
def test_a_postcode_a_school_or_its_number_decides_and_the_check_page_says_why(
    client: Client, national_files: None, place: str, name: str
) -> None:
    page = " ".join(post(client, place=place).content.decode().split())
    assert (
        "This goes to the <strong>North-West co-ordinator</strong>, "
        f"because {name} is in Manchester, which is policed by Greater Manchester." in page
    )
    send(client, place=place)
    assert region_of(stored()).slug == "north-west"


def test_a_postcode_that_has_ended_decides_and_the_check_page_says_so(
    client: Client, national_files: None
) -> None:
    page = post(client, place="M11 2AA").content.decode()
    assert "M11 2AA is no longer in use. It was in North-West." in page


def test_an_ambiguous_place_is_asked_about_and_the_answer_routes(client: Client) -> None:
    response = send(client, place="Lincolnshire")
    page = response.content.decode()
    assert response.status_code == 422
    offered = re.findall(r'type="radio" name="area" value="([^"]+)"', page)
    assert offered == ["lincolnshire", "humberside", "several"]
    assert send(client, place="Lincolnshire", area="humberside").status_code == 302
    assert (region_of(stored()).slug, stored().is_override) == ("north-east", False)


@pytest.mark.parametrize("place", ["Cardiff", "Nowhere-on-Sea", "M11 1AA", "ZZ99 9ZZ", "1"])
def test_an_unplaceable_place_is_never_guessed_and_every_region_is_offered(
    client: Client, place: str
) -> None:
    response = send(client, place=place)
    page = response.content.decode()
    assert response.status_code == 422
    assert re.findall(r'type="radio" name="area" value="([^"]+)"', page) == [
        "north-west",
        "north-east",
        "west-midlands",
        "east-midlands",
        "south-east",
        "south-west",
        "east-of-england",
        "london",
        "several",
    ]
    assert "Greater Manchester, Cheshire, Cumbria" in page
    assert Enquiry.objects.count() == 0


def test_change_keeps_the_area_that_was_chosen(client: Client) -> None:
    for place, area in (("Lincolnshire", "humberside"), ("Leeds", "kent"), ("Nowhere", "several")):
        page = post(client, place=place, area=area, change="all").content.decode()
        assert re.search(rf'name="area" value="{area}"[^>]* checked', page), (place, area)


def test_change_offers_the_places_that_were_meant_and_every_region(client: Client) -> None:
    page = post(client, place="Lincolnshire", area="humberside", change="area").content.decode()
    offered = re.findall(r'type="radio" name="area" value="([^"]+)"', page)
    assert offered[:2] == ["lincolnshire", "humberside"]
    assert {"london", "north-west", "several"} <= set(offered)


def test_who_chooses_a_region_has_not_chosen_the_force_of_the_same_name(client: Client) -> None:
    assert send(client, place="", area="west-midlands").status_code == 302
    assert (region_of(stored()).slug, stored().area) == ("west-midlands", None)


def test_several_regions_go_to_the_national_team(client: Client) -> None:
    assert send(client, area="several").status_code == 302
    enquiry = stored()
    assert (enquiry.region, enquiry.area, enquiry.post) == (None, None, None)


def test_a_chosen_region_overrides_the_place_and_the_check_page_asks_if_that_is_right(
    client: Client,
) -> None:
    page = " ".join(post(client, area="london").content.decode().split())
    assert "<strong>London co-ordinator</strong>, because London was chosen." in page
    assert "Is that right?" in page
    send(client, area="london")
    assert (region_of(stored()).slug, stored().is_override) == ("london", True)


def test_the_isle_of_man_goes_to_the_north_west_and_says_that_it_is_not_in_england(
    client: Client,
) -> None:
    page = post(client, place="Isle of Man").content.decode()
    assert "North-West co-ordinator" in page
    assert "not in England" in page


def test_change_gives_everything_back_with_the_regions_to_choose_from(client: Client) -> None:
    response = post(client, change="area")
    page = response.content.decode()
    assert response.status_code == 200
    assert 'name="area" value="north-west"' in page
    for typed in ("Wigan", "MARKER-message", "MARKER-name", "marker@school.example"):
        assert typed in page
    assert Enquiry.objects.count() == 0


@pytest.mark.usefixtures("national_files")
def test_the_place_is_asked_for_in_the_finders_words(client: Client) -> None:
    page = " ".join(client.get("/contact/").content.decode().split())
    assert "Which county, council, postcode or school is this about?" in page
    for address in ("/", "/find-your-coordinator/", "/find-your-coordinator/?q=Leeds", "/contact/"):
        page = client.get(address).content.decode()
        assert "Type a town, county, council, postcode, school or its number" in page
    assert "for example Norfolk or LS1 1UR: where the site itself is, not its head office" in page
