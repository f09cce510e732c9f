"""A picture of the regions as tiles: roughly where they lie, never where they end. No Django."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

# In the units of the picture, which is as wide as a telephone's column: text keeps its size there.
WIDTH: Final = 288
SIDE: Final = 92
_STEP: Final = 98
_LINE: Final = 21

# Column and row of each tile; the two northern ones stand half a tile in.
_PLACES: Final = {
    "north-west": (0.5, 0),
    "north-east": (1.5, 0),
    "west-midlands": (0, 1),
    "east-midlands": (1, 1),
    "east-of-england": (2, 1),
    "south-west": (0, 2),
    "london": (1, 2),
    "south-east": (2, 2),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a tile's name, with the height at which it stands."""

    text: str
    y: int


@dataclass(frozen=True, slots=True)
class Tile:
    """One region's tile: its upper left corner, its middle, and its name in lines."""

    slug: str
    x: int
    y: int
    middle: int
    lines: tuple[Line, ...]


def tiles(regions: Iterable[tuple[str, str]]) -> list[Tile]:
    """Return the tiles of these regions (slug and name), in their order.

    A region without a place in the picture has none; the list beside it names all.
    """
    return [_tile(slug, name, *_PLACES[slug]) for slug, name in regions if slug in _PLACES]


def lines_of(name: str) -> list[str]:
    """Return a name in the one or two lines that a tile is wide enough for."""
    start, hyphen, end = name.rpartition("-")
    if not start:
        start, hyphen, end = name.rpartition(" ")
    return [start + hyphen.strip(), end] if start else [name]


def _tile(slug: str, name: str, column: float, row: int) -> Tile:
    x, y = round(column * _STEP), row * _STEP
    lines = lines_of(name)
    # Text stands on its line: the middle of its small letters lies a quarter of a line higher.
    first = y + SIDE // 2 + _LINE // 4 - (len(lines) - 1) * _LINE // 2
    return Tile(
        slug=slug,
        x=x,
        y=y,
        middle=x + SIDE // 2,
        lines=tuple(Line(text, first + number * _LINE) for number, text in enumerate(lines)),
    )
