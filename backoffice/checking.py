"""Rows that somebody has to try from time to time, such as links: who tried which, and when.

Their model has a column `checked_on`: the UK day on which somebody last tried the row, or None.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final, Self, TypeVar, cast

from django.contrib import admin, messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

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


class CheckedFilter(admin.SimpleListFilter):
    """Which rows still wait for somebody to try them."""

    title = "checked"
    parameter_name = "checked"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str]]:
        return [("no", "Unchecked"), ("yes", "Checked"), ("overdue", "Overdue for checking")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        match self.value():
            case "no":
                return queryset.unchecked()
            case "yes":
                return queryset.checked()
            case "overdue":
                return queryset.overdue(on=timezone.localdate())
        return queryset


class MarksAsChecked(admin.ModelAdmin):
    """An action for rows that somebody has just tried."""

    actions = ("mark_as_checked",)

    def checkable(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return those of the rows that can be tried at all."""
        return queryset

    @admin.action(description="Mark as checked today", permissions=["change"])
    def mark_as_checked(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Note that somebody tried the chosen rows today; those that cannot be tried stay."""
        chosen = queryset.count()
        by = cast("AbstractBaseUser", request.user)
        checked = mark_as_checked(rows=self.checkable(queryset), on=timezone.localdate(), by=by)
        names = str(self.opts.verbose_name_plural).capitalize()
        self.message_user(request, f"{names} marked as checked today: {checked}.", messages.SUCCESS)
        if checked < chosen:
            self.message_user(
                request,
                f"Left as they are, because their address is not known: {chosen - checked}.",
                messages.WARNING,
            )
