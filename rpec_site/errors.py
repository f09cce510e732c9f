"""The error pages. Readers' ask nothing of the database: it may be what failed.

Staff who are signed in get theirs in the admin's frame.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from backoffice.missing import NOTHING, MissingError, staff_page


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
    """Answer an address that does not exist. Staff are told what happened, where that is known."""
    sentence = str(exception) if isinstance(exception, MissingError) else NOTHING
    return _in_frame(request, 404, "It is not there", sentence) or _page(request, 404)


def method_not_allowed(request: HttpRequest) -> HttpResponse:
    """Answer what a page does not take, such as a form sent to a page that only shows."""
    sentence = (
        "What is at this address is done by its button, not by opening the address. Nothing was "
        "changed: go back and press the button."
    )
    return _in_frame(request, 405, "This cannot be done here", sentence) or _page(request, 405)


def _in_frame(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse | None:
    """Return the page in the admin's frame to somebody who is signed in there, else None."""
    if not request.path_info.startswith(f"/{settings.ADMIN_PATH}"):
        return None
    try:
        if not admin.site.has_permission(request):
            return None
        page = staff_page(admin.site, request, status=status, title=title, sentence=sentence)
    except DatabaseError:
        return None
    page["Cache-Control"] = "private, no-store"
    return page


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer where the site itself failed."""
    return _page(request, 500)
