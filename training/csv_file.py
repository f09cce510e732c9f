"""Sessions as CSV, out and in: the same reading and the same checks as for pasted dates.

django-import-export's resource does the work; its pages in the admin are not used, because what is
looked at must be what is stored (decision 12).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import tablib
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from import_export.fields import Field
from import_export.formats.base_formats import CSV
from import_export.resources import ModelResource

from govuk.dates import in_london
from regions.models import Region
from regions.names import normalise
from training.actions.entering import (
    judge_rows,
    track_words,
)
from training.models import REVISED_BY, Session, Track
from training.pasting import LONGEST_PASTE, Row, TrackWords, read

# What a spreadsheet would run instead of show, at the start of a cell (OWASP: CSV injection).
_RUN_BY_SPREADSHEETS: Final = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS: Final = (
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
_NEEDED: Final = ("track", "date", "start", "end")
_NOT_CSV: Final = (
    "This is not a CSV file. In a spreadsheet, choose “Save as” and the kind “CSV UTF-8”."
)


def inert(cell: str) -> str:
    """Return the cell with an apostrophe before what a spreadsheet would run."""
    return f"'{cell}" if cell.startswith(_RUN_BY_SPREADSHEETS) else cell


def as_meant(cell: str) -> str:
    """Return the cell without the apostrophe that `inert` puts before it."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_RUN_BY_SPREADSHEETS) else cell


def text_of(file: bytes) -> str:
    """Return a CSV file's text, in UTF-8 or as older spreadsheets of Windows write it.

    Raises ValidationError for what is not text.
    """
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = file.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise ValidationError(_NOT_CSV)


def exported(sessions: QuerySet[Session]) -> str:
    """Return the sessions as CSV of which no cell does anything when it is opened."""
    table = SessionResource().export(sessions)
    for number in range(len(table)):
        table[number] = [inert(str(cell)) for cell in table[number]]
    return str(CSV().export_data(table))


@dataclass(frozen=True, slots=True)
class Line:
    """What a row of a file would do: "new", "changed" or "unchanged"; and what is wrong with it."""

    row: Row
    does: str
    status: str


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a file would do, or has done. `revisions` are those that its sessions had, by id."""

    lines: Sequence[Line]
    revisions: Mapping[str, int]
    stored: Sequence[tuple[Session, bool]] = ()

    @property
    def to_mend(self) -> int:
        """How many rows have a mistake."""
        return sum(bool(line.row.mistakes) for line in self.lines)

    def count(self, does: str) -> int:
        """Return how many rows do that."""
        return sum(line.does == does for line in self.lines)


def take_in(text: str, *, seen: Mapping[str, int] | None = None) -> TakenIn:
    """Return what the file would do; with `seen`, the revisions that were looked at, do it.

    It is done all or none: with any mistake nothing is stored. Raises ValidationError for what is
    no table of sessions.
    """
    resource = SessionResource(seen=seen)
    result = resource.import_data(_table(text), dry_run=seen is None, raise_errors=False)
    if result.base_errors:
        raise ValidationError([str(error.error) for error in result.base_errors])
    faults = {row.number: row.error.messages for row in result.invalid_rows}
    faults |= {number: [str(e.error) for e in errors] for number, errors in result.row_errors()}
    lines = [
        Line(
            row=replace(row, mistakes=tuple(faults.get(number, row.mistakes))),
            does=resource.does(number),
            status=cells["status"],
        )
        for number, (cells, row) in resource.rows.items()
    ]
    stored = [
        (row.instance, row.is_new())
        for row in result.rows
        if seen is not None and not faults and (row.is_new() or row.is_update())
    ]
    return TakenIn(lines, resource.revisions, stored)


def _table(text: str) -> Any:
    """Return the file's table, its heads in small letters; ValidationError if it has none."""
    try:
        form = csv.Sniffer().sniff(text.partition("\n")[0], delimiters=",;\t")
        rows = [
            row for row in csv.reader(io.StringIO(text, newline=""), form, strict=True) if any(row)
        ]
    except csv.Error as error:
        raise ValidationError(_NOT_CSV) from error
    heads = [head.strip().lower() for head in rows[0]] if rows else []
    unknown = [head for head in heads if head not in _COLUMNS]
    missing = [name for name in _NEEDED if name not in heads]
    if unknown or missing or len(heads) != len(set(heads)):
        raise ValidationError(
            f"The first line must name the columns, each once: {', '.join(_COLUMNS)}."
        )
    if len(rows) > LONGEST_PASTE + 1:
        raise ValidationError(f"Only {LONGEST_PASTE} rows can be taken in at once.")
    if len(rows) == 1:
        raise ValidationError("There is no row below the first line.")
    if any(len(row) != len(heads) for row in rows):
        number = next(n for n, row in enumerate(rows, start=1) if len(row) != len(heads))
        raise ValidationError(f"Row {number} has more or fewer cells than the first line.")
    if "id" not in heads:
        heads = ["id", *heads]
        rows = [["", *row] for row in rows]
    return tablib.Dataset(*rows[1:], headers=heads)


class Derived(Field):
    """A column that is worked out of a session."""

    def __init__(self, name: str, read: Callable[[Session], str]) -> None:
        super().__init__(column_name=name)
        self._read = read

    def get_value(self, instance: Session) -> str:
        """Return the cell."""
        return self._read(instance)


class SessionResource(ModelResource):
    """A session as a row: dates and times are the UK's, track and region are slugs.

    A row with an `id` changes that session, and leaves alone what the file has no column for; one
    without adds a session.
    """

    id = Field("pk", "id")
    track = Field("track__slug", "track")
    title = Field("title", "title")
    date = Derived("date", lambda session: _clock(session.starts_at, "%Y-%m-%d"))
    start = Derived("start", lambda session: _clock(session.starts_at, "%H:%M"))
    end = Derived("end", lambda session: _clock(session.ends_at, "%H:%M"))
    region = Field("region__slug", "region", default="")
    status = Field("status", "status")
    registration_url = Field("registration_url", "registration_url")

    class Meta:
        model = Session
        fields = _COLUMNS
        export_order = _COLUMNS
        import_id_fields = ("id",)
        skip_unchanged = True
        use_transactions = True
        clean_model_instances = True
        store_instance = True

    def __init__(self, *, seen: Mapping[str, int] | None = None) -> None:
        super().__init__()
        self._seen = seen
        self._stored: dict[str, Session] = {}
        self._unchanged: set[int] = set()
        self.rows: dict[int, tuple[dict[str, str], Row]] = {}
        self.revisions: dict[str, int] = {}

    def does(self, number: int) -> str:
        """Return what a row does: "new", "changed" or "unchanged"."""
        if number in self._unchanged:
            return "unchanged"
        return "changed" if self.rows[number][0]["id"] in self._stored else "new"

    def get_queryset(self) -> Any:
        return Session.objects.with_relations()

    def import_data(self, dataset: Any, dry_run: bool = False, **kwargs: Any) -> Any:
        """Import all rows or none."""
        return super().import_data(
            dataset, dry_run=dry_run, rollback_on_validation_errors=True, **kwargs
        )

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Read and judge all rows at once: each is compared with the others and the stored."""
        stored = self.get_queryset().select_for_update(of=("self",))
        self._stored = {str(session.pk): session for session in stored}
        self._tracks = {track.slug: track for track in Track.objects.all()}
        self._regions = {region.slug: region for region in Region.objects.all()}
        named = {
            normalise(name): r.slug for r in self._regions.values() for name in (r.name, r.slug)
        }
        table = [self._cells(row, dataset.headers, named) for row in dataset.dict]
        named_ids = {cells["id"] for cells in table} & self._stored.keys()
        self.revisions = {key: self._stored[key].sequence for key in named_ids}
        words = track_words()
        rows = []
        earlier: set[str] = set()
        for number, cells in enumerate(table, start=1):
            session = self._stored.get(cells["id"])
            is_repeated = bool(cells["id"]) and cells["id"] in earlier
            earlier.add(cells["id"])
            if session and not is_repeated and cells == self._as_stored(session):
                self._unchanged.add(number)
            else:
                rows.append(self._read(number, cells, words, is_repeated=is_repeated))
        changed = [
            self._stored[table[r.number - 1]["id"]].pk
            for r in rows
            if table[r.number - 1]["id"] in self._stored
        ]
        judged = {row.number: row for row in judge_rows(rows, at=timezone.now(), without=changed)}
        for number, cells in enumerate(table, start=1):
            kept = self._kept(number, cells) if number in self._unchanged else judged[number]
            self.rows[number] = (cells, kept)

    def get_instance(self, instance_loader: Any, row: dict[str, Any]) -> Session | None:
        """Return the session that the row changes, or None for a new one."""
        return self._stored.get(str(row["id"] or "").strip())

    def import_instance(self, instance: Session, row: dict[str, Any], **kwargs: Any) -> None:
        """Take over what the row was read as. Raises ValidationError with all its mistakes."""
        number = kwargs["row_number"]
        if number in self._unchanged:
            return
        cells, read_as = self.rows[number]
        if read_as.mistakes or read_as.starts_at is None or read_as.ends_at is None:
            raise ValidationError(list(read_as.mistakes))
        instance.track = self._tracks[read_as.track]
        instance.title = read_as.title
        instance.region = self._regions.get(read_as.region)
        instance.starts_at = read_as.starts_at
        instance.ends_at = read_as.ends_at
        instance.registration_url = read_as.registration_url
        instance.status = cells["status"]

    def skip_row(
        self,
        instance: Session,
        original: Session,
        row: dict[str, Any],
        import_validation_errors: Any = None,
    ) -> bool:
        """Say whether the row leaves its session as it is."""
        if import_validation_errors or original is None or original.pk is None:
            return False
        return all(getattr(instance, name) == getattr(original, name) for name in REVISED_BY)

    def _as_stored(self, session: Session) -> dict[str, str]:
        """Return the cells that the export gives the session."""
        return {f.column_name: str(f.export(session) or "") for f in self.get_export_fields()}

    def _cells(
        self, row: dict[str, Any], heads: Sequence[str], regions: Mapping[str, str]
    ) -> dict[str, str]:
        """Return the row's cells as they are meant; what the file does not have is as stored."""
        given = {name: as_meant(str(row[name] or "").strip()) for name in heads}
        session = self._stored.get(given["id"])
        cells = dict.fromkeys(_COLUMNS, "") | {"status": Session.Status.SCHEDULED.value}
        if session:
            cells |= self._as_stored(session)
        cells |= given
        cells["region"] = regions.get(normalise(cells["region"]), cells["region"])
        blank = session.status if session else Session.Status.SCHEDULED
        cells["status"] = cells["status"].lower() or str(blank)
        return cells

    def _read(
        self,
        number: int,
        cells: dict[str, str],
        tracks: Sequence[TrackWords],
        *,
        is_repeated: bool,
    ) -> Row:
        """Return what a row says: its line, put together of its cells, is read as if pasted."""
        parts = (" ".join(cells[name].split()) for name in ("track", "date", "start", "end"))
        line = "\t".join(parts)
        rows = read(line, tracks=tracks, track="", title=cells["title"])
        row = rows[0] if rows else Row(number, line, mistakes=("There is no date.",))
        return replace(
            row,
            number=number,
            region=cells["region"],
            registration_url=cells["registration_url"],
            mistakes=(*row.mistakes, *self._mistakes(cells, is_repeated=is_repeated)),
        )

    def _kept(self, number: int, cells: dict[str, str]) -> Row:
        """Return a row of a session that stays as it is."""
        session = self._stored[cells["id"]]
        return Row(
            number,
            "",
            track=cells["track"],
            starts_at=in_london(session.starts_at),
            ends_at=in_london(session.ends_at),
            registration_url=cells["registration_url"],
            title=cells["title"],
            region=cells["region"],
        )

    def _mistakes(self, cells: dict[str, str], *, is_repeated: bool) -> Iterable[str]:
        """Yield what is wrong with the cells that no pasted line has."""
        key = cells["id"]
        session = self._stored.get(key)
        if key and session is None:
            yield f"There is no session {key[:20]}. Leave its id blank to add one."
        if is_repeated:
            yield f"The id {key[:20]} stands in an earlier row too."
        if session and self._seen is not None and self._seen.get(key) != session.sequence:
            yield "Somebody has changed this session meanwhile. Look at the file again."
        if cells["region"] and cells["region"] not in self._regions:
            yield f"There is no region “{cells['region'][:50]}”."
        if cells["status"] not in Session.Status.values:
            yield f"A session is {', '.join(Session.Status.values)}; not “{cells['status'][:20]}”."


def _clock(moment: datetime | None, form: str) -> str:
    """Return what a UK clock or calendar shows at the moment; a session just begun has none."""
    return in_london(moment).strftime(form) if moment else ""
