"""The admin's login page and its refusals: what somebody typed comes through both."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import add_never_cache_headers

from backoffice import resubmission
from backoffice.change_forms import ChangeForms
from backoffice.resubmission import CARRIED, RETURNED, SIGNED_OUT, STALE, Resubmission

_EXPIRED = "The page had been open too long. Sign in again."


class KeepsWhatWasTyped(AdminSite):
    """An admin site that loses no form to a session that ended or a token that expired.

    It never acts on such a form by itself: it is shown again, or sent again by its sender's click.
    """

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Let nobody in who is not signed in; a form that they sent waits on the login page."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            has_typed = request.method == "POST" and request.POST
            if has_typed and not self.has_permission(request) and not self._is(request, "logout"):
                return self._ask_to_sign_in(request, resubmission.sent_by(request))
            return guarded(request, *args, **kwargs)

        inner.__dict__.update(guarded.__dict__)
        return inner

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign somebody in, and then show what they had sent before."""
        carried = request.POST.get(CARRIED, "")
        held = resubmission.read(carried)
        context = {"typed": carried if held else "", **(extra_context or {})}
        response = super().login(request, context)
        if held and response.status_code == 302:
            return self._show_again(request, held, SIGNED_OUT)
        return response

    def refuse_forged(self, request: HttpRequest) -> HttpResponse:
        """Answer a form without a valid CSRF token: old if it is ours, forged if it is not."""
        if not resubmission.is_from_here(request):
            return self.refusal(
                request,
                403,
                "This form was not accepted",
                "It does not come from a page of this site, so nothing was done with it.",
            )
        if self._is(request, "login"):
            held = resubmission.read(request.POST.get(CARRIED, ""))
            if not self.has_permission(request):
                return self._ask_to_sign_in(request, held, _EXPIRED)
            held = held or Resubmission(reverse("admin:index", current_app=self.name), ())
            return self._show_again(request, held, SIGNED_OUT)
        held = resubmission.sent_by(request)
        if not self.has_permission(request):
            return self._ask_to_sign_in(request, held)
        match = request.resolver_match
        if match is None or not _is_change_form(held):
            return self._show_again(request, held, STALE)
        returned = request.POST.copy()
        returned[RETURNED] = STALE
        request.POST = returned  # type: ignore[assignment]
        # The form is only shown: with RETURNED in it nothing is stored.
        request.csrf_processing_done = True  # type: ignore[attr-defined]
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return response

    def refusal(
        self, request: HttpRequest, status: int, title: str, *sentences: str
    ) -> HttpResponse:
        """Return an error page in the admin's frame. It asks nothing of the database."""
        response = TemplateResponse(
            request,
            "backoffice/refusal.html",
            {
                "site_header": self.site_header,
                "site_title": self.site_title,
                "has_permission": False,
                "title": title,
                "sentences": sentences,
            },
            status=status,
        )
        add_never_cache_headers(response)
        return response.render()

    def _is(self, request: HttpRequest, name: str) -> bool:
        return request.path == reverse(f"admin:{name}", current_app=self.name)

    def _ask_to_sign_in(
        self, request: HttpRequest, held: Resubmission | None, sentence: str = ""
    ) -> HttpResponse:
        """Return the login page, with what was sent in it."""
        path = held.path if held else request.GET.get(REDIRECT_FIELD_NAME, "")
        query = {REDIRECT_FIELD_NAME: path or reverse("admin:index", current_app=self.name)}
        login = reverse("admin:login", current_app=self.name)
        typed = held.signed() if held else None
        response = TemplateResponse(
            request,
            "admin/login.html",
            {
                **self.each_context(request),
                **query,
                "title": "Log in",
                "subtitle": None,
                "app_path": f"{login}?{urlencode(query)}",
                "username": request.user.get_username(),
                "form": AdminAuthenticationForm(request),
                "expired": sentence,
                "typed": typed,
                "too_long": held.words() if held and typed is None else (),
            },
            status=403,
        )
        add_never_cache_headers(response)
        return response

    def _show_again(self, request: HttpRequest, held: Resubmission, why: str) -> HttpResponse:
        """Return a page that shows what was sent, with a button that sends it where it was to go.

        A row's own form is only shown again, filled in; any other is sent.
        """
        is_form = _is_change_form(held)
        response = TemplateResponse(
            request,
            "backoffice/typed.html",
            {
                **self.each_context(request),
                "title": "You are signed in again" if why == SIGNED_OUT else "Not sent yet",
                "is_form": is_form,
                "was_signed_out": why == SIGNED_OUT,
                "held": held,
                "fields": [*held.fields, *([(RETURNED, why)] if is_form else [])],
            },
            status=200 if why == SIGNED_OUT else 403,
        )
        add_never_cache_headers(response)
        return response


def _is_change_form(held: Resubmission) -> bool:
    """Whether it was the form of a row, which can be shown again without being stored."""
    try:
        match = resolve(urlsplit(held.path).path)
    except Resolver404:
        return False
    model_admin = getattr(match.func, "model_admin", None)
    if not isinstance(model_admin, ChangeForms):
        return False
    opts = model_admin.opts
    return match.url_name in {
        f"{opts.app_label}_{opts.model_name}_{name}" for name in ("change", "add")
    }
