"""Pages in the admin: their settings, and what is done with a page as a whole."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.sign_in import user_of
from backoffice.audit import AuditedAdmin
from backoffice.locking import OptimisticLocking
from backoffice.steps import Step
from guidance.actions.publishing import begin_page
from guidance.admin.amending import WithdrawStep
from guidance.admin.publishing import MAY_EDIT
from guidance.admin.redacting import MAY_REDACT, RedactStep
from guidance.admin.whitehall import ImportSteps
from guidance.models import Page


@admin.register(Page)
class PageAdmin(OptimisticLocking, WithdrawStep, RedactStep, ImportSteps, AuditedAdmin):
    """A page's settings. What it says is in its editions."""

    list_display = ("slug", "applies_to", "needs_second_person")
    search_fields = ("slug",)
    fields = ("slug", "applies_to", "needs_second_person")
    change_form_template = "guidance/admin/page_change_form.html"
    change_list_template = "guidance/admin/page_change_list.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> tuple[str, ...]:
        fixed = ("slug",) if obj else ()
        # Whoever has to be checked does not switch the check off.
        if request.user.has_perm("guidance.require_second_person"):
            return fixed
        return (*fixed, "needs_second_person")

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        # What readers have seen stays on record.
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        page = context.get("original")
        if page is not None and request.user.has_perm(MAY_EDIT):
            context["draft"] = page.editions.open().first()
            context["is_blank"] = not page.editions.exists()
            context["shown"] = page.editions.shown().without_content().first()
            context["may_redact"] = request.user.has_perm(MAY_REDACT)
        return super().render_change_form(request, context, *args, **kwargs)

    def steps(self) -> dict[str, tuple[str, Step]]:
        return super().steps() | {"begin": (MAY_EDIT, require_POST(self._begin))}

    def _begin(self, request: HttpRequest, page: Page) -> HttpResponse:
        """Begin the first draft of a new page."""
        try:
            draft = begin_page(page=page, by=user_of(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("admin:guidance_page_change", page.pk)
        return redirect("admin:guidance_edition_change", draft.pk)
