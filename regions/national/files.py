"""Reading national CSV files, one after the other, as they are streamed. No Django."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final, Protocol

_CHUNK: Final = 1 << 20


class NationalFileError(ValueError):
    """A file that cannot be taken in; the message says why in a sentence."""


class Taker(Protocol):
    """What takes files in: a postcode directory, a register of schools."""

    def add_file(self, lines: Iterable[str], *, name: str) -> Iterator[int]:
        """Take a file's lines in, giving a number every now and then."""


def take_in(
    taker: Taker,
    files: Sequence[Path],
    *,
    encoding: Callable[[Iterable[bytes]], str],
    progress: Callable[[int], None] | None = None,
) -> None:
    """Give each file's lines to `taker`; `progress` is told the number of bytes read of them all.

    `encoding` chooses a file's from its bytes. Raises NationalFileError.
    """
    before = 0
    for file in files:
        try:
            with file.open("rb") as raw:
                if _is_compressed(raw):
                    raise NationalFileError(f"{file.name} is a compressed file: unpack it first.")
                chosen = encoding(iter(partial(raw.read, _CHUNK), b""))
                raw.seek(0)
                lines = (line.decode(chosen, errors="replace") for line in raw)
                for _ in taker.add_file(lines, name=file.name):
                    if progress:
                        progress(before + raw.tell())
            before += file.stat().st_size
        except OSError as error:
            raise NationalFileError(f"{file} cannot be read: {error.strerror}.") from error


def _is_compressed(file: BinaryIO) -> bool:
    """Say whether an open file is a ZIP (an Excel book is one too) or GZIP; rewinds it."""
    start = file.read(4)
    file.seek(0)
    return start.startswith((b"PK\x03\x04", b"\x1f\x8b"))
