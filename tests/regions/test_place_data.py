"""The shipped lists of regions, areas and names: whole, without contradictions, as published."""

from __future__ import annotations

from collections import Counter

from tests.regions.shipped import (
    ALL,
    AREAS,
    BY_KEY,
    COUNCILS,
    DATA,
    KINDS,
    NAMES,
    REGIONS,
    region_of,
)


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
