"""Which release of a national file is in use, and how it is fetched anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.conf import settings
from django.utils import timezone

from regions.models import NationalDownload, NationalFile
from regions.national.archives import file_name, unpacked
from regions.national.download import Limits, download
from regions.national.files import NationalFileError

Kind = NationalFile.Kind
Progress = Callable[[int], None]

# A file with less than this share of the rows in use has lost some on its way, or is another one.
SMALLEST_SHARE: Final = 0.8
# The directory is 1.3 GB unpacked, in a ZIP of 250 MB; the register 60 MB.
LARGEST_UNPACKED: Final = 4_000_000_000
LIMITS: Final = Limits()
_UNFINISHED: Final = "It was begun and has not ended."
_LEFT_OVER_AFTER: Final = timedelta(days=1)


class FewerRowsError(NationalFileError):
    """A file that has far fewer rows than are in use."""


def refuse_fewer(kind: NationalFile.Kind, *, rows: int, held: int) -> None:
    """Raise FewerRowsError where a file's rows are far fewer than those that are in use."""
    if rows < held * SMALLEST_SHARE:
        raise FewerRowsError(
            f"The file has {rows:,} {kind.label}, and {held:,} are in use: that is far fewer. "
            "Add --fewer if that is right."
        )


def record_use(
    kind: NationalFile.Kind,
    *,
    source: NationalFile.Source,
    name: str,
    release: date | None,
    rows: int,
) -> None:
    """Record which release is in use from now on, and where it came from."""
    NationalFile.objects.update_or_create(
        kind=kind,
        defaults={
            "source": source,
            "name": name[:200],
            "release": release,
            "rows": rows,
            "stored_at": timezone.now(),
        },
    )


def claim_download(kind: NationalFile.Kind, *, since: datetime, at: datetime) -> bool:
    """Take a download on, unless one was begun since then. Of several workers one takes it on."""
    if NationalDownload.objects.filter(kind=kind, begun_at__gte=since).exists():
        return False
    values = {"begun_at": at, "failure": _UNFINISHED}
    _, is_first = NationalDownload.objects.get_or_create(kind=kind, defaults=values)
    rows = NationalDownload.objects.filter(kind=kind, begun_at__lt=since)
    return is_first or rows.update(**values) == 1


@contextmanager
def recorded_download(kind: NationalFile.Kind, *, at: datetime) -> Iterator[Path]:
    """Give a folder for a download's files; record when it was begun, and what came of it.

    A NationalFileError that comes through is recorded as its failure.
    """
    values = {"begun_at": at, "failure": _UNFINISHED}
    NationalDownload.objects.update_or_create(kind=kind, defaults=values)
    try:
        with _folder(before=at - _LEFT_OVER_AFTER) as folder:
            yield folder
    except NationalFileError as error:
        NationalDownload.objects.filter(kind=kind).update(failure=str(error)[:500])
        raise
    NationalDownload.objects.filter(kind=kind).update(failure="")


def fetch(address: str, folder: Path, *, progress: Progress | None = None) -> Path:
    """Return the CSV file at an address, stored in the folder. Raises NationalFileError.

    `progress` is called with the number of bytes fetched.
    """
    file = folder / file_name(address)
    download(address, file, limits=LIMITS, progress=progress)
    return unpacked(file, most=LARGEST_UNPACKED)


@contextmanager
def _folder(*, before: datetime) -> Iterator[Path]:
    """Give a folder that is gone afterwards; clear what killed processes left there long ago."""
    parent = settings.DOWNLOADS_DIR
    try:
        parent.mkdir(parents=True, exist_ok=True)
        for old in parent.iterdir():
            # Another process may be clearing it at the same moment.
            with suppress(FileNotFoundError):
                if old.stat().st_mtime < before.timestamp():
                    shutil.rmtree(old, ignore_errors=True)
        made = TemporaryDirectory(dir=parent, ignore_cleanup_errors=True)
    except OSError as error:
        raise NationalFileError(f"{parent} cannot be written: {error.strerror}.") from error
    with made as folder:
        yield Path(folder)
