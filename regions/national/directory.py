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
from datetime import date
from typing import Final

from regions.national.files import NationalFileError
from regions.postcodes import BYTES, ISLE_OF_MAN, LETTERS, NATIONS, place_of

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
    "begun": re.compile(r"dointr"),
}
# What can be done without: the council alone says where a postcode lies, the others check it.
_SPARE: Final = frozenset({"force", "region", "begun"})
_MONTH: Final = re.compile(r"(?P<year>20[0-9]{2})(?P<month>0[1-9]|1[0-2])")
_CODE: Final = re.compile(r"[A-Z][0-9]{8}")
_SECTOR: Final = re.compile(r"(?:[A-Z]{1,2}[0-9][0-9A-Z]?|GIR)[0-9]")


# The place of the bit for each pair of last letters.
_PLACES: Final = {one + other: place_of(one + other) for one in LETTERS for other in LETTERS}


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
    _newest: str = ""

    @property
    def release(self) -> date | None:
        """The month of the files' release, by its first day: when the newest postcode began."""
        month = _MONTH.fullmatch(self._newest)
        return date(int(month["year"]), int(month["month"]), 1) if month else None

    @property
    def count(self) -> int:
        """How many postcodes there are, each counted once."""
        return sum(int.from_bytes(row.units, "little").bit_count() for row in self.rows())

    def add_file(self, lines: Iterable[str], *, name: str) -> Iterator[int]:
        """Add a file's rows; yield the number of rows read so far, every now and then.

        Raises DirectoryError where a column cannot be found, or not for certain.
        """
        rows = _csv_rows(lines, name=name)
        header = next(rows, None)
        if header is None:
            raise DirectoryError(f"{name} is empty.")
        columns = find_columns(header, name=name)
        last = max(columns.values())
        # A column that the file can do without is read as blank, behind its last one.
        places = [
            columns.get(key, len(header))
            for key in ("postcode", "ended", "council", "force", "country", "region", "begun")
        ]
        postcode_at, ended_at, council_at, force_at, country, region, begun_at = places
        known: dict[tuple[str, str, str, str, bool], Location | None] = {}
        number, row, kept_before = 0, header, self.kept
        for number, row in enumerate(rows, start=1):
            if len(row) <= last:
                self._skip("rows with too few columns")
                continue
            row.append("")
            self._newest = max(self._newest, row[begun_at])
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
        if number and len(row) <= len(header):
            raise DirectoryError(f"{name} ends in the middle of a row: it is not whole.")
        if (self.kept - kept_before) * FEWEST_KEPT < max(number, 1):
            raise DirectoryError(f"{name} has hardly any postcodes that can be kept.")

    def add_columns(self, postcodes: Sequence[str], councils: Sequence[object]) -> None:
        """Take in postcodes (with or without a space), each once, with their councils' codes.

        Of a table without any other column: all are taken as in use, and a council's code is all
        that says where they lie. What is no text stands for a code that is not known.
        """
        unknown = no_postcode = 0
        sector, code, units = "", None, None
        for text, council in zip(postcodes, councils, strict=True):
            # Sorted as they are, most have the sector and the council of the one before them.
            if text[:-2] != sector or council != code:
                sector, code = text[:-2], council
                units = self._units_of(sector.replace(" ", ""), code)
            place = _PLACES.get(text[-2:])
            if units is None:
                unknown += 1
            elif place is None:
                no_postcode += 1
            else:
                units[place >> 3] |= 1 << (place & 7)
        self._skip("postcodes of no known council or police force", unknown)
        self._skip("postcodes that are none", no_postcode)
        self.read += len(postcodes)
        self.kept += len(postcodes) - unknown - no_postcode

    def _units_of(self, sector: str, council: object) -> bytearray | None:
        """Return the bits of a sector's postcodes in a council, or None where it is not known."""
        if not isinstance(council, str) or not _CODE.fullmatch(council):
            return None
        if not _SECTOR.fullmatch(sector):
            return None
        location = self._location(council, "", "", "", in_use=True)
        if location is None:
            return None
        return self._sectors.setdefault(sector, {}).setdefault(location, bytearray(BYTES))

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

    def _skip(self, reason: str, count: int = 1) -> None:
        if count:
            self.skipped[reason] = self.skipped.get(reason, 0) + count


def _csv_rows(lines: Iterable[str], *, name: str) -> Iterator[list[str]]:
    """Yield the rows of a CSV file. Raises DirectoryError for what is none."""
    try:
        yield from csv.reader(lines)
    except csv.Error as error:
        raise DirectoryError(f"{name} is not a CSV file that can be read: {error}.") from error


def find_columns(header: Sequence[str], *, name: str) -> dict[str, int]:
    """Return the places of the columns that matter.

    Raises DirectoryError for one that stands twice, and for one that is missing and needed.
    """
    names = [column.strip().lstrip("\ufeff").lower() for column in header]
    found = {}
    for key, pattern in _COLUMNS.items():
        places = [place for place, column in enumerate(names) if pattern.fullmatch(column)]
        if not places and key in _SPARE:
            continue
        if len(places) != 1:
            present = ", ".join(names[place] for place in places) or "no column"
            raise DirectoryError(
                f"{name} is not a postcode directory as we know them: for the {key} there is "
                f"{present}, where one of the form {pattern.pattern} is expected."
            )
        found[key] = places[0]
    return found
