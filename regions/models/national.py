"""What comes from national files: postcodes, and schools and colleges."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase
from typing import Final

from django.db import models
from django.db.models import Q

from regions.answers import EstablishmentFacts, PostcodeFacts
from regions.models.places import Area
from regions.postcodes import BYTES

# Hundreds of schools share a name; thousands do not.
_MOST_OF_ONE_NAME: Final = 1_000


class PostcodeSectorQuerySet(models.QuerySet["PostcodeSector"]):
    """Postcodes, in words."""

    def facts(self, outward: str, sector: str) -> list[PostcodeFacts] | None:
        """Return what the finder must know of the postcodes that begin so.

        None where no directory has been imported at all.
        """
        rows = self.select_related("area__region").order_by("pk")
        if sector:
            rows = rows.filter(outward=outward, sector=sector)
        else:
            # In central London "SW1" is short for SW1A, SW1E and so on.
            rows = rows.filter(outward__in=[outward, *(outward + last for last in ascii_uppercase)])
        found = [row.facts() for row in rows]
        return found if found or self.exists() else None


class PostcodeSector(models.Model):
    """The postcodes of one sector ("M11 1") in one council, or outside England.

    `units` has a bit for each that exists (see `regions.postcodes`).
    """

    outward = models.CharField(max_length=4)
    sector = models.CharField(max_length=1)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    council = models.CharField(max_length=80, blank=True)
    nation = models.CharField(max_length=1, blank=True, help_text="Blank: England.")
    in_use = models.BooleanField()
    units = models.BinaryField(max_length=BYTES)

    objects = PostcodeSectorQuerySet.as_manager()

    class Meta:
        ordering = ("outward", "sector", "pk")
        indexes = (models.Index(fields=("outward", "sector"), name="postcode_sector"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(area__isnull=False) | ~Q(nation=""),
                name="postcodes_lie_in_an_area_or_elsewhere",
            ),
        )

    def __str__(self) -> str:
        return f"{self.outward} {self.sector}"

    def facts(self) -> PostcodeFacts:
        """Return what the finder must know of it. Wants the area with its region."""
        return PostcodeFacts(
            sector=self.sector,
            units=bytes(self.units),
            target=self.area.target(self.council) if self.area else None,
            nation=self.nation,
            in_use=self.in_use,
        )


class EstablishmentQuerySet(models.QuerySet["Establishment"]):
    """Schools, colleges and the like, in words."""

    def by_number(self, number: int) -> list[EstablishmentFacts] | None:
        """Return what the finder must know of those with that URN or UKPRN; None as below."""
        return self._facts(Q(urn=number) | Q(ukprn=number))

    def by_name(self, keys: Sequence[str]) -> list[EstablishmentFacts] | None:
        """Return what the finder must know of those of that name, by its keys.

        None where no list has been imported at all.
        """
        return self._facts(Q(key__in=keys))

    def _facts(self, condition: Q) -> list[EstablishmentFacts] | None:
        rows = self.filter(condition).select_related("area__region").order_by("name", "urn")
        found = [row.facts() for row in rows[:_MOST_OF_ONE_NAME]]
        return found if found or self.exists() else None


class Establishment(models.Model):
    """A school, college or other provider of the national register (GIAS)."""

    class Status(models.TextChoices):
        OPEN = "open", "open"
        PROPOSED = "proposed", "proposed to open"
        CLOSED = "closed", "closed"

    urn = models.PositiveIntegerField(unique=True)
    ukprn = models.PositiveIntegerField(null=True, db_index=True)
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200, db_index=True)
    town = models.CharField(max_length=80, blank=True)
    council = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=10, choices=Status)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, related_name="+", help_text="None: abroad."
    )

    objects = EstablishmentQuerySet.as_manager()

    class Meta:
        ordering = ("name", "urn")

    def __str__(self) -> str:
        return self.name

    def facts(self) -> EstablishmentFacts:
        """Return what the finder must know of it. Wants the area with its region."""
        return EstablishmentFacts(
            name=self.name,
            town=self.town,
            is_closed=self.status == self.Status.CLOSED,
            target=self.area.target(self.council) if self.area else None,
        )
