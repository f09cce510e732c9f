"""Lines, read token by token; whatever is left over is a mistake, never dropped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from regions.names import is_unseen, normalise
from regions.wording import listed
from training.pasting.clocks import (
    TIME,
    UK_TIME,
    ZONE,
    moment_of,
    read_clock,
    the_minutes,
    two_sessions,
    zone_mistakes,
)
from training.pasting.days import (
    A_MONTH,
    DATE,
    WEEKDAY,
    read_date,
    read_weekday,
    the_day,
    weekday_mistakes,
)
from training.pasting.patterns import CELL_ENDS, CUT, SMALL_WORDS, words_of
from training.pasting.rows import Row, TrackWords
from training.pasting.tracks import TrackNames

# Rows that are read; each further one is returned unread, with a mistake that says so.
LONGEST_PASTE: Final = 500
# Characters; a longer line is returned unread, too.
LONGEST_LINE: Final = 1000

T = TypeVar("T")

_LINE_ENDS: Final = re.compile(r"\r\n|\r|\n")
# With a scheme, or clearly an address without one: the judge says what is wrong with it.
_LINK: Final = re.compile(
    r"(?<![\w.@-])(?:[a-z][a-z0-9+.-]{1,15}://|www\.|(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,12}/)"
    r'[^\s,;|"“”<>]+',
    re.IGNORECASE,
)

_HYPHENS: Final = frozenset("‐‑‒–—―−")
_QUOTES: Final = frozenset("“”„‟«»")
_APOSTROPHES: Final = frozenset("‘’‚‛′`´")

_NUMBERING: Final = re.compile(r" *\(?[0-9]{1,3}[.)]\s+")

_HEADING_WORDS: Final = words_of(
    "date dates day days weekday when time times start starts end ends finish at from to and of "
    "the link links url register registration book booking eventbrite track audience for who "
    "training session sessions course webinar event title"
)
_HEADING_STARTS: Final = words_of("date dates day days weekday when time times start starts")
_TO_COME: Final = re.compile(
    r"\b(?:tbc|tba|to follow|not yet|to be confirmed|to be announced)\b", re.IGNORECASE
)


def read(
    text: str,
    *,
    tracks: Sequence[TrackWords],
    track: str,
    title: str = "",
    region: str = "",
    regions: Mapping[str, str] | None = None,
) -> list[Row]:
    """Return a row for each line that is neither blank nor a heading, with what is wrong in it.

    A line of empty cells is blank. `track` and `region` are the slugs for lines that name none, or
    "". `regions` are those that a cell may name: slug by name. Never raises, whatever the text.
    """
    names = TrackNames.of(tracks)
    slugs = {normalise(name): slug for name, slug in (regions or {}).items()}
    rows: list[Row] = []
    is_first = True
    for number, line in enumerate(_LINE_ENDS.split(text), start=1):
        if _is_blank(line):
            continue
        heads, is_first = is_first and _heads_a_table(line), False
        if heads or _is_heading(line):
            continue
        row = Row(number, line, track=track, title=title, region=region)
        if len(rows) >= LONGEST_PASTE:
            fault = f"Only {LONGEST_PASTE} lines can be read at once. Paste the others afterwards."
            rows.append(replace(row, mistakes=(fault,)))
        elif len(line) > LONGEST_LINE:
            fault = f"The line is longer than {LONGEST_LINE:,} characters."
            rows.append(replace(row, mistakes=(fault,)))
        else:
            rows.append(_read_line(row, names, slugs))
    return rows


def _is_blank(line: str) -> bool:
    return all(character in ',;|"' or is_unseen(character) for character in line)


def _is_heading(line: str) -> bool:
    """Whether it is the head of a table: "Date, Time, Link"."""
    if len(line) > LONGEST_LINE:
        return False
    words = set(normalise(line).split())
    return words <= _HEADING_WORDS and not words.isdisjoint(_HEADING_STARTS)


def _heads_a_table(line: str) -> bool:
    """Whether a first line is the head of a table with columns of its own: "Day, Trainer".

    Without a digit it has no date, so it is no session; with a weekday or a month it may be meant
    as one.
    """
    if len(line) > LONGEST_LINE or any(map(str.isdigit, line)) or _LINK.search(line):
        return False
    if any(pattern.search(line) for pattern in (WEEKDAY, A_MONTH, TIME)):
        return False
    heads = (_HEADING_WORDS - SMALL_WORDS) | _HEADING_STARTS
    return len(heads.intersection(normalise(line).split())) > 1


def _read_line(row: Row, names: TrackNames, regions: Mapping[str, str]) -> Row:
    links, text = _take_links(row.text)
    text = _without_numbering(_tidied(text))
    in_regions, text = _take_regions(text, regions)
    named, text = names.take_cells(text)
    dates, text = _take(DATE, text, read_date)
    weekdays, text = _take(WEEKDAY, text, read_weekday)
    _, text = _take(UK_TIME, text, re.Match.group)
    zones, text = _take(ZONE, text, lambda match: "GMT" if match[0][0] in "gG" else "BST")
    apart = two_sessions(text)
    clocks, text = _take(TIME, text, read_clock)
    also_named, left_over = names.sort_out(text)
    slugs = list(dict.fromkeys([*named, *also_named]))

    day, date_mistakes = the_day(dates)
    minutes, time_mistakes = the_minutes(clocks)
    starts_at, ends_at = (moment_of(day, minute) for minute in minutes)
    mistakes = [
        *date_mistakes,
        *weekday_mistakes(day, weekdays),
        *time_mistakes,
        *apart,
        *zone_mistakes(day, starts_at, zones),
        *names.mistakes(slugs, row.track),
    ]
    if len(set(in_regions)) > 1:
        mistakes.append("It names more than one region: give each a line of its own.")
    if len(links) > 1:
        mistakes.append(f"There is more than one link: {listed(links)}.")
    if left_over:
        mistakes.append(f"Not understood: {listed([f'“{words}”' for words in left_over])}.")
    return replace(
        row,
        track=slugs[0] if len(slugs) == 1 else row.track,
        region=in_regions[0] if in_regions else row.region,
        starts_at=starts_at,
        ends_at=ends_at,
        registration_url=links[0] if links else "",
        mistakes=tuple(mistakes),
        warnings=tuple(_doubts(row.text) if links else ()),
    )


def _take_regions(text: str, regions: Mapping[str, str]) -> tuple[list[str], str]:
    """Return the regions that whole cells name, "North-East" or "North East only", and the rest."""
    slugs = []
    parts = CELL_ENDS.split(text)
    for number in range(0, len(parts), 2):
        slug = regions.get(normalise(parts[number]).removesuffix(" only"))
        if slug:
            slugs.append(slug)
            parts[number] = CUT
    return slugs, "".join(parts)


def _doubts(text: str) -> Iterator[str]:
    """Yield a warning for "TBC" in a line that has a link already."""
    for words in _TO_COME.findall(text):
        yield f"It says “{words}”, and has a link."


def _take(
    pattern: re.Pattern[str], text: str, meaning: Callable[[re.Match[str]], T]
) -> tuple[list[T], str]:
    """Return what the matches mean, and the text without them."""
    return [meaning(match) for match in pattern.finditer(text)], pattern.sub(CUT, text)


def _take_links(text: str) -> tuple[list[str], str]:
    """Return the distinct links as they are written, and the text without them.

    Only what cannot be part of a link goes from its end: a full stop, a bracket, unseen characters.
    """
    links, rest = _take(_LINK, text, lambda match: _without_end(match[0]))
    return list(dict.fromkeys(links)), rest


def _without_end(link: str) -> str:
    end = len(link)
    while is_unseen(link[end - 1]) or link[end - 1] in ".'’" or _closes(link[:end]):
        end -= 1
    return link[:end]


def _closes(link: str) -> bool:
    return (link.endswith(")") and "(" not in link) or (link.endswith("]") and "[" not in link)


def _tidied(text: str) -> str:
    """Return the text with plain quotes, hyphens and single spaces; its tabs stay."""
    return re.sub(" {2,}", " ", "".join(map(_plain, text)))


def _plain(character: str) -> str:
    if character in "\t\n" or " " < character < "\x7f":
        return character
    if character in _HYPHENS:
        return "-"
    if character in _QUOTES:
        return '"'
    if character in _APOSTROPHES:
        return "'"
    if not is_unseen(character):
        return character
    return " " if unicodedata.category(character) in {"Cc", "Zl", "Zp", "Zs"} else ""


def _without_numbering(text: str) -> str:
    """Return the text without "1. " before it, unless that is the day: "1. December 2025"."""
    rest = _NUMBERING.sub("", text, count=1) if _NUMBERING.match(text) else text
    is_dated = any(read_date(match).value for match in DATE.finditer(rest))
    return rest if is_dated else text
