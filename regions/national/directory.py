"""Where the national postcode directory puts each postcode.

The directory is the ONS Postcode Directory or the National Statistics Postcode Lookup, any release
from 2018 on. Its columns are renamed and moved from release to release, so they are found by what
their names have in common. About 2.7 million postcodes become a few ten thousand rows: one for all
the postcodes of a sector ("M11 1") that lie in one area, with a bit for each of their last two
letters. So it stays known which of them exist.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from regions.national.files import NationalFileError
from regions.postcodes import BYTES, ISLE_OF_MAN, NATIONS, place_of

# A file of which fewer than one row in so many can be kept is not what it should be.
FEWEST_KEPT: Final = 10

# What the columns that matter are called, by release: oslaua, laua, lad25cd; pfa, pfa23cd …
_COLUMNS: Final = {
    "postcode": re.compile(r"pcds"),
    "ended": re.compile(r"doterm"),
    "council": re.compile(r"(?:os)?laua|lad\d\dcd"),
    "force": re.compile(r"pfa(?:\d\dcd)?"),
    "country": re.compile(r"(?:os)?ctry(?:\d\dcd)?"),
    "region": re.compile(r"(?:os)?(?:rgn|gor)(?:\d\dcd)?"),
}
_SECTOR: Final = re.compile(r"(?:[A-Z]{1,2}[0-9][0-9A-Z]?|GIR)[0-9]")


class DirectoryError(NationalFileError):
    """A file that is no postcode directory; the message says why in a sentence."""


@dataclass(frozen=True, slots=True)
class CodedPlace:
    """What a code of the national files stands for: an area, by its slug.

    The code is a council's, a local authority's or a police force's. `council` is the council's
    name, "" where the code stands for no single council.
    """

    council: str
    area: str


@dataclass(frozen=True, slots=True)
class Location:
    """Where a postcode lies: an area by its slug, or a nation by its letter; in use or ended.

    `council` is the council's name, "" where only the police force is known.
    """

    area: str
    council: str
    nation: str
    in_use: bool


@dataclass(frozen=True, slots=True)
class SectorRow:
    """The postcodes of one sector that lie in one place: `units` has a bit for each of them."""

    outward: str
    sector: str
    location: Location
    units: bytes


@dataclass
class PostcodeDirectory:
    """The postcodes of one or more files. Of two rows for one postcode the later one stands.

    `codes` has what the codes of councils and police forces stand for (and ISLE_OF_MAN),
    `regions` the codes of the ONS regions that each area lies in, by the area's slug. `skipped` and
    `disagreements` count rows by the reason, in words.
    """

    codes: Mapping[str, CodedPlace]
    regions: Mapping[str, Sequence[str]]
    read: int = 0
    kept: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    disagreements: dict[str, int] = field(default_factory=dict)
    _sectors: dict[str, dict[Location, bytearray]] = field(default_factory=dict)

    def add_file(self, lines: Iterable[str], *, name: str) -> Iterator[int]:
        """Add a file's rows; yield the number of rows read so far, every now and then.

        Raises DirectoryError where a column cannot be found, or not for certain.
        """
        rows = _csv_rows(lines, name=name)
        header = next(rows, None)
        if header is None:
            raise DirectoryError(f"{name} is empty.")
        columns = find_columns(header, name=name)
        places = [columns[key] for key in ("postcode", "ended", "council", "force")]
        country, region = columns["country"], columns["region"]
        last = max(columns.values())
        postcode_at, ended_at, council_at, force_at = places
        known: dict[tuple[str, str, str, str, bool], Location | None] = {}
        number, row, kept_before = 0, header, self.kept
        for number, row in enumerate(rows, start=1):
            if len(row) <= last:
                self._skip("rows with too few columns")
                continue
            key = (
                row[council_at],
                row[force_at],
                row[country],
                row[region],
                not row[ended_at].strip(),
            )
            if key not in known:
                known[key] = self._location(*key)
            location = known[key]
            if location is None:
                self._skip("postcodes of no known council or police force")
            else:
                self._set(row[postcode_at], location)
            self.read += 1
            if not number % 20_000:
                yield number
        if len(row) < len(header):
            raise DirectoryError(f"{name} ends in the middle of a row: it is not whole.")
        if (self.kept - kept_before) * FEWEST_KEPT < max(number, 1):
            raise DirectoryError(f"{name} has hardly any postcodes that can be kept.")

    def rows(self) -> Iterator[SectorRow]:
        """Yield the rows of the table, in order."""
        for key, places in sorted(self._sectors.items()):
            for location, units in places.items():
                if any(units):
                    yield SectorRow(key[:-1], key[-1], location, bytes(units))

    def _set(self, text: str, location: Location) -> None:
        outward, _, inward = text.strip().upper().partition(" ")
        place = place_of(inward[1:]) if len(inward) == 3 else -1
        if place < 0:
            self._skip("postcodes that are none")
            return
        byte, bit = place >> 3, 1 << (place & 7)
        places = self._sectors.get(outward + inward[0])
        if places is None:
            if not _SECTOR.fullmatch(outward + inward[0]):
                self._skip("postcodes that are none")
                return
            places = self._sectors[outward + inward[0]] = {}
        for other in places.values():
            other[byte] &= ~bit
        places.setdefault(location, bytearray(BYTES))[byte] |= bit
        self.kept += 1

    def _location(
        self, council: str, force: str, country: str, region: str, in_use: bool
    ) -> Location | None:
        """Return where the codes put a postcode, by the council before the police force."""
        nation = (country or council)[:1]
        if nation == ISLE_OF_MAN:
            found = self.codes.get(ISLE_OF_MAN)
            return Location(found.area, found.council, ISLE_OF_MAN, in_use) if found else None
        if nation in NATIONS:
            return Location("", "", nation, in_use)
        by_council, by_force = self.codes.get(council), self.codes.get(force)
        found = by_council or by_force
        if found is None:
            return None
        if by_council and by_force and by_council.area != by_force.area:
            self._disagree(f"{by_council.council} is in {found.area}, its force {force} is not")
        if region and region not in self.regions.get(found.area, (region,)):
            self._disagree(f"{found.council or force} is in {found.area}, and not in {region}")
        return Location(found.area, found.council, "", in_use)

    def _disagree(self, sentence: str) -> None:
        self.disagreements[sentence] = self.disagreements.get(sentence, 0) + 1

    def _skip(self, reason: str) -> None:
        self.skipped[reason] = self.skipped.get(reason, 0) + 1


def _csv_rows(lines: Iterable[str], *, name: str) -> Iterator[list[str]]:
    """Yield the rows of a CSV file. Raises DirectoryError for what is none."""
    try:
        yield from csv.reader(lines)
    except csv.Error as error:
        raise DirectoryError(f"{name} is not a CSV file that can be read: {error}.") from error


def find_columns(header: Sequence[str], *, name: str) -> dict[str, int]:
    """Return the places of the columns that matter. Raises DirectoryError for one that is missing
    or stands twice."""
    names = [column.strip().lstrip("\ufeff").lower() for column in header]
    found = {}
    for key, pattern in _COLUMNS.items():
        places = [place for place, column in enumerate(names) if pattern.fullmatch(column)]
        if len(places) != 1:
            present = ", ".join(names[place] for place in places) or "no column"
            raise DirectoryError(
                f"{name} is not a postcode directory as we know them: for the {key} there is "
                f"{present}, where one of the form {pattern.pattern} is expected."
            )
        found[key] = places[0]
    return found
