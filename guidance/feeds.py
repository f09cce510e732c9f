"""The page's updates as a feed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from guidance.models import Edition
from guidance.timeline import compared_with


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the feed. `at` is when it happened."""

    title: str
    url: str
    guid: str
    at: datetime | None


class Updates(Feed):
    """An Atom feed of a page's major updates, each leading to what it changed."""

    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        # The site's own header says how it may be kept.
        del response["Last-Modified"]
        return response

    def get_object(self, request: HttpRequest, slug: str) -> list[Edition]:
        """Return the page's public editions, oldest first."""
        editions = (
            Edition.objects.public()
            .filter(page__slug=slug)
            .select_related("page")
            .with_note()
            .without_content()
            .oldest_first()
        )
        if not editions:
            raise Http404
        return list(editions)

    def title(self, obj: list[Edition]) -> str:
        return f"Updates: {obj[-1].title or 'guidance'}"

    def link(self, obj: list[Edition]) -> str:
        return _absolute(obj[0].page.get_absolute_url())

    def feed_url(self, obj: list[Edition]) -> str:
        return _absolute(reverse("guidance:updates", args=[obj[0].page.slug]))

    def items(self, obj: list[Edition]) -> list[Entry]:
        return [
            entry
            for edition, earlier in reversed(compared_with(obj))
            for entry in _entries(edition, earlier)
        ]

    def item_title(self, item: Entry) -> str:
        return item.title

    def item_description(self, item: Entry) -> str:
        return item.title

    def item_link(self, item: Entry) -> str:
        return item.url

    def item_guid(self, item: Entry) -> str:
        return item.guid

    def item_pubdate(self, item: Entry) -> datetime | None:
        return item.at

    def item_updateddate(self, item: Entry) -> datetime | None:
        return item.at


def _entries(edition: Edition, earlier: Edition | None) -> Iterator[Entry]:
    """Give an edition's entries, newest first: its withdrawal, and its update if it was major."""
    address = _absolute(edition.get_absolute_url())
    if edition.withdrawn:
        yield Entry(
            "This page was withdrawn.",
            address,
            f"{address}#withdrawn",
            edition.withdrawn.withdrawn_at,
        )
    if edition.update_type == Edition.UpdateType.MAJOR:
        url = _absolute(edition.get_change_url(earlier))
        yield Entry(edition.note, url, address, edition.published_at)


def _absolute(path: str) -> str:
    return settings.SITE_URL + path
