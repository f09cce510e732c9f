"""Taking words out of every edition of a page, in the admin: an administrator's act."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.sign_in import user_of
from backoffice.steps import Step, Steps, step_page
from guidance.actions.redacting import places_of, redact
from guidance.forms.publishing import RedactForm
from guidance.models import Page

MAY_REDACT = "guidance.add_redaction"


class RedactStep(Steps):
    """Taking words out of a page's editions."""

    def steps(self) -> dict[str, tuple[str, Step]]:
        return super().steps() | {"redact": (MAY_REDACT, self._redact)}

    def _redact(self, request: HttpRequest, page: Page) -> HttpResponse:
        """Ask for the words and why, show where they stand, and take them out once that is seen."""
        form = RedactForm(request.POST or None)
        editions, elsewhere = [], []
        if form.is_valid():
            words = form.cleaned_data["words"]
            try:
                editions = places_of(page=page, words=words)
                elsewhere = _elsewhere(page, words)
                if "_confirm" in request.POST and form.was_shown():
                    marks = redact(
                        page=page,
                        words=words,
                        reason=form.cleaned_data["reason"],
                        by=user_of(request),
                        at=timezone.now(),
                    )
                    for mark in marks:
                        self.log_change(request, page, f"Redacted: {mark.edition}.")
                    messages.success(request, f"Taken out of {len(marks)} editions.")
                    return redirect("admin:guidance_page_change", page.pk)
                if editions:
                    form.show()
                else:
                    form.add_error("words", "These words stand in no published edition.")
            except ValidationError as error:
                form.add_error(None, error)
        return step_page(
            self,
            request,
            "guidance/admin/redact.html",
            title="Take words out for a legal reason",
            row=page,
            form=form,
            editions=editions,
            elsewhere=elsewhere,
        )


def _elsewhere(page: Page, words: str) -> list[tuple[Page, int]]:
    """Return the other pages that hold the words, with in how many of their editions."""
    others = (
        (other, places_of(page=other, words=words)) for other in Page.objects.exclude(pk=page.pk)
    )
    return [(other, len(editions)) for other, editions in others if editions]
