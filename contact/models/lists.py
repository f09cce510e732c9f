"""One notice for many complex cases, where one sender or network sends too many."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from regions.models import Region


class NoticeList(models.Model):
    """Complex cases of which the co-ordinator is told by one mail.

    It takes in more until its mail is made; then it is closed, and the next one begins another.
    """

    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="None: several regions, so it goes to the national team.",
    )
    setting = models.CharField(max_length=20, help_text="It decides which post of the region.")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("region", "setting"),
                name="notice_list_open",
                condition=models.Q(closed_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"list of {self.opened_at:%Y-%m-%d %H:%M}"
