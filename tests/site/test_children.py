"""What `serve` starts: it is started anew when it ends, and ends with what started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rpec_site.children import Child, pause_before
from tests.processes import ROOT

# Starts a child that says its number and waits for its signal, then waits to be killed itself.
PARENT = """
import sys, time
from pathlib import Path
from rpec_site.children import Child
code = (
    "import os, signal, sys; from rpec_site.lifeline import hold_on;"
    "hold_on(); print(os.getpid(), flush=True); signal.pause()"
)
Child("sleeper", [sys.executable, "-c", code], Path.cwd()).start(at=0)
time.sleep(600)
"""


def test_the_pauses_before_a_child_is_started_anew_grow_to_a_minute() -> None:
    assert [pause_before(start) for start in (0, 1, 2, 5, 6, 1000)] == [1, 2, 4, 32, 60, 60]


def test_a_child_that_ends_at_once_is_started_anew_less_and_less_often(tmp_path: Path) -> None:
    child = Child("short-lived", [sys.executable, "-c", ""], tmp_path)
    pauses: list[tuple[int, float]] = []
    child.start(at=0)
    for second in range(1, 40):
        if child._process is not None:
            child._process.wait()
        pause = child.look(at=second)
        if pause is not None:
            pauses.append((second, pause))
    child.wait(1)
    assert pauses == [(1, 1), (3, 2), (6, 4), (11, 8), (20, 16), (37, 32)]


def test_one_that_lived_for_long_is_started_anew_at_once(tmp_path: Path) -> None:
    child = Child("sound", [sys.executable, "-c", ""], tmp_path, _starts=5)
    child.start(at=0)
    assert child._process is not None
    child._process.wait()
    assert child.look(at=100) == 1
    child.wait(1)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_ends_with_what_started_it_even_where_that_was_killed(number: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        assert int(parent.stdout.readline()) > 0
        os.kill(parent.pid, number)
        parent.wait()
        # Standard output ends when the last process that writes to it has ended.
        assert parent.stdout.read() == ""
