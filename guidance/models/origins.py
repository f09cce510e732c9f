"""Where editions came from that were not written here."""

from __future__ import annotations

from django.db import models

from accounts.models import User
from guidance.models.editions import Edition
from guidance.models.pages import Page


class Origin(models.Model):
    """The content item of GOV.UK's that an edition was imported from, as far as we keep it."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="origin")
    content_id = models.UUIDField()
    base_path = models.CharField(max_length=512)
    first_published_at = models.DateTimeField(null=True)
    public_updated_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    kept = models.JSONField(help_text="What we neither show nor change, and give back as it came.")

    class Meta:
        ordering = ("edition",)

    def __str__(self) -> str:
        return f"{self.base_path} of {self.updated_at}"


class Arrival(models.Model):
    """What a draft was imported from: its page's states on GOV.UK, brought in with its publication.

    Until then readers see nothing of it, its history least of all.
    """

    draft = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="arrival")
    states = models.JSONField(help_text="Name and source of each content item, oldest first.")
    arrived_at = models.DateTimeField()
    arrived_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.draft}, imported"


class EarlierNote(models.Model):
    """A change note of which nobody knows the day, from before a page's first edition."""

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="earlier_notes")
    position = models.PositiveSmallIntegerField(help_text="1 is the newest of them.")
    note = models.TextField()

    class Meta:
        ordering = ("page", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("page", "position"), name="earlier_note_has_a_position_of_its_own"
            ),
        )

    def __str__(self) -> str:
        return self.note
