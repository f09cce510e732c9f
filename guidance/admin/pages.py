"""Pages in the admin: their settings, and what befalls a page as a whole."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone

from accounts.audit import AuditedAdmin
from accounts.models import User
from guidance.actions import places_of, redact, withdraw
from guidance.admin.asking import step_page, step_paths
from guidance.forms import RedactForm, WithdrawForm
from guidance.models import Page


@admin.register(Page)
class PageAdmin(AuditedAdmin):
    """A page's settings. What it says is in its editions."""

    list_display = ("slug", "applies_to", "needs_second_person")
    search_fields = ("slug",)
    fields = ("slug", "applies_to", "needs_second_person")
    change_form_template = "guidance/admin/page_change_form.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> tuple[str, ...]:
        fixed = ("slug",) if obj else ()
        # Who has to be checked does not switch the check off.
        if request.user.has_perm("guidance.require_second_person"):
            return fixed
        return (*fixed, "needs_second_person")

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        # What readers were told stays on the record.
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        page = context.get("original")
        if page is not None and request.user.has_perm("guidance.change_edition"):
            context["draft"] = page.editions.open().first()
            context["shown"] = page.editions.shown().without_content().first()
            context["may_redact"] = request.user.has_perm("guidance.add_redaction")
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        steps = step_paths(
            self,
            Page.objects.all,
            {
                "withdraw": ("guidance.change_edition", self._withdraw),
                "redact": ("guidance.add_redaction", self._redact),
            },
        )
        return [*steps, *super().get_urls()]

    def _withdraw(self, request: HttpRequest, page: Page) -> HttpResponse:
        """Ask why, and where to read instead."""
        form = WithdrawForm(request.POST or None, page=page)
        if form.is_valid():
            try:
                withdraw(
                    page=page,
                    explanation=form.cleaned_data["explanation"],
                    instead=form.cleaned_data["instead"],
                    by=cast("User", request.user),
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

    def _redact(self, request: HttpRequest, page: Page) -> HttpResponse:
        """Ask for the words and why, show where they stand, and take them out once that is seen."""
        form = RedactForm(request.POST or None)
        found = []
        if form.is_valid():
            words = form.cleaned_data["words"]
            try:
                found = places_of(page=page, words=words)
                if "_confirm" in request.POST:
                    marks = redact(
                        page=page,
                        words=words,
                        reason=form.cleaned_data["reason"],
                        by=cast("User", request.user),
                        at=timezone.now(),
                    )
                    for mark in marks:
                        self.log_change(request, page, f"Redacted: {mark.edition}.")
                    messages.success(request, f"Taken out of {len(marks)} editions.")
                    return redirect("admin:guidance_page_change", page.pk)
                if not found:
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
            found=found,
        )
