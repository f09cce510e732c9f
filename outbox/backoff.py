"""When to try again to send a message, and when to give up."""

from __future__ import annotations

from datetime import timedelta

# RFC 5321 (4.5.4.1) advises half an hour between attempts. The first ones come sooner, since a
# greylisting server (RFC 6647) takes the second attempt after a minute or a few.
FIRST_DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30))
LATER_DELAY = timedelta(hours=1)
JITTER = timedelta(minutes=10)
# As long as mail servers themselves try: four to five days, by the same section.
GIVE_UP_AFTER = timedelta(days=4)


def delay_after(attempts: int, *, age: timedelta, chance: float) -> timedelta | None:
    """Return how long to wait after the `attempts`-th failure of a message of that age.

    None: it has been tried for four days, which is as long as mail servers try. `chance`, from
    0 to 1, spreads the hourly attempts so that a mended server is not met by all at once.
    """
    if age >= GIVE_UP_AFTER:
        return None
    if attempts <= len(FIRST_DELAYS):
        return FIRST_DELAYS[attempts - 1]
    return LATER_DELAY + JITTER * chance
