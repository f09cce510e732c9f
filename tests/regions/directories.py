"""Postcode directories of our own, in the columns of several releases."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

# What a release calls the columns that matter; the others only stand between them.
RELEASES = {
    "NSPL of 2018": ("pcds", "doterm", "laua", "pfa", "ctry", "rgn"),
    "directory of 2024": ("pcds", "doterm", "oslaua", "pfa", "ctry", "rgn"),
    "directory of 2025": ("pcds", "doterm", "lad25cd", "pfa23cd", "ctry25cd", "rgn25cd"),
}
MANCHESTER = ("E08000003", "E23000005", "E92000001", "E12000002")
LEEDS = ("E08000035", "E23000010", "E92000001", "E12000003")
CARDIFF = ("W06000015", "W15000003", "W92000004", "W99999999")
DOUGLAS = ("M99999999", "M99999999", "M83000003", "M99999999")

Row = tuple[str, str, tuple[str, str, str, str]]


def write(path: Path, rows: Sequence[Row], *, release: str = "directory of 2025") -> Path:
    """Write rows of (postcode, ended or "", codes of council, force, country and region)."""
    names = RELEASES[release]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(["pcd", "pcd2", *names, "lat", "long"])
        for postcode, ended, (council, force, country, region) in rows:
            tight = postcode.replace(" ", "")
            writer.writerow(
                [tight, tight, postcode, ended, council, force, country, region, "53.1", "-2.2"]
            )
    return path
