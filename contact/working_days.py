"""When an enquiry is read and answered: on England's working days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from holidays import HolidayBase, country_holidays

from govuk.dates import LONDON

LAST_READING = time(15)
# Working days after the one on which it is read, unless a topic's own are set.
DAYS_TO_ANSWER = 5
DAYS_TO_ANSWER_URGENT = 1


@lru_cache(maxsize=1)
def _bank_holidays() -> HolidayBase:
    return country_holidays("GB", subdiv="ENG")


def is_working_day(day: date) -> bool:
    """Whether `day` is a Monday to Friday and no bank holiday in England."""
    return day.weekday() < 5 and day not in _bank_holidays()


def working_days_later(day: date, count: int) -> date:
    """Return the `count`-th working day after `day`; for 0 `day` or the next one."""
    while not is_working_day(day):
        day += timedelta(days=1)
    for _ in range(count):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


def working_days_between(first: date, last: date) -> int:
    """Return how many working days come after `first`, up to and with `last`."""
    days = (last - first).days
    return sum(is_working_day(first + timedelta(days=number + 1)) for number in range(days))


def reading_day(received: datetime) -> date:
    """Return the working day on which what came at `received` (aware) is read.

    That is the same day until 3pm UK time, then the next working day.
    """
    local = received.astimezone(LONDON)
    day = local.date()
    if local.time() >= LAST_READING:
        day += timedelta(days=1)
    return working_days_later(day, 0)


def answer_day(received: datetime, days: int) -> date:
    """Return the last day on which to answer: `days` working days after it is read."""
    return working_days_later(reading_day(received), days)
