"""Sessions in and out of the admin as CSV: looked at row by row, and stored all or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone

from accounts.sign_in import user_of
from backoffice.steps import step_page
from training.actions.csv_file import look_at_file, store_file
from training.actions.entering import RowsRefusedError
from training.admin.steps import LIST
from training.csv_file import NotATableError, text_of, written
from training.forms import FileForm, SeenFileForm
from training.pasting import Row


class CsvFiles(admin.ModelAdmin):
    """Pages that import a file of sessions and export one."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("import/", view(self._import), name="training_session_import"),
            path("export/", view(self._export), name="training_session_export"),
            *super().get_urls(),
        ]

    def _export(self, request: HttpRequest) -> HttpResponse:
        """Answer with the sessions that the list shows, by the same search and filters."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            sessions = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect(LIST)
        text = written(session.facts() for session in sessions)
        response = HttpResponse(text.encode("utf-8-sig"), content_type="text/csv")
        name = f"sessions-{timezone.localdate()}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _import(self, request: HttpRequest) -> HttpResponse:
        """Show what a file would do; with `save`, do what was shown."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        if "save" in request.POST:
            return self._store(request)
        form = FileForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            try:
                text = text_of(form.cleaned_data["file"].read())
                rows, revisions = look_at_file(text, at=timezone.now())
            except NotATableError as error:
                form.add_error("file", str(error))
            else:
                return self._show(request, form, rows, SeenFileForm.of(text, revisions))
        return self._show(request, form)

    def _store(self, request: HttpRequest) -> HttpResponse:
        """Store what was looked at, or show why not."""
        save_form = SeenFileForm(request.POST)
        if not save_form.is_valid():
            self.message_user(request, "Choose the file again.", messages.ERROR)
            return self._show(request, FileForm())
        try:
            with transaction.atomic():
                added, changed = store_file(
                    text=save_form.cleaned_data["text"],
                    revisions=save_form.cleaned_data["seen"],
                    at=timezone.now(),
                    by=user_of(request),
                    corrects_mistake=save_form.cleaned_data["corrects_mistake"],
                )
                for session in added:
                    self.log_addition(request, session, "Imported with others.")
                for session in changed:
                    self.log_change(request, session, "Imported with others.")
        except RowsRefusedError as refused:
            return self._show(request, FileForm(), refused.rows)
        except (NotATableError, ValidationError) as error:
            for words in getattr(error, "messages", [str(error)]):
                self.message_user(request, words, messages.ERROR)
            return self._show(request, FileForm())
        self.message_user(request, f"{len(added)} added, {len(changed)} changed.", messages.SUCCESS)
        return redirect(LIST)

    def _show(
        self,
        request: HttpRequest,
        form: forms.Form,
        rows: Sequence[Row] = (),
        save_form: forms.Form | None = None,
    ) -> HttpResponse:
        to_mend = sum(bool(row.mistakes) for row in rows)
        count = Counter(row.does for row in rows)
        return step_page(
            self,
            request,
            "training/admin/import.html",
            title="Import",
            row=None,
            form=form,
            rows=rows,
            to_mend=to_mend,
            new=count["new"],
            changed=count["changed"],
            unchanged=count["unchanged"],
            save_form=save_form if count["new"] + count["changed"] and not to_mend else None,
        )
