"""A migration that has landed is never edited."""

from __future__ import annotations

from pathlib import Path

from tests.processes import ROOT
from tests.upgrade.landed import LIST, faults, nodes, read, written

ONE, TWO = "contact/migrations/0001_initial.py", "contact/migrations/0002_handling.py"


def site(folder: Path, **files: str) -> Path:
    (folder / "contact" / "migrations").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / "contact" / "migrations" / f"{name}.py").write_text(text)
    return folder


def test_ours_are_as_they_landed():
    assert faults(read(LIST.read_text()), written(ROOT)) == []


def test_one_that_is_changed_or_gone_is_named_and_a_new_one_is_not(tmp_path: Path):
    landed = written(site(tmp_path / "landed", **{"0001_initial": "a", "0002_handling": "b"}))
    assert faults(landed, landed) == []
    now = written(site(tmp_path / "now", **{"0001_initial": "a ", "0003_later": "c"}))
    assert faults(landed, now) == [
        f"{TWO} has landed and is gone.",
        f"{ONE} has landed and was changed: add another migration instead.",
    ]


def test_remarks_in_the_list_are_no_migrations():
    landed = read(f"# 0001 is the first\n\n12ab  {ONE}\n")
    assert landed == {ONE: "12ab"}
    assert nodes(landed) == [("contact", "0001_initial")]
