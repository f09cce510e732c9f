"""Many dates at once in the admin: pasted, looked at row by row, and saved all or none."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone

from accounts.sign_in import user_of
from backoffice.steps import step_page
from training.actions.entering import RowsRefusedError, read_paste, store_rows
from training.admin.steps import LIST
from training.forms import PasteForm
from training.pasting import Row


class PastedDates(admin.ModelAdmin):
    """The page that takes a year's dates."""

    def get_urls(self) -> list[URLPattern]:
        paste = path(
            "paste/", self.admin_site.admin_view(self._paste), name="training_session_paste"
        )
        return [paste, *super().get_urls()]

    def _paste(self, request: HttpRequest) -> HttpResponse:
        """Show the lines as sessions; with `save`, and nothing to mend, store them."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = PasteForm(request.POST or None)
        rows: Sequence[Row] = ()
        if form.is_valid():
            at = timezone.now()
            rows = read_paste(at=at, **form.cleaned_data)
            if not rows:
                form.add_error("text", "There is no date in what was pasted.")
            elif "save" in request.POST:
                try:
                    return self._save(request, rows)
                except RowsRefusedError as refused:
                    rows = refused.rows
                except ValidationError as error:
                    form.add_error(None, ValidationError(error.messages))
        return step_page(
            self,
            request,
            "training/admin/paste.html",
            title="Paste dates",
            row=None,
            form=form,
            # What is saved is what was looked at, whatever has been typed in the box since.
            save_form=PasteForm(request.POST, auto_id=False),
            rows=rows,
            to_mend=sum(bool(row.mistakes) for row in rows),
            may_save=bool(rows) and form.is_valid() and not any(row.mistakes for row in rows),
        )

    def _save(self, request: HttpRequest, rows: Sequence[Row]) -> HttpResponse:
        sessions = store_rows(rows, at=timezone.now(), by=user_of(request))
        for session in sessions:
            self.log_addition(request, session, "Pasted with others.")
        word = "session" if len(sessions) == 1 else "sessions"
        self.message_user(request, f"{len(sessions)} {word} added.", messages.SUCCESS)
        return redirect(LIST)
