"""Lists that give nothing away, and the history of rows that simple-history stores."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from simple_history.admin import SimpleHistoryAdmin

from backoffice.history import ChangesInWords
from backoffice.one_line import OneLineTexts
from backoffice.row_keys import is_key


class GuardedLookups(OneLineTexts, admin.ModelAdmin):
    """A list that its address cannot ask about rows of other tables that point at its own.

    Django lets such a lookup through (`?enquiries__isnull=0` on regions), and who may see regions
    may not see enquiries. Nor may it be asked by patterns, which a database may refuse as broken.
    """

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Whether the list may be narrowed by a lookup."""
        first, *others = lookup.split("__")
        pointing = {
            relation.name for relation in self.opts.get_fields() if relation.auto_created
        } - {field.name for field in self.opts.concrete_fields}
        if first in pointing or {"regex", "iregex"} & set(others):
            return False
        return super().lookup_allowed(lookup, value, request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list; what none can look for (`?received_at__year=0`) leads back to it."""
        try:
            return super().changelist_view(request, extra_context)
        except (ValueError, DataError):
            if request.method != "GET" or not request.GET:
                raise
            return redirect(request.path)


class AuditedAdmin(GuardedLookups, SimpleHistoryAdmin):
    """An admin page with the history of its row: who changed what, and when."""

    object_history_list_template = "backoffice/_history.html"

    def get_historical_record_context_helper(
        self, request: HttpRequest, historical_record: Any
    ) -> ChangesInWords:
        """Return what puts a change into words."""
        return ChangesInWords(self.model, historical_record)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the row's history. An address that names no row is not found."""
        if not is_key(unquote(object_id)):
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one earlier state. An address that names none is not found.

        Only to look: simple-history would save what is sent there, whoever sends it.
        """
        if request.method == "POST":
            raise PermissionDenied
        if not (is_key(unquote(object_id)) and is_key(version_id)):
            raise Http404
        return super().history_form_view(request, object_id, version_id, extra_context)
