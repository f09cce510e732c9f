"""Schools, colleges and the like, as the national register has them.

The register is Get Information about Schools (GIAS), its file "edubasealldata…csv", any release.
Its 120 to 140 columns change from release to release, so the few that matter are found by name.
Its county is postal (Salford's schools are in "Lancashire") and is never asked.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from regions import postcodes
from regions.answers import PostcodeFacts
from regions.names import establishment_keys, is_unseen, normalise
from regions.national.directory import FEWEST_KEPT, CodedPlace
from regions.national.files import NationalFileError
from regions.postcodes import ISLE_OF_MAN, NATIONS, Postcode

LONGEST_NAME: Final = 200
_LONGEST_TOWN: Final = 80
_EVERY: Final = 2_000

# What the columns are called, without spaces. The first ones must be there; the last need not.
_NEEDED: Final = {
    "urn": "URN",
    "name": "EstablishmentName",
    "postcode": "Postcode",
    "district": "DistrictAdministrative (code)",
    "authority": "LA (code)",
}
_STATUS: Final = {
    "status": "EstablishmentStatus (code)",
    "status_name": "EstablishmentStatus (name)",
}
_OPTIONAL: Final = {
    "ukprn": "UKPRN",
    "town": "Town",
    "authority_name": "LA (name)",
    "type": "TypeOfEstablishment (name)",
}
_STATUSES: Final = {
    **dict.fromkeys(("1", "open", "3", "open, but proposed to close"), "open"),
    **dict.fromkeys(("4", "proposed to open"), "proposed"),
    **dict.fromkeys(("2", "closed"), "closed"),
}

# Local authorities that are no more, by the code that rows of closed schools still have. The
# register calls them "Pre-LGR 2023 Cumbria" and the like (LGR: local government reorganisation).
# Each lay within one of today's areas.
_FORMER_AUTHORITIES: Final = {
    "820": "bedfordshire",  # Bedfordshire, until 2009
    "835": "dorset",  # Dorset, until 2019
    "836": "dorset",  # Poole, until 2019
    "837": "dorset",  # Bournemouth, until 2019
    "875": "cheshire",  # Cheshire, until 2009
    "909": "cumbria",  # Cumbria, until 2023
    "928": "northamptonshire",  # Northamptonshire, until 2021
}
# Codes of Wales (660 to 681) and of what the register calls overseas and offshore (from 701).
_AUTHORITIES_ABROAD: Final = range(660, 800)
_NOT_APPLICABLE: Final = {"000", "9999", "X999999"}
_TYPES_ABROAD: Final = {
    "british schools overseas",
    "offshore schools",
    "service childrens education",
    "welsh establishment",
}
_AUTHORITY_ABROAD: Final = re.compile(r".* (?:overseas|offshore) establishments")

PostcodeSource = Callable[[str, str], Sequence[PostcodeFacts] | None]
"""Returns the postcodes with an outward code and a sector; None where none are known at all."""


class RegisterError(NationalFileError):
    """A file that is no such register; the message says why in a sentence."""


@dataclass(frozen=True, slots=True)
class Establishment:
    """One row: `status` is open, proposed or closed; `area` is a slug, "" outside England."""

    urn: int
    ukprn: int | None
    name: str
    key: str
    town: str
    status: str
    area: str
    council: str


def encoding_of(chunks: Iterable[bytes]) -> str:
    """Return how a file is encoded: in UTF-8 if all of it is, else in Windows-1252."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    beginning = b""
    try:
        for chunk in chunks:
            beginning = beginning or chunk[:3]
            if beginning == codecs.BOM_UTF8:
                break
            decoder.decode(chunk)
        else:
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def codes_of(councils: Iterable[Mapping[str, str]]) -> dict[str, CodedPlace]:
    """Return what the codes of councils and local authorities stand for, by the shipped list.

    `councils` are the rows of councils.csv. The code of a local authority of several councils
    stands for their area, if it is one, with no council's name.
    """
    codes = {code: CodedPlace("", area) for code, area in _FORMER_AUTHORITIES.items()}
    areas: dict[str, list[CodedPlace]] = {}
    for row in councils:
        council = CodedPlace(row["name"], row["area"])
        codes.update({code: council for code in (row["gss"], row["former_gss"]) if code})
        areas.setdefault(row["dfe_code"], []).append(council)
    for code, found in areas.items():
        if len(found) == 1:
            codes[code] = found[0]
        elif len({council.area for council in found}) == 1:
            codes[code] = CodedPlace("", found[0].area)
    return codes


@dataclass
class EstablishmentRegister:
    """The establishments of one or more files. Of two rows with one URN the later one stands.

    `codes` has what the codes of councils and local authorities stand for, `isle_of_man` is the
    slug of that area, and `postcodes` is asked where no code helps. `skipped` counts rows by the
    reason, in words.
    """

    codes: Mapping[str, CodedPlace]
    isle_of_man: str
    postcodes: PostcodeSource
    establishments: dict[int, Establishment] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)

    def add_file(self, lines: Iterable[str], *, name: str) -> Iterator[int]:
        """Add a file's rows; yield the number of rows read so far, every now and then.

        Raises RegisterError where a column is missing or stands twice, where the file ends in the
        middle of a row, or where nothing can be kept.
        """
        rows = self._readable(lines)
        header = next(rows, None)
        if header is None:
            raise RegisterError(f"{name} is empty, or no CSV file.")
        columns = find_columns(header, name=name)
        kept = total = 0
        is_cut = False
        for total, row in enumerate(rows, start=1):
            fields = {
                key: _tidy(row[place]) if place < len(row) else "" for key, place in columns.items()
            }
            is_cut = len(row) < len(header)
            if len(row) != len(header) and not self._is_in_place(fields):
                self.skipped["with a wrong number of fields"] += 1
            else:
                kept += self._add(fields)
            if not total % _EVERY:
                yield total
        if is_cut:
            raise RegisterError(f"{name} ends in the middle of a row: it is not whole.")
        if kept * FEWEST_KEPT < max(total, 1):
            few = "hardly any" if kept else "no"
            raise RegisterError(f"{name} has {few} establishments that can be kept.")

    def _readable(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Yield the rows but for blank ones and those that cannot be read, which are counted."""
        rows = csv.reader(lines)
        while True:
            before = rows.line_num
            try:
                row = next(rows, None)
            except csv.Error:
                self.skipped["that cannot be read"] += rows.line_num - before
                continue
            if row is None:
                return
            if row:
                yield row

    def _is_in_place(self, row: Mapping[str, str]) -> bool:
        """Whether the fields that matter stand where they should in a row with too many or too few.

        Some rows have them only after the last one that matters. Two codes of one area prove it.
        """
        district, authority = (self.codes.get(_code(row[key])) for key in ("district", "authority"))
        return (
            district is not None
            and authority is not None
            and district.area == authority.area
            and isinstance(postcodes.read(normalise(row["postcode"])), Postcode)
            and all(text in _STATUSES for text in _statuses(row))
        )

    def _add(self, row: Mapping[str, str]) -> bool:
        """Keep a row, or count why it is skipped. Whether it was kept."""
        urn, name = _number(row["urn"]), row["name"]
        key = next(iter(establishment_keys(name[: LONGEST_NAME + 1])), "")
        status = next((_STATUSES[text] for text in _statuses(row) if text in _STATUSES), "")
        place = None
        if not urn:
            reason = "without a number (URN)"
        elif not key:
            reason = "without a name"
        elif max(len(name), len(key)) > LONGEST_NAME:
            reason = f"with a name of more than {LONGEST_NAME} characters"
        elif not status:
            reason = "of an unknown status"
        else:
            reason = "of no known district, local authority or postcode"
            place = self._place(row)
        if place is None:
            self.skipped[reason] += 1
            return False
        self.establishments[urn] = Establishment(
            urn=urn,
            ukprn=_number(row.get("ukprn", "")) or None,
            name=name,
            key=key,
            town=row.get("town", "")[:_LONGEST_TOWN],
            status=status,
            area=place.area,
            council=place.council,
        )
        return True

    def _place(self, row: Mapping[str, str]) -> CodedPlace | None:
        """Return the area and the council; blank outside England, None where it cannot be told."""
        district, authority = _code(row["district"]), _code(row["authority"])
        if not _is_abroad_by_name(row):
            is_abroad = district[:1] in NATIONS
            found = self.codes.get(district) or (None if is_abroad else self.codes.get(authority))
            if found:
                return found
            if not is_abroad and _number(authority) not in _AUTHORITIES_ABROAD:
                found = self._by_postcode(row["postcode"])
                is_english = district.startswith("E")
                if found or is_english or not {district, authority} & _NOT_APPLICABLE:
                    return found
        return CodedPlace("", self.isle_of_man if _is_manx(row) else "")

    def _by_postcode(self, text: str) -> CodedPlace | None:
        postcode = postcodes.read(normalise(text))
        if not isinstance(postcode, Postcode):
            return None
        rows = self.postcodes(postcode.outward, postcode.sector) or ()
        for row in rows:
            if postcodes.holds(row.units, postcode.place):
                target = row.target
                return (
                    CodedPlace(target.council, target.area_slug) if target else CodedPlace("", "")
                )
        return None


def _is_abroad_by_name(row: Mapping[str, str]) -> bool:
    return normalise(row.get("type", "")) in _TYPES_ABROAD or bool(
        _AUTHORITY_ABROAD.fullmatch(normalise(row.get("authority_name", "")))
    )


def _is_manx(row: Mapping[str, str]) -> bool:
    postcode = postcodes.read(normalise(row["postcode"]))
    return (
        _code(row["district"])[:1] == ISLE_OF_MAN
        or normalise(row.get("authority_name", "")).startswith("isle of man")
        or (isinstance(postcode, Postcode) and postcode.outward.startswith("IM"))
    )


def find_columns(header: Sequence[str], *, name: str) -> dict[str, int]:
    """Return the places of the columns that matter. Raises RegisterError for a needed one that is
    missing or stands twice."""
    titles = [_bare(title) for title in header]
    columns = {
        key: titles.index(_bare(title))
        for key, title in (_NEEDED | _STATUS | _OPTIONAL).items()
        if titles.count(_bare(title)) == 1
    }
    for key, title in _NEEDED.items():
        if key not in columns:
            raise RegisterError(_fault(name, title, is_doubled=_bare(title) in titles))
    if not _STATUS.keys() & columns.keys():
        title = _STATUS["status"]
        raise RegisterError(_fault(name, title, is_doubled=_bare(title) in titles))
    return columns


def _fault(name: str, title: str, *, is_doubled: bool) -> str:
    fault = "has more than one column" if is_doubled else "has no column"
    return f"{name} is not the register of schools as we know it: it {fault} {title}."


def _bare(title: str) -> str:
    return re.sub(r"[\s\ufeff]+", "", title).casefold()


def _tidy(text: str) -> str:
    """Return a field without what shows nothing, so that no NUL reaches the database."""
    if not text.isprintable():
        text = "".join(" " if is_unseen(character) else character for character in text)
    return " ".join(text.split())


def _code(text: str) -> str:
    """Return a code in one form: local authorities' have three digits, "0" is "000"."""
    return text.upper().zfill(3) if text else ""


def _number(text: str) -> int:
    """Return a number as the register has them, up to eight digits; 0 for anything else."""
    return int(text) if re.fullmatch("[0-9]{1,8}", text) else 0


def _statuses(row: Mapping[str, str]) -> Iterator[str]:
    for key in _STATUS:
        if key in row:
            yield row[key].casefold().removeprefix("0")
