"""Reading national CSV files line by line: each is too large to be held whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final, Protocol

_CHUNK: Final = 1 << 20
# Bytes: the longest lines of the known files have some thousands.
_LONGEST_LINE: Final = 100_000


class NationalFileError(ValueError):
    """A file that cannot be used; the message says why in a sentence."""


class Collector(Protocol):
    """What collects the rows of files: a postcode directory, a register of schools."""

    def add_file(self, lines: Iterable[str], *, name: str) -> Iterator[int]:
        """Add a file's rows, yielding a number every now and then."""


def read_files(
    files: Sequence[Path],
    *,
    into: Collector,
    encoding: Callable[[Iterable[bytes]], str],
    progress: Callable[[int], None] | None = None,
) -> None:
    """Read the files, one after the other, into a collector.

    `encoding` returns a file's encoding, given its bytes in chunks. `progress` is called with the
    number of bytes read so far of all files. Raises NationalFileError.
    """
    before = 0
    for file in files:
        try:
            with file.open("rb") as raw:
                if _is_compressed(raw):
                    raise NationalFileError(f"{file.name} is a compressed file: unpack it first.")
                chosen = encoding(iter(partial(raw.read, _CHUNK), b""))
                raw.seek(0)
                lines = (line.decode(chosen, errors="replace") for line in _lines(raw, file.name))
                for _ in into.add_file(lines, name=file.name):
                    if progress:
                        progress(before + raw.tell())
            before += file.stat().st_size
        except OSError as error:
            raise NationalFileError(f"{file} cannot be read: {error.strerror}.") from error


def _lines(raw: BinaryIO, name: str) -> Iterator[bytes]:
    """Yield a file's lines. Raises NationalFileError for one that no such file has."""
    while line := raw.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise NationalFileError(f"{name} has a line of more than {_LONGEST_LINE:,} characters.")
        yield line


def _is_compressed(file: BinaryIO) -> bool:
    """Whether an open file is a ZIP (an Excel book is one too) or GZIP; it is rewound."""
    start = file.read(4)
    file.seek(0)
    return start.startswith((b"PK\x03\x04", b"\x1f\x8b"))
