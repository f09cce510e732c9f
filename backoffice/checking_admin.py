"""How the staff's lists show what is to be checked, and let somebody say that they did."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from backoffice.checking import mark_as_checked


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
