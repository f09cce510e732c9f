"""How many enquiries were erased: to read."""

from __future__ import annotations

from django.contrib import admin

from backoffice.permissions import ReadOnly
from contact.models import ErasedTotal


@admin.register(ErasedTotal)
class ErasedTotalAdmin(ReadOnly, admin.ModelAdmin):
    """How many enquiries were erased, by month, region and topic."""

    list_display = ("month", "region", "topic", "count", "answered")
    list_filter = ("topic", "region")
    list_select_related = ("region",)
