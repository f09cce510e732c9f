"""Times of day in a line: which half of the day is meant, and whether both are one session's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from govuk.dates import LONDON, date_words
from regions.wording import listed
from training.pasting.patterns import ALONE, FLAGS, first_group

UK_TIME: Final = re.compile(
    r"\b(?:GMT[ ]?/[ ]?BST|BST[ ]?/[ ]?GMT|(?:in[ ])?(?:UK|London)(?:[ ]local)?[ ]time)\b", FLAGS
)
ZONE: Final = re.compile(r"\b(?:GMT|BST|Greenwich[ ]Mean[ ]Time|British[ ]Summer[ ]Time)\b", FLAGS)
_SPELT: Final = r"(?:12[ ]?)?(?:noon|midday|midnight)"
TIME: Final = re.compile(
    rf"""{ALONE}(?:
      (?P<h1>[0-9]{{1,2}})[:.](?P<m1>[0-9]{{2}})(?::00)?
        (?:[ ]?(?P<half1>[ap])\.?m\.?|[ ]?h(?:ou)?rs)?
     |(?P<h2>[0-9]{{1,2}})[ ]?(?P<half2>[ap])\.?m\.?
     |(?P<h3>[01][0-9]|2[0-4])(?P<m3>[0-5][0-9])(?:[ ]?(?P<half3>[ap])\.?m\.?|[ ]?h(?:ou)?rs)?
     |(?P<spelt>{_SPELT})
     |(?P<h4>[0-9]{{1,2}})(?=[ ]?(?:-|to|until|till)[ ]?
        (?:[0-9]{{1,2}}(?:[:.][0-9]{{2}})?[ ]?[ap]\.?m|{_SPELT}))
    )(?![0-9a-z]|[:.][0-9])""",
    FLAGS,
)

_AND: Final = re.compile(r"[ ]*(?:and|&|/|\+)[ ]*", re.IGNORECASE)

_NOON: Final = 12 * 60
_DAY: Final = 24 * 60
_OTHER: Final = {"a": "p", "p": "a"}
# "3:30" may be either half of the day, "8:30" is no evening.
_FIRST_CERTAIN_HOUR: Final = 8


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as it was written: its minutes since midnight, None if there is no such time.

    `half` is "a" or "p" where the half of the day is written. Where it is not, but could be, the
    time is open: its minutes are those of a 24-hour clock, unless the other time settles it.
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


def read_clock(match: re.Match[str]) -> Clock:
    text = match[0].strip()
    if match["spelt"]:
        is_midnight = match["spelt"].lower().endswith("midnight")
        return Clock(text, 0 if is_midnight else _NOON, "a" if is_midnight else "p")
    hour = int(first_group(match, "h1", "h2", "h3", "h4"))
    minute = int(first_group(match, "m1", "m3") or 0)
    half = first_group(match, "half1", "half2", "half3").lower()
    if minute > 59 or hour * 60 + minute > _DAY or _contradicts(half, hour):
        return Clock(text, None)
    minutes = hour * 60 + minute
    if half and 1 <= hour <= 12:
        minutes = minutes % _NOON + (_NOON if half == "p" else 0)
    return Clock(text, minutes, half, is_open=not half and 1 <= hour <= 12)


def _contradicts(half: str, hour: int) -> bool:
    """Whether the half of the day is wrong, as in 15am and 0pm; in 15:30pm it is only repeated."""
    return (half == "a" and hour > 12) or (half == "p" and hour in (0, 24))


def the_minutes(clocks: Sequence[Clock]) -> tuple[tuple[int | None, int | None], list[str]]:
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


def _settled(first: Clock, second: Clock) -> tuple[int | None, int | None]:
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


def moment_of(day: date | None, minutes: int | None) -> datetime | None:
    if day is None or minutes is None:
        return None
    midnight = datetime.combine(day, time())
    return (midnight + timedelta(minutes=minutes)).replace(tzinfo=LONDON)


def zone_mistakes(day: date | None, starts_at: datetime | None, zones: Iterable[str]) -> list[str]:
    if day is None:
        return []
    is_summer = bool((starts_at or datetime.combine(day, time(12), LONDON)).dst())
    zone, season = ("BST", "summer") if is_summer else ("GMT", "winter")
    return [
        f"{date_words(day)} is in {season} time ({zone}), not {written}."
        for written in dict.fromkeys(zones)
        if written != zone
    ]


def two_sessions(text: str) -> Iterator[str]:
    """Yield a mistake for "10am and 2pm", which does not say that it is start and end."""
    times = list(TIME.finditer(text))
    for first, second in pairwise(times):
        is_range = text[: first.start()].rstrip().lower().endswith("between")
        if _AND.fullmatch(text, first.end(), second.start()) and not is_range:
            both = text[first.start() : second.end()]
            yield f"“{both}” may be two sessions: give each a line of its own, with start and end."
