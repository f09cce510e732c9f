"""A database of the harness's own, on either engine, and what can befall it."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import psycopg

KEPT = ("contact_", "outbox_")


class Database(Protocol):
    """Where the site's data is, from outside Django."""

    url: str

    def backup(self) -> None:
        """Take a backup of what the site has written, while it writes."""

    def restore(self) -> None:
        """Put the backup in the place of what is there."""

    def hold_lock(self, seconds: float) -> None:
        """Hold what a migration holds: nobody else may write (PostgreSQL: nor read) messages."""

    def stop(self) -> None:
        """End it."""


class Sqlite:
    """One file."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "site.sqlite3"
        self._copy = folder / "backup.sqlite3"
        self.url = f"sqlite:///{self._file}"

    def backup(self) -> None:
        self._copy_pages(self._file, self._copy)

    def restore(self) -> None:
        self._copy_pages(self._copy, self._file)

    def hold_lock(self, seconds: float) -> None:
        connection = sqlite3.connect(self._file, timeout=20, isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(seconds)
        connection.execute("COMMIT")
        connection.close()

    def stop(self) -> None:
        """A file needs no stopping."""

    @staticmethod
    def _copy_pages(source: Path, target: Path) -> None:
        one, other = sqlite3.connect(source, timeout=20), sqlite3.connect(target, timeout=20)
        one.backup(other)
        one.close()
        other.close()


class Cluster:
    """A PostgreSQL cluster in a folder, on a unix socket and nothing else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._backup = folder / "backup.sql"
        self.url = f"postgres://postgres@/{folder}/rpec"
        self._dsn = f"host={folder} user=postgres dbname=rpec"

    @staticmethod
    def programs() -> Path | None:
        """Return the folder of PostgreSQL's programs, the newest; None where there are none."""
        found = sorted(
            Path("/usr/lib/postgresql").glob("*/bin/initdb"),
            key=lambda path: int(path.parts[-3].partition(".")[0]),
        )
        if found:
            return found[-1].parent
        initdb = shutil.which("initdb")
        return Path(initdb).resolve().parent if initdb else None

    def start(self) -> None:
        """Make the cluster and the database."""
        self._folder.mkdir()
        if os.geteuid() == 0:
            shutil.chown(self._folder, "postgres")
        data = self._folder / "data"
        self._run(f"initdb -A trust -U postgres -E UTF8 --no-locale -D {data}")
        options = f"-k {self._folder} -c listen_addresses="
        self._run(f"pg_ctl -D {data} -w -l {self._folder}/log -o '{options}' start")
        maintenance = self._dsn.replace("dbname=rpec", "dbname=postgres")
        with psycopg.connect(maintenance, autocommit=True) as connection:
            connection.execute("CREATE DATABASE rpec")

    def restart(self, mode: str) -> None:
        """Restart it: `fast` cuts every connection, `immediate` is as a power cut."""
        self._run(f"pg_ctl -D {self._folder}/data -w -l {self._folder}/log -m {mode} restart")

    def stop(self) -> None:
        self._run(f"pg_ctl -D {self._folder}/data -m immediate stop")

    def backup(self) -> None:
        tables = " ".join(f"-t '{prefix}*'" for prefix in KEPT)
        self._backup.write_text(
            self._run(f"pg_dump -h {self._folder} -U postgres --data-only {tables} rpec")
        )

    def restore(self) -> None:
        with psycopg.connect(self._dsn) as connection:
            rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname='public'")
            tables = ", ".join(name for (name,) in rows if name.startswith(KEPT))
        emptied = f"TRUNCATE {tables};\n{self._backup.read_text()}"
        self._run(f"psql -q -1 -v ON_ERROR_STOP=1 -h {self._folder} -U postgres rpec", emptied)

    def hold_lock(self, seconds: float) -> None:
        with psycopg.connect(self._dsn) as connection:
            connection.execute("LOCK TABLE outbox_message IN ACCESS EXCLUSIVE MODE")
            time.sleep(seconds)

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Stop all of its processes where they are: connections stay, and nobody answers."""
        main = int((self._folder / "data" / "postmaster.pid").read_text().split()[0])
        stopped = [main] * _signal(main, signal.SIGSTOP)  # First: it gives birth to the others.
        stopped += [pid for pid in children(main) if _signal(pid, signal.SIGSTOP)]
        try:
            yield
        finally:
            for pid in stopped:
                _signal(pid, signal.SIGCONT)

    def _run(self, command: str, words: str = "") -> str:
        """Run one of PostgreSQL's programs, as its own user where we are root."""
        programs = self.programs()
        assert programs is not None, "PostgreSQL's programs are not there."
        line = f"{programs}/{command}"
        shell = ["su", "postgres", "-c", line] if os.geteuid() == 0 else ["sh", "-c", line]
        result = subprocess.run(
            shell, input=words, capture_output=True, text=True, check=False, cwd="/"
        )
        if result.returncode:
            raise RuntimeError(f"{command}: {result.stderr}")
        return result.stdout


def children(parent: int) -> list[int]:
    """Return the processes that a process has started and that run (proc(5), stat)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # It ended meanwhile.
            after_name = stat.read_text().rpartition(")")[2].split()
            if int(after_name[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def _signal(pid: int, number: int) -> bool:
    """Signal a process; return whether it was still there."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True
