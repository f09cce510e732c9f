"""Local contacts: whom to ask near a place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import IsNull
from simple_history.models import HistoricalRecords

from backoffice.checking import CheckedQuerySet
from regions.models.places import Area, Place, Region

_NOT_DIALLED: Final = re.compile(r"[^0-9+() .-]")


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
        """The telephone number as a machine dials it (RFC 3966); "" where it has words in it."""
        # After a country's code nobody dials the 0 that some write in brackets.
        number = self.telephone.replace("(0)", "") if "+" in self.telephone else self.telephone
        return "" if _NOT_DIALLED.search(number) else re.sub(r"[^0-9+]", "", number)
