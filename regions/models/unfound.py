"""How often each name was not found."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import OuterRef, Subquery, Sum

from regions.models.places import Place


class UnfoundQuerySet(models.QuerySet["Unfound"]):
    """Names not found, in words."""

    def since(self, day: date) -> UnfoundQuerySet:
        """Those of that day and later."""
        return self.filter(day__gte=day)

    def still_unknown(self) -> UnfoundQuerySet:
        """Without those that somebody has added as places in the meantime."""
        return self.exclude(key__in=Place.objects.values("key"))

    def totals(self) -> UnfoundQuerySet:
        """One row for each name: its latest, with how often in all (`total`)."""
        same = Unfound.objects.filter(key=OuterRef("key")).order_by()
        return self.filter(pk=Subquery(same.order_by("-day").values("pk")[:1])).annotate(
            total=Subquery(same.values("key").annotate(total=Sum("times")).values("total"))
        )


class Unfound(models.Model):
    """A name that people typed and the finder did not know, with how often on that day.

    Tidied, and never what looks like a postcode, an e-mail address or a telephone number. The
    worker writes it: a reader's visit writes nothing.
    """

    key = models.CharField("what was typed", max_length=80)
    day = models.DateField()
    times = models.PositiveIntegerField()

    objects = UnfoundQuerySet.as_manager()

    class Meta:
        verbose_name = "name not found"
        verbose_name_plural = "names not found"
        ordering = ("-day", "-times", "key")
        constraints = (
            models.UniqueConstraint(fields=("key", "day"), name="unfound_name_is_counted_by_day"),
        )

    def __str__(self) -> str:
        return self.key
