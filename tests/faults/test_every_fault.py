"""Every fault with two seeds; `make faults` plays each with two hundred."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faults.databases import Cluster
from tests.processes import ROOT

SEEDS = 2
# What an engine has no way to suffer. Everything else is played on both.
NOT_ON = {
    "sqlite": {"F10": "no server that could restart", "F22": "no server that could hang"},
}
FAULTS = [f"F{number}" for number in range(1, 24)]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what each fault came to on the engine that the suite runs on."""
    file: Path = tmp_path_factory.mktemp("faults") / "faults.json"
    engine = "postgresql" if os.environ.get("TEST_SUITE_DATABASE_URL") else "sqlite"
    if engine == "postgresql" and Cluster.programs() is None and os.environ.get("CI") != "true":
        pytest.skip("PostgreSQL's programs are not on this machine: no cluster to break.")
    command = [sys.executable, "-m", "tests.faults", f"--engine={engine}", f"--seeds={SEEDS}"]
    done = subprocess.run([*command, f"--json={file}"], cwd=ROOT, capture_output=True, text=True)
    assert file.exists(), done.stdout + done.stderr
    return {row["fault"]: row for row in json.loads(file.read_text())}


@pytest.mark.parametrize("name", FAULTS)
def test_no_enquiry_is_lost_and_none_reaches_a_wrong_person_under(name: str, rows: dict[str, Any]):
    row = rows[name]
    if name in NOT_ON.get(row["engine"], {}):
        assert row["why_not"] == NOT_ON[row["engine"]][name]
        return
    assert row["why_not"] == ""
    assert row["seeds"] >= 1
    assert row["failures"] == []
    assert (row["lost"], row["wrong"]) == (0, 0)
    assert row["extra"] <= row["allowed"]


def test_every_fault_is_in_the_series(rows: dict[str, Any]):
    assert list(rows) == FAULTS
