"""What somebody did last, with a link only where there is still something that they may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.contrib.admin import AdminSite
from django.contrib.admin.models import LogEntry
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from backoffice.row_keys import is_key

_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class RecentAction:
    """One line: what was done with what, and its address, or "" where that leads nowhere."""

    entry: LogEntry
    address: str


def recent_actions(
    site: AdminSite, request: HttpRequest, user: AbstractBaseUser
) -> list[RecentAction]:
    """Return what somebody did last, the newest first."""
    entries = LogEntry.objects.filter(user_id=user.pk).select_related("content_type")
    newest = list(entries.order_by("-action_time", "-pk")[:_SHOWN])
    keys: dict[int, set[str]] = {}
    for entry in newest:
        if entry.content_type_id is not None and is_key(entry.object_id or ""):
            keys.setdefault(entry.content_type_id, set()).add(str(entry.object_id))
    there = {
        (entry.content_type_id, key)
        for entry in {entry.content_type_id: entry for entry in newest}.values()
        for key in _there(site, request, entry, keys.get(entry.content_type_id or 0, set()))
    }
    return [
        RecentAction(
            entry,
            entry.get_admin_url() or ""
            if (entry.content_type_id, entry.object_id) in there
            else "",
        )
        for entry in newest
    ]


def _there(site: AdminSite, request: HttpRequest, entry: LogEntry, keys: set[str]) -> list[str]:
    """Return which of a table's rows are still there for whoever asks."""
    model = entry.content_type.model_class() if entry.content_type else None
    if model is None or not site.is_registered(model):
        return []
    model_admin = site.get_model_admin(model)
    if not model_admin.has_view_permission(request):
        return []
    rows = model_admin.get_queryset(request).filter(pk__in=keys)
    return [str(key) for key in rows.order_by().values_list("pk", flat=True)]
