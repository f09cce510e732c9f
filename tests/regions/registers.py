"""Registers of schools of our own, in the columns of several releases."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

# The columns by which a row is placed, named and judged.
DISTRICT, AUTHORITY = "DistrictAdministrative (code)", "LA (code)"
NAME, STATUS, TYPE = (
    "EstablishmentName",
    "EstablishmentStatus (code)",
    "TypeOfEstablishment (name)",
)
# What a row says where a test does not say otherwise: an open school in Manchester.
PLAIN = {
    "URN": "100001",
    "LA (code)": "352",
    "LA (name)": "Manchester",
    "EstablishmentName": "Canal Street Primary School",
    "TypeOfEstablishment (name)": "Community school",
    "EstablishmentStatus (code)": "1",
    "EstablishmentStatus (name)": "Open",
    "UKPRN": "",
    "Town": "Manchester",
    "County (name)": "Kent",
    "Postcode": "M11 1AA",
    "DistrictAdministrative (code)": "E08000003",
    "DistrictAdministrative (name)": "Manchester",
}
FEW = (
    "URN",
    "EstablishmentName",
    "EstablishmentStatus (name)",
    "Postcode",
    "DistrictAdministrative (code)",
    "LA (code)",
)
MANY = (*PLAIN, *(f"Other{number}" for number in range(122)))


def text_of(rows: Sequence[Mapping[str, str]], *, columns: Sequence[str] = MANY) -> str:
    lines = io.StringIO()
    writer = csv.writer(lines, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows([{**PLAIN, **row}.get(column, "") for column in columns] for row in rows)
    return lines.getvalue()


def write(
    path: Path,
    rows: Sequence[Mapping[str, str]],
    *,
    columns: Sequence[str] = MANY,
    encoding: str = "utf-8-sig",
) -> Path:
    """Write rows that differ from a plain one in what they say, by the names of the columns."""
    path.write_bytes(text_of(rows, columns=columns).encode(encoding))
    return path
