"""Whether there is room for another enquiry beside SQLite's file."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rpec_site.room import beside


@pytest.fixture
def database(tmp_path: Path) -> Path:
    file = tmp_path / "site.sqlite3"
    file.write_bytes(b"")
    return file


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file of this process grow, as where the disk is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_where_a_file_can_be_written_there_is_room_and_nothing_is_left(database):
    assert beside(str(database)) == ""
    assert list(database.parent.iterdir()) == [database]


def test_a_full_disk_is_told(database):
    with full_disk():
        said = beside(str(database))
    assert said == "The database's disk cannot be written: File too large."


def test_a_database_that_is_gone_is_told(database):
    database.unlink()
    assert "No such file" in beside(str(database))


@pytest.mark.parametrize("name", [":memory:", "file:memorydb_default?mode=memory&cache=shared"])
def test_one_in_memory_has_no_disk(name):
    assert beside(name) == ""
