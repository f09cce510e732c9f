"""Which region a name belongs to: the rule, with a handful of places made by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regions.answers import Answer, Choice, Finding, Meaning, Notice, PlaceFacts, Result, Target
from regions.finder import LONGEST_QUERY, Sources, find
from regions.names import normalise, search_keys

REGIONS = ("North-West", "North-East", "West Midlands", "East Midlands", "South-East", "London")


def slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def target(region: str, area: str = "", label: str = "", *, in_england: bool = True) -> Target:
    return Target(
        region_slug=slug(region),
        region_name=region,
        area_slug=slug(area),
        area_name=area,
        in_england=in_england,
        label=label,
    )


def place(typed: str, *targets: Target, usual: str = "", outside: bool = False) -> PlaceFacts:
    return PlaceFacts(normalise(typed), usual or typed, "other", targets, outside_england=outside)


PLACES = (
    place("Leeds", target("North-East", "West Yorkshire")),
    place("Camden", target("London", "Metropolitan Police")),
    place("City of London", target("London", "City of London Police")),
    place("Isle of Wight", target("South-East", "Hampshire")),
    place("County Durham", target("North-East", "Durham"), target("North-East", "Cleveland")),
    place("Derbyshire", target("East Midlands", "Derbyshire")),
    place("Merseyside", target("North-West", "Merseyside")),
    place("Isle of Man", target("North-West", "Isle of Man", in_england=False)),
    place("North-West", target("North-West")),
    place("NE", target("North-East"), usual="North-East"),
    place("Lake District", target("North-West", "Cumbria"), usual="the Lake District"),
    place("Potteries", target("West Midlands", "Staffordshire"), usual="the Potteries"),
    place("Yorkshire", target("North-East")),
    place("North East Derbyshire", target("East Midlands", "Derbyshire")),
    place(
        "Lincolnshire",
        target("East Midlands", "Lincolnshire", "Lincoln and the rest of the county"),
        target("North-East", "Humberside", "Scunthorpe and Grimsby"),
    ),
    place("Lincolnshire County Council", target("East Midlands", "Lincolnshire")),
    place(
        "Peak District",
        target("East Midlands", "Derbyshire", "the Derbyshire part"),
        target("North-East", "South Yorkshire", "the part near Sheffield"),
        target("North-East", "West Yorkshire", "the part near Holmfirth"),
        usual="the Peak District",
    ),
    place(
        "Midlands",
        target("West Midlands", label="West Midlands"),
        target("East Midlands", label="East Midlands"),
        usual="the Midlands",
    ),
    place(
        "Newport",
        target("South-East", "Hampshire", "Newport on the Isle of Wight"),
        target("West Midlands", "West Mercia", "Newport in Shropshire"),
        outside=True,
    ),
    place("Ashford", target("South-East", "Kent"), outside=True),
    place("Cardiff", outside=True),
    place("Channel Islands", usual="the Channel Islands", outside=True),
    place("Nowhere in particular"),
)


def places(keys: Sequence[str]) -> list[PlaceFacts]:
    return [facts for facts in PLACES if facts.key in keys]


def ask(query: str) -> Answer:
    return find(query, Sources(places=places))


def regions(query: str) -> list[str]:
    return [finding.region_slug for finding in ask(query).findings]


def test_a_council_finds_its_region_by_its_police_force() -> None:
    assert ask("Leeds") == Answer(
        query="Leeds",
        result=Result.ONE,
        findings=(
            Finding(
                region_slug="north-east",
                region_name="North-East",
                reason="Leeds is policed by West Yorkshire.",
                choices=(Choice("west-yorkshire", "West Yorkshire"),),
            ),
        ),
        notice=None,
        explanation="Leeds is in North-East.",
        areas=("west-yorkshire",),
        meanings=(Meaning("Leeds", target("North-East", "West Yorkshire")),),
    )


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("Camden", "Camden is policed by the Metropolitan Police."),
        ("City of London", "The City of London is policed by the City of London Police."),
        ("Isle of Wight", "The Isle of Wight is policed by Hampshire."),
        ("County Durham", "County Durham is policed by Durham and Cleveland."),
        ("Merseyside", "Merseyside is one of the areas of North-West."),
        ("Derbyshire", "Derbyshire is one of the areas of East Midlands."),
        ("Isle of Man", "The Isle of Man is one of the areas of North-West."),
        ("North-West", "North-West is one of the eight regions."),
        ("NE", "North-East is one of the eight regions."),
        ("Lake District", "The Lake District is policed by Cumbria."),
        ("Potteries", "The Potteries are policed by Staffordshire."),
        ("Yorkshire", "Yorkshire is in North-East."),
    ],
)
def test_each_kind_of_name_has_its_reason_in_plain_english(query: str, reason: str) -> None:
    assert [finding.reason for finding in ask(query).findings] == [reason]


def test_a_county_in_two_regions_is_asked_about_in_the_order_of_the_list() -> None:
    answer = ask("Lincolnshire")

    assert answer.result is Result.MANY
    assert answer.explanation == (
        "More than one region serves Lincolnshire. Which part or place do you mean?"
    )
    assert answer.findings == (
        Finding(
            "east-midlands",
            "East Midlands",
            "Lincoln and the rest of the county are policed by Lincolnshire.",
            (Choice("lincolnshire", "Lincoln and the rest of the county"),),
        ),
        Finding(
            "north-east",
            "North-East",
            "Scunthorpe and Grimsby are policed by Humberside.",
            (Choice("humberside", "Scunthorpe and Grimsby"),),
        ),
    )


def test_a_region_that_answers_twice_comes_once_with_both_reasons() -> None:
    assert regions("Peak District") == ["east-midlands", "north-east"]
    assert ask("Peak District").findings[1] == Finding(
        "north-east",
        "North-East",
        "The part near Sheffield is policed by South Yorkshire. "
        "The part near Holmfirth is policed by West Yorkshire.",
        (
            Choice("south-yorkshire", "the part near Sheffield"),
            Choice("west-yorkshire", "the part near Holmfirth"),
        ),
    )


def test_a_choice_between_regions_carries_the_regions_own_slugs() -> None:
    assert [finding.choices for finding in ask("Midlands").findings] == [
        (Choice("west-midlands", "West Midlands"),),
        (Choice("east-midlands", "East Midlands"),),
    ]


def test_a_name_in_england_and_outside_asks_and_says_so() -> None:
    answer = ask("Newport")

    assert answer.result is Result.MANY
    assert regions("Newport") == ["south-east", "west-midlands"]
    assert answer.explanation == (
        "There is more than one Newport, and one of them is outside England, where our "
        "co-ordinators do not serve. Which do you mean?"
    )
    assert (ask("Ashford").result, regions("Ashford")) == (Result.MANY, ["south-east"])


@pytest.mark.parametrize(
    ("query", "start"),
    [
        ("Cardiff", "Cardiff is outside England."),
        ("Cardiff City Council", "Cardiff is outside England."),
        ("the channel islands", "The Channel Islands are outside England."),
    ],
)
def test_a_place_outside_england_is_sent_to_its_own_nation(query: str, start: str) -> None:
    answer = ask(query)

    assert (answer.result, answer.findings) == (Result.OUTSIDE_ENGLAND, ())
    assert answer.explanation == (
        f"{start} The Prevent duty's co-ordinators here serve England only. "
        "The other nations have arrangements of their own."
    )


def test_the_isle_of_man_finds_the_north_west_with_a_notice() -> None:
    answer = ask("isle of man")

    assert (answer.result, answer.notice) == (Result.ONE, Notice.NOT_IN_ENGLAND)
    assert regions("isle of man") == ["north-west"]
    assert (
        answer.explanation == "The Isle of Man is not in England, but is listed under North-West."
    )


@pytest.mark.parametrize(
    "query",
    [
        "leeds", "LEEDS", "  Leeds\t", "Lee\u00adds", "\u202eLeeds\u202c", "\ufeffLeeds\u00a0",
        "\uff2c\uff45\uff45\uff44\uff53", "L\u00e9eds", "Leeds.", "Leeds Council",
        "Leeds City Council", "Leeds MBC", "City of Leeds", "the City of Leeds",
        "The City of Leeds Council", "Leeds, City of", "Metropolitan Borough of Leeds",
        "Leeds Metropolitan District Council",
    ],
)  # fmt: skip
def test_a_council_is_found_however_it_is_written(query: str) -> None:
    assert regions(query) == ["north-east"]


def test_a_name_is_never_found_by_a_part_of_it() -> None:
    assert regions("North East Derbyshire") == ["east-midlands"]
    assert ask("Leeds Grammar").result is Result.NONE
    assert ask("Leed").result is Result.NONE


def test_a_county_council_is_not_its_county() -> None:
    assert search_keys("Lincolnshire County Council") == ("lincolnshire county council",)
    assert regions("Lincolnshire County Council") == ["east-midlands"]
    assert ask("Derbyshire County Council").result is Result.NONE


def test_the_name_as_typed_goes_before_every_shorter_one() -> None:
    assert search_keys("City of London Council") == (
        "city of london council",
        "city of london",
        "london council",
        "london",
    )


def test_only_the_longest_ending_is_left_out() -> None:
    assert search_keys("The City Council") == ("the city council", "city council", "city")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("King\u2019s Lynn & West Norfolk", "kings lynn and west norfolk"),
        ("B&NES", "b and nes"),
        ("St. Helens", "st helens"),
        ("Stoke-on-Trent", "stoke on trent"),
        ("London,  City\nof", "london city of"),
        ("STRASSE Stra\u00dfe", "strasse strasse"),
        ("\u200b\u2066", ""),
        ("?!", ""),
    ],
)
def test_names_are_compared_without_punctuation_case_and_accents(text: str, key: str) -> None:
    assert normalise(text) == key


@pytest.mark.parametrize(
    "query",
    ["", "  ", "\t\r\n", "\x00", "\u00a0\u200b\u200d\u2060\ufeff", "\u202e\u2069", "\u3164\u2800"],
)
def test_nothing_and_what_nobody_can_see_is_no_question(query: str) -> None:
    assert ask(query) == Answer(query="", result=None)


def test_what_was_asked_comes_back_without_its_invisible_ends() -> None:
    assert ask("\u00a0\u200bSaint  Mary \u202c").query == "Saint  Mary"
    assert ask("Cafe\u0301").query == "Cafe\u0301"


def test_half_a_character_comes_back_as_one_that_can_be_written() -> None:
    answer = ask("Leeds \ud83d")

    assert (answer.query, answer.result) == ("Leeds \ufffd", Result.ONE)


@pytest.mark.parametrize(
    "query",
    ["1", "county", "council", "the council", "the city council", "city of", "<>", "\ud83d",
     "<script>alert(1)</script>", "{{7*7}}", "\U0001f3eb", "\u0645\u062f\u0631\u0633\u0629",
     "Nowhere in particular", "'; DROP TABLE place; --", "1234", "1234567"],
)  # fmt: skip
def test_what_is_no_known_place_is_said_to_be_unknown(query: str) -> None:
    answer = ask(query)

    assert (answer.result, answer.findings) == (Result.NONE, ())
    assert answer.explanation == "We do not know a place of that name."


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        *((text, "postcode") for text in ("M11 1AA", "m111aa", "pe218qx.", "DN36 5DR\u00a0")),
        *((text, "postcode") for text in ("SW1A-1AA", "je2 4wd", "IM1 1AE")),
        ("148847", "a school's number (URN)"),
        ("21580", "a school's number (URN)"),
        (" 10001234 ", "a provider's number (UKPRN)"),
    ],
)
def test_whole_postcodes_and_numbers_are_not_told_yet_and_ask_for_the_council(
    query: str, kind: str
) -> None:
    answer = ask(query)

    assert (answer.result, answer.findings) == (Result.NONE, ())
    assert answer.explanation == (
        f"This site cannot tell the region by {kind} yet. "
        "Type the name of the council or county instead."
    )


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SW1A 1A", "That is only a part of a postcode."),
        ("ST7", "That is only a part of a postcode."),
        ("XX1 1XX", "No postcode starts with XX."),
        ("ZZ99 9ZZ", "No postcode starts with ZZ."),
        ("M1 1CI", "No postcode ends with CI."),
    ],
)
def test_a_postcode_that_cannot_be_is_invalid_and_why_is_said(query: str, reason: str) -> None:
    answer = ask(query)

    assert (answer.result, answer.findings) == (Result.INVALID, ())
    assert answer.explanation == f"{reason} Type the name of the council or county instead."


def test_a_text_longer_than_any_name_is_invalid_and_not_looked_up() -> None:
    def never(keys: Sequence[str]) -> Iterable[PlaceFacts]:
        raise AssertionError(keys)

    assert find("x" * (LONGEST_QUERY + 1), Sources(places=never)).result is Result.INVALID
    assert find("Leeds " * 20_000, Sources(places=never)).result is Result.INVALID
    assert ask("x" * LONGEST_QUERY).result is Result.NONE
    assert ask(" " * 100_000 + "Leeds" + "\u200b" * 100_000).result is Result.ONE


def test_the_places_are_asked_for_once_at_most() -> None:
    asked: list[Sequence[str]] = []

    def counted(keys: Sequence[str]) -> list[PlaceFacts]:
        asked.append(keys)
        return places(keys)

    find("The London Borough of Camden Council", Sources(places=counted))

    assert asked == [search_keys("The London Borough of Camden Council")]


ANY_TEXT = st.text(st.characters(), max_size=LONGEST_QUERY + 10)
ROUGH_TEXT = st.text(
    st.sampled_from(
        "\x00\ud800\udfff\u202e\u200b\u00a0\U0001f468\u200d&'\u2019 -.09aAzZ\u0645\ufdfa"
    ),
    max_size=60,
)


@given(ANY_TEXT | ROUGH_TEXT | st.from_regex(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{0,2}"))
def test_no_text_whatever_raises_and_each_answer_can_be_shown(query: str) -> None:
    answer = ask(query)

    answer.query.encode()
    answer.explanation.encode()
    assert (answer.result is None) == (answer.query == "") == (answer.explanation == "")
    assert bool(answer.findings) == (answer.result in {Result.ONE, Result.MANY})


@given(ANY_TEXT | ROUGH_TEXT)
def test_a_name_once_tidied_stays_as_it_is(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
