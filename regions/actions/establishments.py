"""Importing the national register of schools and colleges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from django.db import transaction

from regions.actions.loading import shipped_rows
from regions.actions.replacing import replace_all
from regions.models import Area, Establishment, PostcodeSector
from regions.national.establishments import (
    EstablishmentRegister,
    RegisterError,
    codes_of,
    encoding_of,
)
from regions.national.files import read_files


def import_establishments(
    files: Sequence[Path], *, progress: Callable[[int], None] | None = None
) -> EstablishmentRegister:
    """Replace all establishments by those of these files.

    In one transaction at the end: readers see the old ones or the new ones, never half. `progress`
    is called with the number of bytes read. Return what was read, with what was skipped and why.
    Raises NationalFileError, and then nothing has changed.
    """
    register = EstablishmentRegister(
        codes=codes_of(shipped_rows("councils.csv")),
        isle_of_man=next(
            row["slug"] for row in shipped_rows("areas.csv") if row["in_england"] == "no"
        ),
        postcodes=PostcodeSector.objects.all().facts,
    )
    read_files(files, into=register, encoding=encoding_of, progress=progress)
    _replace(register)
    return register


@transaction.atomic
def _replace(register: EstablishmentRegister) -> None:
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
