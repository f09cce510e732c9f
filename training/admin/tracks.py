"""Tracks in the admin: for whom sessions are."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import admin
from django.http import HttpRequest

from backoffice.audit import GuardedLookups
from backoffice.locking import OptimisticLocking
from training.models import Track


@admin.register(Track)
class TrackAdmin(OptimisticLocking, GuardedLookups):
    """For whom sessions are."""

    list_display = ("name", "audience", "slug", "position")
    search_fields = ("name", "audience")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Track | None = None
    ) -> tuple[str, ...]:
        # People have saved its address.
        return ("slug",) if obj else ()

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Track | None = None
    ) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("name",)}
