"""The links that the site ships with, for when there is no database to ask. No Django."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

FILE: Final = Path(__file__).resolve().parent / "data" / "links.csv"


@dataclass(frozen=True, slots=True)
class ShippedLink:
    """A link to the outside, by key. A blank address is not known; `checked_on` is a UK day."""

    key: str
    label: str
    address: str
    owner: str
    checked_on: date | None
    note: str


@cache
def shipped_links() -> MappingProxyType[str, ShippedLink]:
    """Return the shipped links by key, in the file's order. The file is read once."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return MappingProxyType(
            {
                row["key"]: ShippedLink(
                    key=row["key"],
                    label=row["label"],
                    address=row["address"],
                    owner=row["owner"],
                    checked_on=date.fromisoformat(row["checked_on"]) if row["checked_on"] else None,
                    note=row["note"],
                )
                for row in csv.DictReader(lines)
            }
        )
