"""Importing the national register of schools and colleges, and fetching it each night."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from zlib import crc32

from django.conf import settings
from django.db import transaction

from govuk.dates import in_london
from regions import tables
from regions.actions.loading import shipped_rows
from regions.actions.national import (
    Kind,
    Progress,
    claim_download,
    fetch,
    record_use,
    recorded_download,
    refuse_fewer,
)
from regions.actions.replacing import replace_all
from regions.models import Area, Establishment, NationalFile
from regions.national.download import NotThereError, dated
from regions.national.establishments import (
    EstablishmentRegister,
    RegisterError,
    codes_of,
    encoding_of,
)
from regions.national.files import NationalFileError, read_files

logger = logging.getLogger(__name__)

Source = NationalFile.Source

# The register of the day is made in the small hours.
NIGHTLY_HOUR: Final = 5
_SPREAD_MINUTES: Final = 45
# An operator may try one small file after the other; a whole register is another matter.
_FEWEST_OF_A_REGISTER: Final = 1_000
_DAY_IN_A_NAME: Final = re.compile(r"(?<![0-9])(20[0-9]{2})(0[1-9]|1[0-2])([0-3][0-9])(?![0-9])")


def import_establishments(
    files: Sequence[Path], *, allow_fewer: bool = False, progress: Progress | None = None
) -> EstablishmentRegister:
    """Replace all establishments by those of these files; return what was read and skipped.

    In one transaction at the end: readers see the old ones or the new ones, never half. Far fewer
    than a whole register that is stored are refused unless `allow_fewer`. `progress` is called with
    the number of bytes read. Raises NationalFileError, and then nothing has changed.
    """
    register = _read(files, progress)
    held = Establishment.objects.count()
    if held >= _FEWEST_OF_A_REGISTER and not allow_fewer:
        refuse_fewer(Kind.ESTABLISHMENTS, rows=len(register.establishments), held=held)
    _replace(register, source=Source.IMPORTED, files=files)
    return register


def download_establishments(
    *, at: datetime, allow_fewer: bool = False, progress: Progress | None = None
) -> EstablishmentRegister | None:
    """Fetch the day's register and replace all establishments by its rows; return what was read.

    While there is none of the day, the day before's does. Returns None where what is in use is as
    new. Far fewer rows than are stored are refused unless `allow_fewer`. Raises NationalFileError.
    """
    with recorded_download(Kind.ESTABLISHMENTS, at=at) as folder:
        file = _newest(folder, on=in_london(at).date(), progress=progress)
        if file is None:
            return None
        register = _read([file], progress)
        if not allow_fewer:
            held = Establishment.objects.count()
            refuse_fewer(Kind.ESTABLISHMENTS, rows=len(register.establishments), held=held)
        _replace(register, source=Source.DOWNLOADED, files=[file])
        return register


def claim_refresh(*, at: datetime) -> bool:
    """Take on the fetching of the night's register, if it is due. Of several workers one does."""
    return claim_download(Kind.ESTABLISHMENTS, since=_last_due(at), at=at)


def refresh_establishments(*, at: datetime) -> None:
    """Fetch the night's register. A failure is logged, and recorded for editors, in a sentence."""
    try:
        register = download_establishments(at=at)
    except NationalFileError as error:
        logger.warning("The schools and colleges were not refreshed: %s", error)
    else:
        stored = f"{len(register.establishments):,} stored" if register else "none newer"
        logger.info("Schools and colleges: %s", stored)


def _last_due(at: datetime) -> datetime:
    """Return when the register was last due: each night, at a minute that each site has its own."""
    minute = crc32(settings.SITE_URL.encode()) % _SPREAD_MINUTES
    due = in_london(at).replace(hour=NIGHTLY_HOUR, minute=minute, second=0, microsecond=0)
    return due if due <= at else due - timedelta(days=1)


def _newest(folder: Path, *, on: date, progress: Progress | None) -> Path | None:
    """Return the register of that day or, failing that, of the day before, fetched.

    None where what is in use is as new as the one that is there. Raises NationalFileError.
    """
    address = settings.ESTABLISHMENTS_URL
    if not address:
        raise RegisterError("ESTABLISHMENTS_URL says off: there is no address to fetch from.")
    if dated(address, on) == address:
        return fetch(address, folder, progress=progress)
    in_use = NationalFile.objects.filter(kind=Kind.ESTABLISHMENTS).first()
    newer_than = in_use.release if in_use and in_use.release else date.min
    if on <= newer_than:
        return None
    yesterday = on - timedelta(days=1)
    try:
        return fetch(dated(address, on), folder, progress=progress)
    except NotThereError:
        if yesterday <= newer_than:
            return None
    return fetch(dated(address, yesterday), folder, progress=progress)


def _read(files: Sequence[Path], progress: Progress | None) -> EstablishmentRegister:
    register = EstablishmentRegister(
        codes=codes_of(shipped_rows("councils.csv")),
        isle_of_man=next(
            row["slug"] for row in shipped_rows("areas.csv") if row["in_england"] == "no"
        ),
        postcodes=tables.postcodes,
    )
    read_files(files, into=register, encoding=encoding_of, progress=progress)
    return register


@transaction.atomic
def _replace(
    register: EstablishmentRegister, *, source: NationalFile.Source, files: Sequence[Path]
) -> None:
    areas = dict(Area.objects.values_list("slug", "pk"))
    if not {row.area for row in register.establishments.values() if row.area} <= areas.keys():
        raise RegisterError("The areas are not loaded yet: run load_reference first.")
    replace_all(
        Establishment,
        (
            Establishment(
                urn=row.urn,
                ukprn=row.ukprn,
                name=row.name,
                key=row.key,
                town=row.town,
                council=row.council,
                status=row.status,
                area_id=areas[row.area] if row.area else None,
            )
            for row in register.establishments.values()
        ),
    )
    record_use(
        Kind.ESTABLISHMENTS,
        source=source,
        name=", ".join(file.name for file in files),
        release=max(filter(None, map(_day_of, files)), default=None),
        rows=len(register.establishments),
    )


def _day_of(file: Path) -> date | None:
    """Return the day that a file's name tells: edubasealldata20261130.csv."""
    found = _DAY_IN_A_NAME.search(file.name)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
