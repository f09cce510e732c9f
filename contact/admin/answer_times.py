"""Answer times, which an owner may set."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from backoffice.locking import OptimisticLocking
from contact.models import AnswerTime


@admin.register(AnswerTime)
class AnswerTimeAdmin(OptimisticLocking, admin.ModelAdmin):
    """Within how many working days each topic is to be answered, where it differs."""

    list_display = ("topic", "working_days")

    def has_delete_permission(self, request: HttpRequest, obj: AnswerTime | None = None) -> bool:
        return False
