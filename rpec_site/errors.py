"""The error pages. Readers' ask nothing of the database: it may be what failed.

Where it is, no text that somebody sent is lost: the page holds it, to be sent again.

What is under the admin's address gets the admin's frame: staff are not sent away as readers.
"""

from __future__ import annotations

import logging
import sys
from typing import cast

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import SuspiciousOperation, TooManyFieldsSent
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string

from backoffice.missing import NOTHING, MissingError
from backoffice.resubmission import Resubmission, sent_by
from rpec_site.admin import SiteAdmin
from rpec_site.bodies import largest

logger = logging.getLogger(__name__)


def _page(request: HttpRequest, status: int) -> HttpResponse:
    response = HttpResponse(render_to_string(f"{status}.html", request=request), status=status)
    response["Cache-Control"] = "no-store"
    return response


def _is_for_staff(request: HttpRequest) -> bool:
    return request.path_info.startswith(f"/{settings.ADMIN_PATH}")


def _staff_page(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    return cast("SiteAdmin", admin.site).refusal(
        request, status, title, sentence, "Nothing was saved."
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be read."""
    if not _is_for_staff(request):
        return _page(request, 400)
    sentence = "Something in the address or in what was sent is not as it should be."
    if isinstance(exception, TooManyFieldsSent):
        sentence = "What you sent has more boxes than a form may have."
    return _staff_page(request, 400, "Your request could not be read", sentence)


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer what is larger than its address takes. Nothing of it has been read."""
    most = largest(request.path_info)
    if request.path_info.startswith("/api/"):
        answer = JsonResponse({"error": f"Send at most {most // 1000} kB."}, status=413)
        answer["Cache-Control"] = "no-store"
        return answer
    if not _is_for_staff(request):
        return _page(request, 413)
    return _staff_page(
        request,
        413,
        "What you sent is too long",
        f"It is longer than {most / 1_000_000:.1f} million characters, so nothing of it was read. "
        "Go back in the browser: what you typed is still there. Cut it into shorter parts.",
    )


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer somebody who may not see a page."""
    if not _is_for_staff(request):
        return _page(request, 403)
    return _staff_page(
        request,
        403,
        "You may not open this page",
        "Your account does not let you see it, or do this with it. Nothing was changed. Ask an "
        "administrator if you need it.",
    )


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form for the admin whose CSRF token has expired, or that another site made."""
    return cast("SiteAdmin", admin.site).refuse_forged(request)


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
    try:
        if not _is_for_staff(request) or not admin.site.has_permission(request):
            return None
        frame = admin.site.each_context(request)
    except DatabaseError:
        return None
    context = {**frame, "title": title, "sentences": [sentence]}
    page = render_to_string("backoffice/refusal.html", context, request=request)
    return HttpResponse(page, status=status, headers={"Cache-Control": "private, no-store"})


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer where the site itself failed, or its database refused something."""
    if isinstance(sys.exception(), DatabaseError):
        return unavailable(request)
    return _page(request, 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer where the database does not: with status 503, what was sent, and where help is."""
    path = request.path_info
    if path.startswith("/api/") and path != "/api/":
        words = "The site’s database does not answer. Try again in a minute."
        response: HttpResponse = JsonResponse({"error": words}, status=503)
    else:
        context = {
            "sent": _sent(request),
            "is_staff": _is_for_staff(request),
            # Signed out or not, nobody knows: what the browser sent is sent back.
            "csrf_token_sent": request.POST.get("csrfmiddlewaretoken", ""),
        }
        page = render_to_string("503.html", context, request=request)
        response = HttpResponse(page, status=503)
    response["Cache-Control"] = "no-store"
    response["Retry-After"] = "60"
    return response


def _sent(request: HttpRequest) -> Resubmission | None:
    """Return what a form sent, but for passwords and files; None where it sent nothing."""
    if request.method != "POST":
        return None
    try:
        sent = sent_by(request)
    except (SuspiciousOperation, MultiPartParserError, OSError):
        return None  # It could not be read, and was cut off.
    return sent if sent.fields else None
