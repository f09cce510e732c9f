"""What is done in the admin to what readers have seen: withdrawing a page, correcting a note."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.sign_in import user_of
from backoffice.steps import Step, Steps, step_page
from guidance.actions.amending import correct_note, withdraw
from guidance.admin.publishing import MAY_EDIT
from guidance.forms.publishing import NoteForm, WithdrawForm
from guidance.models import Edition, Page


class NoteStep(Steps):
    """Correcting the change note of an edition."""

    def steps(self) -> dict[str, tuple[str, Step]]:
        return super().steps() | {"note": (MAY_EDIT, self._correct_note)}

    def _correct_note(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        """Ask what the change note of a published update should say."""
        if not edition.is_public or edition.update_type != Edition.UpdateType.MAJOR:
            raise Http404
        form = NoteForm(request.POST or None, initial={"note": edition.note})
        if form.is_valid():
            try:
                correct_note(
                    edition=edition,
                    note=form.cleaned_data["note"],
                    by=user_of(request),
                    at=timezone.now(),
                )
            except ValidationError as error:
                form.add_error("note", ValidationError(error.messages))
            else:
                self.log_change(request, edition, "Change note corrected.")
                messages.success(request, "Corrected. What the note said stays in the history.")
                return redirect("admin:guidance_edition_change", edition.pk)
        return step_page(
            self,
            request,
            "guidance/admin/note.html",
            title="Correct the change note",
            row=edition,
            form=form,
        )


class WithdrawStep(Steps):
    """Withdrawing a page."""

    def steps(self) -> dict[str, tuple[str, Step]]:
        return super().steps() | {"withdraw": (MAY_EDIT, self._withdraw)}

    def _withdraw(self, request: HttpRequest, page: Page) -> HttpResponse:
        """Ask why, and where to read instead."""
        form = WithdrawForm(request.POST or None, page=page)
        if form.is_valid():
            try:
                withdraw(
                    page=page,
                    explanation=form.cleaned_data["explanation"],
                    instead=form.cleaned_data["instead"],
                    by=user_of(request),
                    at=timezone.now(),
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                self.log_change(request, page, "Withdrawn.")
                messages.success(request, "Withdrawn: readers see it under your explanation.")
                return redirect("admin:guidance_page_change", page.pk)
        return step_page(
            self,
            request,
            "guidance/admin/withdraw.html",
            title="Withdraw the page",
            row=page,
            form=form,
        )
