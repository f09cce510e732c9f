"""Who looked for, gave out or erased a person's data, and when."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.models import User


class PersonalDataRequest(models.Model):
    """That somebody's data was looked for, given out or erased: by whom, when, and how much."""

    class Kind(models.TextChoices):
        FOUND = "found", "looked for"
        EXPORTED = "exported", "given out"
        ERASED = "erased", "erased"

    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    email_digest = models.CharField(max_length=64, help_text="Of the address, never the address.")
    count = models.PositiveIntegerField(help_text="How many enquiries.")

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y}: {self.get_kind_display()}"
