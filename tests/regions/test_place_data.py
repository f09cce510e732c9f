"""The shipped lists of regions, areas and names, and what the finder makes of them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import regions.finder
from regions.answers import Answer, Notice, PlaceFacts, Result, Target
from regions.finder import find
from regions.names import normalise

DATA = Path(regions.finder.__file__).parent / "data"
OUTSIDE = "outside-england"
KINDS = {"area", "county", "former-county", "former-council", "council", "region", "other"}


def read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


REGIONS = {row["slug"]: row for row in read("regions.csv")}
AREAS = {row["slug"]: row for row in read("areas.csv")}
COUNCILS = read("councils.csv")
NAMES = read("names.csv")


def split(text: str) -> list[str]:
    return text.split("|") if text else []


def target(text: str) -> Target:
    place, _, label = text.partition("=")
    kind, _, slug = place.partition(":")
    area = AREAS[slug] if kind == "area" else None
    region = REGIONS[area["region"] if area else slug]
    return Target(
        region_slug=region["slug"],
        region_name=region["name"],
        area_slug=area["slug"] if area else "",
        area_name=area["name"] if area else "",
        in_england=area is None or area["in_england"] == "yes",
        label=label,
    )


def shipped() -> Iterator[PlaceFacts]:
    """Every name of the lists, as the database would hold it."""
    for row in COUNCILS:
        for name in (row["name"], *split(row["names"])):
            area = (target(f"area:{row['area']}"),)
            yield PlaceFacts(normalise(name), row["name"], "council", area)
    for row in NAMES:
        parts = row["targets"].split(";")
        for name in (row["name"], *split(row["names"])):
            yield PlaceFacts(
                key=normalise(name),
                name=row["stands_for"] or row["name"],
                kind=row["kind"],
                targets=tuple(target(part) for part in parts if not part.startswith(OUTSIDE)),
                outside_england=any(part.startswith(OUTSIDE) for part in parts),
            )


ALL = list(shipped())
BY_KEY = {facts.key: facts for facts in ALL}


def ask(query: str) -> Answer:
    def places(keys: Sequence[str]) -> list[PlaceFacts]:
        return [BY_KEY[key] for key in keys if key in BY_KEY]

    return find(query, places)


def found(query: str) -> str:
    """The answer in short: regions joined by "|", else the result's own word."""
    answer = ask(query)
    assert answer.result is not None
    return "|".join(finding.region_slug for finding in answer.findings) or answer.result.value


def region_of(council: dict[str, str]) -> str:
    return AREAS[council["area"]]["region"]


def test_there_are_eight_regions_in_the_pages_order_and_spelling() -> None:
    assert [(row["position"], row["slug"], row["name"]) for row in REGIONS.values()] == [
        ("1", "north-west", "North-West"),
        ("2", "north-east", "North-East"),
        ("3", "west-midlands", "West Midlands"),
        ("4", "east-midlands", "East Midlands"),
        ("5", "south-east", "South-East"),
        ("6", "south-west", "South-West"),
        ("7", "east-of-england", "East-of-England"),
        ("8", "london", "London"),
    ]


def test_the_areas_are_those_that_the_page_of_2025_lists() -> None:
    listed: dict[str, list[str]] = {slug: [] for slug in REGIONS}
    for row in AREAS.values():
        if row["listed"] == "yes":
            listed[row["region"]].append(row["name"])

    assert listed == {
        "north-west": [
            "Greater Manchester", "Cheshire", "Cumbria", "Isle of Man", "Lancashire", "Merseyside"
        ],
        "north-east": [
            "West Yorkshire", "Cleveland", "Durham", "Humberside", "Northumbria",
            "North Yorkshire", "South Yorkshire",
        ],
        "west-midlands": ["West Midlands", "Staffordshire", "Warwickshire", "West Mercia"],
        "east-midlands": [
            "Derbyshire", "Leicestershire", "Lincolnshire", "Northamptonshire", "Nottinghamshire"
        ],
        "south-east": ["Thames Valley", "Hampshire", "Kent", "Surrey", "Sussex"],
        "south-west": [
            "Avon and Somerset", "Devon & Cornwall", "Dorset", "Gloucestershire", "Wiltshire"
        ],
        "east-of-england": [
            "Bedfordshire", "Essex", "Hertfordshire", "Norfolk", "Cambridgeshire", "Suffolk"
        ],
        "london": [],
    }  # fmt: skip


def test_londons_two_forces_are_areas_that_no_page_lists() -> None:
    assert [
        (row["slug"], row["name"], row["region"]) for row in AREAS.values() if row["listed"] == "no"
    ] == [
        ("metropolitan-police", "Metropolitan Police", "london"),
        ("city-of-london-police", "City of London Police", "london"),
    ]


def test_areas_count_from_one_within_their_region() -> None:
    positions: dict[str, list[int]] = {}
    for row in AREAS.values():
        positions.setdefault(row["region"], []).append(int(row["position"]))

    assert positions == {
        region: list(range(1, len(numbers) + 1)) for region, numbers in positions.items()
    }
    assert set(positions) == set(REGIONS)


def test_only_the_isle_of_man_is_not_in_england() -> None:
    assert [row["slug"] for row in AREAS.values() if row["in_england"] != "yes"] == ["isle-of-man"]


def test_there_are_296_councils_each_with_its_own_code() -> None:
    codes = [row["gss"] for row in COUNCILS]
    former = [row["former_gss"] for row in COUNCILS if row["former_gss"]]

    assert (len(codes), len(set(codes))) == (296, 296)
    assert sorted(former) == ["E08000016", "E08000019"]
    assert not set(former) & set(codes)
    assert len({row["dfe_code"] for row in COUNCILS}) == 153
    assert {len(row["dfe_code"]) for row in COUNCILS} == {3}


def test_the_regions_have_as_many_councils_as_the_national_statistics_say() -> None:
    assert Counter(map(region_of, COUNCILS)) == {
        "south-east": 64,
        "east-of-england": 45,
        "north-west": 35,
        "east-midlands": 35,
        "london": 33,
        "west-midlands": 30,
        "north-east": 27,
        "south-west": 27,
    }


def test_no_name_stands_in_the_lists_twice() -> None:
    assert [key for key, count in Counter(facts.key for facts in ALL).items() if count > 1] == []
    assert "" not in BY_KEY


def test_no_name_is_too_long_for_its_column() -> None:
    labels = [part.label for facts in ALL for part in facts.targets]

    assert max(len(text) for facts in ALL for text in (facts.key, facts.name)) <= 120
    assert max(map(len, labels)) <= 120


def test_every_name_is_of_a_known_kind_and_points_somewhere() -> None:
    assert {row["kind"] for row in NAMES} == KINDS
    assert [facts.name for facts in ALL if not (facts.targets or facts.outside_england)] == []


def test_every_name_in_several_regions_says_which_part_or_place_is_meant() -> None:
    several = [facts for facts in ALL if len({part.region_slug for part in facts.targets}) > 1]

    assert len(several) == 21
    assert [facts.name for facts in several if not all(part.label for part in facts.targets)] == []


def test_nothing_in_the_lists_has_stray_spaces_or_empty_names() -> None:
    cells = [cell for rows in (COUNCILS, NAMES) for row in rows for cell in row.values()]
    parts = [part for cell in cells for part in cell.split("|")] + [
        label for facts in ALL for label in (part.label for part in facts.targets)
    ]

    assert [part for part in parts if part != " ".join(part.split())] == []
    assert [cell for cell in cells if "|" in cell and not all(cell.split("|"))] == []


def test_the_files_are_utf_8_with_plain_line_ends() -> None:
    for name in ("regions.csv", "areas.csv", "councils.csv", "names.csv"):
        content = (DATA / name).read_bytes()
        assert (b"\r" in content, content[-1:], content[:3] == b"\xef\xbb\xbf") == (
            False,
            b"\n",
            False,
        )
        content.decode("utf-8")


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
