"""Tracks and sessions of virtual training."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from govuk.dates import time_range_words, weekday_date_words
from regions.models import Region
from training import session_facts
from training.registration import registration_fault
from training.session_facts import EARLIEST, LATEST

# Words that stand where a track's slug would, in this site's addresses.
RESERVED_SLUGS: Final = ("sessions", "past", "all")
# What somebody's calendar shows of a session: another value is another revision of the event.
REVISED_BY: Final = (
    "track_id",
    "title",
    "starts_at",
    "ends_at",
    "registration_url",
    "status",
    "region_id",
)
KEPT_IN_CALENDARS: Final = timedelta(days=365)
REVISION: Final = ("sequence", "changed_at", "previous_starts_at")


class TrackQuerySet(models.QuerySet["Track"]):
    """Tracks, in words."""

    def for_everyone(self) -> TrackQuerySet:
        """Those with sessions for all of England: some have them for single regions alone."""
        return self.filter(sessions__region__isnull=True, sessions__isnull=False).distinct()


class Track(models.Model):
    """For whom a session is: designated safeguarding leads, governors in schools, a region."""

    slug = models.SlugField(
        unique=True, help_text="The track's address under /training/; do not change it."
    )
    name = models.CharField(
        max_length=120,
        unique=True,
        help_text="As readers see it. Say whom it is for, and where: "
        "“governors and trustees in schools”, so that college governors do not book by mistake.",
    )
    audience = models.CharField(
        max_length=120, help_text="Whom it is for, in a few words, beside each date."
    )
    summary = models.TextField(help_text="What it is about, in a sentence or two.")
    position = models.PositiveSmallIntegerField(help_text="Its place in lists, from 1.")

    objects = TrackQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(slug__in=RESERVED_SLUGS),
                name="track_slug_is_not_another_address",
                violation_error_message="Choose another slug: “sessions”, “past” and “all” are "
                "addresses of other pages.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a new name or audience is a new revision of each of its sessions."""
        with transaction.atomic():
            stored = None if self._state.adding else Track.objects.filter(pk=self.pk).first()
            super().save(*args, **kwargs)
            if stored and (stored.name, stored.audience) != (self.name, self.audience):
                Session.objects.filter(track=self).update(track=self)

    def get_absolute_url(self) -> str:
        return reverse("training:track", args=[self.slug])


def _attributes_of(fields: Iterable[str]) -> set[str]:
    """Return which of the attributes that make a revision are among the fields, by either name."""
    names = {name.removesuffix("_id") for name in fields}
    return {name for name in REVISED_BY if name.removesuffix("_id") in names}


class SessionQuerySet(models.QuerySet["Session"]):
    """Which sessions are meant, in words that read aloud."""

    def public(self) -> SessionQuerySet:
        """What readers may see: examples only on an example site."""
        return self if settings.EXAMPLES else self.without_examples()

    def without_examples(self) -> SessionQuerySet:
        """Those that will take place: only these enter a page's history."""
        return self.filter(is_example=False)

    def upcoming(self, *, at: datetime) -> SessionQuerySet:
        """Those that have not ended by then, soonest first; cancelled ones too, to say so."""
        return self.filter(ends_at__gt=at).order_by("starts_at", "pk")

    def past(self, *, at: datetime) -> SessionQuerySet:
        """Those that have ended by then, newest first."""
        return self.filter(ends_at__lte=at).order_by("-starts_at", "-pk")

    def going_ahead(self) -> SessionQuerySet:
        """Those that are not cancelled; they may be full."""
        return self.exclude(status=Session.Status.CANCELLED)

    def bookable(self, *, at: datetime) -> SessionQuerySet:
        """Those to come that are neither cancelled nor full, soonest first."""
        return self.upcoming(at=at).filter(status=Session.Status.SCHEDULED)

    def for_region(self, slug: str) -> SessionQuerySet:
        """Those of the region, and those for all regions."""
        return self.filter(Q(region__isnull=True) | Q(region__slug=slug))

    def for_everyone(self) -> SessionQuerySet:
        """Those for all of England."""
        return self.filter(region__isnull=True)

    def first_of_each_track(self) -> SessionQuerySet:
        """Of each track the first one, in the order that these have."""
        own = self.filter(track=OuterRef("track"))
        return self.filter(pk=Subquery(own.values("pk")[:1]))

    def in_calendars(self, *, at: datetime) -> SessionQuerySet:
        """Those that calendars keep: to come, or ended less than a year ago; cancelled ones too."""
        return self.filter(ends_at__gt=at - KEPT_IN_CALENDARS).order_by("starts_at", "pk")

    def with_relations(self) -> SessionQuerySet:
        """Fetch each one's track and region along with it."""
        return self.select_related("track", "region")

    def with_link_fault(self) -> SessionQuerySet:
        """Add what is wrong with each one's link, as `link_fault`; None where it was not tried."""
        check = RegistrationCheck.objects.filter(url=OuterRef("registration_url"))
        return self.annotate(link_fault=Subquery(check.values("fault")[:1]))

    def with_broken_link(self) -> SessionQuerySet:
        """Those whose registration address did not work when it was last tried."""
        broken = RegistrationCheck.objects.exclude(fault="")
        return self.filter(registration_url__in=broken.values("url"))

    def update(self, **values: Any) -> int:
        """Update as Django does; what calendars show of the rows is a new revision of each."""
        if _attributes_of(values):
            values = {"sequence": F("sequence") + 1, "changed_at": timezone.now(), **values}
        if "starts_at" in values:
            stays = Case(
                When(starts_at=values["starts_at"], then=F("previous_starts_at")),
                default=F("starts_at"),
            )
            values = {"previous_starts_at": stays, **values}
        return super().update(**values)


class Session(models.Model):
    """One virtual training session: for whom, when, and where to register."""

    class Status(models.TextChoices):
        SCHEDULED = session_facts.SCHEDULED, "scheduled"
        FULL = session_facts.FULL, "full"
        CANCELLED = session_facts.CANCELLED, "cancelled"

    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="sessions")
    title = models.CharField(
        max_length=150,
        blank=True,
        help_text="Only if it differs from the track's name. Readers see the track's otherwise.",
    )
    starts_at = models.DateTimeField(
        "starts",
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
        help_text="UK time, summer or winter as the date has it. The weekday is worked out.",
    )
    ends_at = models.DateTimeField(
        "ends",
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
        help_text="UK time.",
    )
    registration_url = models.CharField(
        "registration link",
        max_length=500,
        blank=True,
        help_text="The session's page on Eventbrite, copied from the address bar. "
        "Blank: readers are told that the link is to follow.",
    )
    status = models.CharField(
        max_length=10,
        choices=Status,
        default=Status.SCHEDULED,
        help_text="A full or cancelled session stays in the lists and says so. "
        "Cancel a session instead of deleting it: people have it in their diaries.",
    )
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        help_text="Only if it is for one region. Blank: for all of England.",
    )
    is_example = models.BooleanField("example", default=False, editable=False)
    uid = models.UUIDField(
        default=uuid.uuid4,
        unique=True,
        editable=False,
        help_text="By which calendars know it again, wherever this site moves.",
    )
    sequence = models.PositiveIntegerField(
        default=0, editable=False, help_text="How often it was changed: iCalendar's SEQUENCE."
    )
    changed_at = models.DateTimeField(
        default=timezone.now, editable=False, help_text="When it was last changed, or made."
    )
    previous_starts_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When it began before it was last moved."
    )

    # Set before saving: another start puts right what was typed wrongly, and is no move.
    corrects_mistake = False

    history = HistoricalRecords(excluded_fields=["uid", *REVISION])

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at", "pk")
        indexes = (models.Index(fields=("ends_at",), name="session_ends_at"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_it_starts",
                violation_error_message="The session must end after it starts.",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("starts_at") + timedelta(days=1)),
                name="session_lasts_at_most_a_day",
                violation_error_message="The session lasts longer than a day: check both dates.",
            ),
            models.CheckConstraint(
                condition=Q(registration_url="") | Q(registration_url__startswith="https://"),
                name="session_registration_is_https_or_blank",
                violation_error_message="The registration link must start with https://.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=session_facts.STATUSES),
                name="session_status_is_known",
                violation_error_message="A session is scheduled, full or cancelled.",
            ),
            models.UniqueConstraint(
                fields=("track", "title", "starts_at"),
                condition=Q(region__isnull=True),
                name="session_for_all_regions_is_there_once",
                violation_error_message="This session is there already: "
                "the same track, title and start, for all regions.",
            ),
            models.UniqueConstraint(
                fields=("track", "title", "starts_at", "region"),
                condition=Q(region__isnull=False),
                name="session_of_a_region_is_there_once",
                violation_error_message="This session is there already: "
                "the same track, title, start and region.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.display_title}, {weekday_date_words(self.starts_at)}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; if what calendars show of it differs from what is stored, as a new revision.

        What is stored says which revision it is: a row that was read long ago cannot lower it.
        """
        with transaction.atomic():
            if not self._state.adding:
                self._count_revision(kwargs)
            super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("training:session", args=[self.pk])

    def _count_revision(self, options: dict[str, Any]) -> None:
        stored = Session.objects.select_for_update().filter(pk=self.pk).first()
        if stored is None:
            return
        for name in REVISION:
            setattr(self, name, getattr(stored, name))
        fields = options.get("update_fields")
        saved = REVISED_BY if fields is None else _attributes_of(fields)
        changed = {name for name in saved if getattr(stored, name) != getattr(self, name)}
        if changed:
            self.sequence += 1
            self.changed_at = timezone.now()
        if "starts_at" in changed and not self.corrects_mistake:
            self.previous_starts_at = stored.starts_at
        if changed and fields is not None:
            options["update_fields"] = {*fields, *REVISION}

    def clean(self) -> None:
        """Refuse a registration address that readers must not be sent to, or another's."""
        super().clean()
        fault = registration_fault(self.registration_url, settings.REGISTRATION_HOSTS)
        if self.registration_url and not fault:
            others = Session.objects.exclude(pk=self.pk).with_relations()
            other = others.filter(registration_url=self.registration_url).first()
            fault = f"Another session has this link: {other}." if other else None
        if fault:
            raise ValidationError({"registration_url": fault})

    @property
    def display_title(self) -> str:
        """Its own title, or else its track's name."""
        return self.title or self.track.name

    @property
    def time_range(self) -> str:
        """Its UK times: "3:30pm to 4:45pm"."""
        return time_range_words(self.starts_at, self.ends_at)

    @property
    def moved_from(self) -> datetime | None:
        """When it began before it was moved, if it was."""
        before = self.previous_starts_at
        return before if before != self.starts_at else None

    def facts(self) -> session_facts.SessionFacts:
        """Return it as plain values. Without `with_relations()` that takes queries of its own."""
        return session_facts.SessionFacts(
            id=self.pk,
            url=self.get_absolute_url(),
            track=self.track.slug,
            title=self.title,
            audience=self.track.audience,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            status=self.status,
            registration_url=self.registration_url,
            region_slug=self.region.slug if self.region else "",
            region_name=self.region.name if self.region else "",
            moved_from=self.moved_from,
        )


class RegistrationCheck(models.Model):
    """What a registration address answered when the worker last tried it."""

    url = models.CharField(max_length=500, unique=True)
    checked_at = models.DateTimeField()
    fault = models.CharField(
        max_length=300, blank=True, help_text="A sentence. Blank: nothing is known to be wrong."
    )

    class Meta:
        ordering = ("url",)

    def __str__(self) -> str:
        return self.url
