"""Dates and times in words, as GOV.UK's style guide writes them, always in UK time.

The rules are the style guide's: `3:30pm`, `5pm`, `midday`, `midnight`,
`10 February 2026`, "to" between two times, no leading noughts, no ordinals and no commas.
The names of days and months are written out here, because `strftime` follows the locale of
the process.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def in_london(moment: datetime) -> datetime:
    """Return the same moment as a UK clock shows it.

    Raises `ValueError` for a naive datetime: its zone could only be guessed.
    """
    if moment.utcoffset() is None:
        raise ValueError("A date and time needs its time zone before it can be put into words.")
    return moment.astimezone(LONDON)


def uk_moment(text: str) -> datetime:
    """The moment at which a UK clock shows ``text``: a date and time such as ``2025-03-17T15:30``.

    Raises ``ValueError`` for anything else, an offset included: UK time is meant.
    """
    local = datetime.fromisoformat(text)
    if local.tzinfo is not None:
        raise ValueError(f"{text!r} has an offset, where UK time is meant.")
    return local.replace(tzinfo=LONDON)


def is_skipped(local: datetime) -> bool:
    """Whether UK clocks never show this time: in spring they go from 12:59am to 2am.

    Only a time that was made of a date and a time of day, in `LONDON`, can be so.
    """
    return _offset(local, fold=0) < _offset(local, fold=1)


def is_repeated(local: datetime) -> bool:
    """Whether UK clocks show this time, in `LONDON`, twice: in autumn, from 1am to 1:59am."""
    return _offset(local, fold=0) > _offset(local, fold=1)


def time_words(moment: datetime) -> str:
    """Return the UK time of day: "3:30pm", "5pm", "midday", "midnight".

    Raises `ValueError` for a naive datetime.
    """
    local = in_london(moment)
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def date_words(day: date) -> str:
    """Return the date: "10 February 2026". Of a moment, the day that it is then in the UK.

    Raises `ValueError` for a naive datetime.
    """
    local = _day(day)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}"


def month_words(day: date) -> str:
    """The month: "February 2026". Of a moment, the month that it is then in the UK.

    Raises ``ValueError`` for a naive datetime.
    """
    local = _day(day)
    return f"{MONTHS[local.month - 1]} {local.year}"


def weekday_date_words(day: date) -> str:
    """Return the date with its weekday: "Tuesday 10 February 2026". Of a moment, the UK's.

    Raises `ValueError` for a naive datetime.
    """
    local = _day(day)
    return f"{WEEKDAYS[local.weekday()]} {date_words(local)}"


def time_range_words(start: datetime, end: datetime) -> str:
    """Return two UK times of day, without their dates: "3:30pm to 4:45pm".

    Raises `ValueError` for a naive datetime.
    """
    return f"{time_words(start)} to {time_words(end)}"


def duration_words(start: datetime, end: datetime) -> str:
    """Return how long it is from one moment to a later one: "1 hour 15 minutes", "2 hours".

    Seconds are not counted. Raises `ValueError` for a naive datetime.
    """
    # By the UK's clock an hour is lost or won as it changes; by UTC none is.
    lasts = in_london(end).astimezone(UTC) - in_london(start).astimezone(UTC)
    hours, minutes = divmod(int(lasts.total_seconds()) // 60, 60)
    parts = [(hours, "hour"), (minutes, "minute")]
    words = [f"{count} {unit if count == 1 else unit + 's'}" for count, unit in parts if count]
    return " ".join(words) or "0 minutes"


def _offset(local: datetime, fold: int) -> timedelta:
    """Return how far UK clocks are ahead of UTC when they show this; `fold` 1: the second time."""
    return local.replace(tzinfo=LONDON, fold=fold).utcoffset() or timedelta()


def _day(day: date) -> date:
    """Return the calendar day: of a moment, the UK's. A plain date is taken as it is."""
    return in_london(day).date() if isinstance(day, datetime) else day
