"""How pages may be kept: public ones by anyone, everything else by nobody."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

# Kept by anyone, but asked after each time: what editors change shows at once, and a session
# leaves the lists the second it ends.
PUBLIC = "public, max-age=0, must-revalidate"

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class PublicPageMiddleware:
    """Gives each answer to a GET or HEAD that says nothing else an ETag and public caching.

    A view that must not be kept says so itself in `Cache-Control` (the admin does, and what is
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
        if response.cookies:
            response["Cache-Control"] = "private, no-store"
            return response
        response["Cache-Control"] = PUBLIC
        etag = f'"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
        response["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=response) or response


class IsolationMiddleware:
    """Keeps other sites from embedding ours, save for what is offered to them under /api/."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        offered = response.has_header("Access-Control-Allow-Origin")
        response.headers.setdefault(
            "Cross-Origin-Resource-Policy", "cross-origin" if offered else "same-origin"
        )
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        return response
