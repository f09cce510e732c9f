"""The page's updates as a feed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from guidance.models import Edition, Page
from guidance.timeline import compared_with


class Updates(Feed):
    """An Atom feed of a page's major updates, each leading to what it changed."""

    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        # The site's own header says how it may be kept.
        del response["Last-Modified"]
        return response

    def get_object(self, request: HttpRequest, slug: str) -> list[tuple[Edition, Edition | None]]:
        """Return the page's public editions, oldest first, each with what it is compared with."""
        editions = (
            Edition.objects.public()
            .filter(page__slug=slug)
            .select_related("page")
            .without_content()
            .oldest_first()
        )
        if not editions:
            raise Http404
        return compared_with(list(editions))

    def title(self, obj: list[tuple[Edition, Edition | None]]) -> str:
        return f"Updates: {obj[-1][0].title or 'guidance'}"

    def link(self, obj: list[tuple[Edition, Edition | None]]) -> str:
        return _absolute(self._page(obj).get_absolute_url())

    def feed_url(self, obj: list[tuple[Edition, Edition | None]]) -> str:
        return _absolute(reverse("guidance:updates", args=[self._page(obj).slug]))

    def items(
        self, obj: list[tuple[Edition, Edition | None]]
    ) -> list[tuple[Edition, Edition | None]]:
        return [pair for pair in reversed(obj) if pair[0].update_type == Edition.UpdateType.MAJOR]

    def item_title(self, item: tuple[Edition, Edition | None]) -> str:
        return item[0].change_note

    def item_description(self, item: tuple[Edition, Edition | None]) -> str:
        return item[0].change_note

    def item_link(self, item: tuple[Edition, Edition | None]) -> str:
        edition, earlier = item
        return _absolute(edition.get_change_url(earlier))

    def item_guid(self, item: tuple[Edition, Edition | None]) -> str:
        return _absolute(item[0].get_absolute_url())

    def item_pubdate(self, item: tuple[Edition, Edition | None]) -> datetime | None:
        return item[0].published_at

    def item_updateddate(self, item: tuple[Edition, Edition | None]) -> datetime | None:
        return item[0].published_at

    @staticmethod
    def _page(obj: list[tuple[Edition, Edition | None]]) -> Page:
        return obj[0][0].page


def _absolute(path: str) -> str:
    return settings.SITE_URL + path
