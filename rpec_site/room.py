"""Is there room for another enquiry? A full disk shows here before somebody's enquiry meets it."""

from __future__ import annotations

import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from django.db import DatabaseError, connection

# An enquiry with its mail, several times over.
NEEDED_BYTES: Final = 256 * 1024
# How long what was found is believed, in seconds: nobody's questions may wear the disk.
BELIEVED_SECONDS: Final = 15.0
# Sorting what does not fit into its memory makes PostgreSQL write where its data is, and leaves
# nothing behind: no row, no table, no log.
_SORT: Final = """
SELECT count(*) FROM
(SELECT repeat('x', 1000) || n FROM generate_series(1, 256) AS n ORDER BY 1 OFFSET 0) AS sorted
"""
_SET: Final = "SELECT set_config('work_mem', %s, false)"
# PostgreSQL's classes of errors: resources are exhausted; the operating system failed.
_CANNOT_WRITE: Final = ("53", "58")


class Room:
    """Whether the database can store something, tried anew when the last try is too old."""

    def __init__(self) -> None:
        self._problem = ""
        self._tried_at = float("-inf")

    def problem(self) -> str:
        """Return in a sentence why nothing can be stored; "" where something can.

        Raises DatabaseError where the database does not answer.
        """
        # Where there was no room it is tried each time: what was made shows at once.
        if self._problem or time.monotonic() - self._tried_at >= BELIEVED_SECONDS:
            is_server = connection.vendor == "postgresql"
            name = str(connection.settings_dict["NAME"])
            self._problem = _on_postgresql() if is_server else beside(name)
            self._tried_at = time.monotonic()
        return self._problem


def _on_postgresql() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('transaction_read_only'), current_setting('work_mem')"
        )
        read_only, memory = cursor.fetchone()
        if read_only == "on":
            return "The database takes no writes."
        cursor.execute(_SET, ["64kB"])
        try:
            cursor.execute(_SORT)
        except DatabaseError as error:
            if not str(getattr(error.__cause__, "sqlstate", "")).startswith(_CANNOT_WRITE):
                raise
            return "The database's disk cannot be written."
        finally:
            with suppress(DatabaseError):  # The connection is gone, and its settings with it.
                cursor.execute(_SET, [memory])
    return ""


def beside(name: str) -> str:
    """Write a little beside SQLite's file, and forget it; return in a sentence why it failed."""
    if name == ":memory:" or name.startswith("file:"):
        return ""
    try:
        with tempfile.TemporaryFile(dir=Path(name).parent) as file:
            file.write(b"x" * NEEDED_BYTES)
        Path(name).open("r+b").close()
    except OSError as error:
        return f"The database's disk cannot be written: {error.strerror}."
    return ""
