"""What search engines should know of, under the site's public address."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Model, QuerySet
from django.urls import reverse

from guidance.models import Page
from regions.models import Region
from training.models import Track


class _Ours(Sitemap):
    """Addresses under SITE_URL, whatever host was asked."""

    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class Fixed(_Ours):
    """Pages that are there whatever the data."""

    def items(self) -> list[str]:
        return [
            "home",
            "get-help",
            "regions:find",
            "regions:list",
            "training:list",
            "training:past",
            "contact:form",
            "accessibility",
            "privacy",
            "cookies",
            "api",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


class Rows(_Ours):
    """One page a row, at its `get_absolute_url`."""

    def __init__(self, rows: QuerySet[Model]) -> None:
        self.rows = rows

    def items(self) -> QuerySet[Model]:
        return self.rows.all()


SITEMAPS = {
    "pages": Fixed(),
    "guidance": Rows(Page.objects.public().order_by("slug")),
    "regions": Rows(Region.objects.order_by("position")),
    "training": Rows(Track.objects.order_by("position")),
}
