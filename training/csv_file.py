"""Sessions as a CSV file: written so that spreadsheets only show it, and read as they save it.

Dates and times are the UK's; track and region are slugs. A row with an id changes that session, and
leaves alone what the file has no column for; one without an id adds a session.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Final, TypeAlias

from govuk.dates import in_london
from govuk.lines import on_one_line
from govuk.spreadsheets import as_meant, table_of
from regions.names import normalise
from training.pasting import LONGEST_PASTE, Row, TrackWords, read
from training.session_facts import SCHEDULED, STATUSES, SessionFacts

COLUMNS: Final = (
    "id",
    "track",
    "title",
    "date",
    "start",
    "end",
    "region",
    "status",
    "registration_url",
)
_NEEDED: Final = {"track", "date", "start", "end"}
_LABELS: Final = {"registration_url": "link"}
_SEPARATORS: Final = ",;\t"
_QUOTATION_MARKS: Final = "\"'"
# A line before the first, by which a spreadsheet names the separator.
_SEPARATOR_LINE: Final = re.compile(r'\s*"?sep=[,;\t]"?[,;\t ]*[\r\n]+', re.IGNORECASE)

# A row's cells by the names of their columns.
Cells: TypeAlias = dict[str, str]


class NotATableError(ValueError):
    """A file is no table of sessions; why, in a sentence for whoever chose it."""


def written(sessions: Iterable[SessionFacts]) -> str:
    """Return the sessions as the text of a CSV file."""
    rows = ([str(facts.id), *_cells_of(_as_row(facts)).values()] for facts in sessions)
    return table_of(COLUMNS, rows)


def text_of(file: bytes) -> str:
    """Return a file's text, in UTF-8 or as older spreadsheets of Windows write it.

    Raises NotATableError for what is not text.
    """
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = file.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise NotATableError(
        "This is not a CSV file. In a spreadsheet, choose “Save as” and the kind “CSV UTF-8”."
    )


def read_rows(
    text: str,
    *,
    stored: Mapping[str, SessionFacts],
    tracks: Sequence[TrackWords],
    regions: Mapping[str, str],
) -> list[Row]:
    """Return the rows of a file's text, with the mistakes that show in their own cells.

    `stored` are all sessions by their ids; `regions` are the slugs by name. A row that means what
    is stored is unchanged, however its cells are spelt. A row's number is the one that a
    spreadsheet shows. Raises NotATableError.
    """
    slugs = {normalise(name): slug for name, slug in regions.items()}
    rows: list[Row] = []
    earlier: set[str] = set()
    for number, given in _table(text):
        key = given.get("id", "")
        facts = stored.get(key)
        cells = dict.fromkeys(COLUMNS, "") | (_cells_of(_as_row(facts)) if facts else {}) | given
        cells["region"] = slugs.get(normalise(cells["region"]), cells["region"])
        cells["status"] = cells["status"].lower() or (facts.status if facts else SCHEDULED)
        row = _read_cells(cells, tracks)
        mistakes = list(row.mistakes)
        if key and facts is None:
            mistakes.append(f"There is no session {key[:20]}. Leave its id blank to add one.")
        if key and key in earlier:
            mistakes.append(f"The id {key[:20]} stands in an earlier row too.")
        if row.region and row.region not in regions.values():
            mistakes.append(f"There is no region “{row.region[:50]}”.")
        if row.status not in STATUSES:
            mistakes.append(f"A session is {', '.join(STATUSES)}; not “{row.status[:20]}”.")
        line = ", ".join(filter(None, given.values()))
        row = replace(row, number=number, text=line, mistakes=tuple(mistakes))
        rows.append(_compared(row, facts) if facts else row)
        earlier.add(key)
    return rows


def _read_cells(cells: Cells, tracks: Sequence[TrackWords]) -> Row:
    """Return what the cells say; track, date and times are read as those of a pasted line."""
    is_slug = cells["track"] in {words.slug for words in tracks}
    names = ("date", "start", "end") if is_slug else ("track", "date", "start", "end")
    line = "\t".join(" ".join(cells[name].split()) for name in names)
    rows = read(line, tracks=tracks, track=cells["track"] if is_slug else "")
    return replace(
        rows[0] if rows else Row(0, line, mistakes=("There is no date.",)),
        title=cells["title"],
        region=cells["region"],
        status=cells["status"],
        registration_url=cells["registration_url"],
    )


def _compared(row: Row, facts: SessionFacts) -> Row:
    """Return the row of a stored session with what it changes; the rest stays as it is stored."""
    stored = _as_row(facts)
    was, now = _cells_of(stored), _cells_of(row)
    changed = [name for name in was if was[name] != now[name]]
    if not {"date", "start", "end"}.intersection(changed):
        row = replace(row, starts_at=stored.starts_at, ends_at=stored.ends_at)
    return replace(
        row,
        session_id=str(facts.id),
        title=row.title if "title" in changed else stored.title,
        changes=tuple(f"The {_LABELS.get(n, n)} was {was[n] or 'blank'}." for n in changed),
    )


def _as_row(facts: SessionFacts) -> Row:
    return Row(
        0,
        "",
        track=facts.track,
        starts_at=in_london(facts.starts_at),
        ends_at=in_london(facts.ends_at),
        registration_url=facts.registration_url,
        title=facts.title,
        region=facts.region_slug,
        status=facts.status,
    )


def _cells_of(row: Row) -> Cells:
    """Return how the export spells a row's values, in the order of the columns after the id."""
    return {
        "track": row.track,
        "title": on_one_line(row.title),
        "date": f"{row.starts_at:%Y-%m-%d}" if row.starts_at else "",
        "start": f"{row.starts_at:%H:%M}" if row.starts_at else "",
        "end": f"{row.ends_at:%H:%M}" if row.ends_at else "",
        "region": row.region,
        "status": row.status,
        "registration_url": row.registration_url,
    }


def _table(text: str) -> list[tuple[int, Cells]]:
    """Return each row's number, and its cells by the columns that the file has."""
    if sep := _SEPARATOR_LINE.match(text):
        text = text[sep.end() :]
    (_, heads), *rows = list(_lines(text, *_form_of(text))) or [(1, [])]
    heads = [head.lower() for head in heads]
    while heads and not heads[-1]:
        heads.pop()
    if not (_NEEDED <= set(heads) <= set(COLUMNS) and len(heads) == len(set(heads))):
        raise NotATableError(
            f"The first line must name the columns, each once: {', '.join(COLUMNS)}."
        )
    if len(rows) > LONGEST_PASTE:
        raise NotATableError(f"Only {LONGEST_PASTE} rows can be taken in at once.")
    if not rows:
        raise NotATableError("There is no row below the first line.")
    for number, cells in rows:
        # Of the blank cells at a row's end, spreadsheets write some too many or too few.
        if any(cells[len(heads) :]) or not set(heads[: len(cells)]) >= _NEEDED:
            raise NotATableError(f"Row {number} has more or fewer cells than the first line.")
    return [
        (number, dict.fromkeys(heads, "") | dict(zip(heads, cells, strict=False)))
        for number, cells in rows
    ]


def _form_of(text: str) -> tuple[str, str]:
    """Return the separator and the quotation mark by which the first line names most columns."""

    def named(form: tuple[str, str]) -> int:
        try:
            _, heads = next(_lines(text, *form), (0, []))
        except NotATableError:
            return 0
        return len(set(COLUMNS).intersection(map(str.lower, heads)))

    return max(product(_SEPARATORS, _QUOTATION_MARKS), key=named)


def _lines(text: str, separator: str, quotation_mark: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank, with its number: from 1, blank ones counted."""
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator, quotechar=quotation_mark, strict=True
    )
    try:
        for number, line in enumerate(reader, start=1):
            cells = [on_one_line(as_meant(cell)) for cell in line]
            if any(cells):
                yield number, cells
    except csv.Error as error:
        raise NotATableError(
            f"Line {reader.line_num} of the file cannot be read: "
            "a quotation mark in it is missing or too many."
        ) from error
