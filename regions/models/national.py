"""What comes from national files: postcodes, and schools and colleges."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db import models
from django.db.models import Q

from govuk.dates import date_words, month_words
from regions.models.places import Area
from regions.postcodes import BYTES

# Names that are compared with one that was not found.
_MOST_ALIKE: Final = 300
# The directory is released four times a year: one this old lacks thousands of new addresses.
OLD_AFTER: Final = timedelta(days=365)


class NationalFileQuerySet(models.QuerySet["NationalFile"]):
    """National files in use, in words."""

    def old(self, *, on: date) -> NationalFileQuerySet:
        """Those whose release is over a year old on that day.

        One that nobody can date is as old as its import, or older.
        """
        year_ago = on - OLD_AFTER
        return self.filter(Q(release__lt=year_ago) | Q(release=None, stored_at__date__lt=year_ago))


class NationalFile(models.Model):
    """Which release of a national file is in use, and where it came from: one row a kind.

    Installations that imported a file before there was this table have no row for it.
    """

    class Kind(models.TextChoices):
        POSTCODES = "postcodes", "postcodes"
        ESTABLISHMENTS = "establishments", "schools and colleges"

    class Source(models.TextChoices):
        PACKAGE = "package", "came with the site"
        IMPORTED = "imported", "imported here"
        DOWNLOADED = "downloaded", "downloaded"

    kind = models.CharField(max_length=20, choices=Kind, unique=True)
    source = models.CharField(max_length=20, choices=Source)
    name = models.CharField(max_length=200, help_text="The package and its version, or the file.")
    release = models.DateField(
        null=True, help_text="A day of the release's month: blank where nobody can tell."
    )
    rows = models.PositiveIntegerField(help_text="How many of its rows are in use.")
    stored_at = models.DateTimeField()

    objects = NationalFileQuerySet.as_manager()

    class Meta:
        ordering = ("kind",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"

    @property
    def release_words(self) -> str:
        """The directory's month, the register's day; "" where nobody can tell."""
        if self.release is None:
            return ""
        is_daily = self.kind == self.Kind.ESTABLISHMENTS
        return date_words(self.release) if is_daily else month_words(self.release)

    @property
    def age_in_words(self) -> str:
        """Of one that is old: from when it is, as a sentence without its full stop."""
        when = f"are from {self.release_words}"
        if self.release is None:
            when = f"were stored on {date_words(self.stored_at)}"
        return f"The {self.get_kind_display()} {when}: over a year old"


class NationalDownloadQuerySet(models.QuerySet["NationalDownload"]):
    """Downloads of national files, in words."""

    def failed(self) -> NationalDownloadQuerySet:
        """Those that did not come to a good end the last time."""
        return self.exclude(failure="")


class NationalDownload(models.Model):
    """When a national file was last fetched from its address, and what came of it: one row a kind.

    While one is under way, and after its process was killed, `failure` says that it has not ended.
    """

    kind = models.CharField(max_length=20, choices=NationalFile.Kind, unique=True)
    begun_at = models.DateTimeField()
    failure = models.CharField(max_length=500, blank=True, help_text="Blank: it went well.")

    objects = NationalDownloadQuerySet.as_manager()

    class Meta:
        ordering = ("kind",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.failure or 'downloaded'}"

    @property
    def failure_in_words(self) -> str:
        """Of one that failed: when, and why."""
        when = date_words(self.begun_at)
        return f"The {self.get_kind_display()} were not fetched on {when}: {self.failure}"


class PostcodeSectorQuerySet(models.QuerySet["PostcodeSector"]):
    """Postcodes, in words."""

    def postcode_count(self) -> int:
        """Return how many postcodes there are in all rows: reads the whole table."""
        units = self.order_by().values_list("units", flat=True)
        return sum(int.from_bytes(bits, "little").bit_count() for bits in units.iterator())


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


class EstablishmentQuerySet(models.QuerySet["Establishment"]):
    """Schools, colleges and the like, in words."""

    def beginning_with(self, key: str) -> list[tuple[str, str]]:
        """Return names and towns of those whose key begins so: not all, where there are many."""
        rows = self.filter(key__startswith=key).order_by("key", "urn")
        return list(rows.values_list("name", "town")[:_MOST_ALIKE])


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
