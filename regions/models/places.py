"""Regions, their areas, and the places that people type."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from regions.names import normalise


class RegionQuerySet(models.QuerySet["Region"]):
    """Regions, in words."""

    def with_listed_areas(self) -> RegionQuerySet:
        """Fetch the areas along with the regions."""
        return self.prefetch_related("areas")


class Region(models.Model):
    """One of the eight regions that co-ordinators serve."""

    slug = models.SlugField(
        unique=True, help_text="The region's address on this site; do not change it."
    )
    name = models.CharField(max_length=60, unique=True, help_text="As readers see it: North-West.")
    position = models.PositiveSmallIntegerField(help_text="Its place in lists, from 1.")
    newsletter_text = models.TextField(
        "newsletter",
        blank=True,
        help_text="How to get this region's newsletter, in a sentence or two. "
        "Blank: readers are told to ask by the contact form.",
    )

    history = HistoricalRecords()

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("region", args=[self.slug])

    @property
    def listed_areas(self) -> list[Area]:
        """The areas that pages list under it. Wants `with_listed_areas()`."""
        return [area for area in self.areas.all() if area.is_listed]


class AreaQuerySet(models.QuerySet["Area"]):
    """Areas, in words."""

    def listed(self) -> AreaQuerySet:
        """The areas that pages list under their region."""
        return self.filter(is_listed=True)


class Area(models.Model):
    """A police-force area or county, in one region."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="areas")
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(help_text="Its place within the region, from 1.")
    is_listed = models.BooleanField(
        "listed",
        default=True,
        help_text="Pages name it under its region. London's two forces are not named.",
    )
    is_in_england = models.BooleanField("in England", default=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ("region__position", "position", "pk")

    def __str__(self) -> str:
        return self.name


class PlaceQuerySet(models.QuerySet["Place"]):
    """Places, in words."""

    def usual_names(self) -> PlaceQuerySet:
        """The places that are not another name for something and that lead somewhere."""
        leads_somewhere = Q(is_outside_england=True) | Q(
            models.Exists(PlaceTarget.objects.filter(place=models.OuterRef("pk")))
        )
        return self.filter(leads_somewhere, stands_for="")


class Place(models.Model):
    """A name that people type: council, county, old county, abbreviation."""

    class Kind(models.TextChoices):
        COUNCIL = "council", "council"
        FORMER_COUNCIL = "former-council", "former council"
        COUNTY = "county", "county"
        FORMER_COUNTY = "former-county", "former county"
        AREA = "area", "area of a region"
        REGION = "region", "region"
        OTHER = "other", "other name"

    name = models.CharField("name that people type", max_length=120)
    key = models.CharField(
        "name as compared",
        max_length=120,
        unique=True,
        editable=False,
        error_messages={"unique": "There is a place of this name already."},
    )
    stands_for = models.CharField(
        max_length=120, blank=True, help_text="The usual name, if this is another for it."
    )
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.OTHER)
    is_outside_england = models.BooleanField(
        "outside England",
        default=False,
        help_text="Tick for a place in another nation, also where one of that name is in England.",
    )
    is_reference = models.BooleanField(
        "from the shipped list",
        default=False,
        editable=False,
        help_text="load_reference keeps it up to date; what editors add is left alone.",
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.key = normalise(self.name)
        if not self.key:
            raise ValidationError({"name": "Write a name with letters or digits in it."})
        if Place.objects.filter(key=self.key).exclude(pk=self.pk).exists():
            raise ValidationError({"name": "There is a place of this name already."})


class PlaceTarget(models.Model):
    """Where a place points: an area, or a region where only that is known."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="targets")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True)
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        help_text="Only where the area is not known.",
    )
    label = models.CharField(
        max_length=120,
        blank=True,
        help_text="Which part, or which place of that name: Richmond upon Thames.",
    )
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ("place", "position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(area__isnull=True, region__isnull=False)
                | Q(area__isnull=False, region__isnull=True),
                name="place_target_is_an_area_or_a_region",
                violation_error_message="Choose an area, or a region where no area is known.",
            ),
        )

    def __str__(self) -> str:
        return self.label or str(self.area or self.region)
