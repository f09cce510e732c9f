"""What the staff are told where there is nothing, or no more, at an address: in their own frame."""

from __future__ import annotations

from typing import Final

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string

NOTHING: Final = (
    "There is nothing at this address that you may see. It may have been deleted, or is for other "
    "people, or the address was cut off when it was copied."
)


class MissingError(Http404):
    """There is nothing (more) to see or do: a sentence for staff says what happened to it."""


def staff_page(
    site: AdminSite, request: HttpRequest, *, status: int, title: str, sentence: str
) -> HttpResponse:
    """Return a refusal in the admin's frame. Raises DatabaseError as the frame does."""
    context = {**site.each_context(request), "title": title, "sentence": sentence}
    page = render_to_string("backoffice/missing.html", context, request=request)
    return HttpResponse(page, status=status)
