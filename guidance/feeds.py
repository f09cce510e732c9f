"""The page's updates as a feed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from govuk.lines import on_one_line
from guidance.history.timeline import compared_with, held_again
from guidance.log import explanation_html, update_words
from guidance.models import Edition

# What XML 1.0 has no way to write, not even as a reference.
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the feed. `summary` is HTML; `at` is when it happened."""

    title: str
    summary: str
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
        return _for_xml(f"Updates: {obj[-1].title or 'guidance'}")

    def author_name(self, obj: list[Edition]) -> str:
        return _for_xml(settings.SITE_NAME)

    def link(self, obj: list[Edition]) -> str:
        return _absolute(obj[0].page.get_absolute_url())

    def feed_url(self, obj: list[Edition]) -> str:
        return _absolute(reverse("guidance:updates", args=[obj[0].page.slug]))

    def items(self, obj: list[Edition]) -> list[Entry]:
        again = held_again(obj)
        return [
            entry
            for edition, earlier in reversed(compared_with(obj))
            for entry in _entries(edition, earlier, holds_again=edition in again)
        ]

    def item_title(self, item: Entry) -> str:
        return on_one_line(_for_xml(item.title))

    def item_description(self, item: Entry) -> str:
        return _for_xml(item.summary)

    def item_link(self, item: Entry) -> str:
        return item.url

    def item_guid(self, item: Entry) -> str:
        return item.guid

    def item_pubdate(self, item: Entry) -> datetime | None:
        return item.at

    def item_updateddate(self, item: Entry) -> datetime | None:
        return item.at


def _entries(edition: Edition, earlier: Edition | None, *, holds_again: bool) -> Iterator[Entry]:
    """Yield an edition's entries, newest first: its withdrawal, and its update if it was major or
    ended one.
    """
    address = _absolute(edition.get_absolute_url())
    if edition.withdrawn:
        yield Entry(
            "This page was withdrawn.",
            explanation_html(edition.withdrawn),
            address,
            f"{address}#withdrawn",
            # An entry needs a time: where nobody knows it, that of the words that it ended.
            edition.withdrawn.withdrawn_at or edition.published_at,
        )
    if edition.update_type == Edition.UpdateType.MAJOR or holds_again:
        url = _absolute(edition.get_change_url(earlier))
        note = update_words(edition, holds_again=holds_again)
        yield Entry(note, linebreaksbr(note), url, address, edition.published_at)


def _for_xml(text: str) -> str:
    """Return the text without what would make the feed unreadable."""
    return _NOT_IN_XML.sub("", text)


def _absolute(path: str) -> str:
    return settings.SITE_URL + path
