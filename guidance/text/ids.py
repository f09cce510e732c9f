"""An id stands once on a page: a heading's own gives way to the page's frame and its sections."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

# What a page's frame calls its own parts: no section may be called so.
RESERVED_ANCHORS: Final = (
    "main-content",
    "contents-title",
    "notification",
    "updates",
    "q",
    "withdrawn",
)
# And where the changes of a comparison are listed.
CHANGES: Final = "changes"

# Only headings have ids (see `markdown.render`). Words have no "<" of their own.
_HEADING_WITH_ID: Final = re.compile(r'(?P<tag><h\d) id="(?P<id>[^"]*)"')


def ids_in(html: str) -> list[str]:
    """Return the ids that clean HTML gives its headings."""
    return [heading["id"] for heading in _HEADING_WITH_ID.finditer(html)]


class Ids:
    """The ids of one page, given out once each, every one with a prefix."""

    def __init__(self, anchors: Iterable[str], *, prefix: str = "") -> None:
        self._prefix = prefix
        self._taken = {*RESERVED_ANCHORS, *anchors}

    def of_headings(self, html: str) -> str:
        """Return clean HTML whose headings lose an id that the page has elsewhere already."""

        def own(heading: re.Match[str]) -> str:
            name = heading["id"]
            if name in self._taken:
                return heading["tag"]
            self._taken.add(name)
            return f'{heading["tag"]} id="{self._prefix}{name}"'

        return _HEADING_WITH_ID.sub(own, html)
