"""How long whoever is at work may wait for the database.

A server can hang without being gone: its machine confirms each packet, and no time-out of the
network or of PostgreSQL itself ends the wait. So whoever asks must be able to give up.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

# In seconds of `time.monotonic`.
_until: ContextVar[float] = ContextVar("until", default=math.inf)
_is_unlimited: ContextVar[bool] = ContextVar("is_unlimited", default=False)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let all waits for the database in this block together take no longer than that.

    Inside another such block the sooner end counts.
    """
    token = _until.set(min(_until.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _until.reset(token)


@contextmanager
def without_limit() -> Iterator[None]:
    """Let each statement of this block take as long as it takes."""
    token = _is_unlimited.set(True)
    try:
        yield
    finally:
        _is_unlimited.reset(token)


def seconds_left(at_most: float) -> float | None:
    """Return how long the next answer may be waited for, `at_most` so long; None: for ever."""
    if _is_unlimited.get():
        return None
    return max(0.0, min(at_most, _until.get() - time.monotonic()))


class Silence:
    """What this process knows of a server that did not answer: others need not find it out too.

    While it lasts one asks every `RETRY_SECONDS`; the others are told at once.
    """

    RETRY_SECONDS: Final = 2.0

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ask_again_at = 0.0

    def met(self) -> None:
        """Note that the server did not answer in time."""
        self._ask_again_at = time.monotonic() + self.RETRY_SECONDS

    def broken(self) -> None:
        """Note that it answers."""
        self._ask_again_at = 0.0

    @property
    def lasts(self) -> bool:
        """Whether it was silent a moment ago."""
        return time.monotonic() < self._ask_again_at

    def may_ask(self) -> bool:
        """Whether the caller is to find out if it answers again."""
        with self._lock:
            if self.lasts:
                return False
            if self._ask_again_at:
                self.met()  # The caller asks; until its answer is there nobody else need to.
            return True
