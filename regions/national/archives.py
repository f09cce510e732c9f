"""Unpacking what a national file comes in: GZIP, or a ZIP in which it lies among other files."""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path
from typing import IO, Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from regions.national.files import NationalFileError

_CHUNK: Final = 1 << 20
_MEGABYTE: Final = 1_000_000
_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b"
_PAGE: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml)", re.IGNORECASE)
# The directory lies in its ZIP once whole and once more in parts: the whole is much the largest.
_LARGER: Final = 2


class ArchiveError(NationalFileError):
    """A packed file that cannot be used; the message says why in a sentence."""


def file_name(text: str) -> str:
    """Return the last part of an address or a path as a file's name, plain and not too long."""
    last = text.partition("?")[0].rstrip("/").rpartition("/")[2]
    return re.sub(r"[^A-Za-z0-9._-]", "_", last)[-100:].lstrip(".") or "file"


def unpacked(file: Path, *, most: int) -> Path:
    """Return the CSV file in a file: the file itself, or what was packed in it, beside it.

    A packed file is deleted once it is unpacked. `most` is how many bytes that may be. Raises
    ArchiveError for what holds no such file, and for a web page, which is none.
    """
    with file.open("rb") as raw:
        start = raw.read(512)
    if start.startswith((_ZIP, _GZIP)):
        folder = file.parent / "unpacked"
        folder.mkdir()
        unpack = _from_zip if start.startswith(_ZIP) else _from_gzip
        try:
            csv = unpack(file, folder, most)
        except (BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
            # RuntimeError is zipfile's word for a file that needs a password.
            raise ArchiveError(f"{file.name} cannot be unpacked.") from error
        except OSError as error:
            reason = error.strerror or "it is damaged"
            raise ArchiveError(f"{file.name} cannot be unpacked: {reason}.") from error
        file.unlink()
        return csv
    if _PAGE.match(start):
        raise ArchiveError(f"{file.name} is a web page, and no file of data.")
    return file


def _from_gzip(file: Path, folder: Path, most: int) -> Path:
    target = folder / (file_name(file.name.removesuffix(".gz")))
    with gzip.open(file) as packed:
        _copy(packed, target, most)
    return target


def _from_zip(file: Path, folder: Path, most: int) -> Path:
    with ZipFile(file) as archive:
        member = _csv_in(archive, file.name)
        target = folder / file_name(member.filename)
        if member.file_size > most:
            raise _too_large(target, most)
        with archive.open(member) as packed:
            _copy(packed, target, most)
    return target


def _csv_in(archive: ZipFile, name: str) -> ZipInfo:
    """Return the one CSV file of an archive that is much larger than any other."""
    files = [each for each in archive.infolist() if each.filename.lower().endswith(".csv")]
    if not files:
        raise ArchiveError(f"{name} holds no CSV file.")
    files.sort(key=lambda each: each.file_size, reverse=True)
    if len(files) > 1 and files[0].file_size < _LARGER * files[1].file_size:
        raise ArchiveError(f"{name} holds several CSV files, and none that is much the largest.")
    return files[0]


def _copy(packed: IO[bytes] | gzip.GzipFile, target: Path, most: int) -> None:
    """Write what comes out, as long as it is not too much: a small file can hold a vast one."""
    left = most
    with target.open("wb") as file:
        while chunk := packed.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise _too_large(target, most)
            file.write(chunk)


def _too_large(target: Path, most: int) -> ArchiveError:
    return ArchiveError(
        f"{target.name} is larger than {most / _MEGABYTE:g} MB unpacked: "
        "that is not the file that we know."
    )
