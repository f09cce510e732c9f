"""Pages of guidance: their addresses and settings."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

# The state of an edition that stands now: a literal, as in the constraints, because editions point
# at pages and not pages at editions.
_PUBLISHED: Final = "published"


class PageQuerySet(models.QuerySet["Page"]):
    """Pages, in words."""

    def public(self) -> PageQuerySet:
        """Those with an edition that stands now."""
        return self.filter(editions__state=_PUBLISHED)


class Page(models.Model):
    """A page of guidance: its address and settings. What it says is in its editions."""

    slug = models.SlugField(
        unique=True,
        max_length=200,
        help_text="The page's address under /guidance/; do not change it.",
    )
    applies_to = models.CharField(
        max_length=60,
        default="England",
        blank=True,
        help_text="Where the guidance holds, as the line below the title says it. "
        "Blank: in all four nations.",
    )
    needs_second_person = models.BooleanField(
        "needs a second person",
        default=False,
        help_text="Whoever began or saved a draft cannot publish it: somebody else has to.",
    )

    history = HistoricalRecords()

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ("slug",)
        permissions = (
            ("require_second_person", "Can say whether a page needs a second person to publish"),
        )

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("guidance:page", args=[self.slug])

    def get_history_url(self) -> str:
        """Return the address of the list of its editions."""
        return reverse("guidance:history", args=[self.slug])
