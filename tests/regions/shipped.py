"""The shipped lists of regions, areas and names, and the finder over them without a database."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import regions
from regions.answers import Answer, PlaceFacts, Target
from regions.finder import Sources, find
from regions.names import normalise

DATA = Path(regions.__file__).parent / "data"
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

    return find(query, Sources(places=places))


def found(query: str) -> str:
    """The answer in short: regions joined by "|", else the result's own word."""
    answer = ask(query)
    assert answer.result is not None
    return "|".join(finding.region_slug for finding in answer.findings) or answer.result.value


def region_of(council: dict[str, str]) -> str:
    return AREAS[council["area"]]["region"]
