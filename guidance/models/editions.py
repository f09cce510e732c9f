"""Editions: what each one froze, and what happened to it after it was published."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any, Final

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse

from accounts.models import User
from govuk.dates import in_london
from govuk.lines import with_plain_breaks
from guidance.content import Content
from guidance.drafts import DraftText
from guidance.models.pages import Page

if TYPE_CHECKING:
    from guidance.models.withdrawals import Withdrawal


class EditionQuerySet(models.QuerySet["Edition"]):
    """Editions, in words."""

    def public(self) -> EditionQuerySet:
        """What readers may see: what stands, and what once stood."""
        return self.filter(state__in=Edition.PUBLIC_STATES)

    def live(self) -> EditionQuerySet:
        """Those that stand now: at most one a page."""
        return self.filter(state=Edition.State.PUBLISHED)

    def shown(self) -> EditionQuerySet:
        """What a page's address shows: the live one, or one withdrawn with nothing after it."""
        later = Exists(Edition.objects.after_the_outer())
        return self.filter(
            Q(state=Edition.State.PUBLISHED) | Q(state=Edition.State.WITHDRAWN) & ~later
        )

    def after_the_outer(self) -> EditionQuerySet:
        """For a subquery: the public ones of the outer edition's page that came after it."""
        return self.public().filter(page=OuterRef("page"), number__gt=OuterRef("number"))

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

    def on_public_pages(self) -> EditionQuerySet:
        """Those of pages with an edition that stands now."""
        return self.filter(page__in=Page.objects.public())

    def newest_first(self) -> EditionQuerySet:
        """The latest published at the top."""
        return self.order_by("-published_at", "-number", "-pk")

    def oldest_first(self) -> EditionQuerySet:
        """In the order in which they were published."""
        return self.order_by("number")

    def without_content(self) -> EditionQuerySet:
        """Leave out what each one froze: a list need not carry whole pages."""
        return self.defer("content")

    def with_note(self) -> EditionQuerySet:
        """Add, in the same query, its note as it reads now, its withdrawal and `is_redacted`."""
        corrections = NoteCorrection.objects.filter(edition=OuterRef("pk"))
        newest = corrections.order_by("-corrected_at", "-pk")
        return self.select_related("withdrawal__instead").annotate(
            corrected_note=Subquery(newest.values("note")[:1]),
            is_redacted=Exists(Redaction.objects.filter(edition=OuterRef("pk"))),
        )

    def with_records(self) -> EditionQuerySet:
        """Fetch what happened to each along with it: withdrawal, corrections, redactions."""
        return self.with_note().prefetch_related("note_corrections", "redactions")

    def with_end(self) -> EditionQuerySet:
        """Add `ended_at`: when the page's next public edition took its place, or None."""
        following = Edition.objects.after_the_outer().order_by("number")
        return self.annotate(ended_at=Subquery(following.values("published_at")[:1]))


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
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="published_editions"
    )
    scheduled_for = models.DateTimeField(null=True, blank=True)
    scheduled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="scheduled_editions"
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

    # Only on what `with_end()` and `with_note()` fetched.
    ended_at: datetime | None
    corrected_note: str | None
    is_redacted: bool

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
        """Return the address of what it changed, or its own where that is not known."""
        return self.get_comparison_url(before) if before else self.get_absolute_url()

    @property
    def is_public(self) -> bool:
        """Whether readers may see it."""
        return self.state in self.PUBLIC_STATES

    @property
    def note(self) -> str:
        """Its change note as it reads now, corrections included. Needs `with_note()`."""
        return with_plain_breaks(self.corrected_note or self.change_note)

    @property
    def knows_time(self) -> bool:
        """Whether the time of day of its publication is known; of some restated ones it is not."""
        at = self.published_at
        return at is not None and not (self.is_restated and in_london(at).time() == time())

    @property
    def withdrawn(self) -> Withdrawal | None:
        """Why and when the page was withdrawn while it said this, or None."""
        return getattr(self, "withdrawal", None)

    def text(self) -> DraftText:
        """Return all that editors wrote in it, as Markdown."""
        return DraftText(
            title=self.title,
            lead=self.lead,
            sections=tuple(
                section.as_drafted()
                for section in self.sections.select_related("track").order_by("position", "pk")
            ),
        )

    def frozen(self) -> Content:
        """Return what it froze. Raises ValueError if it froze nothing: see `is_text_held`."""
        frozen: dict[str, Any] | None = self.content
        if frozen is None:
            raise ValueError(f"{self} has no frozen content.")
        return Content.from_json(frozen)


class NoteCorrection(models.Model):
    """A corrected change note. What it said before stays on record."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="note_corrections")
    note = models.TextField(help_text="What the note says from now on.")
    corrected_at = models.DateTimeField()
    corrected_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("edition", "corrected_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(note=""),
                name="corrected_note_is_not_blank",
                violation_error_message="Write what the note should say.",
            ),
        )

    def __str__(self) -> str:
        return self.note


class Redaction(models.Model):
    """Words of a published edition taken out for a legal reason, by an administrator.

    Or put right by a migration, where a restated edition told what the page had not said: then a
    cause stands in the place of the person. The words themselves are stored nowhere. The database
    lets frozen words change only while such a row is open (`0004_redaction_alone_thaws`), which it
    is inside one transaction.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="redactions")
    reason = models.CharField(
        max_length=300, help_text="Why, for readers. Do not name what is taken out."
    )
    places = models.PositiveIntegerField(help_text="How many places of the edition it changed.")
    is_open = models.BooleanField(default=False, editable=False)
    redacted_at = models.DateTimeField()
    redacted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cause = models.TextField(
        blank=True,
        db_default="",
        editable=False,
        help_text="Why its words were put right, where no person did it.",
    )

    class Meta:
        ordering = ("edition", "redacted_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(redacted_by__isnull=False, cause="")
                | (Q(redacted_by__isnull=True) & ~Q(cause="")),
                name="redaction_is_by_somebody_or_for_a_cause",
                violation_error_message="A redaction names who did it, or its cause, not both.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="redaction_has_a_reason",
                violation_error_message="Write why the words are taken out.",
            ),
        )

    def __str__(self) -> str:
        return f"redaction of {self.edition}"
