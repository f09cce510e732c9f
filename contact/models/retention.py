"""What remains of enquiries that were erased: counts without persons."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from contact.models.enquiries import Enquiry
from regions.models import Region


class ErasedTotal(models.Model):
    """How many enquiries of a month, region and topic were erased: no person is in a count."""

    month = models.DateField(help_text="The first day of the month in which they came.")
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    topic = models.CharField(max_length=20, choices=Enquiry.Topic)
    count = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0, help_text="Those that had been answered.")

    class Meta:
        ordering = ("-month", "region", "topic")
        constraints = (
            models.UniqueConstraint(
                fields=("month", "region", "topic"),
                name="one_total_a_month_region_and_topic",
            ),
            models.UniqueConstraint(
                fields=("month", "topic"),
                condition=Q(region__isnull=True),
                name="one_total_a_month_and_topic_of_several_regions",
            ),
            models.CheckConstraint(
                condition=Q(answered__lte=models.F("count")),
                name="no_more_answered_than_erased",
            ),
        )

    def __str__(self) -> str:
        return f"{self.month:%B %Y}: {self.count}"
