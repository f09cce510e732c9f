"""The parts of an edition as editors write them, and each save of a draft."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from guidance.drafts import DraftSection, DraftText
from guidance.models.editions import Edition
from guidance.text.ids import RESERVED_ANCHORS
from training.models import Track


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
        max_length=200,
        blank=True,
        help_text="The contents list shows it: say what a reader looks for. "
        "Only the first section may have none.",
    )
    anchor = models.SlugField(
        max_length=200,
        help_text="What stands after # in links to this section. Keep it when the heading changes.",
    )
    markdown = models.TextField(
        "text",
        blank=True,
        help_text="Markdown. Links to the outside go by key: [words](link:key). "
        "Govspeak's $CTA, $C, $A, $E, ^information^, %advice%, s1. steps and "
        "*[abbreviation]: what it stands for are understood too.",
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
                condition=Q(position=1) | ~Q(heading=""),
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

    def as_drafted(self) -> DraftSection:
        """Return what editors wrote in it."""
        return DraftSection(
            level=self.level,
            heading=self.heading,
            anchor=self.anchor,
            markdown=self.markdown,
            embed="" if self.embed == self.Embed.NONE else self.embed,
            track=self.track.slug if self.track else "",
        )


class DraftSave(models.Model):
    """One save of a draft: what it said then, so that nobody's text is lost to the next save.

    Kept until the draft is published or discarded; until then it also shows who wrote it.
    """

    draft = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="saves")
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said = models.JSONField(editable=False, help_text="See guidance/drafts.py.")

    class Meta:
        ordering = ("-saved_at", "-pk")

    def __str__(self) -> str:
        return f"{self.draft}, as {self.saved_by} saved it"

    def text(self) -> DraftText:
        """Return what the draft said then."""
        return DraftText.from_json(self.said)
