"""Our own commands, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence

from rpec_site.settings import BASE_DIR


def manage(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return what a management command printed. Raises CalledProcessError where it fails."""
    return run(["manage.py", *arguments], environment)


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return what Python printed. Raises CalledProcessError where it fails."""
    return subprocess.run(  # noqa: S603 (our own commands)
        [sys.executable, *arguments],
        cwd=BASE_DIR,
        env=dict(environment),
        check=True,
        capture_output=True,
        text=True,
    ).stdout
