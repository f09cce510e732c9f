"""Every row of a database, read by its driver and by no code of the site."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import psycopg

# What Django keeps for itself: which migrations ran, and who is signed in.
LEFT_OUT = {"django_migrations", "django_session"}
# What `prepare` brings up to date with the code: `load_reference`, and Django's own tables of
# models and permissions. A row that it rewrites is counted, and is no loss; nor is one that it
# replaces by another row that says the same.
REFERENCE = {
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "guidance_link",
    "regions_area",
    "regions_place",
    "regions_placetarget",
    "regions_region",
    "training_track",
}

Row = dict[str, str]


@dataclass
class Table:
    """One table: each row's columns, as digests, by its key."""

    rows: dict[str, Row] = field(default_factory=dict)
    columns: set[str] = field(default_factory=set)


@dataclass
class Change:
    """What became of one table's rows."""

    table: str
    before: int
    after: int
    lost: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    on_purpose: list[str] = field(default_factory=list)
    added: int = 0
    dropped_columns: set[str] = field(default_factory=set)

    @property
    def is_loss(self) -> bool:
        """Whether a row or a column is gone, or says something else and is nobody's to rewrite."""
        rewritten = self.changed if self.table not in REFERENCE else []
        return bool(self.lost or rewritten or self.dropped_columns)


def census(url: str) -> dict[str, Table]:
    """Return every table of the database at the address. Content is kept as digests."""
    tables = {}
    with connected(url) as (cursor, names, key_of):
        for name in sorted({*names} - LEFT_OUT):
            keys = key_of(name)
            cursor.execute(f'SELECT * FROM "{name}"')  # noqa: S608 (the database's own name for it)
            columns = [column[0] for column in cursor.description]
            table = Table(columns=set(columns))
            for values in cursor.fetchall():
                row = dict(zip(columns, map(_digest, values), strict=True))
                key = " ".join(str(values[columns.index(each)]) for each in keys)
                table.rows[key] = row
            tables[name] = table
    return tables


def compare(
    before: dict[str, Table],
    after: dict[str, Table],
    intended: Mapping[str, Mapping[str, set[str]]] | None = None,
) -> list[Change]:
    """Return what became of each table that there was, and of those that are new.

    `intended` are the columns, by table and key, that may say something else.
    """
    changes = []
    for name in sorted({*before, *after}):
        old, new = before.get(name, Table()), after.get(name, Table())
        shared = old.rows.keys() & new.rows.keys()
        columns = old.columns & new.columns
        lost = old.rows.keys() - new.rows.keys()
        differ = {
            key: {column for column in columns if old.rows[key][column] != new.rows[key][column]}
            for key in shared
        }
        may = (intended or {}).get(name, {})
        on_purpose = {
            key for key, those in differ.items() if those and those <= may.get(key, set())
        }
        if name in REFERENCE:
            stands = Counter(_content(row, columns) for row in new.rows.values())
            stands.subtract(_content(old.rows[key], columns) for key in shared)
            for key in sorted(lost):
                content = _content(old.rows[key], columns)
                if stands[content] > 0:
                    stands[content] -= 1
                    lost.discard(key)
        changes.append(
            Change(
                name,
                len(old.rows),
                len(new.rows),
                lost=sorted(lost),
                changed=sorted(key for key in differ.keys() - on_purpose if differ[key]),
                on_purpose=sorted(on_purpose),
                added=len(new.rows.keys() - old.rows.keys()),
                dropped_columns=old.columns - new.columns if name in after else set(),
            )
        )
    return changes


def _content(row: Row, columns: set[str]) -> tuple[str, ...]:
    """Return what a row says in these columns, its number left out."""
    return tuple(row[column] for column in sorted(columns - {"id"}))


def _digest(value: Any) -> str:
    if isinstance(value, memoryview):
        value = bytes(value)
    return hashlib.sha256(repr(value).encode()).hexdigest()


@contextmanager
def connected(url: str) -> Iterator[Any]:
    """Give a cursor, the names of the tables, and what tells a table's key."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(urlsplit(url).path)) as connection:
            cursor = connection.cursor()
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
            names = [name for (name,) in cursor.fetchall()]

            def key_of(table: str) -> list[str]:
                rows = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
                return [row[1] for row in rows if row[5]]

            yield cursor, names, key_of
        return
    with psycopg.connect(url) as server, server.cursor() as rows:
        rows.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        listed = [name for (name,) in rows.fetchall()]

        def key_on_server(table: str) -> list[str]:
            found = server.execute(
                "SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid "
                "AND attnum = ANY(indkey) WHERE indrelid = %s::regclass AND indisprimary",
                [table],
            )
            return [name for (name,) in found.fetchall()]

        yield rows, listed, key_on_server
