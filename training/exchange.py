"""Sessions as CSV, out and in: the same reading and the same checks as for pasted dates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils import timezone
from import_export.fields import Field
from import_export.formats.base_formats import CSV
from import_export.resources import ModelResource

from govuk.dates import in_london
from regions.models import Region
from training.actions import judge_rows, track_words
from training.models import Session, Track
from training.pasting import Row, read

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


def inert(cell: str) -> str:
    """Return the cell with an apostrophe before what a spreadsheet would run."""
    return f"'{cell}" if cell.startswith(_RUN_BY_SPREADSHEETS) else cell


def as_meant(cell: str) -> str:
    """Return the cell without the apostrophe that `inert` puts before it."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_RUN_BY_SPREADSHEETS) else cell


class InertCsv(CSV):
    """CSV of which no cell does anything when it is opened."""

    def export_data(self, dataset: Any, **kwargs: Any) -> str:
        """Return the table as text."""
        for number in range(len(dataset)):
            dataset[number] = [inert(str(cell)) for cell in dataset[number]]
        return str(super().export_data(dataset, **kwargs))


class Derived(Field):
    """A column that is worked out of a session, for the file and for the preview alike."""

    def __init__(self, name: str, read: Callable[[Session], str]) -> None:
        super().__init__(column_name=name)
        self._read = read

    def get_value(self, instance: Session) -> str:
        """Return the cell."""
        return self._read(instance)


class SessionResource(ModelResource):
    """A session as a row: dates and times are the UK's, track and region are slugs.

    A row with an `id` changes that session; one without adds one. With a mistake in any row
    nothing is stored.
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
    warnings = Field("import_warnings", "to know")

    class Meta:
        model = Session
        fields = (*_COLUMNS, "warnings")
        export_order = _COLUMNS
        import_id_fields = ("id",)
        skip_unchanged = True
        use_transactions = True
        clean_model_instances = True

    def get_queryset(self) -> Any:
        return Session.objects.with_relations()

    def get_export_fields(self, selected_fields: Sequence[str] | None = None) -> list[Field]:
        return [self.fields[name] for name in _COLUMNS]

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Read and judge all rows at once: each is compared with the others and the stored."""
        missing = {"track", "date", "start", "end"} - set(dataset.headers or ())
        if missing:
            raise ValidationError(f"The first line must name the columns {', '.join(_COLUMNS)}.")
        if "id" not in dataset.headers:
            dataset.append_col([""] * len(dataset), header="id")
        cells = [_cells(row) for row in dataset.dict]
        self._stored = {str(s.pk): s for s in self.get_queryset()}
        self._tracks = {track.slug: track for track in Track.objects.all()}
        self._regions = {region.slug: region for region in Region.objects.all()}
        rows = [self._read(number, row) for number, row in enumerate(cells, start=1)]
        changed = [s.pk for s in map(self._stored.get, (row["id"] for row in cells)) if s]
        judged = judge_rows(rows, at=timezone.now(), without=changed)
        self._rows = dict(enumerate(zip(cells, judged, strict=True), start=1))

    def get_instance(self, instance_loader: Any, row: dict[str, Any]) -> Session | None:
        """Return the session that the row changes, or None for a new one."""
        return self._stored.get(_cells(row)["id"])

    def import_instance(self, instance: Session, row: dict[str, Any], **kwargs: Any) -> None:
        """Take over what the row was read as. Raises ValidationError with all its mistakes."""
        cells, read_as = self._rows[kwargs["row_number"]]
        instance.import_warnings = " ".join(read_as.warnings)  # type: ignore[attr-defined]
        if read_as.mistakes or read_as.starts_at is None or read_as.ends_at is None:
            raise ValidationError(list(read_as.mistakes))
        instance.track = self._tracks[read_as.track]
        instance.title = read_as.title
        instance.region = self._regions.get(read_as.region)
        instance.starts_at = read_as.starts_at
        instance.ends_at = read_as.ends_at
        instance.registration_url = read_as.registration_url
        instance.status = cells["status"] or Session.Status.SCHEDULED

    def _read(self, number: int, cells: dict[str, str]) -> Row:
        """Return what a row says: its line, put together of its cells, is read as if pasted."""
        names = ("track", "date", "start", "end", "registration_url")
        line = "\t".join(cells[name] for name in names)
        rows = read(line, tracks=track_words(), track="", title=cells["title"])
        row = rows[0] if rows else Row(number, line, mistakes=("There is no date.",))
        mistakes = [*row.mistakes, *self._mistakes(cells)]
        return replace(row, number=number, region=cells["region"], mistakes=tuple(mistakes))

    def _mistakes(self, cells: dict[str, str]) -> Iterable[str]:
        """Yield what is wrong with the cells that no pasted line has."""
        if cells["id"] and cells["id"] not in self._stored:
            yield f"There is no session {cells['id'][:20]}. Leave its id blank to add one."
        if cells["region"] and cells["region"] not in self._regions:
            yield f"There is no region “{cells['region'][:50]}”."
        if cells["status"] and cells["status"] not in Session.Status.values:
            yield f"A session is {', '.join(Session.Status.values)}; not “{cells['status'][:20]}”."


def _clock(moment: datetime | None, form: str) -> str:
    """Return what a UK clock or calendar shows at the moment; a session just begun has none."""
    return in_london(moment).strftime(form) if moment else ""


def _cells(row: dict[str, Any]) -> dict[str, str]:
    """Return the row's known columns as plain text of one line each."""
    return {name: as_meant(" ".join(str(row.get(name) or "").split())) for name in _COLUMNS}
