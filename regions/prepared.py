"""Queries that are compiled to SQL once and then run with other values.

Django compiles a query anew each time, which takes ten times as long as SQLite takes to answer it.
Only what the finder asks for each text is worth it (see `bench/answers.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet, Value

# Values of one query: each may stand in it twice, and SQLite takes 32,766 parameters.
_AT_ONCE: Final = 4_096


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where the value of that number goes."""

    number: int


@dataclass(slots=True)
class Prepared:
    """A query over any number of values, as tuples of columns as the driver gives them.

    `build` gets the values, of one type and to be compared by `__in` only, and returns the rows as
    `values_list`. A query is compiled for 1, 2, 4 … 4,096 values: fewer are filled up by the last.
    """

    build: Callable[[list[Value]], QuerySet[Any, tuple[Any, ...]]]
    _compiled: dict[tuple[str, int], tuple[str, tuple[Any, ...]]] = field(default_factory=dict)

    def rows(self, values: Sequence[str] | Sequence[int]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of the values, in the order of the query for each 4,096 of them."""
        for start in range(0, len(values), _AT_ONCE):
            some = values[start : start + _AT_ONCE]
            size = 1 << (len(some) - 1).bit_length()
            yield from self._run((*some, *[some[-1]] * (size - len(some))))

    def _run(self, values: tuple[str | int, ...]) -> list[tuple[Any, ...]]:
        key = connection.vendor, len(values)
        if key not in self._compiled:
            query = self.build([Value(_Slot(number)) for number in range(len(values))]).query
            self._compiled[key] = query.get_compiler(connection=connection).as_sql()
        sql, parameters = self._compiled[key]
        with connection.cursor() as cursor:
            cursor.execute(
                sql, [values[p.number] if isinstance(p, _Slot) else p for p in parameters]
            )
            return cursor.fetchall()
