"""What the finder makes of the shipped names, in every spelling that people use."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regions.answers import Notice, Result
from tests.regions.shipped import ALL, COUNCILS, OUTSIDE, ask, found, region_of


def mismatches(expected: Mapping[str, str]) -> list[str]:
    """Return a line for each query that gets another answer than it should."""
    answers = {query: found(query) for query in expected}
    return [
        f"{query!r} finds {answers[query]}, not {answer}"
        for query, answer in expected.items()
        if answers[query] != answer
    ]


def test_every_name_of_the_lists_is_found_by_itself() -> None:
    expected = {
        facts.key: "|".join(dict.fromkeys(part.region_slug for part in facts.targets)) or OUTSIDE
        for facts in ALL
    }

    wrong = mismatches(expected)

    assert not wrong, "\n".join(wrong)


WRITTEN = (
    "{}",
    " {}\u00a0",
    "{} council",
    "{} Council.",
    "Borough of {}",
    "borough of {} council",
)


def spellings(name: str) -> set[str]:
    """Return a council's name in the ways in which people write it."""
    ways = {name, name.upper(), name.lower(), name.replace("-", " "), name.replace("'", "")}
    ways |= {way.replace(" and ", " & ") for way in ways}
    ways |= {way.replace(",", "") for way in ways}
    return {how.format(way) for how in WRITTEN for way in ways}


def test_every_council_finds_its_region_however_it_is_written() -> None:
    expected = {
        query: region_of(council) for council in COUNCILS for query in spellings(council["name"])
    }

    assert len(expected) > 5_000
    wrong = mismatches(expected)

    assert not wrong, "\n".join(wrong)


@given(st.sampled_from(COUNCILS), st.sampled_from(WRITTEN), st.data())
def test_stray_spaces_case_and_unseen_characters_change_no_councils_region(
    council: dict[str, str], how: str, data: st.DataObject
) -> None:
    noise = st.sampled_from(["", " ", "  ", "\t", "\u00a0", " \u200b", "\u2067 ", "-", " - "])
    gap = st.sampled_from([" ", "  ", "\u00a0", "-", " - ", "\u200b "])
    words = council["name"].replace("-", " ").split()
    written = "".join(word + data.draw(gap) for word in words).removesuffix("-")
    case = data.draw(st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))

    query = data.draw(noise) + how.format(case(written)) + data.draw(noise)

    assert found(query) == region_of(council)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("East Sussex", "south-east"),
        ("Herefordshire", "west-midlands"),
        ("Gloucestershire", "south-west"),
        ("Bristol", "south-west"),
        ("South Yorkshire", "north-east"),
        ("Norfolk", "east-of-england"),
        ("Leicestershire", "east-midlands"),
        ("North-Yorkshire", "north-east"),
        ("Kent", "south-east"),
        ("Bedfordshire", "east-of-england"),
        ("Sedgemoor", "south-west"),
        ("Barnsley", "north-east"),
        ("Westmorland & Furness", "north-west"),
        ("windsor & maidenhead", "south-east"),
        ("Allerdale", "north-west"),
        ("Hartlepool", "north-east"),
        ("York", "north-east"),
        ("Southend on Sea City Council", "east-of-england"),
        ("Royal Borough of Kensington & Chelsea", "london"),
        ("ST HELENS COUNCIL", "north-west"),
        ("Rutland", "east-midlands"),
        ("St. Helens", "north-west"),
        ("Beds", "east-of-england"),
        ("Leics", "east-midlands"),
        ("Salop", "west-midlands"),
        ("Cambs", "east-of-england"),
        ("IOW", "south-east"),
        ("BCP", "south-west"),
        ("Richmond", "london|north-east"),
        ("Hereford & Worcester", "west-midlands"),
        ("Wrexham", OUTSIDE),
        ("Kingston", "london|north-east"),
        ("SW1A 1A", "invalid"),
        ("ZZ99 9ZZ", "invalid"),
        ("county", "none"),
        ("<script>alert(1)</script>", "none"),
        ("1", "none"),
        ("XX1 1XX", "invalid"),
    ],
)
def test_the_examples_that_people_gave_get_their_answers(query: str, expected: str) -> None:
    assert found(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # These contain another region's name.
        ("North West Leicestershire", "east-midlands"),
        ("North East Derbyshire", "east-midlands"),
        ("Bath and North East Somerset", "south-west"),
        ("North East Lincolnshire", "north-east"),
        ("North West Somerset", "south-west"),
        ("Northampton", "east-midlands"),
        ("Northumberland", "north-east"),
        # These are several.
        ("Lincolnshire", "east-midlands|north-east"),
        ("Newcastle", "north-east|west-midlands"),
        ("Gillingham", "south-east|south-west"),
        ("Middlesex", "london|south-east|east-of-england"),
        ("the midlands", "west-midlands|east-midlands"),
        ("Newport", "south-east|west-midlands"),
        ("Peak District", "east-midlands|north-east|north-west|west-midlands"),
        # A council of a name that is several by itself.
        ("Lincolnshire County Council", "east-midlands"),
        ("Lincolnshire Police", "east-midlands"),
        ("North Lincolnshire Council", "north-east"),
        ("Newcastle City Council", "north-east"),
        ("Newcastle-under-Lyme Borough Council", "west-midlands"),
        ("London Borough of Richmond", "london"),
        ("Royal Borough of Kingston upon Thames", "london"),
        ("Hull City Council", "north-east"),
        ("Newport City Council", OUTSIDE),
        # Old, short and popular names.
        ("Avon", "south-west"),
        ("Cumbria County Council", "north-west"),
        ("Middlesborough", "north-east"),
        ("the wirral", "north-west"),
        ("B&NES", "south-west"),
        ("City of Bradford Metropolitan District Council", "north-east"),
        ("Kingston upon Hull, City of", "north-east"),
        ("City of London Corporation", "london"),
        ("West Midlands Police", "west-midlands"),
        ("Cardiff", OUTSIDE),
        ("Northern Ireland", OUTSIDE),
    ],
)
def test_well_known_traps_are_not_stepped_into(query: str, expected: str) -> None:
    assert found(query) == expected


def test_the_isle_of_man_is_found_with_its_notice_by_both_names() -> None:
    for query in ("Isle of Man", "IOM"):
        answer = ask(query)
        assert (answer.result, answer.notice) == (Result.ONE, Notice.NOT_IN_ENGLAND)
        assert found(query) == "north-west"


def test_lincolnshires_two_parts_are_named_in_words() -> None:
    assert [choice.label for finding in ask("Lincs").findings for choice in finding.choices] == [
        "Lincoln, Boston, Grantham and the rest of the county",
        "North Lincolnshire and North East Lincolnshire (Scunthorpe, Grimsby)",
    ]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("Leeds", "Leeds is policed by West Yorkshire."),
        ("salop", "Shropshire is policed by West Mercia."),
        ("Dorset", "Dorset is one of the areas of South-West."),
        ("Glos", "Gloucestershire is one of the areas of South-West."),
        ("Tees Valley", "The Tees Valley is policed by Cleveland and Durham."),
        ("GMP", "Greater Manchester is one of the areas of North-West."),
        ("Square Mile", "The City of London is policed by the City of London Police."),
        ("RBKC", "Kensington and Chelsea is policed by the Metropolitan Police."),
        ("NW", "North-West is one of the eight regions."),
        ("East Anglia", "East Anglia is in East-of-England."),
        ("Yorks", "Yorkshire is in North-East."),
    ],
)
def test_the_reason_names_the_usual_name_and_the_force(query: str, reason: str) -> None:
    assert [finding.reason for finding in ask(query).findings] == [reason]
