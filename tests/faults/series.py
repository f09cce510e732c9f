"""All seeds of all faults on one engine. Run by `python -m tests.faults`, which sets it up."""

from __future__ import annotations

import json
import random
import sys
import time
import traceback
from argparse import ArgumentParser
from dataclasses import asdict, dataclass, field
from pathlib import Path

import django

# So many seeds are a run at full length; fewer, its short form.
LONG = 20


@dataclass
class Row:
    """One fault on one engine; `failures` are seeds with what was wrong."""

    fault: str
    does: str
    engine: str
    bound: str
    why_not: str = ""
    seeds: int = 0
    enquiries: int = 0
    lost: int = 0
    wrong: int = 0
    extra: int = 0
    allowed: int = 0
    seconds: float = 0.0
    failures: list[tuple[int, str]] = field(default_factory=list)


def run(engine: str, names: list[str], seeds: range, folder: Path) -> list[Row]:
    """Play every fault that is named, each with every seed."""
    django.setup()
    from tests.faults import (  # noqa: F401
        flood_scenes,
        mail_scenes,
        silence_scenes,
        store_scenes,
        web_scenes,
        worker_scenes,
    )
    from tests.faults.scene import FAULTS
    from tests.faults.stage import Stage

    rows = []
    stage = Stage.build(folder)
    try:
        for name in names or sorted(FAULTS, key=lambda name: int(name[1:])):
            fault = FAULTS[name]
            row = Row(name, fault.does, engine, fault.bound)
            if fault.not_on == engine:
                row.why_not = fault.why_not
            else:
                began = time.monotonic()
                for seed in seeds[:: fault.every]:
                    _play(stage, fault, engine, seed, row, is_long=len(seeds) >= LONG)
                row.seconds = time.monotonic() - began
            rows.append(row)
            _tell(row)
    finally:
        stage.stop()
    return rows


def _play(stage: object, fault: object, engine: str, seed: int, row: Row, *, is_long: bool) -> None:
    from tests.faults.scene import Fault, Scene
    from tests.faults.stage import Stage

    assert isinstance(stage, Stage)
    assert isinstance(fault, Fault)
    stage.reset()
    name = f"{fault.name}-{seed}"
    scene = Scene(stage, random.Random(name), name.lower(), engine, is_long)
    words = ""
    try:
        fault.play(scene)
    except Exception as error:  # A seed that fails must not keep the others from being played.
        words = f"{type(error).__name__}: {error} ({traceback.extract_tb(error.__traceback__)[-1]})"
    verdict = scene.judge()
    row.seeds += 1
    row.enquiries += verdict.enquiries
    row.lost += verdict.lost
    row.wrong += verdict.wrong
    row.extra += verdict.extra
    row.allowed += verdict.bound
    problems = [words] * bool(words) + verdict.faults
    if problems:
        row.failures.append((seed, "; ".join(problems)))


def _tell(row: Row) -> None:
    words = (
        f"left out: {row.why_not}"
        if row.why_not
        else f"{row.seeds} seeds, {row.enquiries} enquiries, {row.lost} lost, {row.wrong} to a "
        f"wrong person, {row.extra} copies of {row.allowed} allowed, {row.seconds:.1f} s"
    )
    sys.stdout.write(f"{row.engine} {row.fault} {row.does}: {words}\n")
    for seed, problem in row.failures:
        sys.stdout.write(f"  FAILED {row.fault} seed {seed}: {problem}\n")
        sys.stdout.write(f"  Repeat: {repeat(row.engine, row.fault, seed)}\n")
    sys.stdout.flush()


def repeat(engine: str, fault: str, seed: int) -> str:
    return f"python -m tests.faults --engine {engine} --fault {fault} --first-seed {seed} --seeds 1"


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("--engine", required=True)
    parser.add_argument("--fault", action="append", default=[])
    parser.add_argument("--seeds", type=int, required=True)
    parser.add_argument("--first-seed", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    rows = run(options.engine, options.fault, seeds, options.folder)
    (options.folder / "rows.json").write_text(json.dumps([asdict(row) for row in rows]))


if __name__ == "__main__":
    main()
