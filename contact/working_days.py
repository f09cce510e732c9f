"""When an enquiry will be read: on England's working days. Pure: no Django."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from holidays import HolidayBase, country_holidays

from govuk.dates import LONDON

LAST_READING = time(15)


@lru_cache(maxsize=1)
def _bank_holidays() -> HolidayBase:
    return country_holidays("GB", subdiv="ENG")


def is_working_day(day: date) -> bool:
    """Say whether `day` is a Monday to Friday and no bank holiday in England."""
    return day.weekday() < 5 and day not in _bank_holidays()


def reading_day(received: datetime) -> date:
    """Return the working day on which what came at `received` (aware) is read.

    That is the same day until 3pm UK time, then the next working day.
    """
    local = received.astimezone(LONDON)
    day = local.date()
    if local.time() >= LAST_READING:
        day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
