"""Bringing the national postcode directory in: a file of it, or the one that came with the site."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from govuk.dates import month_words
from regions.actions.loading import shipped_rows
from regions.actions.national import (
    Kind,
    Progress,
    fetch,
    record_use,
    recorded_download,
    refuse_fewer,
)
from regions.actions.replacing import replace_all
from regions.models import Area, NationalFile, PostcodeSector
from regions.national import packaged
from regions.national.directory import FEWEST_KEPT, CodedPlace, DirectoryError, PostcodeDirectory
from regions.national.files import read_files
from regions.postcodes import ISLE_OF_MAN

Source = NationalFile.Source

# An operator may try one small file after the other; a whole directory is another matter.
_FEWEST_OF_A_DIRECTORY = 1_000


def import_postcodes(
    files: Sequence[Path], *, allow_fewer: bool = False, progress: Progress | None = None
) -> PostcodeDirectory:
    """Put the postcodes of these files in the place of those that are there; return what was read.

    In one transaction at the end: readers see the old ones or the new ones, never half. Far fewer
    than a whole directory that was imported before are refused unless `allow_fewer`. What came with
    the site gives way to any file. `progress` is called with the number of bytes read. Raises
    NationalFileError, and then nothing has changed.
    """
    directory = _read(files, progress)
    in_use = _in_use()
    if not allow_fewer and not (in_use and in_use.source == Source.PACKAGE):
        held = PostcodeSector.objects.all().postcode_count()
        if held >= _FEWEST_OF_A_DIRECTORY:
            refuse_fewer(Kind.POSTCODES, rows=directory.count, held=held)
    names = ", ".join(file.name for file in files)
    _replace(directory, source=Source.IMPORTED, name=names, release=directory.release)
    return directory


def download_postcodes(
    address: str,
    *,
    at: datetime,
    allow_fewer: bool = False,
    allow_older: bool = False,
    progress: Progress | None = None,
) -> PostcodeDirectory:
    """Fetch a directory and put its postcodes in the place of those that are there.

    As `import_postcodes`, but nothing that is in use gives way to far fewer postcodes, or to a
    release that is older or cannot be dated, unless it is allowed. Raises NationalFileError.
    """
    with recorded_download(Kind.POSTCODES, at=at) as folder:
        file = fetch(address, folder, progress=progress)
        directory = _read([file], progress)
        if not allow_older:
            _refuse_older(directory.release)
        if not allow_fewer:
            held = PostcodeSector.objects.all().postcode_count()
            refuse_fewer(Kind.POSTCODES, rows=directory.count, held=held)
        _replace(directory, source=Source.DOWNLOADED, name=file.name, release=directory.release)
        return directory


def load_packaged_postcodes(*, progress: Progress | None = None) -> PostcodeDirectory | None:
    """Store the directory that came with the requirements, where it is to be stored.

    That is where no postcodes are stored, or those of another version of the package. Never where
    they were imported. Returns None where nothing is to be done. `progress` is told of each
    hundredth. Raises NationalFileError as `packaged_columns` does, and then nothing has changed.
    """
    version = packaged.packaged_version()
    name = f"{packaged.PACKAGE} {version}"
    stored = _in_use()
    has_own = PostcodeSector.objects.exists() if stored is None else stored.source != Source.PACKAGE
    if has_own or (stored and (stored.name == name or not version)):
        return None
    directory = PostcodeDirectory(codes=_codes(), regions=_regions())
    for done, (postcodes, councils, *_) in packaged.packaged_columns():
        directory.add_columns(postcodes, councils)
        if progress:
            progress(done)
    if directory.kept * FEWEST_KEPT < max(directory.read, 1):
        raise DirectoryError(f"{name} has hardly any postcodes that can be kept.")
    release = packaged.RELEASES.get(version)
    _replace(directory, source=Source.PACKAGE, name=name, release=release)
    return directory


def _read(files: Sequence[Path], progress: Progress | None) -> PostcodeDirectory:
    directory = PostcodeDirectory(codes=_codes(), regions=_regions())
    read_files(files, into=directory, encoding=_encoding, progress=progress)
    return directory


def _encoding(chunks: Iterable[bytes]) -> str:
    """Return the encoding of every release; nothing that is read has other than ASCII."""
    return "utf-8-sig"


def _in_use() -> NationalFile | None:
    return NationalFile.objects.filter(kind=Kind.POSTCODES).first()


def _refuse_older(release: date | None) -> None:
    """Raise DirectoryError where what is in use is known to be newer, or may be."""
    in_use = _in_use()
    if in_use is None or in_use.release is None or (release and release >= in_use.release):
        return
    found = f"is from {month_words(release)}" if release else "does not say from when it is"
    raise DirectoryError(
        f"The file {found}, and the one in use is from {month_words(in_use.release)}. "
        "Add --older if that is right."
    )


@transaction.atomic
def _replace(
    directory: PostcodeDirectory, *, source: NationalFile.Source, name: str, release: date | None
) -> None:
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
    rows = directory.count
    record_use(Kind.POSTCODES, source=source, name=name, release=release, rows=rows)


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
