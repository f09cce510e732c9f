"""What a browser sends of a table of rows, when some of the rows are there no more."""

from __future__ import annotations

import re
from typing import Final

from django.http import QueryDict

_MOST_ROWS: Final = 1_000


def lost_as_new(data: QueryDict, prefix: str, keys: set[str]) -> QueryDict:
    """Return a formset's data, the forms of rows that are no longer there among the new ones."""
    total, initial = (_number(data.get(f"{prefix}-{name}_FORMS")) for name in ("TOTAL", "INITIAL"))
    if total > _MOST_ROWS:
        return data
    lost = [n for n in range(initial) if str(data.get(f"{prefix}-{n}-id", "")) not in keys]
    if not lost:
        return data
    order = [n for n in range(initial) if n not in lost] + lost + list(range(initial, total))
    moved = data.copy()
    for name in [name for name in moved if re.match(rf"{re.escape(prefix)}-\d+-", name)]:
        del moved[name]
    for new, old in enumerate(order):
        for name in [name for name in data if name.startswith(f"{prefix}-{old}-")]:
            part = name.removeprefix(f"{prefix}-{old}-")
            is_lost = part == "id" and old in lost
            moved[f"{prefix}-{new}-{part}"] = "" if is_lost else str(data[name])
    moved[f"{prefix}-INITIAL_FORMS"] = str(initial - len(lost))
    return moved


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() else 10_000
