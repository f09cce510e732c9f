"""The fuzzer: `python -m tests.fuzz --minutes 5 --seed 1` (docs/reliability.md tells more).

Starts a site of its own, sends it what nobody should, and ends with 1 if anything broke.
"""

from __future__ import annotations

import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

import tests.environment  # noqa: F401  # The settings, before anything of Django's.
from tests.fuzz.series import play
from tests.processes import ROOT


def for_minutes(minutes: float) -> Callable[[int], bool]:
    """Return what is true for so long from its first call on: starting the site does not count."""
    began: list[float] = []

    def goes_on(rounds: int) -> bool:
        began[:] = began or [time.monotonic()]
        return time.monotonic() < began[0] + minutes * 60

    return goes_on


def main() -> int:
    parser = ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=1, help="of the first round; each has its own")
    parser.add_argument("--kind", action="append", default=[], help="such as csv_file; several")
    parser.add_argument("--keep", type=Path, default=ROOT / "var" / "fuzz", help="what broke it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rpec-fuzz-") as folder:
        tally = play(
            Path(folder),
            keep=options.keep,
            seed=options.seed,
            kinds=options.kind,
            goes_on=for_minutes(options.minutes),
        )
    sys.stdout.write(tally.report())
    return 1 if tally.crashes else 0


if __name__ == "__main__":
    sys.exit(main())
