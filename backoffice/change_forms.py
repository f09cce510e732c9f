"""The form of a row in the admin, which loses nothing of what was typed into it."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse

from backoffice import resubmission
from backoffice.resubmission import RETURNED, WHY
from backoffice.steps import step_page


class ChangeForms(admin.ModelAdmin):
    """Rows whose form can be shown again, filled in, without being stored."""

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        """Return the form. One that comes back to be looked at is never sound."""
        base: Any = super().get_form(request, obj, change=change, **kwargs)
        why = request.POST.get(RETURNED, "")
        if not why:
            return cast("type[ModelForm]", base)

        class Returned(base):
            def full_clean(self) -> None:
                super().full_clean()
                if self.is_bound:
                    self.add_error(None, WHY.get(why, WHY[resubmission.STALE]))

        return Returned

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the form or store it; give back what was typed into a row that is gone."""
        if request.method == "POST" and object_id:
            row = self.get_object(request, unquote(object_id))
            if row is None:
                return self._gone(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _gone(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        answer = step_page(
            self,
            request,
            "backoffice/typed.html",
            title="This is there no more",
            row=None,
            gone="It was deleted while you were writing. Nothing of yours was saved: copy what you "
            "need from below.",
            held=resubmission.sent_by(request),
        )
        answer.status_code = 409
        return answer
