"""Regions, areas, places that people type, posts and the co-ordinators who hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounts.models import User
from regions import finder, recipients


class RegionQuerySet(models.QuerySet["Region"]):
    """Regions, in words."""

    def served_by(self, user: User, *, on: date) -> RegionQuerySet:
        """The regions whose posts this person holds, or covers on that day."""
        mine = Post.objects.filter(holder__user=user)
        away = Absence.objects.on(on)
        return self.filter(
            Q(posts__in=mine)
            | Q(posts__is_vacant=True, posts__covered_by__in=mine)
            | Q(posts__absences__in=away, posts__absences__covered_by__in=mine)
            | Q(
                posts__absences__in=away.filter(covered_by__isnull=True),
                posts__covered_by__in=mine,
            )
        ).distinct()

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

    def with_targets(self) -> PlaceQuerySet:
        """Fetch where each place points along with it."""
        return self.prefetch_related(
            models.Prefetch(
                "targets",
                PlaceTarget.objects.select_related("area__region", "region").order_by(
                    "position", "pk"
                ),
            )
        )

    def facts(self, keys: Sequence[str]) -> list[finder.PlaceFacts]:
        """Return what the finder must know of the places whose key is among `keys`."""
        return [place.facts() for place in self.filter(key__in=keys).order_by("pk").with_targets()]


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
        self.key = finder.normalise(self.name)
        if not self.key:
            raise ValidationError({"name": "Write a name with letters or digits in it."})
        if Place.objects.filter(key=self.key).exclude(pk=self.pk).exists():
            raise ValidationError({"name": "There is a place of this name already."})

    def facts(self) -> finder.PlaceFacts:
        """Return what the finder must know of it. Wants `with_targets()`."""
        return finder.PlaceFacts(
            key=self.key,
            name=self.stands_for or self.name,
            kind=self.kind,
            targets=tuple(target.facts() for target in self.targets.all()),
            outside_england=self.is_outside_england,
        )


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

    def facts(self) -> finder.Target:
        """Return what the finder must know of it."""
        if self.area:
            return finder.Target(
                region_slug=self.area.region.slug,
                region_name=self.area.region.name,
                region_position=self.area.region.position,
                area_slug=self.area.slug,
                area_name=self.area.name,
                in_england=self.area.is_in_england,
                label=self.label,
            )
        assert self.region is not None
        return finder.Target(
            region_slug=self.region.slug,
            region_name=self.region.name,
            region_position=self.region.position,
            label=self.label,
        )


class Coordinator(models.Model):
    """A person who holds a post. Shown to readers only with their consent."""

    name = models.CharField(max_length=200, help_text="For colleagues; readers see it by consent.")
    email = models.EmailField(
        "e-mail address",
        help_text="Where enquiries go if the post has no mailbox. Never shown to readers.",
    )
    user = models.OneToOneField(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="coordinator",
        help_text="The account that they sign in with, to see their region's enquiries.",
    )
    biography = models.TextField(blank=True, help_text="Two or three sentences for readers.")
    shows_name = models.BooleanField(
        "agrees to be named",
        default=False,
        help_text="Tick only if they agree that their name and biography are public.",
    )

    class Meta:
        verbose_name = "co-ordinator"
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class PostQuerySet(models.QuerySet["Post"]):
    """Posts, in words."""

    def with_facts(self) -> PostQuerySet:
        """Fetch what `Post.facts` reads along with the posts."""
        return self.select_related("region", "holder").prefetch_related("absences")

    def facts(self) -> list[recipients.PostFacts]:
        """Return what routing must know of each post."""
        return [post.facts() for post in self.with_facts()]

    def lines(self, region: Region, *, on: date) -> list[PostLine]:
        """Return the region's posts as readers see them on that day."""
        posts = {post.pk: post for post in self.with_facts()}
        facts = {key: post.facts() for key, post in posts.items()}
        lines = []
        for post in posts.values():
            if post.region_id != region.pk:
                continue
            answering = recipients.answering_post(facts[post.pk], on, facts)
            lines.append(
                PostLine(
                    post=post,
                    is_away=facts[post.pk].absence(on) is not None,
                    covered_by=posts[answering.id]
                    if answering and answering.id != post.pk
                    else None,
                    is_answered=answering is not None,
                )
            )
        return lines


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post on its region's page: nobody's name without consent, nobody's address ever."""

    post: Post
    is_away: bool
    covered_by: Post | None
    is_answered: bool

    @property
    def person(self) -> Coordinator | None:
        """The holder, if they agreed to be named."""
        holder = self.post.holder
        return holder if holder and holder.shows_name else None


class Post(models.Model):
    """A co-ordinator's job in a region. Posts persist while people change."""

    class Remit(models.TextChoices):
        ALL = recipients.Remit.ALL.value, "all settings"
        SCHOOLS = recipients.Remit.SCHOOLS.value, "early years and schools"
        FURTHER_AND_HIGHER = (
            recipients.Remit.FURTHER_AND_HIGHER.value,
            "further and higher education and training providers",
        )

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(
        max_length=120,
        default="Regional Prevent education co-ordinator",
        help_text="As readers see it.",
    )
    remit = models.CharField(
        "serves",
        max_length=20,
        choices=Remit,
        default=Remit.ALL,
        help_text="A region with one post serves all settings. With several, the first in order "
        "also gets what none of the others serves.",
    )
    position = models.PositiveSmallIntegerField(
        default=1, help_text="Its place within the region, from 1."
    )
    mailbox = models.EmailField(
        blank=True,
        help_text="Where its enquiries go. Blank: to the holder's own address. "
        "Never shown to readers.",
    )
    holder = models.ForeignKey(
        Coordinator,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
        help_text="Who does the job now.",
    )
    is_vacant = models.BooleanField(
        "vacant",
        default=False,
        help_text="Tick while nobody does the job. Enquiries then go to whoever covers, "
        "or to the national team.",
    )
    covered_by = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="covers",
        help_text="The post that gets its enquiries while it is vacant or its holder is away.",
    )

    history = HistoricalRecords()

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ("region__position", "position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(is_vacant=False) | Q(holder__isnull=True),
                name="vacant_post_has_no_holder",
                violation_error_message="A post with a holder is not vacant: "
                "remove the holder, or untick vacant.",
            ),
            models.CheckConstraint(
                condition=Q(covered_by__isnull=True) | ~Q(covered_by=F("id")),
                name="post_is_not_its_own_cover",
                violation_error_message="A post cannot cover itself.",
            ),
            models.CheckConstraint(
                condition=Q(is_vacant=True) | Q(holder__isnull=False) | ~Q(mailbox=""),
                name="filled_post_can_be_written_to",
                violation_error_message="Give the post a mailbox or a holder, "
                "or tick that it is vacant.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.region.name}: {self.title}"

    def facts(self) -> recipients.PostFacts:
        """Return what routing must know of it. Wants `with_facts()`."""
        return recipients.PostFacts(
            id=self.pk,
            region=self.region.slug,
            position=self.position,
            remit=recipients.Remit(self.remit),
            mailbox=self.mailbox,
            holder_address=self.holder.email if self.holder else "",
            is_vacant=self.is_vacant,
            covered_by=self.covered_by_id,
            absences=tuple(absence.facts() for absence in self.absences.all()),
        )


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Absences, in words."""

    def on(self, day: date) -> AbsenceQuerySet:
        """Those that hold on that day."""
        return self.filter(Q(last_day__isnull=True) | Q(last_day__gte=day), first_day__lte=day)


class Absence(models.Model):
    """Days on which a post's holder is away. Cover starts and ends with them by itself."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="absences")
    first_day = models.DateField(help_text="The first day away.")
    last_day = models.DateField(
        null=True, blank=True, help_text="The last day away. Blank: until further notice."
    )
    covered_by = models.ForeignKey(
        Post,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="absences_covered",
        help_text="Blank: the post's usual cover, else the national team.",
    )

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ("first_day", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="absence_ends_after_it_starts",
                violation_error_message="The last day is before the first.",
            ),
            models.CheckConstraint(
                condition=Q(covered_by__isnull=True) | ~Q(covered_by=F("post")),
                name="absence_is_not_covered_by_its_own_post",
                violation_error_message="A post cannot cover its own absence.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.post}: from {self.first_day}"

    def facts(self) -> recipients.AbsenceFacts:
        """Return what routing must know of it."""
        return recipients.AbsenceFacts(self.first_day, self.last_day, self.covered_by_id)
