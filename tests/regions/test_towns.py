"""The towns that the site ships with, and what they are called."""

from __future__ import annotations

from regions.finder.parts import covered_by, parts_of
from regions.names import normalise
from regions.towns import Town, index, shipped_towns

TOWNS = index(
    [
        Town("Barrow in Furness", "Westmorland and Furness", "cumbria", "", 1442),
        Town("Barrow upon Soar", "Charnwood", "leicestershire", "", 253),
        Town("Chester", "Cheshire West and Chester", "cheshire", "", 3000),
        Town("Chester-le-Street", "County Durham", "durham", "", 900),
        Town("Royal Leamington Spa", "Warwick", "warwickshire", "", 2165),
    ]
)


def called(name: str) -> list[str]:
    return [town.name for town in TOWNS.called(normalise(name))]


def test_a_short_name_means_every_town_that_it_is_short_for_the_largest_first() -> None:
    assert called("Barrow") == ["Barrow in Furness", "Barrow upon Soar"]


def test_a_town_of_the_very_name_goes_before_a_smaller_one_that_it_is_short_for() -> None:
    assert called("Chester") == ["Chester"]
    assert [town.name for town in TOWNS.hardly_called("chester")] == ["Chester-le-Street"]


def test_a_town_is_found_without_what_tells_it_from_its_namesakes() -> None:
    assert {name: called(name) for name in ("Leamington", "Leamington Spa")} == {
        "Leamington": ["Royal Leamington Spa"],
        "Leamington Spa": ["Royal Leamington Spa"],
    }


def test_every_shipped_town_lies_in_a_council_we_know_or_outside_england() -> None:
    towns = [town for towns in shipped_towns().by_key.values() for town in towns]
    assert [town for town in towns if bool(town.area) == bool(town.nation)] == []
    assert len({town.name for town in towns if town.area}) > 3_400


def test_both_halves_of_a_joint_council_name_it() -> None:
    halves = ("Hove", "Windsor", "Fulham", "Wrekin", "Sherwood")
    assert {half: shipped_towns().called(normalise(half))[0].council for half in halves} == {
        "Hove": "Brighton and Hove",
        "Windsor": "Windsor and Maidenhead",
        "Fulham": "Hammersmith and Fulham",
        "Wrekin": "Telford and Wrekin",
        "Sherwood": "Newark and Sherwood",
    }


def test_a_text_is_taken_apart_at_its_commas_and_around_its_postcodes() -> None:
    parts = parts_of("The Aldgate School, near London EC3A 5DE (URN: 100000)")
    assert parts.postcodes == ("EC3A 5DE",)
    assert parts.numbers == ("URN: 100000",)
    assert parts.names == ("The Aldgate School", "near London")


def test_a_text_is_covered_by_the_fewest_names_and_plain_words_alone() -> None:
    known = {"north east", "north east derbyshire", "derbyshire", "leeds"}
    assert covered_by("my school is in north east derbyshire", known) == ("north east derbyshire",)
    assert covered_by("leeds road", known) == ()
