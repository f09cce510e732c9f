"""What surrounds every request: how pages may be cached, and who gets a session at all."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.cache import get_conditional_response
from django.utils.deprecation import MiddlewareMixin

from rpec_site.bodies import TooLargeError, bound
from rpec_site.errors import bad_request, method_not_allowed, too_large, unavailable
from rpec_site.patience import within

logger = logging.getLogger(__name__)

# Anyone may cache it, and must ask each time whether it still holds: what editors change shows at
# once, and a session leaves the lists the second it ends.
PUBLIC = "public, max-age=0, must-revalidate"
# The session's own note of when it was last written, in seconds since 1970.
_RENEWED_AT = "renewed_at"

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class PatienceMiddleware:
    """Lets a reader wait so long for the database, DATABASE_READER_SECONDS, and no longer.

    A page for staff may take long: only each of its statements is limited.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _is_for_staff(request):
            return self.get_response(request)
        with within(settings.DATABASE_READER_SECONDS):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Answer for a database that is silent, locked or full. It is no fault of a page's."""
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        logger.error("The database does not answer: %s", str(error).partition("\n")[0])
        return unavailable(request)


class HeadMiddleware:
    """Answers HEAD with what GET would say, but for the page itself, error pages too.

    gunicorn sends none either, but warns of each that it is given.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "HEAD" and isinstance(response, HttpResponse):
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response


class PublicPageMiddleware:
    """Gives each answer to a GET or HEAD that says nothing else an ETag and public caching.

    A view that must not be cached says so itself in `Cache-Control` (the admin does, and what is
    under /contact/ does); an answer that sets a cookie is never public.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if (
            request.method not in {"GET", "HEAD"}
            or response.status_code != 200
            or response.has_header("Cache-Control")
            or not isinstance(response, HttpResponse)
        ):
            return response
        if response.cookies or _is_for_staff(request):
            response["Cache-Control"] = "private, no-store"
            return response
        response["Cache-Control"] = PUBLIC
        etag = f'"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
        response["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=response) or response


class IsolationMiddleware:
    """Keeps other sites from reading or embedding ours, save for what is offered to all.

    That is what is under /api/ (its page for people is a page like any other), and calendars.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        offered = _is_offered(request)
        if offered:
            response["Access-Control-Allow-Origin"] = "*"
        response.headers.setdefault(
            "Cross-Origin-Resource-Policy", "cross-origin" if offered else "same-origin"
        )
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        return response


class BoundedBodyMiddleware:
    """Refuses what is larger than its address takes, before anything reads it.

    It stands below who is signed in, for the page that it answers with, and is called before any
    middleware looks at a form: those that do so wait for the view (`process_view`).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            bound(request)
        except TooLargeError:
            return too_large(request)
        return self.get_response(request)


class LastResortMiddleware:
    """Answers for what libraries raise where nobody would look for it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self.get_response(request)
        except (Exception, KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as panic:
            # A panic of a library in Rust is none of Python's exceptions: nobody catches it, and it
            # would end the process with all that it answers at that moment.
            raise RuntimeError(f"A library broke off: {panic}") from panic

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Refuse a number that is larger than any column: SQLite cannot even be asked for it."""
        return bad_request(request, exception) if isinstance(exception, OverflowError) else None


class RefusedMethodMiddleware:
    """Gives the empty answer to a method that a page does not take a page of its own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 405 or _is_offered(request):
            return response
        page = method_not_allowed(request)
        page["Allow"] = response["Allow"]
        return page


def _is_for_staff(request: HttpRequest) -> bool:
    return request.path_info.startswith(f"/{settings.ADMIN_PATH}")


def _is_offered(request: HttpRequest) -> bool:
    """Whether scripts on any site may read the answer."""
    path = request.path_info
    under_api = path.startswith("/api/") and path != "/api/"
    return (under_api or path.endswith(".ics")) and not _is_for_staff(request)


class _StaffOnly(MiddlewareMixin):
    """Passes the public by: readers have no session, so there is nothing to set or to forge."""

    def __call__(self, request: HttpRequest) -> Any:
        if not _is_for_staff(request):
            return self.get_response(request)
        return super().__call__(request)


class StaffSessionMiddleware(_StaffOnly, SessionMiddleware):
    """Django's sessions, for the admin; each lasts SESSION_COOKIE_AGE from when it was last used.

    It is written once a tenth of that time, not with each page.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Renew the session of somebody who is signed in and at work."""
        session = request.session
        if session.accessed and SESSION_KEY in session:
            now = time.time()
            if now - session.get(_RENEWED_AT, 0) > settings.SESSION_COOKIE_AGE / 10:
                session[_RENEWED_AT] = int(now)
        return super().process_response(request, response)


class StaffCsrfMiddleware(_StaffOnly, CsrfViewMiddleware):
    """Django's protection against forged requests, for the admin."""

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponseForbidden | None:
        """Check a request to the admin alone."""
        return super().process_view(request, *args) if _is_for_staff(request) else None


class StaffAuthenticationMiddleware(_StaffOnly, AuthenticationMiddleware):
    """Who is signed in, in the admin."""


class StaffMessageMiddleware(_StaffOnly, MessageMiddleware):
    """Django's messages, for the admin."""
