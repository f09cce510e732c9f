"""Posts, the co-ordinators who hold them, and the days on which they are away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from accounts.models import User
from outbox.validators import validate_deliverable
from regions import recipients
from regions.models.places import Region


class Coordinator(models.Model):
    """A person who holds a post. Shown to readers only with their consent."""

    name = models.CharField(max_length=200, help_text="For colleagues; readers see it by consent.")
    email = models.EmailField(
        "e-mail address",
        validators=[validate_deliverable],
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

    history = HistoricalRecords()

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

    def answered_by(self, user: User, *, on: date) -> PostQuerySet:
        """Those that this person holds, or covers on that day."""
        mine = self.model.objects.filter(holder__user=user)
        away = Absence.objects.on(on)
        return self.filter(
            Q(holder__user=user)
            | Q(is_vacant=True, covered_by__in=mine)
            | Q(absences__in=away, absences__covered_by__in=mine)
            | Q(absences__in=away.filter(covered_by__isnull=True), covered_by__in=mine)
        )

    def facts(self) -> list[recipients.PostFacts]:
        """Return what routing must know of each post."""
        return [post.facts() for post in self.with_facts()]

    def recipient(self, region_slug: str, setting: str, *, on: date) -> recipients.Recipient:
        """Return who gets an enquiry from `setting` in a region on that day (Europe/London).

        Wants all posts: one of another region may cover.
        """
        return recipients.recipient(region_slug, setting, on, self.facts())

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

    @property
    def remit(self) -> str:
        """Which settings it serves, in words; "" for all of them: no source says that of a post."""
        return "" if self.post.remit == Post.Remit.ALL else self.post.get_remit_display()

    @property
    def says_more(self) -> bool:
        """Whether there is anything to say of it but its name."""
        changed = self.post.is_vacant or self.is_away or self.covered_by or not self.is_answered
        return bool(self.person or self.remit or changed)


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
        validators=[validate_deliverable],
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

    def clean(self) -> None:
        """Refuse a post as its own cover: a form leaves out the constraint that says so."""
        super().clean()
        if self.pk and self.covered_by_id == self.pk:
            raise ValidationError({"covered_by": "A post cannot cover itself."})

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

    history = HistoricalRecords()

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

    def clean(self) -> None:
        """Refuse cover by the post itself: a form leaves out the constraint that says so."""
        super().clean()
        if self.post_id and self.covered_by_id == self.post_id:
            raise ValidationError({"covered_by": "A post cannot cover its own absence."})

    def facts(self) -> recipients.AbsenceFacts:
        """Return what routing must know of it."""
        return recipients.AbsenceFacts(self.first_day, self.last_day, self.covered_by_id)


class PostChange(models.Model):
    """One mail about a change of where a post's enquiries go: to whom, and what it tells.

    The address that held before stands nowhere else once it has been changed.
    """

    recipient = models.EmailField()
    title = models.CharField(max_length=250, help_text="Which post, as it was called then.")
    lines = models.TextField(help_text="What changed, a line each.")
    who = models.CharField(max_length=500, help_text="Who changed it: name and address.")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.title}, to {self.recipient}"
