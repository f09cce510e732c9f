from datetime import UTC, date, datetime

import pytest

from contact.working_days import reading_day


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        # A Friday at noon is read that day, at 3pm on Monday.
        (datetime(2026, 11, 20, 12, 0, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 15, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 21, 9, 0, tzinfo=UTC), date(2026, 11, 23)),
        # 2pm in UTC is 3pm in the UK in summer.
        (datetime(2026, 7, 1, 14, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 7, 1, 13, 59, tzinfo=UTC), date(2026, 7, 1)),
        # Christmas Eve 2026 is a Thursday; Boxing Day falls on Saturday, so Monday is off.
        (datetime(2026, 12, 24, 16, 0, tzinfo=UTC), date(2026, 12, 29)),
        # Good Friday and Easter Monday 2027.
        (datetime(2027, 3, 25, 16, 0, tzinfo=UTC), date(2027, 3, 30)),
        # The early May bank holiday, and the summer one of England.
        (datetime(2027, 5, 1, 9, 0, tzinfo=UTC), date(2027, 5, 4)),
        (datetime(2027, 8, 28, 9, 0, tzinfo=UTC), date(2027, 8, 31)),
    ],
)
def test_an_enquiry_is_read_on_the_next_working_day_of_england(
    received: datetime, expected: date
) -> None:
    assert reading_day(received) == expected
