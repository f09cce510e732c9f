"""What comes from national files: postcodes, and schools and colleges; and local contacts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from string import ascii_uppercase
from typing import Final

from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.lookups import IsNull
from simple_history.models import HistoricalRecords

from backoffice.checking import CheckedQuerySet
from regions.answers import EstablishmentFacts, PostcodeFacts
from regions.models.places import Area, Place, Region
from regions.postcodes import BYTES

_NOT_DIALLED: Final = re.compile(r"[^0-9+() .-]")
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


class LocalContactQuerySet(CheckedQuerySet["LocalContact"]):
    """Local contacts, in words. Readers see only those that somebody has checked."""

    def serving(self, areas: Sequence[str], councils: Sequence[str]) -> LocalContactQuerySet:
        """Those of these areas (by slug) and councils (by name), the council's own first."""
        return self.filter(Q(area__slug__in=areas) | Q(council__name__in=councils)).councils_first()

    def in_region(self, region: Region) -> LocalContactQuerySet:
        """Those of a region's areas and of the councils in them, the councils' first."""
        councils = Place.objects.filter(targets__area__region=region)
        return self.filter(Q(area__region=region) | Q(council__in=councils)).councils_first()

    def councils_first(self) -> LocalContactQuerySet:
        """In the order in which readers want them: by council, then what serves whole areas."""
        return self.order_by(
            IsNull(F("council"), True), "council__name", "kind", "label", "pk"
        ).select_related("area", "council")


class LocalContact(models.Model):
    """Whom to ask nearby: a council's own Prevent or safeguarding contact, or the police."""

    class Kind(models.TextChoices):
        PREVENT = "prevent", "the council's Prevent contact"
        SAFEGUARDING = "safeguarding", "the council's safeguarding contact"
        POLICE = "police", "the police"

    kind = models.CharField(max_length=20, choices=Kind)
    council = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"kind": Place.Kind.COUNCIL, "stands_for": ""},
        related_name="+",
        help_text="Whose contact it is. Blank for the police of a whole area.",
    )
    area = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Only for the police of a whole area.",
    )
    label = models.CharField(max_length=150, help_text="What readers see: Leeds Prevent team.")
    address = models.CharField(
        "web address",
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["https"])],
    )
    telephone = models.CharField(max_length=40, blank=True)
    email = models.EmailField("e-mail address", blank=True)
    owner = models.CharField(
        max_length=120, help_text="Who keeps it right, as readers see it: Leeds City Council."
    )
    checked_on = models.DateField(
        "last checked",
        null=True,
        blank=True,
        help_text="The day on which somebody last tried it. Blank: readers do not see it.",
    )

    history = HistoricalRecords()

    objects = LocalContactQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "label", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(council__isnull=False, area__isnull=True)
                | Q(council__isnull=True, area__isnull=False),
                name="local_contact_is_a_councils_or_an_areas",
                violation_error_message="Choose a council, or an area.",
            ),
            models.CheckConstraint(
                condition=~Q(address="") | ~Q(telephone="") | ~Q(email=""),
                name="local_contact_can_be_reached",
                violation_error_message="Give an address, a telephone number or an e-mail address.",
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def serves(self) -> str:
        """Whose contact it is: the council's or the area's name. Wants both."""
        return str(self.council or self.area)

    @property
    def dialled(self) -> str:
        """The telephone number as a machine dials it; "" where it has words in it."""
        number = self.telephone.replace("(0)", "") if "+" in self.telephone else self.telephone
        return "" if _NOT_DIALLED.search(number) else re.sub(r"[^0-9+]", "", number)


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
