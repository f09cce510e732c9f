"""The form of a postcode, and the bits by which a row of the table holds a sector's postcodes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# The letters that may stand last in a postcode, and how many pairs of them there are. Royal Mail
# leaves out C I K M O V: written by hand they look like digits or like each other.
LETTERS: Final = "ABDEFGHJLNPQRSTUWXYZ"
UNITS: Final = len(LETTERS) ** 2
BYTES: Final = UNITS // 8

# Royal Mail's postcode areas, the Crown dependencies and the few that are no place (BF, BX).
AREAS: Final = frozenset(
    """
    AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT
    DY E EC EH EN EX FK FY G GIR GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA
    LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK
    SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE
    """.split()  # noqa: SIM905  A list of 127 strings would fill three pages.
)

_OUTWARD: Final = r"(?P<letters>[A-Z]{1,2})[0-9][0-9A-Z]?"
_FULL: Final = re.compile(rf"(?P<outward>{_OUTWARD})(?P<sector>[0-9])(?P<unit>[A-Z]{{2}})")
_GIRO: Final = re.compile(r"(?P<outward>GIR)(?P<sector>0)(?P<unit>AA)")
_SPACED: Final = re.compile(rf"(?P<outward>{_OUTWARD}) (?P<sector>[0-9])(?P<one>[A-Z])?")
_PART: Final = re.compile(rf"(?P<outward>{_OUTWARD})(?:(?P<sector>[0-9])(?P<one>[A-Z])?)?")

# The first letter of a country's code in national statistics (of nine characters: W92000004), where
# it is not England's. L and M are pseudo codes: those islands are not in the United Kingdom.
NATIONS: Final = {
    "S": "Scotland",
    "W": "Wales",
    "N": "Northern Ireland",
    "L": "the Channel Islands",
    "M": "the Isle of Man",
}
ISLE_OF_MAN: Final = "M"


@dataclass(frozen=True, slots=True)
class Postcode:
    """A whole postcode in its parts: "M11", "1", "AA"."""

    outward: str
    sector: str
    unit: str

    def __str__(self) -> str:
        return f"{self.outward} {self.sector}{self.unit}"

    @property
    def place(self) -> int:
        """The place of its bit, from 0 to UNITS - 1; -1 where its letters are never last."""
        return place_of(self.unit)


@dataclass(frozen=True, slots=True)
class PartOfPostcode:
    """The beginning of a postcode: "ST7" or "ST7 4", or cut in its last letters: "ST7 4D"."""

    outward: str
    sector: str = ""
    is_cut: bool = False

    def __str__(self) -> str:
        return f"{self.outward} {self.sector}".strip()

    def otherwise(self) -> PartOfPostcode | None:
        """Return what else it may be: "ST74" is "ST7 4" where there is no ST74."""
        if self.sector or not self.outward[-2:].isdecimal():
            return None
        return PartOfPostcode(self.outward[:-1], self.outward[-1])


def place_of(unit: str) -> int:
    """Return the place of the bit for a postcode's last two letters, or -1."""
    first, second = (LETTERS.find(letter) for letter in unit)
    return -1 if first < 0 or second < 0 else first * len(LETTERS) + second


def read(key: str) -> Postcode | PartOfPostcode | None:
    """Return the postcode, or the beginning of one, that a tidied text (`names.normalise`) is.

    None for anything else. It may be a postcode that does not exist.
    """
    tidy = key.replace(" ", "").upper()
    whole = _GIRO.fullmatch(tidy) or _FULL.fullmatch(tidy)
    if whole:
        return Postcode(whole["outward"], whole["sector"], whole["unit"])
    part = _SPACED.fullmatch(key.upper()) or _PART.fullmatch(tidy)
    if part:
        return PartOfPostcode(part["outward"], part["sector"] or "", is_cut=bool(part["one"]))
    return None


def holds(units: bytes, place: int) -> bool:
    """Whether a row's bits have the postcode of that place."""
    return 0 <= place < UNITS and bool(units[place >> 3] & (1 << (place & 7)))
