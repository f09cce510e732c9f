"""CSV that spreadsheets open without running anything in it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

# What a spreadsheet would run instead of show, at the start of a cell (OWASP: CSV injection), and
# the apostrophes that stop it.
_RUN_BY_SPREADSHEETS: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def inert(cell: str) -> str:
    """Return the cell with an apostrophe before what a spreadsheet would run."""
    return f"'{cell}" if _RUN_BY_SPREADSHEETS.match(cell) else cell


def as_meant(cell: str) -> str:
    """Return the cell without the apostrophe that `inert` puts before it."""
    return cell[1:] if cell[:1] == "'" and _RUN_BY_SPREADSHEETS.match(cell) else cell


def table_of(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as the text of a CSV file of which no cell is run."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(heads)
    writer.writerows(map(inert, row) for row in rows)
    return file.getvalue()
