"""Names that were not found: which may be counted, and the files in which they wait for it.

A reader's visit writes nothing to the database. The web processes add each name to a file, and the
worker counts the files. Losing some names does no harm; storing what somebody would not want stored
would.
"""

from __future__ import annotations

import os
import re
import time
import unicodedata
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from regions.names import normalise

LONGEST: Final = 80
MOST_WORDS: Final = 6
# "M" or "SW" may be the beginning of a postcode.
FEWEST_LETTERS: Final = 3
# How much may wait in the folder at once: a flood of nonsense must not fill the disk.
MOST_BYTES: Final = 4_000_000

_ADDRESS: Final = re.compile(r"@|://|\bwww\.|\w\.[a-z]{2,}(?:\W|$)", re.IGNORECASE)
# Words of sentences and of addresses that are written out; names of places and schools have none.
_SENTENCE_WORDS: Final = frozenset(
    {"my", "i", "is", "am", "was", "has", "he", "she", "we", "they", "his", "her", "him", "named"}
    | {"called", "aged", "pupil", "password", "dot", "com", "gmail", "hotmail", "outlook", "yahoo"}
)
_WAITING: Final = ".names"
_TAKEN: Final = ".taken"
_LEFT_BEHIND_SECONDS: Final = 600


def countable(query: str) -> str | None:
    """Return the tidied name under which to count what was typed; None where it may not be.

    Not counted is anything with a digit (postcodes, telephone numbers), e-mail and web addresses,
    what has a sentence's or a written-out address's words, and what is too short to be a name. A
    person's bare name looks like a place's: that is why no name is stored for more than 90 days.
    """
    if len(query) > 4 * LONGEST:
        return None
    plain = unicodedata.normalize("NFKD", query)
    key = normalise(query)
    if (
        _ADDRESS.search(plain)
        or any(character.isnumeric() for character in plain + key)
        or not FEWEST_LETTERS <= len(key) <= LONGEST
        or len(key.split()) > MOST_WORDS
        or not _SENTENCE_WORDS.isdisjoint(key.split())
    ):
        return None
    return key


@dataclass(frozen=True, slots=True)
class Spool:
    """A folder of files, one a day and process, with a name on each line."""

    folder: Path

    def add(self, key: str, *, day: date) -> None:
        """Add a name, if there is room. Raises OSError where the folder cannot be written."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if sum(map(_size, self._files())) >= MOST_BYTES:
            return
        file = self.folder / f"{day.isoformat()}-{os.getpid()}{_WAITING}"
        line = f"{key}\n".encode()
        # One short write to the end: lines of several threads never mix.
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line)
        finally:
            os.close(descriptor)

    def take(self) -> Iterator[tuple[date, Counter[str]]]:
        """Yield each file's day and how often each name is in it; then delete the file.

        A file is renamed first, so that no two workers count it. One that a worker left behind is
        taken again after ten minutes. Raises OSError where the folder cannot be read.
        """
        for file in self._files():
            taken = file.with_name(f"{file.name[:10]}-{uuid.uuid4().hex}{_TAKEN}")
            try:
                if file.suffix == _TAKEN and not _is_left_behind(file):
                    continue
                file.rename(taken)
            except FileNotFoundError:
                continue  # Another worker was quicker.
            with suppress(ValueError):
                day = date.fromisoformat(file.name[:10])
                lines = taken.read_text(encoding="utf-8", errors="replace").splitlines()
                # Whoever wrote the file: nothing is counted that may not be.
                yield day, Counter(line for line in lines if countable(line) == line)
            taken.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        with suppress(FileNotFoundError):
            return sorted(
                file for file in self.folder.iterdir() if file.suffix in {_WAITING, _TAKEN}
            )
        return []


def _size(file: Path) -> int:
    with suppress(FileNotFoundError):
        return file.stat().st_size
    return 0


def _is_left_behind(file: Path) -> bool:
    """Whether a file was renamed so long ago that its worker must have died."""
    return time.time() - file.stat().st_ctime > _LEFT_BEHIND_SECONDS
