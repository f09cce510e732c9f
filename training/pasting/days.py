"""Dates and weekdays in a line, in whatever form people write them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from govuk.dates import MONTHS, WEEKDAYS, date_words
from regions.wording import listed
from training.pasting.patterns import ALONE, FLAGS, first_group
from training.session_facts import EARLIEST, LATEST

_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
A_MONTH: Final = re.compile(rf"(?<![a-z]){_MONTH}", re.IGNORECASE)
_NTH: Final = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_NO_TIME: Final = r"(?![0-9]|[:.][0-9]|[ ]?[ap]\.?m(?![a-z]))"
# Four figures may be a time, as in "1 December 1530", and two an hour.
_YEAR: Final = rf"(?:(?:19|2[014-9]|[3-9][0-9])[0-9]{{2}}|'[0-9]{{2}}){_NO_TIME}"
_SHORT_YEAR: Final = (
    r"(?:2[5-9]|[3-9][0-9]|2[0-4](?![ ]?(?:-|to[ ]|until[ ]|till[ ]))"
    rf"|(?<=[a-z.][/-])[0-9]{{2}}){_NO_TIME}"
)
DATE: Final = re.compile(
    rf"""{ALONE}(?<![0-9]-)(?:
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
    FLAGS,
)
WEEKDAY: Final = re.compile(
    r"""(?<![0-9a-z])(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day
     |mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun)(?![0-9a-z])\.?""",
    FLAGS,
)

_A_LEAP_YEAR: Final = 2024


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date as it was written, and the day that it is or else what is wrong with it."""

    text: str
    value: date | None = None
    fault: str = ""


def read_date(match: re.Match[str]) -> WrittenDate:
    text = match[0].rstrip("tT").strip(" .,")
    day = int(re.sub("[a-z]+", "", first_group(match, "d1", "d2", "d3", "d4", "d5").lower()) or 0)
    month = _month(first_group(match, "m1", "m2", "m6", "n3", "n4", "n5"))
    figures = first_group(match, "y1", "y2", "y3", "y4", "y6").removeprefix("'")
    year = int(figures) + (2000 if len(figures) == 2 else 0) if figures else None
    if match["m6"]:
        return WrittenDate(text, fault=f"“{text}” has no day.")
    if not 1 <= month <= 12:
        is_american = match["d4"] is None and 1 <= day <= 12 < month <= 31
        why = "write the day first, then the month" if is_american else f"there is no month {month}"
        return WrittenDate(text, fault=f"“{text}” is not a date: {why}.")
    if year is not None and not EARLIEST.year <= year < LATEST.year:
        return WrittenDate(text, fault=f"“{text}” is {beyond_our_years(year)}: check the year.")
    days = monthrange(year or _A_LEAP_YEAR, month)[1]
    if not 1 <= day <= days:
        name = MONTHS[month - 1]
        which = f"{name} {year}" if year else name
        fault = f"{day} {which} does not exist: {name} has {days} days."
        return WrittenDate(text, fault=fault)
    if year is None:
        return WrittenDate(text, fault=f"“{text}” has no year.")
    return WrittenDate(text, date(year, month, day))


def _month(written: str) -> int:
    """Return the month's number; what a number says may be none."""
    if written.isdigit():
        return int(written)
    return [name[:3].lower() for name in MONTHS].index(written[:3].lower()) + 1


def beyond_our_years(year: int) -> str:
    """Return on which side a year is beyond those that a session may be in: "before 2020"."""
    return f"before {EARLIEST.year}" if year < EARLIEST.year else f"after {LATEST.year - 1}"


def the_day(written: Sequence[WrittenDate]) -> tuple[date | None, list[str]]:
    """Return the one day that is written, if it is one, and what is wrong."""
    if not written:
        return None, ["There is no date. Write it as in 1 December 2025."]
    mistakes = list(dict.fromkeys(one.fault for one in written if one.fault))
    distinct = dict.fromkeys(date_words(one.value) if one.value else one.text for one in written)
    if len(distinct) > 1:
        mistakes.append(f"There is more than one date: {listed(list(distinct))}.")
    return (None if mistakes else written[0].value), mistakes


def read_weekday(match: re.Match[str]) -> int:
    return [name[:3].lower() for name in WEEKDAYS].index(match[0][:3].lower())


def weekday_mistakes(day: date | None, weekdays: Iterable[int]) -> list[str]:
    if day is None:
        return []
    return [
        f"{date_words(day)} is a {WEEKDAYS[day.weekday()]}, not a {WEEKDAYS[weekday]}."
        for weekday in dict.fromkeys(weekdays)
        if weekday != day.weekday()
    ]
