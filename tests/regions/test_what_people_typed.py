"""What people typed, and the region that each text names, on an installation as it comes."""

from __future__ import annotations

import pytest
from django.test import Client

from regions.answers import Answer, Result
from regions.lookup import alike, answer
from tests.regions.packages import install_postcodes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

ONE = {
    # Towns and villages.
    "Brighton": "south-east",
    "Huddersfield": "north-east",
    "Keighley": "north-east",
    "Crewe": "north-west",
    "Basingstoke": "south-east",
    "Torquay": "south-west",
    "Whitby": "north-east",
    "Ely": "east-of-england",
    "Hereford": "west-midlands",
    "Barking": "london",
    "Bradford on Avon": "south-west",
    "Clacton": "east-of-england",
    "Leamington Spa": "west-midlands",
    "Tunbridge Wells": "south-east",
    "Saint Albans": "east-of-england",
    "Peterboro": "east-of-england",
    "Scarboro": "north-east",
    # Halves of joint councils.
    "Hove": "south-east",
    "Windsor": "south-east",
    "Chester": "north-west",
    "Hammersmith": "london",
    "King's Lynn": "east-of-england",
    "Newark": "east-midlands",
    "Folkestone": "south-east",
    "Wrekin": "west-midlands",
    # Short names.
    "B'ham": "west-midlands",
    "Mcr": "north-west",
    "Soton": "south-east",
    # Several parts that agree.
    "Leeds, West Yorkshire": "north-east",
    "Leeds West Yorkshire": "north-east",
    "Leeds City Council, Leeds": "north-east",
    "Newham London": "london",
    "near Leeds": "north-east",
    "leeds uk": "north-east",
    "Leeds LA": "north-east",
    "Kent LEA": "south-east",
    "my school is in Kent": "south-east",
    "Cornwall & Isles of Scilly": "south-west",
    "14 High Street, Leeds": "north-east",
    # A name that several places have, and which one.
    "Newport, Isle of Wight": "south-east",
    "Newport, Shropshire": "west-midlands",
    "Newport (Essex)": "east-of-england",
    "Richmond, North Yorkshire": "north-east",
    "Preston, Rutland": "east-midlands",
    "Grimsby, Lincolnshire": "north-east",
    "Wales, Rotherham": "north-east",
    "Gillingham, Dorset": "south-west",
    "st neots": "east-of-england",
    "St Ives, Cambridgeshire": "east-of-england",
    "st ives, cornwall": "south-west",
    "burton on trent": "west-midlands",
    "Newcastle on Tyne": "north-east",
    "bognor": "south-east",
    "wimborne": "south-west",
    "Whitchurch, Hampshire": "south-east",
    "Yarmouth, Norfolk": "east-of-england",
    "I teach at a secondary school in Leeds": "north-east",
    "Leeds schools": "north-east",
    # Names that hold others.
    "North East Derbyshire": "east-midlands",
    "Newcastle-under-Lyme": "west-midlands",
}
SEVERAL = {
    "Newcastle": ("north-east", "west-midlands"),
    "Barrow": ("north-west", "east-midlands", "east-of-england", "north-east"),
    "Farnborough": ("south-east", "london", "west-midlands"),
    "Lincs": ("east-midlands", "north-east"),
    "London and South East": ("london", "south-east"),
    "Barnet, Hertfordshire": ("london", "east-of-england"),
    "Rochester": ("south-east", "north-east"),
    "st ives": ("east-of-england", "south-west"),
    "Yarmouth": ("east-of-england", "south-east"),
    "Somerton": ("south-west", "south-east"),
}
OUTSIDE = (
    *("Dundee", "Aberdeen", "Armagh", "Conwy", "Perth", "Bridgend", "Merthyr Tydfil", "Lisburn"),
    *("Alderney", "Derry", "Llandudno", "Newport, Wales", "Saint Peter Port", "Stornoway"),
)
NATIONAL = ("England", "the UK", "national", "online", "several regions", "All regions")
UNKNOWN = ("Leeds Road", "county", "Derbyshire Dales Road", "school", "near", "Xanadu", "1")


def regions(found: Answer) -> tuple[str, ...]:
    return tuple(finding.region_slug for finding in found.findings)


def test_what_names_one_region_finds_it() -> None:
    found = {query: answer(query) for query in ONE}
    assert {q: regions(a) for q, a in found.items() if a.result is Result.ONE} == {
        query: (region,) for query, region in ONE.items()
    }


def test_what_names_several_is_asked_about_the_larger_place_first() -> None:
    found = {query: answer(query) for query in SEVERAL}
    assert {q: regions(a) for q, a in found.items() if a.result is Result.MANY} == SEVERAL


def test_what_is_outside_england_is_said_to_be() -> None:
    assert [q for q in OUTSIDE if answer(q).result is not Result.OUTSIDE_ENGLAND] == []


def test_a_town_on_the_isle_of_man_finds_the_north_west_with_a_notice() -> None:
    found = answer("Douglas, Isle of Man")
    assert (regions(found), found.result) == (("north-west",), Result.ONE)


def test_the_whole_of_england_is_offered_region_by_region_with_a_way_to_the_national_team(
    client: Client,
) -> None:
    found = {query: answer(query) for query in NATIONAL}
    assert {q for q, a in found.items() if a.is_national and len(a.findings) == 8} == set(NATIONAL)
    page = client.get("/find-your-coordinator/", {"q": "online"}).content.decode()
    assert 'data-result="many"' in page
    assert "/contact/?region=several" in page


def test_beside_a_postcode_the_name_of_a_small_town_may_be_a_schools_or_a_streets(
    tmp_path, monkeypatch
) -> None:
    install_postcodes(tmp_path, monkeypatch, POSTCODES)
    for query in ("St Mary's School, Leeds LS1 4AP", "St Mary's, LS1 4AP", "Broadway, LS1 4AP"):
        found = answer(query)
        assert (found.result, regions(found)) == (Result.ONE, ("north-east",)), query
    # Bath is too large for that, and a county is no street.
    for query in ("Bath, LS1 4AP", "Kent, LS1 4AP"):
        assert answer(query).result is Result.MANY, query


def test_a_school_called_after_a_town_may_be_anywhere_and_the_town_is_offered(
    client: Client,
) -> None:
    for query, town in {
        "Hayes School": "Hayes",
        "Wellington College": "Wellington",
        "Leeds Grammar School": "Leeds",
        "University of Kent": "Kent",
    }.items():
        found = answer(query)
        assert (found.result, found.hints) == (Result.NONE, (town,))
    page = client.get("/find-your-coordinator/", {"q": "Hayes School"}).content.decode()
    assert '<a class="govuk-link" href="?q=Hayes">Hayes</a>?' in page


def test_a_telephone_number_a_room_or_a_sum_is_no_schools_number() -> None:
    for query in (
        *("0161 100000", "020 7946 100123", "+44 (0)161 100001", "Tel 01865 100123"),
        *("Room 100006", "100005 pupils"),
    ):
        found = answer(query)
        assert (found.result, "number" in found.explanation) == (Result.NONE, False), query


def test_a_word_before_a_name_that_makes_another_name_of_it_is_not_left_out() -> None:
    for query in ("Great Bromley", "Great Boughton", "High Leeds", "Hay-on-Wye"):
        assert answer(query).result is Result.NONE, query


def test_a_town_that_is_hardly_meant_is_not_answered_for_want_of_a_better() -> None:
    found = answer("Washington, Chester")
    assert found.result is Result.MANY


def test_a_county_that_holds_no_such_town_is_offered_first() -> None:
    found = answer("Totnes, Norfolk")
    assert regions(found) == ("east-of-england", "south-west")
    assert found.explanation == "We know no “Totnes” in “Norfolk”. Which do you mean?"


def test_a_word_that_is_left_over_makes_a_name_unknown() -> None:
    assert {query: answer(query).result for query in UNKNOWN} == dict.fromkeys(UNKNOWN, Result.NONE)


def test_a_councils_name_is_answered_and_its_namesakes_are_offered(client: Client) -> None:
    found = answer("Preston")
    assert (found.result, regions(found)) == (Result.ONE, ("north-west",))
    assert found.namesakes == ("Preston, East Riding of Yorkshire", "Preston, Rutland")
    page = client.get("/find-your-coordinator/", {"q": "Preston"}).content.decode()
    assert "?q=Preston%2C%20Rutland" in page


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Bradfrod", "Bradford"),
        ("Northhampton", "Northampton"),
        ("Wolverhamton", "Wolverhampton"),
        ("Leceister", "Leicester"),
        ("Hudersfield", "Huddersfield"),
    ],
)
def test_a_slip_of_the_finger_is_asked_about(query: str, first: str) -> None:
    assert alike(answer(query))[0] == first


@pytest.mark.parametrize("query", ["Derri", "Ferefords", "Zeeds", "Englnd"])
def test_a_suggestion_begins_as_what_was_typed(query: str) -> None:
    assert {name[0] for name in alike(answer(query))} <= {query[0]}


POSTCODES = {
    "LS1 4AP": "E08000035",
    "SW1A 1AA": "E09000033",
    "DN11 0TA": "E08000017",
    "M1 1AA": "E08000003",
    "M11 1AA": "E08000003",
    "CF10 1AA": "W06000015",
}


@pytest.mark.parametrize(
    ("query", "region"),
    [
        *((query, "north-east") for query in ("LS1 4AP", "ls14ap", " L S 1 4 A P", "LS1")),
        *((query, "north-east") for query in ("LS1 4AP Leeds", "Leeds LS14AP", "LS1-4AP")),
        ("SW1A 1AA, London", "london"),
        ("10 Downing Street, SW1A 1AA", "london"),
    ],
)
def test_a_postcode_is_found_in_any_writing_and_within_a_text(
    query: str, region: str, tmp_path, monkeypatch
) -> None:
    install_postcodes(tmp_path, monkeypatch, POSTCODES)
    found = answer(query)
    assert (found.result, regions(found)) == (Result.ONE, (region,))


@pytest.mark.parametrize(("query", "meant"), [("DN11 OTA", "DN11 0TA"), ("MII IAA", "M11 1AA")])
def test_letters_for_digits_are_asked_about(query, meant, tmp_path, monkeypatch) -> None:
    install_postcodes(tmp_path, monkeypatch, POSTCODES)
    assert alike(answer(query)) == [meant]


def test_a_postcode_that_contradicts_the_name_beside_it_is_asked_about(
    tmp_path, monkeypatch
) -> None:
    install_postcodes(tmp_path, monkeypatch, POSTCODES)
    found = answer("LS1 4AP, London")
    assert (found.result, regions(found)) == (Result.MANY, ("north-east", "london"))
