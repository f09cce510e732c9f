"""Rows that somebody has to try from time to time, such as links: who tried which, and when.

Their model has a column `checked_on`: the UK day on which somebody last tried the row, or None.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final, Self, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction
from django.db.models import Q

# What nobody has tried for this long may have moved.
CHECK_AFTER: Final = timedelta(days=180)

Row = TypeVar("Row", bound=models.Model)


class CheckedQuerySet(models.QuerySet[Row]):
    """Rows to check, in words."""

    def checked(self) -> Self:
        """Those that somebody has tried."""
        return self.filter(checked_on__isnull=False)

    def unchecked(self) -> Self:
        """Those that nobody has tried."""
        return self.filter(checked_on__isnull=True)

    def overdue(self, *, on: date) -> Self:
        """Those that nobody has tried, or not for half a year."""
        return self.filter(Q(checked_on__isnull=True) | Q(checked_on__lt=on - CHECK_AFTER))


@transaction.atomic
def mark_as_checked(*, rows: Iterable[Any], on: date, by: AbstractBaseUser) -> int:
    """Store that somebody tried these rows on that day; return how many there are.

    Each one's history says so too, by simple-history.
    """
    checked = list(rows)
    for row in checked:
        row.checked_on = on
        row._history_user = by
        row.save(update_fields=["checked_on"])
    return len(checked)
