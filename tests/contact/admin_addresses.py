"""The addresses of the admin, as its own table of them has them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.contrib import admin
from django.urls import URLPattern, URLResolver

ADMIN = "/admin/"


def admin_addresses() -> list[str]:
    """Return each address of the admin, with `{pk}` in those that are about one row."""
    return sorted(_addresses(admin.site.get_urls(), ADMIN))


def enquiry_addresses() -> list[str]:
    """Return each address of the admin that is about one enquiry, with `{pk}` in it."""
    own = f"{ADMIN}contact/enquiry/"
    return [path for path in admin_addresses() if path.startswith(own) and "{pk}" in path]


def _addresses(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, route)
        else:
            yield re.sub(r"<(?:int:pk|path:object_id|id|object_id)>", "{pk}", route)
