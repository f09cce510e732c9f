"""What the site's processes used, and what came of each request."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
# Seconds of CPU: what nobody who sends something may take more of.
READERS = 0.15
STAFF = 2.0


def children(pid: int) -> set[int]:
    """Return the processes that a process has started and that still run (Linux only)."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return {int(child) for child in listed.split()}


def cpu(pids: set[int]) -> float:
    """Return the seconds of CPU that processes have used so far; one that is gone has used none."""
    return sum(map(_cpu, pids))


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    user, system = fields[11:13]
    return (int(user) + int(system)) / _TICKS


@dataclass(frozen=True)
class Outcome:
    """One request: what it was, what was answered (0: nothing), and what it took.

    `seed` is that of its round: `--seed` and `--kind` play it again, alone.
    """

    seed: int
    kind: str
    who: str
    what: str
    status: int
    seconds: float
    crash: str = ""

    @property
    def is_slow(self) -> bool:
        return self.seconds > (READERS if self.who == "anybody" else STAFF)


@dataclass
class Tally:
    """What came of all requests. `folder` keeps what was sent where it went wrong."""

    folder: Path
    outcomes: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome, sent: bytes) -> None:
        self.outcomes.append(outcome)
        if outcome.crash or outcome.is_slow:
            self.folder.mkdir(parents=True, exist_ok=True)
            name = f"{len(self.outcomes):06}-{outcome.kind}-{outcome.seconds:.2f}"
            (self.folder / name).write_bytes(f"{outcome}\n\n".encode(errors="replace") + sent)

    @property
    def crashes(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.crash]

    @property
    def slow(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.is_slow]

    def report(self) -> str:
        """Return a table: each kind's number, answers and most CPU; then what went wrong."""
        lines = [
            f"{len(self.outcomes)} requests, {len(self.crashes)} crashes, "
            f"{len(self.slow)} over their CPU"
        ]
        for kind, who in sorted({(outcome.kind, outcome.who) for outcome in self.outcomes}):
            of_kind = [o for o in self.outcomes if (o.kind, o.who) == (kind, who)]
            slowest = max(of_kind, key=lambda outcome: outcome.seconds)
            statuses = Counter(outcome.status for outcome in of_kind)
            said = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
            lines.append(
                f"{kind:<14} {who:<8} {len(of_kind):>7}  most CPU {slowest.seconds:.2f} s "
                f"({slowest.what[:70]})  {said}"
            )
        lines += [f"CRASH {outcome}" for outcome in self.crashes[:50]]
        lines += [f"SLOW {outcome}" for outcome in sorted(self.slow, key=lambda o: -o.seconds)[:20]]
        return "\n".join(lines) + "\n"
