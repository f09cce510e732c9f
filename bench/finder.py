"""What the data of a whole installation costs: loading it, and asking it."""

from __future__ import annotations

import csv
import json
import os
import resource
import tempfile
import time
from pathlib import Path

from bench.processes import manage, run

SCHOOLS = 52_000


def measurements() -> dict[str, float]:
    """Return the figures by name: seconds, megabytes, rows and milliseconds of CPU."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = folder / "site.sqlite3"
        environment = {**os.environ, "DATABASE_URL": f"sqlite:///{database}"}
        for command in ("migrate -v0", "load_reference"):
            manage(command.split(), environment)
        empty = database.stat().st_size
        started = time.perf_counter()
        manage(["load_postcodes"], environment)
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        figures = {
            "load the postcodes of the requirements (s)": seconds,
            "peak memory so far (MB)": peak / 1024,
            "size of their table (MB)": (database.stat().st_size - empty) / 1e6,
        }
        register = folder / "edubasealldata.csv"
        _write_register(register)
        manage(["import_establishments", str(register)], environment)
        return figures | json.loads(run(["-m", "bench.answers"], environment))


def _write_register(path: Path) -> None:
    """Write a register of as many schools as England has, all in Leeds."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            (
                *("URN", "EstablishmentName", "EstablishmentStatus (code)", "Postcode", "Town"),
                *("DistrictAdministrative (code)", "LA (code)", "UKPRN"),
            )
        )
        for number in range(SCHOOLS):
            name = f"School {number} of Bench"
            rows.writerow((100_000 + number, name, 1, "LS1 4AP", "Leeds", "E08000035", 383, ""))
