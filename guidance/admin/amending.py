"""What is done in the admin to what readers have seen: withdrawing a page, correcting a note."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.sign_in import user_of
from backoffice.missing import MissingError
from backoffice.steps import Step, Steps, step_page
from guidance.actions.amending import correct_note, withdraw
from guidance.actions.proposing import propose_note, propose_withdrawal
from guidance.admin.publishing import MAY_EDIT
from guidance.forms.publishing import NoteForm, WithdrawForm
from guidance.models import Edition, Page, Proposal

PROPOSED = "Proposed: somebody else sees it under What waits, and confirms it. Nothing changes yet."


class NoteStep(Steps):
    """Correcting the change note of an edition."""

    def steps(self) -> dict[str, tuple[str, Step]]:
        return super().steps() | {"note": (MAY_EDIT, self._correct_note)}

    def _correct_note(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        """Ask what the change note of a published update should say."""
        if not edition.is_public or edition.update_type != Edition.UpdateType.MAJOR:
            raise MissingError("Only a major update that readers have seen has a note to correct.")
        proposal = Proposal.objects.filter(edition=edition).select_related("proposed_by").first()
        proposes = edition.page.needs_second_person
        form = NoteForm(
            request.POST or None, initial={"note": proposal.text if proposal else edition.note}
        )
        if form.is_valid():
            try:
                (propose_note if proposes else correct_note)(
                    edition=edition,
                    note=form.cleaned_data["note"],
                    by=user_of(request),
                    at=timezone.now(),
                )
            except ValidationError as error:
                form.add_error("note", ValidationError(error.messages))
            else:
                done = "Corrected. What the note said stays in the history."
                self.log_change(
                    request, edition, "Note proposed." if proposes else "Change note corrected."
                )
                messages.success(request, PROPOSED if proposes else done)
                return redirect("admin:guidance_edition_change", edition.pk)
        return step_page(
            self,
            request,
            "guidance/admin/note.html",
            title="Correct the change note",
            row=edition,
            form=form,
            proposes=proposes,
            proposal=proposal,
        )


class WithdrawStep(Steps):
    """Withdrawing a page."""

    def steps(self) -> dict[str, tuple[str, Step]]:
        return super().steps() | {"withdraw": (MAY_EDIT, self._withdraw)}

    def _withdraw(self, request: HttpRequest, page: Page) -> HttpResponse:
        """Ask why, and where to read instead."""
        proposal = Proposal.objects.filter(page=page).select_related("proposed_by").first()
        proposes = page.needs_second_person
        initial = {"explanation": proposal.text, "instead": proposal.instead_id} if proposal else {}
        form = WithdrawForm(request.POST or None, page=page, initial=initial)
        if form.is_valid():
            try:
                (propose_withdrawal if proposes else withdraw)(
                    page=page,
                    explanation=form.cleaned_data["explanation"],
                    instead=form.cleaned_data["instead"],
                    by=user_of(request),
                    at=timezone.now(),
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                done = "Withdrawn: readers see it under your explanation."
                self.log_change(request, page, "Withdrawal proposed." if proposes else "Withdrawn.")
                messages.success(request, PROPOSED if proposes else done)
                return redirect("admin:guidance_page_change", page.pk)
        return step_page(
            self,
            request,
            "guidance/admin/withdraw.html",
            title="Withdraw the page",
            row=page,
            form=form,
            proposes=proposes,
            proposal=proposal,
        )
