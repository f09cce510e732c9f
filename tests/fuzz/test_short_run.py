"""The fuzzer's first rounds, always the same: nothing breaks, nobody waits for nothing.

`python -m tests.fuzz` goes on for as long as it is told, from any seed.
"""

from __future__ import annotations

from pathlib import Path

from tests.fuzz.rounds import ROUNDS
from tests.fuzz.series import play

TIMES = 6  # Rounds of each kind: under half a minute.


def test_nothing_that_is_sent_breaks_the_site(tmp_path: Path):
    tally = play(
        tmp_path,
        keep=tmp_path / "kept",
        seed=20261201,
        goes_on=lambda rounds: rounds < TIMES * len(ROUNDS),
    )
    assert tally.crashes == []
    assert {outcome.kind for outcome in tally.outcomes} == {each.__name__ for each in ROUNDS}
