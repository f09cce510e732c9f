"""What a text about a place is made of: postcodes, numbers, names, and words that name nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from regions.names import normalise

# A whole postcode within a text: Royal Mail's forms, with or without the space.
_POSTCODE: Final = re.compile(
    r"(?<![A-Z0-9])[A-Z]{1,2}[0-9][0-9A-Z]?\s{0,2}[0-9][A-Z]{2}(?![A-Z0-9])", re.IGNORECASE
)
_NUMBER: Final = re.compile(
    r"(?<![A-Z0-9])(?:(?:URN|UKPRN)\W{0,3}[0-9]{5,8}|1[0-9]{7}|[0-9]{6})(?![A-Z0-9])", re.IGNORECASE
)
# Bare digits are a school's number only where they cannot be another's: of a telephone, a room …
_NO_SCHOOLS_NUMBER: Final = re.compile(
    r"[0-9]|[£$€+#]|\b(?:call|fax|mobile|phone|ring|room|tel|telephone"
    r"|children|learners|pupils|staff|students)\b",
    re.IGNORECASE,
)
_SEPARATORS: Final = re.compile(r"[,;:/|()\[\]\n\r\t]+|\s[-–—]\s")

# Words around a name that say nothing of where it is.
_PLAIN: Final = frozenset(
    """
    a about academy am and are area around at authority based borough by city college colleges
    council district education educator england english for from gb i in is it its just la lea live
    local located me my near nearest nr nursery of on our preschool primary region school schools
    secondary setting site somewhere teach teacher the this to town uk unitary university us village
    we were what with work
    """.split()  # noqa: SIM905  A list of 72 strings would fill two pages.
)
# Words that are plain only beside others: Great Bromley is not Bromley, nor High Ham in Ham.
_PLAIN_TOGETHER: Final = (
    (re.compile(r"\b(?:great britain|united kingdom)\b"), "uk"),
    (re.compile(r"\b(?:grammar|high|infant|junior) school\b"), "school"),
    (re.compile(r"\b(?:sixth form|further education) college\b"), "college"),
    (re.compile(r"\bhome educator\b"), "educator"),
    (re.compile(r"\bclose to\b"), "near"),
)
# Right behind a name they make it the name of a school or the like.
_ESTABLISHMENTS: Final = frozenset(
    {
        *("academy", "college", "nursery", "primary", "school", "secondary", "university"),
    }
)
# More words than any name of a place has, and more names than anyone gives one place.
_LONGEST_NAME: Final = 7
MOST_WORDS: Final = 12

_NATIONAL: Final = frozenset(
    {
        *("england", "all of england", "whole of england", "across england", "all over england"),
        *("uk", "united kingdom", "gb", "great britain", "britain", "whole country"),
        *("national", "nationally", "nationwide", "countrywide", "everywhere", "anywhere"),
        *(
            "online",
            "virtual",
            "remote",
            "national or online",
            "several regions national or online",
        ),
        *("several", "several regions", "multiple regions", "many regions", "all regions"),
        "more than one region",
    }
)


@dataclass(frozen=True, slots=True)
class Parts:
    """A text taken apart. Each name is what stood between separators."""

    postcodes: tuple[str, ...]
    numbers: tuple[str, ...]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.postcodes) + len(self.numbers) + len(self.names)


def parts_of(text: str) -> Parts:
    """Return the postcodes, numbers and names in a text, in their order."""
    postcodes = tuple(match[0] for match in _POSTCODE.finditer(text))
    rest = _POSTCODE.sub(",", text)
    without_numbers = _NUMBER.sub(",", rest)
    numbers = tuple(
        match[0]
        for match in _NUMBER.finditer(rest)
        if not match[0].isdigit() or not _NO_SCHOOLS_NUMBER.search(without_numbers)
    )
    rest = without_numbers
    names = tuple(
        name.strip() for name in _SEPARATORS.split(rest) if without_plain_words(name.strip())
    )
    return Parts(postcodes, numbers, names)


def is_national(text: str) -> bool:
    """Whether a text says that it is about England, several regions, or no place at all."""
    return normalise(text).removeprefix("the ") in _NATIONAL


def without_plain_words(name: str) -> str:
    """Return the name as compared, without the plain words at its ends: "near Leeds, UK"."""
    words = plainly(normalise(name)).split()
    while words and words[0] in _PLAIN:
        words.pop(0)
    while words and words[-1] in _PLAIN:
        words.pop()
    return " ".join(words)


def plainly(key: str) -> str:
    """Return a tidied text with plain words that are several as one: "uk" for "great britain"."""
    for words, word in _PLAIN_TOGETHER if " " in key else ():
        key = words.sub(word, key)
    return key


def runs_of_words(key: str) -> list[str]:
    """Return each run of words in a tidied name that could be a name itself; none of a long one."""
    words = key.split()
    if len(words) > MOST_WORDS:
        return []
    return list(
        dict.fromkeys(
            " ".join(words[start:end])
            for start in range(len(words))
            for end in range(start + 1, min(start + _LONGEST_NAME, len(words)) + 1)
        )
    )


def covered_by(key: str, known: Collection[str]) -> tuple[str, ...]:
    """Return the known names that a tidied text consists of, with nothing between but plain words.

    The fewest and so the longest that do; () where a word is left over: "Leeds Road" is not Leeds.
    """
    words = key.split()
    # What is best from each word on: how many names and plain words it takes, and the names.
    best: list[tuple[int, int, tuple[str, ...]] | None] = [None] * len(words) + [(0, 0, ())]
    for start in range(len(words) - 1, -1, -1):
        best[start] = min(
            _continued(words, start, known, best), key=lambda found: found[:2], default=None
        )
    return best[0][2] if best[0] else ()


def is_called_after(key: str, name: str) -> bool:
    """Whether a tidied text has the name only in that of a school or the like: "Hayes School".

    "School in Hayes" and "Hayes schools" have it as a place.
    """
    words, sought = key.split(), name.split()
    starts = [start for start in range(len(words)) if words[start : start + len(sought)] == sought]
    return all(
        not _ESTABLISHMENTS.isdisjoint(words[start + len(sought) :][:1])
        or (start > 1 and words[start - 1] == "of" and words[start - 2] in _ESTABLISHMENTS)
        for start in starts
    )


def _continued(
    words: Sequence[str],
    start: int,
    known: Collection[str],
    best: Sequence[tuple[int, int, tuple[str, ...]] | None],
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield how a text may go on at a word: with a plain word, or with a known name."""
    after = best[start + 1]
    if words[start] in _PLAIN and after:
        yield after[0], after[1] + 1, after[2]
    for end in range(start + 1, min(start + _LONGEST_NAME, len(words)) + 1):
        name, following = " ".join(words[start:end]), best[end]
        if name in known and following:
            yield following[0] + 1, following[1], (name, *following[2])
