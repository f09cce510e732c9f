"""Pages of guidance, and their editions with what those froze."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any, Final

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounts.models import User
from guidance.content import Content
from training.models import Track

# What a page's frame calls its own parts: a section of that name would make an id stand twice.
RESERVED_ANCHORS: Final = ("main-content", "contents-title", "notification", "updates", "q")


class PageQuerySet(models.QuerySet["Page"]):
    """Pages, in words."""

    def public(self) -> PageQuerySet:
        """Those with an edition that stands now."""
        return self.filter(editions__state=Edition.State.PUBLISHED)


class Page(models.Model):
    """A page of guidance: its address and settings. What it says is in its editions."""

    slug = models.SlugField(
        unique=True, help_text="The page's address under /guidance/; do not change it."
    )
    applies_to = models.CharField(
        max_length=60,
        default="England",
        help_text="Where the guidance holds, as the line below the title says it.",
    )

    history = HistoricalRecords()

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("guidance:page", args=[self.slug])

    def get_history_url(self) -> str:
        """Return the address of the list of its editions."""
        return reverse("guidance:history", args=[self.slug])


class EditionQuerySet(models.QuerySet["Edition"]):
    """Editions, in words."""

    def public(self) -> EditionQuerySet:
        """What readers may see: what stands, and what once stood."""
        return self.filter(state__in=Edition.PUBLIC_STATES)

    def live(self) -> EditionQuerySet:
        """Those that stand now: at most one a page."""
        return self.filter(state=Edition.State.PUBLISHED)

    def drafts(self) -> EditionQuerySet:
        """Those that editors still work on."""
        return self.filter(state=Edition.State.DRAFT)

    def open(self) -> EditionQuerySet:
        """Drafts and what is scheduled: at most one a page."""
        return self.filter(state__in=(Edition.State.DRAFT, Edition.State.SCHEDULED))

    def due(self, *, at: datetime) -> EditionQuerySet:
        """Those whose scheduled time has come."""
        return self.filter(state=Edition.State.SCHEDULED, scheduled_for__lte=at)

    def major(self) -> EditionQuerySet:
        """Those with a change note, which moved the page's date."""
        return self.filter(update_type=Edition.UpdateType.MAJOR)

    def newest_first(self) -> EditionQuerySet:
        """The latest published at the top."""
        return self.order_by("-published_at", "-number", "-pk")

    def oldest_first(self) -> EditionQuerySet:
        """In the order in which they were published."""
        return self.order_by("number")

    def without_content(self) -> EditionQuerySet:
        """Leave out what each one froze: a list need not carry whole pages."""
        return self.defer("content")

    def with_end(self) -> EditionQuerySet:
        """Add `ended_at`: when the page's next public edition took its place, or None."""
        following = Edition.objects.public().filter(
            page=OuterRef("page"), number__gt=OuterRef("number")
        )
        return self.annotate(
            ended_at=Subquery(following.order_by("number").values("published_at")[:1])
        )


class Edition(models.Model):
    """One state of a page. Once public, what it froze is never altered again."""

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        SCHEDULED = "scheduled", "scheduled"
        PUBLISHED = "published", "published"
        SUPERSEDED = "superseded", "superseded"
        WITHDRAWN = "withdrawn", "withdrawn"

    class UpdateType(models.TextChoices):
        MAJOR = "major", "major"
        MINOR = "minor", "minor"

    PUBLIC_STATES: Final = (State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN)

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Given when it is published, in that order; 1 is the oldest known update.",
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    update_type = models.CharField(
        max_length=5,
        choices=UpdateType,
        default=UpdateType.MAJOR,
        help_text="Major: has a change note, moves the page's date and is announced. "
        "Minor: none of these, but it is in the page's history all the same.",
    )
    change_note = models.TextField(
        blank=True, help_text="What changed and for whom, in a sentence that readers see."
    )
    cause = models.TextField(
        blank=True, help_text="Why it is there, in words, where no person published it."
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="published_editions",
    )
    scheduled_for = models.DateTimeField(null=True, blank=True)
    scheduled_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="scheduled_editions",
    )
    title = models.CharField(max_length=200, blank=True, help_text="The page's heading.")
    lead = models.TextField(blank=True, help_text="What the page is for, in one sentence.")
    is_text_held = models.BooleanField(
        "text held", default=True, help_text="Of some old updates only the date and note are known."
    )
    is_restated = models.BooleanField(
        "restated in our words",
        default=False,
        help_text="The page said this elsewhere, in other words, before this site existed.",
    )
    content = models.JSONField(
        null=True,
        blank=True,
        editable=False,
        help_text="What it froze when it was published: see guidance/content.py.",
    )

    # Only on what `with_end()` fetched.
    ended_at: datetime | None

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ("page", "number", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(number__gte=1),
                name="edition_numbers_start_at_1",
                violation_error_message="Editions are numbered from 1.",
            ),
            models.UniqueConstraint(
                fields=("page", "number"),
                name="edition_number_is_unique_on_its_page",
                violation_error_message="The page has an edition of this number already.",
            ),
            models.UniqueConstraint(
                fields=("page",),
                condition=Q(state="published"),
                name="edition_stands_alone_on_its_page",
                violation_error_message="Another edition of this page is published: "
                "it has to be superseded first.",
            ),
            models.UniqueConstraint(
                fields=("page",),
                condition=Q(state__in=("draft", "scheduled")),
                name="edition_has_no_other_draft_beside_it",
                violation_error_message="The page has an open draft already: "
                "publish or discard it first.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=("draft", "scheduled"), number__isnull=True)
                    & Q(published_at__isnull=True)
                )
                | (
                    Q(state__in=("published", "superseded", "withdrawn"), number__isnull=False)
                    & Q(published_at__isnull=False)
                ),
                name="edition_is_numbered_and_timed_once_published",
                violation_error_message="An edition gets its number and time when it is "
                "published, and not before.",
            ),
            models.CheckConstraint(
                condition=Q(scheduled_for__isnull=True, scheduled_by__isnull=True)
                | Q(scheduled_for__isnull=False, scheduled_by__isnull=False),
                name="edition_is_scheduled_by_somebody_for_a_time",
                violation_error_message="A scheduled edition names its time and who set it.",
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(scheduled_for__isnull=False),
                name="edition_that_is_scheduled_has_a_time",
                violation_error_message="Say when it is to be published.",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True, cause="")
                | (
                    Q(published_at__isnull=False)
                    & (
                        (Q(published_by__isnull=False) & Q(cause=""))
                        | (Q(published_by__isnull=True) & ~Q(cause=""))
                    )
                ),
                name="edition_is_published_by_somebody_or_for_a_cause",
                violation_error_message="A published edition names who published it, "
                "or its cause, and not both.",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True)
                | (Q(update_type="major") & ~Q(change_note=""))
                | Q(update_type="minor", change_note=""),
                name="edition_has_a_note_if_it_is_major",
                violation_error_message="A major update needs a change note; a minor one has none.",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, content__isnull=True)
                | Q(published_at__isnull=False, is_text_held=True, content__isnull=False)
                | Q(published_at__isnull=False, is_text_held=False, content__isnull=True),
                name="edition_freezes_the_text_that_is_held",
                violation_error_message="A published edition whose text is held has frozen "
                "content; no other has.",
            ),
            models.CheckConstraint(
                condition=Q(is_text_held=False) | ~Q(title=""),
                name="edition_with_text_has_a_title",
                violation_error_message="Give the edition a title.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.page}: {f'edition {self.number}' if self.number else self.state}"

    def get_absolute_url(self) -> str:
        """Return its address in the page's history. Only a public edition has one."""
        return reverse("guidance:edition", args=[self.page.slug, self.number])

    def get_comparison_url(self, old: Edition) -> str:
        """Return the address of what changed from an earlier edition of the page to this one."""
        return reverse("guidance:comparison", args=[self.page.slug, old.number, self.number])

    def get_change_url(self, before: Edition | None) -> str:
        """Return the address of what it changed, or its own where that cannot be told."""
        return self.get_comparison_url(before) if before else self.get_absolute_url()

    @property
    def is_public(self) -> bool:
        """Whether readers may see it."""
        return self.state in self.PUBLIC_STATES

    def fingerprint(self) -> str:
        """Return a digest of all that editors may have changed in it: it tells two saves apart."""
        columns = ("position", "level", "heading", "anchor", "markdown", "embed", "track_id")
        said = [self.title, self.lead, *self.sections.order_by("pk").values_list("pk", *columns)]
        return hashlib.blake2b(json.dumps(said).encode(), digest_size=12).hexdigest()

    def frozen(self) -> Content:
        """Return what it froze. Raises ValueError if it froze nothing: see `is_text_held`."""
        frozen: dict[str, Any] | None = self.content
        if frozen is None:
            raise ValueError(f"{self} has no frozen content.")
        return Content.from_json(frozen)


class Section(models.Model):
    """A part of an edition as editors write it. Readers see what the edition froze of it."""

    class Embed(models.TextChoices):
        NONE = "none", "nothing"
        REGIONS = "regions", "the regions"
        SESSIONS = "sessions", "the sessions of a track"

    class Level(models.IntegerChoices):
        HEADING = 2, "heading"
        SUBHEADING = 3, "subheading"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField(help_text="Its place on the page, from 1.")
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.HEADING)
    heading = models.CharField(
        max_length=200, help_text="The contents list shows it: say what a reader looks for."
    )
    anchor = models.SlugField(
        help_text="What stands after # in links to this section. Keep it when the heading changes."
    )
    markdown = models.TextField(
        "text", blank=True, help_text="Markdown. Links to the outside go by key: [words](link:key)."
    )
    embed = models.CharField(
        "shows below its text", max_length=10, choices=Embed, default=Embed.NONE
    )
    track = models.ForeignKey(
        Track,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose sessions it shows.",
    )

    class Meta:
        ordering = ("edition", "position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("edition", "position"),
                name="section_has_a_position_of_its_own",
                violation_error_message="Another section has this position.",
            ),
            models.UniqueConstraint(
                fields=("edition", "anchor"),
                name="section_has_an_anchor_of_its_own",
                violation_error_message="Another section has this anchor.",
            ),
            models.CheckConstraint(
                condition=~Q(anchor__in=("", *RESERVED_ANCHORS)),
                name="section_anchor_is_not_the_frame_s",
                violation_error_message="Choose another anchor: every page uses this one itself.",
            ),
            models.CheckConstraint(
                condition=Q(level__in=(2, 3)),
                name="section_level_is_2_or_3",
                violation_error_message="A section's heading is of level 2 or 3.",
            ),
            models.CheckConstraint(
                condition=~Q(heading=""),
                name="section_has_a_heading",
                violation_error_message="Give the section a heading.",
            ),
            models.CheckConstraint(
                condition=Q(embed__in=("none", "regions"), track__isnull=True)
                | Q(embed="sessions", track__isnull=False),
                name="section_shows_sessions_of_a_track",
                violation_error_message="Choose a track where sessions are shown, "
                "and none where they are not.",
            ),
        )

    def __str__(self) -> str:
        return self.heading
