"""What was erased, and who handled a person's data: to read."""

from __future__ import annotations

from django.contrib import admin

from backoffice.permissions import ReadOnly
from contact.models import ErasedTotal, PersonalDataRequest


@admin.register(ErasedTotal)
class ErasedTotalAdmin(ReadOnly, admin.ModelAdmin):
    """How many enquiries were erased, by month, region and topic."""

    list_display = ("month", "region", "topic", "count", "answered")
    list_filter = ("topic", "region")
    list_select_related = ("region",)


@admin.register(PersonalDataRequest)
class PersonalDataRequestAdmin(ReadOnly, admin.ModelAdmin):
    """Who looked for, gave out or erased a person's data, and when."""

    list_display = ("at", "kind", "by", "count")
    list_filter = ("kind",)
    list_select_related = ("by",)
    fields = ("at", "kind", "by", "count")
