"""What is wrong with rows, each compared with what is stored and with those before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

from govuk.dates import (
    WEEKDAYS,
    date_words,
    duration_words,
    in_london,
    is_repeated,
    is_skipped,
    time_range_words,
    time_words,
)
from regions.wording import capitalised
from training.pasting.days import beyond_our_years
from training.pasting.rows import Known, Row
from training.registration import registration_fault
from training.session_facts import EARLIEST, LATEST

# Characters that a session can store.
LONGEST_LINK: Final = 500
LONGEST_TITLE: Final = 150
A_DAY: Final = timedelta(days=1)
# Beyond these a session may be meant, but more often a slip of am and pm.
_LONG: Final = timedelta(hours=3)
_EARLY: Final = time(8)
_LATE: Final = time(21)


def judge(
    rows: Sequence[Row],
    *,
    known: Sequence[Known],
    hosts: Sequence[str],
    at: datetime,
    noun: str = "line",
) -> list[Row]:
    """Return the rows with the mistakes and warnings added that show in their values.

    Each row is compared with the sessions in `known` and with the rows before it, which sentences
    call by `noun` and number. `hosts` are those that a link may lead to. Raises ValueError for a
    naive moment.
    """
    calendar = _Calendar()
    for session in known:
        calendar.add(session, f"the stored session of {session.words}")
    judged = []
    for row in rows:
        mistakes = [*row.mistakes, *_faults(row, hosts), *calendar.repetitions_of(row)]
        if not mistakes and not (row.track and row.starts_at and row.ends_at):
            mistakes.append("Its track, its start or its end is not known.")
        warnings = [*row.warnings, *_cautions(row, at), *calendar.overlaps_of(row)]
        # A row may be judged again, when the others have changed.
        judged.append(replace(row, mistakes=_once(mistakes), warnings=_once(warnings)))
        calendar.add(row, f"{noun} {row.number}")
    return judged


def _once(sentences: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentences))


_WEEKEND: Final = (5, 6)
# A row that overlaps more sessions than these needs no more of them to be looked at.
_MOST_OVERLAPS: Final = 3


class _Calendar:
    """The sessions met so far, each with what to call it: a later row may repeat or overlap one."""

    def __init__(self) -> None:
        self._links: dict[str, str] = {}
        self._sessions: dict[tuple[str, str, str, datetime], str] = {}
        self._spans: list[tuple[str, Known | Row, tuple[datetime, datetime]]] = []

    def add(self, session: Known | Row, name: str) -> None:
        if session.registration_url:
            self._links.setdefault(session.registration_url, name)
        starts_at = _usable(session.starts_at)
        if starts_at:
            key = (session.track, session.title, session.region, starts_at)
            self._sessions.setdefault(key, name)
        span = _span(session)
        if span:
            self._spans.append((name, session, span))

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
        for name, other, (began_at, ended_at) in self._spans:
            if len(warnings) == _MOST_OVERLAPS:
                break
            is_near = row.track == other.track and (
                row.region == other.region or "" in (row.region, other.region)
            )
            if is_near and starts_at < ended_at and began_at < ends_at:
                times = time_range_words(began_at, ended_at)
                warnings[f"It overlaps {name}, {times}."] = None
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


def _faults(row: Row, hosts: Sequence[str]) -> list[str]:
    """Return what is wrong with its link, its title and its moments."""
    mistakes = []
    fault = registration_fault(row.registration_url, hosts)
    if fault:
        mistakes.append(fault)
    if len(row.registration_url) > LONGEST_LINK:
        mistakes.append(f"The link is longer than {LONGEST_LINK} characters.")
    if len(row.title) > LONGEST_TITLE:
        mistakes.append(f"The title is longer than {LONGEST_TITLE} characters.")
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
        yield f"The {what} is {beyond_our_years(moment.year)}: check the year."
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
