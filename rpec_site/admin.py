"""The admin's frame: our name, and a front page that shows what waits."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts.forms import SignInForm
from accounts.models import User
from backoffice.recent import recent_actions
from backoffice.signing_in import KeepsWhatWasTyped
from outbox.models import Pause
from rpec_site.waiting import waiting_for


class SiteAdmin(KeepsWhatWasTyped):
    """Django's admin site under our name."""

    site_header = "Regional Prevent education co-ordinators"
    site_title = "RPEC admin"
    index_title = "What waits"
    login_form = SignInForm

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign somebody in. Who must wait first is told how long (RFC 6585, section 4)."""
        response = super().login(request, extra_context)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if isinstance(form, SignInForm) and form.wait:
            response.status_code = 429
            response["Retry-After"] = str(form.wait)
        return response

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        user = request.user
        waiting = waiting_for(user) if isinstance(user, User) else []
        return super().index(
            request,
            {
                "waiting": waiting,
                "is_front_page": True,
                "recent": recent_actions(self, request, user) if isinstance(user, User) else [],
                "pause": Pause.objects.first(),
                **(extra_context or {}),
            },
        )
