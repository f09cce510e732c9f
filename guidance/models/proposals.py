"""What somebody proposes that only a second person may do."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from guidance.models.editions import Edition
from guidance.models.links import Link
from guidance.models.pages import Page


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Proposals, in words."""

    def by_others(self, user: User) -> ProposalQuerySet:
        """Those that this person may confirm, as far as they are not their own."""
        return self.exclude(proposed_by=user)

    def of(self, user: User) -> ProposalQuerySet:
        """Their own, which somebody else has to confirm."""
        return self.filter(proposed_by=user)


class Proposal(models.Model):
    """A change that waits for a second person: it is gone once confirmed, declined or taken back.

    One a page, an edition and a link. It is never altered: another one takes its place, so that
    nobody confirms what they have not seen.
    """

    class Kind(models.TextChoices):
        PUBLISH = "publish", "publish the draft"
        WITHDRAW = "withdraw", "withdraw the page"
        NOTE = "note", "correct the change note"
        ADDRESS = "address", "change the address"

    kind = models.CharField(max_length=10, choices=Kind)
    page = models.OneToOneField(Page, on_delete=models.CASCADE, null=True, blank=True)
    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, null=True, blank=True)
    link = models.OneToOneField(Link, on_delete=models.CASCADE, null=True, blank=True)
    text = models.TextField(
        "proposed",
        blank=True,
        help_text="The explanation of a withdrawal, the note, or the address.",
    )
    instead = models.ForeignKey(
        Page,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="read instead",
    )
    wanted_for = models.DateTimeField(
        null=True, blank=True, help_text="When a draft is to be published. Blank: at once."
    )
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ("proposed_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    kind="withdraw", page__isnull=False, edition__isnull=True, link__isnull=True
                )
                | Q(
                    kind__in=("publish", "note"),
                    page__isnull=True,
                    edition__isnull=False,
                    link__isnull=True,
                )
                | Q(kind="address", page__isnull=True, edition__isnull=True, link__isnull=False),
                name="proposal_is_about_one_row_of_its_kind",
                violation_error_message="A proposal is about one page, edition or link.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("publish", "address")) | ~Q(text=""),
                name="proposal_of_words_has_words",
                violation_error_message="Write what is proposed.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject}: {self.get_kind_display()}"

    @property
    def subject(self) -> Page | Edition | Link:
        """What it would change."""
        subject = self.page or self.edition or self.link
        assert subject is not None, "a constraint sees to it"
        return subject

    @property
    def before(self) -> str:
        """What stands now in the place of what is proposed, for a note or an address."""
        if self.edition and self.kind == self.Kind.NOTE:
            return Edition.objects.with_note().get(pk=self.edition.pk).note
        return self.link.address if self.link else ""
