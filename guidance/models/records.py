"""What happens to editions beside their frozen words: each in a row of its own, by somebody."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from guidance.drafts import DraftText
from guidance.models.editions import Edition, Page


class DraftSave(models.Model):
    """One save of a draft: what it said then, so that nobody's text is lost to the next save.

    Kept until the draft is published or discarded; until then it also tells who wrote it.
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


class Withdrawal(models.Model):
    """Why a page does not hold any more, and where to read instead."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="withdrawal")
    explanation = models.TextField(
        help_text="Why the page was withdrawn, for its readers. Markdown."
    )
    instead = models.ForeignKey(
        Page,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="read instead",
        help_text="The page of this site that holds now, if there is one.",
    )
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, help_text="Blank: nobody knows any more."
    )
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cause = models.TextField(
        blank=True, help_text="Why it was withdrawn, where no person here did it."
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=False, cause="")
                | (Q(withdrawn_by__isnull=True) & ~Q(cause="")),
                name="edition_is_withdrawn_by_somebody_or_for_a_cause",
                violation_error_message="A withdrawal names who did it, or its cause, not both.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True) | Q(withdrawn_at__isnull=False),
                name="edition_is_withdrawn_by_somebody_at_a_time",
                violation_error_message="Say when it was withdrawn.",
            ),
            models.CheckConstraint(
                condition=~Q(explanation=""),
                name="withdrawal_is_explained",
                violation_error_message="Write why the page is withdrawn.",
            ),
        )

    def __str__(self) -> str:
        return f"withdrawal of {self.edition}"


class NoteCorrection(models.Model):
    """A change note put right. What it said before stays on the record."""

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
    """Words taken out of a published edition for a legal reason: an administrator's act.

    The words themselves are kept nowhere. The database lets frozen words change only while such
    a row is open (`0004_redaction_alone_thaws`), which it is inside one transaction.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="redactions")
    reason = models.CharField(
        max_length=300, help_text="Why, for readers. Do not name what is taken out."
    )
    places = models.PositiveIntegerField(help_text="How many places of the edition it changed.")
    is_open = models.BooleanField(default=False, editable=False)
    redacted_at = models.DateTimeField()
    redacted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("edition", "redacted_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="redaction_has_a_reason",
                violation_error_message="Write why the words are taken out.",
            ),
        )

    def __str__(self) -> str:
        return f"redaction of {self.edition}"
