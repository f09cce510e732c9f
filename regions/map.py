"""The map of the regions: their outlines as the script drew them, and where their names stand.

The outlines come from data/map.csv, which scripts/make_region_map.py makes. Names stand in the sea
and in Wales, since half of the regions are too small for theirs; a line leads from each to a dot in
its region. They are placed by hand, in the units of the picture: it is as wide as a telephone's
column, so that a name of 15 units is about 15 pixels high there.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple

DATA: Final = Path(__file__).resolve().parent / "data"

LINE: Final = 17
# From a name to its line.
GAP: Final = 4
# The usual width of a letter of the names; a hyphen is half as wide.
LETTER: Final = 8


class Place(NamedTuple):
    """Where a name begins, ends or has its middle (its anchor), at half its height; and its dot."""

    anchor: Literal["start", "middle", "end"]
    x: int
    y: int
    dot: tuple[int, int]
    one_line: bool = False


PLACES: Final = {
    "north-west": Place("end", 86, 101, dot=(111, 101), one_line=True),
    "north-east": Place("start", 190, 42, dot=(150, 74), one_line=True),
    "west-midlands": Place("end", 84, 151, dot=(117, 151)),
    "east-midlands": Place("start", 212, 76, dot=(187, 122)),
    "south-east": Place("middle", 190, 258, dot=(180, 220), one_line=True),
    "south-west": Place("end", 84, 196, dot=(108, 210), one_line=True),
    "east-of-england": Place("start", 234, 115, dot=(214, 155)),
    "london": Place("start", 240, 187, dot=(187, 198)),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a name, with the height at which it stands."""

    text: str
    y: int


@dataclass(frozen=True, slots=True)
class Shape:
    """One region on the map: its outline, its name in lines, and the line from name to dot.

    `reach` is the box around the name that a thumb can hit: left, top, width and height. It is two
    lines high, also where the name has one.
    """

    slug: str
    outline: str
    place: Place
    lines: tuple[Line, ...]
    leader: str
    reach: tuple[int, int, int, int]


@cache
def outlines() -> dict[str, str]:
    """Return the outline of each region by its slug: the data of a path in an SVG picture."""
    with (DATA / "map.csv").open(encoding="utf-8", newline="") as lines:
        return {row["region"]: row["outline"] for row in csv.DictReader(lines)}


def shapes(regions: Iterable[tuple[str, str]]) -> list[Shape]:
    """Return these regions (slug and name) as the map shows them, in their order.

    A region that is not on the map has no shape; the list beside the map names all.
    """
    return [_shape(slug, name) for slug, name in regions if slug in outlines()]


def marked(slug: str) -> list[tuple[str, bool]]:
    """Return each region's outline and whether it is the one to mark, which is drawn last.

    Nothing for a region that is not on the map.
    """
    if slug not in outlines():
        return []
    others = [(outline, False) for region, outline in outlines().items() if region != slug]
    return [*others, (outlines()[slug], True)]


def lines_of(name: str) -> list[str]:
    """Return a name in the one or two lines that the map has room for."""
    start, hyphen, end = name.rpartition("-")
    if not start:
        start, hyphen, end = name.rpartition(" ")
    return [start + hyphen.strip(), end] if start else [name]


def _shape(slug: str, name: str) -> Shape:
    place = PLACES[slug]
    texts = [name] if place.one_line else lines_of(name)
    # Text stands on its line: the middle of its small letters lies a third of its height higher.
    first = place.y + LINE // 3 - (len(texts) - 1) * LINE // 2
    width = max(len(text) * LETTER - text.count("-") * LETTER // 2 for text in texts) + GAP
    left, line_from = {
        "start": (place.x, (place.x - GAP, place.y)),
        "middle": (place.x - width // 2, (place.x, place.y - LINE // 2)),
        "end": (place.x - width, (place.x + GAP, place.y)),
    }[place.anchor]
    return Shape(
        slug=slug,
        outline=outlines()[slug],
        place=place,
        lines=tuple(Line(text, first + number * LINE) for number, text in enumerate(texts)),
        leader="M{} {}L{} {}".format(*line_from, *place.dot),
        reach=(left, place.y - LINE, width, 2 * LINE),
    )
