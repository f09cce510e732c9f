"""Replacing a whole table, one import at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db import connection, models

_AT_ONCE: Final = 500


def replace_all(model: type[models.Model], rows: Iterable[Any]) -> None:
    """Replace all rows of the table by these, within the caller's transaction.

    Readers go on with the old ones until it commits. A second import waits for the first: without
    the lock PostgreSQL would let it delete only what it had seen, and both would stay. On SQLite
    the transaction itself is the lock.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
    manager = model._default_manager
    manager.all().delete()
    manager.bulk_create(rows, batch_size=_AT_ONCE)
