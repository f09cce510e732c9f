"""Processes that are started anew whenever they end."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rpec_site.lifeline import STOP_SECONDS, VARIABLE

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
# Whoever lived so long was sound: the next one is started at once.
SOUND_SECONDS = 60.0


def pause_before(start: int) -> float:
    """Return the seconds to wait before the `start`-th start in a row of what soon ended again."""
    return min(FIRST_PAUSE_SECONDS * 2 ** min(start, 10), LONGEST_PAUSE_SECONDS)


@dataclass
class Child:
    """One process that is to run all the time.

    It ends with the process that started it, however that ends (rpec_site.lifeline).
    """

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None
    _lifeline: int | None = None
    _began: float = 0.0
    _starts: int = 0
    _due: float = 0.0

    def start(self, *, at: float) -> None:
        """Start it; `at` is in seconds, by any clock that never goes back."""
        its, mine = os.pipe()
        try:
            # No other process gets the end that is kept: it is closed when this one is gone.
            self._process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env={**os.environ, **self.environment, VARIABLE: str(its)},
                pass_fds=(its,),
            )
        finally:
            os.close(its)
        self._close_lifeline()
        self._lifeline, self._began = mine, at

    def has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def look(self, *, at: float) -> float | None:
        """Start it anew if it has ended and its pause is over.

        Return in how many seconds it will be started where it has just been found ended.
        """
        if not self.has_ended():
            return None
        if self._process is not None:
            self._process = None
            self._starts = 0 if at - self._began >= SOUND_SECONDS else self._starts
            pause = pause_before(self._starts)
            self._starts += 1
            self._due = at + pause
            return pause
        if at >= self._due:
            self.start(at=at)
        return None

    def ask_to_stop(self) -> None:
        if self._process is not None:
            self._process.terminate()

    def wait(self, seconds: float) -> None:
        """Wait for its end; then kill it."""
        if self._process is None:
            return
        try:
            self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._close_lifeline()

    def _close_lifeline(self) -> None:
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None


def stop_all(children: Iterable[Child]) -> None:
    """Ask each process to finish what it has in hand, and end what does not."""
    started = list(children)
    for child in started:
        child.ask_to_stop()
    deadline = time.monotonic() + STOP_SECONDS
    for child in started:
        child.wait(max(0.1, deadline - time.monotonic()))
