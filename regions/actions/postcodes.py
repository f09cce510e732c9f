"""Importing the national postcode directory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from django.db import transaction

from regions.actions.loading import shipped_rows
from regions.actions.replacing import replace_all
from regions.models import Area, PostcodeSector
from regions.national.directory import CodedPlace, DirectoryError, PostcodeDirectory
from regions.national.files import read_files
from regions.postcodes import ISLE_OF_MAN


def import_postcodes(
    files: Sequence[Path], *, progress: Callable[[int], None] | None = None
) -> PostcodeDirectory:
    """Replace all postcodes by those of these files; return what was read.

    In one transaction at the end: readers see the old ones or the new ones, never half. `progress`
    is called with the number of bytes read. Raises NationalFileError, and then nothing has changed.
    """
    directory = PostcodeDirectory(codes=_codes(), regions=_regions())
    read_files(files, into=directory, encoding=_encoding, progress=progress)
    _replace(directory)
    return directory


def _encoding(chunks: Iterable[bytes]) -> str:
    """Return the encoding of every release; nothing that is read has other than ASCII."""
    return "utf-8-sig"


@transaction.atomic
def _replace(directory: PostcodeDirectory) -> None:
    areas = dict(Area.objects.values_list("slug", "pk"))
    if not {row.location.area for row in directory.rows() if row.location.area} <= areas.keys():
        raise DirectoryError("The areas are not loaded yet: run load_reference first.")
    replace_all(
        PostcodeSector,
        (
            PostcodeSector(
                outward=row.outward,
                sector=row.sector,
                area_id=areas[row.location.area] if row.location.area else None,
                council=row.location.council,
                nation=row.location.nation,
                in_use=row.location.in_use,
                units=row.units,
            )
            for row in directory.rows()
        ),
    )


def _codes() -> dict[str, CodedPlace]:
    """Return what each council's and police force's code stands for."""
    codes = {
        code: CodedPlace(row["name"], row["area"])
        for row in shipped_rows("councils.csv")
        for code in (row["gss"], row["former_gss"])
        if code
    }
    for row in shipped_rows("areas.csv"):
        if row["force"]:
            codes[row["force"]] = CodedPlace("", row["slug"])
        elif row["in_england"] == "no":
            codes[ISLE_OF_MAN] = CodedPlace("", row["slug"])
    return codes


def _regions() -> dict[str, list[str]]:
    """Return the codes of the ONS regions that each area may lie in."""
    regions = {row["slug"]: row["ons"].split("|") for row in shipped_rows("regions.csv")}
    return {row["slug"]: regions[row["region"]] for row in shipped_rows("areas.csv")}
