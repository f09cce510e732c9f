"""Why a page does not hold any more."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from guidance.models.editions import Edition
from guidance.models.pages import Page


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
