"""A year's training dates, pasted one session a line: read, and judged. No Django.

Lines are read token by token: links, dates, weekdays, times and tracks are taken out, wherever in
the line they stand. Whatever is left over is told, never dropped: what cannot be understood is
asked, not guessed. All times are UK times.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final, TypeVar

from govuk.dates import (
    LONDON,
    MONTHS,
    WEEKDAYS,
    date_words,
    duration_words,
    in_london,
    is_repeated,
    is_skipped,
    time_range_words,
    time_words,
)
from regions.names import is_unseen, normalise
from regions.wording import capitalised, listed
from training.registration import registration_fault
from training.sessions import EARLIEST, LATEST

LONGEST_PASTE: Final = 500
"""Rows that are read. Each one after them is there too, unread, with a mistake that says so."""
LONGEST_LINE: Final = 1000
"""Characters; a longer line is not read, which is its mistake."""
LONGEST_LINK: Final = 500
"""Characters that a session can store."""
A_DAY: Final = timedelta(days=1)
# Beyond these a session may be meant, but more often a slip of am and pm.
_LONG: Final = timedelta(hours=3)
_EARLY: Final = time(8)
_LATE: Final = time(21)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TrackWords:
    """What a line may call a track."""

    slug: str
    name: str
    audience: str


@dataclass(frozen=True, slots=True)
class Known:
    """A session that is stored already. Its moments are aware; region is a slug, or "" for all.

    `words` name it in a sentence: "Tuesday 10 February 2026".
    """

    track: str
    title: str
    region: str
    starts_at: datetime
    ends_at: datetime
    registration_url: str
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line as it was read: its moments are in UK time; track and region are slugs.

    `number` is the line's in the paste, from 1; `text` is the line as it was pasted. With any
    mistake in any row nothing may be saved; a warning is only told.
    """

    number: int
    text: str
    track: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    registration_url: str = ""
    mistakes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    title: str = ""
    region: str = ""


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
    names = _Names.of(tracks)
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


def judge(
    rows: Sequence[Row], *, known: Sequence[Known], hosts: Sequence[str], at: datetime
) -> list[Row]:
    """Return the rows with the mistakes and warnings added that show in their values.

    Each row is compared with the sessions in `known` and with the rows before it. `hosts` are
    those that a link may lead to. Raises ValueError for a naive moment.
    """
    calendar = _Calendar()
    for session in known:
        calendar.note(session, f"the stored session of {session.words}")
    judged = []
    for row in rows:
        mistakes = [*row.mistakes, *_faults(row, hosts), *calendar.repetitions_of(row)]
        if not mistakes and not (row.track and row.starts_at and row.ends_at):
            mistakes.append("Its track, its start or its end is not known.")
        warnings = [*row.warnings, *_cautions(row, at), *calendar.overlaps_of(row)]
        # A row may be judged again, when the others have changed.
        judged.append(replace(row, mistakes=_once(mistakes), warnings=_once(warnings)))
        calendar.note(row, f"line {row.number}")
    return judged


def _once(sentences: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentences))


# Reading.

# What is taken out of a line leaves this behind: no line has one of its own.
_CUT: Final = "\n"
_LINE_ENDS: Final = re.compile(r"\r\n|\r|\n")
_CELL_ENDS: Final = re.compile(r'([\t,;|"\n])')
_FRAGMENT_ENDS: Final = re.compile(r'[\t,;|"\n()\[\]{}<>]| - |: ')
_WORDING: Final = re.compile(r"[^\W_](?:.*[^\W_])?")

# With a scheme, or clearly an address without one: the judge tells what is wrong with it.
_LINK: Final = re.compile(
    r"(?<![\w.@-])(?:[a-z][a-z0-9+.-]{1,15}://|www\.|(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,12}/)"
    r'[^\s,;|"“”<>]+',
    re.IGNORECASE,
)

_HYPHENS: Final = frozenset("‐‑‒–—―−")
_QUOTES: Final = frozenset("“”„‟«»")
_APOSTROPHES: Final = frozenset("‘’‚‛′`´")

_NUMBERING: Final = re.compile(r" *\(?[0-9]{1,3}[.)]\s+")

# The patterns are verbose: a space in them is written [ ].
_FLAGS: Final = re.IGNORECASE | re.ASCII | re.VERBOSE
_ALONE: Final = r"(?<![0-9a-z])(?<![0-9][.:/])"
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_A_MONTH: Final = re.compile(rf"(?<![a-z]){_MONTH}", re.IGNORECASE)
_NTH: Final = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_NO_TIME: Final = r"(?![0-9]|[:.][0-9]|[ ]?[ap]\.?m(?![a-z]))"
# Four figures may be a time, as in "1 December 1530", and two an hour.
_YEAR: Final = rf"(?:(?:19|2[014-9]|[3-9][0-9])[0-9]{{2}}|'[0-9]{{2}}){_NO_TIME}"
_SHORT_YEAR: Final = (
    r"(?:2[5-9]|[3-9][0-9]|2[0-4](?![ ]?(?:-|to[ ]|until[ ]|till[ ]))"
    rf"|(?<=[a-z.][/-])[0-9]{{2}}){_NO_TIME}"
)
_DATE: Final = re.compile(
    rf"""{_ALONE}(?<![0-9]-)(?:
      (?P<d1>{_NTH})(?:[ ]?[./-][ ]?|[ ]of[ ]|,?[ ])?(?P<m1>{_MONTH})
        (?:(?:[ ]?[./-][ ]?|,?[ ]?)(?P<y1>{_YEAR}|{_SHORT_YEAR}))?
     |(?P<m2>{_MONTH})[ -]?(?P<d2>{_NTH}){_NO_TIME}(?:,?[ ]?(?P<y2>{_YEAR}))?
     |(?P<d3>[0-9]{{1,2}})(?P<s3>[./-])(?P<n3>[0-9]{{1,2}})(?P=s3)
        (?P<y3>[0-9]{{4}}|[0-9]{{2}}){_NO_TIME}
     |(?P<y4>[0-9]{{4}})(?P<s4>[./-])(?P<n4>[0-9]{{1,2}})(?P=s4)(?P<d4>[0-9]{{1,2}})
        (?:T(?=[0-9])|(?![0-9]))
     |(?P<d5>[0-9]{{1,2}})/(?P<n5>[0-9]{{1,2}})(?![0-9/])
     |(?P<m6>{_MONTH})[ ]?[,-]?[ ]?(?P<y6>{_YEAR})
    )""",
    _FLAGS,
)
_WEEKDAY: Final = re.compile(
    r"""(?<![0-9a-z])(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day
     |mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun)(?![0-9a-z])\.?""",
    _FLAGS,
)
_UK_TIME: Final = re.compile(
    r"\b(?:GMT[ ]?/[ ]?BST|BST[ ]?/[ ]?GMT|(?:in[ ])?(?:UK|London)(?:[ ]local)?[ ]time)\b", _FLAGS
)
_ZONE: Final = re.compile(
    r"\b(?:GMT|BST|Greenwich[ ]Mean[ ]Time|British[ ]Summer[ ]Time)\b", _FLAGS
)
_SPELT: Final = r"(?:12[ ]?)?(?:noon|midday|midnight)"
_TIME: Final = re.compile(
    rf"""{_ALONE}(?:
      (?P<h1>[0-9]{{1,2}})[:.](?P<m1>[0-9]{{2}})(?::00)?
        (?:[ ]?(?P<half1>[ap])\.?m\.?|[ ]?h(?:ou)?rs)?
     |(?P<h2>[0-9]{{1,2}})[ ]?(?P<half2>[ap])\.?m\.?
     |(?P<h3>[01][0-9]|2[0-4])(?P<m3>[0-5][0-9])(?:[ ]?(?P<half3>[ap])\.?m\.?|[ ]?h(?:ou)?rs)?
     |(?P<spelt>{_SPELT})
     |(?P<h4>[0-9]{{1,2}})(?=[ ]?(?:-|to|until|till)[ ]?
        (?:[0-9]{{1,2}}(?:[:.][0-9]{{2}})?[ ]?[ap]\.?m|{_SPELT}))
    )(?![0-9a-z]|[:.][0-9])""",
    _FLAGS,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_HEADING_WORDS: Final = _words(
    "date dates day days weekday when time times start starts end ends finish at from to and of "
    "the link links url register registration book booking eventbrite track audience for who "
    "training session sessions course webinar event title"
)
_HEADING_STARTS: Final = _words("date dates day days weekday when time times start starts")
_SMALL_WORDS: Final = _words(
    "a an and at between by date day end ends finish finishes for from in of on start starts the "
    "till time times to until when"
)
_AND: Final = re.compile(r"[ ]*(?:and|&|/|\+)[ ]*", re.IGNORECASE)
_TO_COME: Final = re.compile(
    r"\b(?:tbc|tba|to follow|not yet|to be confirmed|to be announced)\b", re.IGNORECASE
)
# Marks of doubt, and symbols such as a cross: whoever put them there meant something by them.
_NOT_SYMBOLS: Final = frozenset("•●▪◦‣⁃◆■□▶►★☆✓✔°")
# What stands where a link is, or is to come, and where the training is held.
_PASSED_OVER: Final = re.compile(
    r"(?:please )?(?:register|book|book a place|book your place|sign up|booking|registration)"
    r"(?: (?:now|here|online|link|page))?(?: (?:on|at|via|with|through) eventbrite)?"
    r"|eventbrite(?: (?:link|page|event|registration|booking))?"
    r"|(?:the )?(?:registration |booking |eventbrite )?link(?: (?:is )?to follow| tbc| tba| here)?"
    r"|to follow|tbc|tba|to be confirmed|to be announced|not yet|none|n a"
    r"|(?:live )?(?:online|virtual|virtually)(?: (?:training|session|event|webinar))?"
    r"|uk"
)
# May stand beside the words that tell the track, whether or not it has them in its name.
_BESIDE_A_TRACK: Final = _words("course duty event online prevent session training virtual webinar")
# Too general to tell a track alone, even where only one has them in its name.
_NO_TRACK_ALONE: Final = _words("college education provider region school")


def _is_sign(character: str) -> bool:
    if character in "?~!":
        return True
    return unicodedata.category(character) == "So" and character not in _NOT_SYMBOLS


def _is_blank(line: str) -> bool:
    return all(character in ',;|"' or is_unseen(character) for character in line)


def _is_heading(line: str) -> bool:
    """Say whether it is the head of a table: "Date, Time, Link"."""
    if len(line) > LONGEST_LINE:
        return False
    words = set(normalise(line).split())
    return words <= _HEADING_WORDS and not words.isdisjoint(_HEADING_STARTS)


def _heads_a_table(line: str) -> bool:
    """Say whether a first line is the head of a table with columns of its own: "Day, Trainer".

    Without a digit it has no date, so it is no session; with a weekday or a month it may be meant
    as one.
    """
    if len(line) > LONGEST_LINE or any(map(str.isdigit, line)) or _LINK.search(line):
        return False
    if any(pattern.search(line) for pattern in (_WEEKDAY, _A_MONTH, _TIME)):
        return False
    heads = (_HEADING_WORDS - _SMALL_WORDS) | _HEADING_STARTS
    return len(heads.intersection(normalise(line).split())) > 1


def _read_line(row: Row, names: _Names, regions: Mapping[str, str]) -> Row:
    links, text = _take_links(row.text)
    text = _without_numbering(_tidied(text))
    in_regions, text = _take_regions(text, regions)
    named, text = names.take_cells(text)
    dates, text = _take(_DATE, text, _written)
    weekdays, text = _take(_WEEKDAY, text, _weekday)
    _, text = _take(_UK_TIME, text, re.Match.group)
    zones, text = _take(_ZONE, text, lambda match: "GMT" if match[0][0] in "gG" else "BST")
    apart = _two_sessions(text)
    clocks, text = _take(_TIME, text, _clock)
    also_named, left_over = names.sort_out(text)
    slugs = list(dict.fromkeys([*named, *also_named]))

    day, date_mistakes = _the_day(dates)
    minutes, time_mistakes = _the_minutes(clocks)
    starts_at, ends_at = (_moment(day, minute) for minute in minutes)
    mistakes = [
        *date_mistakes,
        *_weekday_mistakes(day, weekdays),
        *time_mistakes,
        *apart,
        *_zone_mistakes(day, starts_at, zones),
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
    parts = _CELL_ENDS.split(text)
    for number in range(0, len(parts), 2):
        slug = regions.get(normalise(parts[number]).removesuffix(" only"))
        if slug:
            slugs.append(slug)
            parts[number] = _CUT
    return slugs, "".join(parts)


def _two_sessions(text: str) -> Iterator[str]:
    """Yield a mistake for "10am and 2pm", which does not say that it is start and end."""
    times = list(_TIME.finditer(text))
    for first, second in pairwise(times):
        is_range = text[: first.start()].rstrip().lower().endswith("between")
        if _AND.fullmatch(text, first.end(), second.start()) and not is_range:
            both = text[first.start() : second.end()]
            yield f"“{both}” may be two sessions: give each a line of its own, with start and end."


def _doubts(text: str) -> Iterator[str]:
    """Yield a warning for "TBC" in a line that has a link already."""
    for words in _TO_COME.findall(text):
        yield f"It says “{words}”, and has a link."


def _take(
    pattern: re.Pattern[str], text: str, meaning: Callable[[re.Match[str]], T]
) -> tuple[list[T], str]:
    """Return what the matches mean, and the text without them."""
    return [meaning(match) for match in pattern.finditer(text)], pattern.sub(_CUT, text)


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
    is_dated = any(_written(match).value for match in _DATE.finditer(rest))
    return rest if is_dated else text


# Tracks.


@dataclass(frozen=True, slots=True)
class _Names:
    """What the tracks are called: each one's name, whole phrases for one, and its words."""

    names: dict[str, str]
    phrases: dict[str, str]
    words: dict[str, frozenset[str]]

    @classmethod
    def of(cls, tracks: Sequence[TrackWords]) -> _Names:
        said = {track.slug: (track.slug, track.name, track.audience) for track in tracks}
        slugs: dict[str, set[str]] = {}
        for slug, phrases in said.items():
            for phrase in phrases:
                slugs.setdefault(normalise(phrase), set()).add(slug)
        return cls(
            names={track.slug: track.name for track in tracks},
            phrases={key: min(meant) for key, meant in slugs.items() if key and len(meant) == 1},
            words={slug: _stems(normalise(" ".join(phrases))) for slug, phrases in said.items()},
        )

    def take_cells(self, text: str) -> tuple[list[str], str]:
        """Return the tracks that whole cells name, and the text without those cells.

        A name with a comma in it may lie over up to three cells.
        """
        parts = _CELL_ENDS.split(text)
        slugs = []
        for length in (5, 3, 1):
            for start in range(0, len(parts) - length + 1, 2):
                slug = self.phrases.get(normalise("".join(parts[start : start + length])))
                if slug:
                    slugs.append(slug)
                    parts[start : start + length] = [_CUT] + [""] * (length - 1)
        return slugs, "".join(parts)

    def sort_out(self, text: str) -> tuple[list[str], list[str]]:
        """Return the tracks that the rest of a line names, and the words that say nothing known."""
        slugs: list[str] = []
        left_over: list[str] = []
        for fragment in _FRAGMENT_ENDS.split(text):
            left_over += filter(None, ["".join(filter(_is_sign, fragment))])
            words = _WORDING.search(fragment)
            if words is None:
                continue
            key = normalise(words[0])
            named = self._named_by(key)
            slugs += named
            if not (named or _says_nothing(key)):
                left_over.append(words[0])
        return slugs, left_over

    def _named_by(self, key: str) -> list[str]:
        """Return the track that the words tell, or several where each word tells another."""
        words = _stems(key) - _BESIDE_A_TRACK
        if words <= _NO_TRACK_ALONE:
            return []
        holding = [slug for slug, own in self.words.items() if words <= own]
        if holding:
            return holding if len(holding) == 1 else []
        by_word = [[slug for slug, own in self.words.items() if word in own] for word in words]
        if any(len(slugs) != 1 for slugs in by_word):
            return []
        return sorted({slug for slugs in by_word for slug in slugs})

    def mistakes(self, slugs: Sequence[str], default: str) -> list[str]:
        if len(slugs) > 1:
            names = [f"“{self.names[slug]}”" for slug in slugs]
            return [f"There is more than one track: {listed(names)}."]
        return [] if slugs or default else ["There is no track."]


def _stems(key: str) -> frozenset[str]:
    """Return the words that say something, in the singular: "DSLs" is "dsl"."""
    words = (word for word in key.split() if word not in _SMALL_WORDS)
    return frozenset(word.removesuffix("s") if len(word) > 3 else word for word in words)


def _says_nothing(key: str) -> bool:
    return bool(_PASSED_OVER.fullmatch(key)) or (bool(key) and set(key.split()) <= _SMALL_WORDS)


# Dates.

_A_LEAP_YEAR: Final = 2024


@dataclass(frozen=True, slots=True)
class _Written:
    """A date as it was written, and the day that it is or else what is wrong with it."""

    text: str
    value: date | None = None
    fault: str = ""


def _written(match: re.Match[str]) -> _Written:
    text = match[0].rstrip("tT").strip(" .,")
    day = int(re.sub("[a-z]+", "", _first(match, "d1", "d2", "d3", "d4", "d5").lower()) or 0)
    month = _month(_first(match, "m1", "m2", "m6", "n3", "n4", "n5"))
    figures = _first(match, "y1", "y2", "y3", "y4", "y6").removeprefix("'")
    year = int(figures) + (2000 if len(figures) == 2 else 0) if figures else None
    if match["m6"]:
        return _Written(text, fault=f"“{text}” has no day.")
    if not 1 <= month <= 12:
        is_american = match["d4"] is None and 1 <= day <= 12 < month <= 31
        why = "write the day first, then the month" if is_american else f"there is no month {month}"
        return _Written(text, fault=f"“{text}” is not a date: {why}.")
    if year is not None and not EARLIEST.year <= year < LATEST.year:
        return _Written(text, fault=f"“{text}” is {_beyond(year)}: check the year.")
    days = monthrange(year or _A_LEAP_YEAR, month)[1]
    if not 1 <= day <= days:
        name = MONTHS[month - 1]
        which = f"{name} {year}" if year else name
        fault = f"{day} {which} does not exist: {name} has {days} days."
        return _Written(text, fault=fault)
    if year is None:
        return _Written(text, fault=f"“{text}” has no year.")
    return _Written(text, date(year, month, day))


def _first(match: re.Match[str], *groups: str) -> str:
    return next((match[group] for group in groups if match[group]), "")


def _month(written: str) -> int:
    """Return the month's number; what a number says may be none."""
    if written.isdigit():
        return int(written)
    return [name[:3].lower() for name in MONTHS].index(written[:3].lower()) + 1


def _beyond(year: int) -> str:
    return f"before {EARLIEST.year}" if year < EARLIEST.year else f"after {LATEST.year - 1}"


def _the_day(written: Sequence[_Written]) -> tuple[date | None, list[str]]:
    """Return the one day that is written, if it is one, and what is wrong."""
    if not written:
        return None, ["There is no date. Write it as in 1 December 2025."]
    mistakes = list(dict.fromkeys(one.fault for one in written if one.fault))
    distinct = dict.fromkeys(date_words(one.value) if one.value else one.text for one in written)
    if len(distinct) > 1:
        mistakes.append(f"There is more than one date: {listed(list(distinct))}.")
    return (None if mistakes else written[0].value), mistakes


def _weekday(match: re.Match[str]) -> int:
    return [name[:3].lower() for name in WEEKDAYS].index(match[0][:3].lower())


def _weekday_mistakes(day: date | None, weekdays: Iterable[int]) -> list[str]:
    if day is None:
        return []
    return [
        f"{date_words(day)} is a {WEEKDAYS[day.weekday()]}, not a {WEEKDAYS[weekday]}."
        for weekday in dict.fromkeys(weekdays)
        if weekday != day.weekday()
    ]


# Times.

_NOON: Final = 12 * 60
_DAY: Final = 24 * 60
_OTHER: Final = {"a": "p", "p": "a"}
# "3:30" may be either half of the day, "8:30" is no evening.
_FIRST_CERTAIN_HOUR: Final = 8


@dataclass(frozen=True, slots=True)
class _Clock:
    """A time of day as it was written: its minutes since midnight, None if there is no such time.

    `half` is "a" or "p" where the half of the day is said. Where it is not said, but could be,
    the time is open: its minutes are those of a 24-hour clock, unless the other time tells more.
    """

    text: str
    minutes: int | None
    half: str = ""
    is_open: bool = False

    @property
    def needs_half(self) -> bool:
        """Whether nobody can tell which half is meant: "3:30", but not "03:30" nor "10:30"."""
        if self.minutes is None or not self.is_open or self.text.startswith("0"):
            return False
        return self.minutes // 60 < _FIRST_CERTAIN_HOUR

    def in_half(self, half: str) -> int:
        return (self.minutes or 0) % _NOON + (_NOON if half == "p" else 0)


def _clock(match: re.Match[str]) -> _Clock:
    text = match[0].strip()
    if match["spelt"]:
        is_midnight = match["spelt"].lower().endswith("midnight")
        return _Clock(text, 0 if is_midnight else _NOON, "a" if is_midnight else "p")
    hour = int(_first(match, "h1", "h2", "h3", "h4"))
    minute = int(_first(match, "m1", "m3") or 0)
    half = _first(match, "half1", "half2", "half3").lower()
    if minute > 59 or hour * 60 + minute > _DAY or _contradicts(half, hour):
        return _Clock(text, None)
    minutes = hour * 60 + minute
    if half and 1 <= hour <= 12:
        minutes = minutes % _NOON + (_NOON if half == "p" else 0)
    return _Clock(text, minutes, half, is_open=not half and 1 <= hour <= 12)


def _contradicts(half: str, hour: int) -> bool:
    """Say whether it is nonsense, as 15am and 0pm are; 15:30pm is only said twice."""
    return (half == "a" and hour > 12) or (half == "p" and hour in (0, 24))


def _the_minutes(clocks: Sequence[_Clock]) -> tuple[tuple[int | None, int | None], list[str]]:
    """Return the minutes of start and end since the day's first midnight, and what is wrong."""
    if len(clocks) > 2:
        times = listed([clock.text for clock in clocks])
        return (None, None), [f"There are more than two times: {times}."]
    mistakes = [
        f"“{clock.text}” is not a time of day." for clock in clocks if clock.minutes is None
    ]
    start, end = None, None
    mistakes += [
        f"“{clock.text}” may be midnight or noon: write which."
        for clock in clocks
        if clock.half == "a"
        and clock.minutes == 0
        and clock.text.startswith("12")
        and not clock.text.lower().endswith("midnight")
    ]
    unsettled = [clock for clock in clocks if clock.needs_half]
    if len(clocks) == 2:
        start, end = _settled(*clocks)
        if clocks[0].half or clocks[1].half:
            unsettled = []
    elif clocks:
        start = clocks[0].minutes
        mistakes.append("There is no end time.")
    else:
        mistakes += ["There is no start time.", "There is no end time."]
    mistakes += [
        f"“{clock.text}” may be in the morning or the afternoon: add am or pm."
        for clock in unsettled
    ]
    if unsettled:
        return (None, None), mistakes
    return (start, end), mistakes


def _settled(first: _Clock, second: _Clock) -> tuple[int | None, int | None]:
    """Return the minutes of start and end.

    One that lacks am or pm takes the other's where they are then in order, else the opposite. As
    an end, midnight is the one that ends the day.
    """
    start, end = first.minutes, second.minutes
    if start is None or end is None:
        return start, end
    end_half = second.half
    if end == 0:
        end, end_half = _DAY, "p" if second.half else ""
    if first.is_open and end_half:
        start = first.in_half(end_half)
        if start >= end:
            start = first.in_half(_OTHER[end_half])
    elif second.is_open and first.half:
        end = second.in_half(first.half)
        if end <= start:
            end = second.in_half(_OTHER[first.half]) or _DAY
    return start, end


def _moment(day: date | None, minutes: int | None) -> datetime | None:
    if day is None or minutes is None:
        return None
    midnight = datetime.combine(day, time())
    return (midnight + timedelta(minutes=minutes)).replace(tzinfo=LONDON)


def _zone_mistakes(day: date | None, starts_at: datetime | None, zones: Iterable[str]) -> list[str]:
    if day is None:
        return []
    is_summer = bool((starts_at or datetime.combine(day, time(12), LONDON)).dst())
    zone, season = ("BST", "summer") if is_summer else ("GMT", "winter")
    return [
        f"{date_words(day)} is in {season} time ({zone}), not {said}."
        for said in dict.fromkeys(zones)
        if said != zone
    ]


# Judging.

_WEEKEND: Final = (5, 6)
# A row that overlaps more sessions than these needs no more of them to be looked at.
_TOLD: Final = 3


@dataclass(frozen=True, slots=True)
class _Met:
    """A session met so far: what to call it, and where and when it is, in UTC."""

    name: str
    region: str
    starts_at: datetime
    ends_at: datetime


class _Calendar:
    """The sessions met so far, each with what to call it: a later row may repeat or overlap one."""

    def __init__(self) -> None:
        self._links: dict[str, str] = {}
        self._sessions: dict[tuple[str, str, str, datetime], str] = {}
        # By track and each UTC day that it touches: overlaps are looked for among few.
        self._days: dict[tuple[str, date], list[_Met]] = {}

    def note(self, session: Known | Row, name: str) -> None:
        if session.registration_url:
            self._links.setdefault(session.registration_url, name)
        starts_at = _usable(session.starts_at)
        if starts_at:
            key = (session.track, session.title, session.region, starts_at)
            self._sessions.setdefault(key, name)
        span = _span(session)
        if span:
            for day in _days_of(span):
                met = _Met(name, session.region, *span)
                self._days.setdefault((session.track, day), []).append(met)

    def repetitions_of(self, row: Row) -> list[str]:
        mistakes = []
        linked = self._links.get(row.registration_url)
        if linked:
            mistakes.append(f"{capitalised(linked)} has the same link.")
        same = self._same_as(row)
        if same:
            mistakes.append(
                f"It is there already: {same} has the same track, title, region and start."
            )
        return mistakes

    def overlaps_of(self, row: Row) -> list[str]:
        """Return a warning for each session that it overlaps, the first few; none if it repeats."""
        span = _span(row)
        if span is None or self._same_as(row):
            return []
        warnings: dict[str, None] = {}
        starts_at, ends_at = span
        for day in _days_of(span):
            for met in self._days.get((row.track, day), ()):
                if len(warnings) == _TOLD:
                    break
                is_near = row.region == met.region or "" in (row.region, met.region)
                if is_near and starts_at < met.ends_at and met.starts_at < ends_at:
                    times = time_range_words(met.starts_at, met.ends_at)
                    warnings[f"It overlaps {met.name}, {times}."] = None
        return list(warnings)

    def _same_as(self, row: Row) -> str:
        starts_at = _usable(row.starts_at)
        if starts_at is None:
            return ""
        return self._sessions.get((row.track, row.title, row.region, starts_at), "")


def _usable(moment: datetime | None) -> datetime | None:
    """Return the moment in UTC, None where there is none in the years that sessions are in.

    Two moments in one zone are compared by their clocks, whatever these do in between: hence UTC.
    Raises ValueError for a naive one.
    """
    if moment is None:
        return None
    if moment.utcoffset() is None:
        raise ValueError("A session's moment needs its time zone before it can be judged.")
    return moment.astimezone(UTC) if EARLIEST <= moment <= LATEST else None


def _span(session: Known | Row) -> tuple[datetime, datetime] | None:
    """Return its moments in UTC, None unless it has both, in order, and lasts a day at most."""
    starts_at, ends_at = _usable(session.starts_at), _usable(session.ends_at)
    if starts_at is None or ends_at is None:
        return None
    return (starts_at, ends_at) if starts_at < ends_at <= starts_at + A_DAY else None


def _days_of(span: tuple[datetime, datetime]) -> list[date]:
    return sorted({moment.date() for moment in span})


def _faults(row: Row, hosts: Sequence[str]) -> list[str]:
    """Return what is wrong with its link and its moments."""
    mistakes = []
    fault = registration_fault(row.registration_url, hosts)
    if fault:
        mistakes.append(fault)
    if len(row.registration_url) > LONGEST_LINK:
        mistakes.append(f"The link is longer than {LONGEST_LINK} characters.")
    mistakes += _moment_faults("start", row.starts_at, LATEST - timedelta.resolution)
    mistakes += _moment_faults("end", row.ends_at, LATEST)
    if row.starts_at and row.ends_at and _usable(row.starts_at) and _usable(row.ends_at):
        starts_at, ends_at = in_london(row.starts_at), in_london(row.ends_at)
        # By the clock, as it was written: an hour that is skipped has a fault of its own.
        if ends_at <= starts_at:
            mistakes.append(
                f"The end ({_when(ends_at)}) is not after the start ({_when(starts_at)})."
            )
        elif ends_at.astimezone(UTC) - starts_at.astimezone(UTC) > A_DAY:
            mistakes.append("It lasts longer than a day: check both dates.")
    return mistakes


def _when(moment: datetime) -> str:
    return f"{time_words(moment)} on {date_words(moment)}"


def _moment_faults(what: str, moment: datetime | None, last: datetime) -> Iterator[str]:
    """Yield what is wrong with a moment. One out of range may have no equal in another zone."""
    if moment is None:
        return
    if _usable(moment) is None or moment > last:
        yield f"The {what} is {_beyond(moment.year)}: check the year."
        return
    local = in_london(moment)
    if is_skipped(local):
        yield (
            f"The {what}, {_when(local)}, does not exist: the clocks go forward then. "
            "Choose a time before or after that hour."
        )
    if is_repeated(local):
        yield (
            f"The {what}, {_when(local)}, comes twice: the clocks go back then. "
            "Choose a time before or after that hour."
        )


def _cautions(row: Row, at: datetime) -> Iterator[str]:
    """Yield what may be meant, but seldom is."""
    starts_at, ends_at = _usable(row.starts_at), _usable(row.ends_at)
    if starts_at and (ends_at or starts_at) <= at:
        yield "It is in the past."
    if starts_at:
        weekday = in_london(starts_at).weekday()
        if weekday in _WEEKEND:
            yield f"It is on a {WEEKDAYS[weekday]}."
    if starts_at and ends_at and starts_at < ends_at:
        lasts = ends_at.astimezone(UTC) - starts_at.astimezone(UTC)
        if lasts > _LONG:
            yield f"It lasts {duration_words(starts_at, ends_at)}."
        if in_london(starts_at).time() < _EARLY:
            yield f"It starts at {time_words(starts_at)}."
        elif in_london(ends_at - timedelta(minutes=1)).time() >= _LATE:
            yield f"It ends at {time_words(ends_at)}."
    if not row.registration_url and (starts_at or ends_at):
        yield "It has no link: readers will be told that it is to follow."
