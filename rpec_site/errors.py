"""The error pages. They ask nothing of the database: it may be what failed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def _page(request: HttpRequest, status: int) -> HttpResponse:
    response = HttpResponse(render_to_string(f"{status}.html", request=request), status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be read."""
    return _page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer somebody who may not see a page."""
    return _page(request, 403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a request to the admin that may come from another site."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that does not exist."""
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer where the site itself failed."""
    return _page(request, 500)
