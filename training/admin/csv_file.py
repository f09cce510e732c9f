"""Sessions in and out of the admin as CSV: looked at row by row, and stored all or none."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone

from backoffice.steps import step_page
from training.admin.steps import LIST
from training.csv_file import TakenIn, exported, take_in, text_of
from training.forms import FileForm, KeptFileForm

SALT = "training.import"


class CsvFiles(admin.ModelAdmin):
    """Pages that take a file in and give one out."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("import/", view(self._import), name="training_session_import"),
            path("export/", view(self._export), name="training_session_export"),
            *super().get_urls(),
        ]

    def _export(self, request: HttpRequest) -> HttpResponse:
        """Give what the list shows, by the same search and filters."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            sessions = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect(LIST)
        day = timezone.localdate()
        response = HttpResponse(exported(sessions).encode("utf-8-sig"), content_type="text/csv")
        response["Content-Disposition"] = f'attachment; filename="sessions-{day}.csv"'
        return response

    def _import(self, request: HttpRequest) -> HttpResponse:
        """Show what a file would do; with `save`, and nothing to mend, do it."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        is_save = "save" in request.POST
        form = FileForm(None if is_save else request.POST or None, request.FILES or None)
        taken = None
        try:
            if is_save:
                taken = self._save_file(request)
                if taken is None:
                    return redirect(LIST)
            elif form.is_valid():
                text = text_of(form.cleaned_data["file"].read())
                taken = take_in(text)
                kept = {"text": text, "seen": signing.dumps(dict(taken.revisions), salt=SALT)}
        except ValidationError as error:
            form.add_error(None, error) if form.is_bound else self._say_fault(request, error)
        may_save = bool(taken and not taken.to_mend and taken.count("unchanged") < len(taken.lines))
        return step_page(
            self,
            request,
            "training/admin/import.html",
            title="Import",
            row=None,
            form=form,
            taken=taken,
            lines=taken.lines if taken else (),
            new=taken.count("new") if taken else 0,
            changed=taken.count("changed") if taken else 0,
            unchanged=taken.count("unchanged") if taken else 0,
            may_save=may_save and not is_save,
            kept=KeptFileForm(initial=kept, auto_id=False) if may_save and not is_save else None,
        )

    def _save_file(self, request: HttpRequest) -> TakenIn | None:
        """Store what was looked at. Return what is to be mended now, or None if it is stored."""
        form = KeptFileForm(request.POST)
        if not form.is_valid():
            raise ValidationError("Choose the file again.")
        try:
            seen: dict[str, int] = signing.loads(form.cleaned_data["seen"], salt=SALT)
        except signing.BadSignature as error:
            raise ValidationError("Choose the file again.") from error
        with transaction.atomic():
            taken = take_in(form.cleaned_data["text"], seen=seen)
            if taken.to_mend:
                return taken
            for session, is_new in taken.stored:
                log: Any = self.log_addition if is_new else self.log_change
                log(request, session, "Imported with others.")
        self.message_user(
            request,
            f"{taken.count('new')} added, {taken.count('changed')} changed.",
            messages.SUCCESS,
        )
        return None

    def _say_fault(self, request: HttpRequest, error: ValidationError) -> None:
        for words in error.messages:
            self.message_user(request, words, messages.ERROR)
