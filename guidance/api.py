"""A page as GOV.UK's own programs would read it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.generic import View

from backoffice.row_keys import is_key
from guidance.govuk_formats import item_of
from guidance.models import Edition


class ContentItemApi(View):
    """A page as a content item of GOV.UK's; `?edition=` for what it said before."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        asked = request.GET.get("edition", "")
        editions = Edition.objects.select_related("page").with_note().filter(page__slug=slug)
        edition = None
        if not asked:
            edition = editions.shown().first()
        elif is_key(asked):
            edition = editions.public().filter(number=int(asked)).first()
        if edition is None:
            answer = JsonResponse({"error": "There is no such page, or no such edition."})
        elif not edition.is_text_held:
            answer = JsonResponse({"error": "The text of that edition is not held."})
        else:
            answer = JsonResponse(item_of(edition, at=timezone.now()))
        answer.status_code = 200 if edition is not None and edition.is_text_held else 404
        return answer
