"""What tells whether the present keys open what is stored, without opening an enquiry."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class KeyProof(models.Model):
    """A word sealed by a key that was in use. It goes when nothing is sealed by that key."""

    sealed = models.TextField()
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"key in use since {self.made_at:%Y-%m-%d}"
