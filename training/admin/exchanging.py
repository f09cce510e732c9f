"""Sessions in and out of the admin as CSV."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from import_export.admin import ImportExportMixin

from training.admin.pasting import PastedDates
from training.exchange import InertCsv, SessionResource


class ExchangedSessions(ImportExportMixin, PastedDates):
    """Import with a preview of each row; export of what the list shows."""

    resource_classes = (SessionResource,)
    formats = (InertCsv,)
    from_encoding = "utf-8-sig"
    to_encoding = "utf-8-sig"
    skip_export_form = True

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Store what was looked at; if its file is gone meanwhile, ask for it again."""
        try:
            return super().process_import(request, **kwargs)
        except FileNotFoundError:
            self.message_user(
                request, "The file is no longer there: choose it again.", messages.ERROR
            )
            return redirect("admin:training_session_import")

    def get_import_data_kwargs(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Let a mistake that only the storing shows take back the whole file."""
        return {
            **super().get_import_data_kwargs(*args, **kwargs),
            "rollback_on_validation_errors": True,
        }
