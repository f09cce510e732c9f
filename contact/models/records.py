"""Who did what with an enquiry and when, and what remains of one that is erased."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from contact.fields import EncryptedTextField
from contact.models.enquiries import Enquiry
from regions.models import Region


class Event(models.Model):
    """One step of an enquiry's handling. It is erased with the enquiry."""

    class Kind(models.TextChoices):
        SHOWN = "shown", "read"
        TAKEN = "taken", "taken on"
        ASSIGNED = "assigned", "given to"
        ANSWERED = "answered", "marked as answered"
        CLOSED = "closed", "closed"
        REOPENED = "reopened", "opened again"
        HELD = "held", "held"
        RELEASED = "released", "released"
        HANDED_OVER = "handed-over", "handed over"
        REFERRED = "referred", "answered as a referral"
        NOTED = "noted", "note"
        KEPT = "kept", "put under legal hold"
        FREED = "freed", "freed from legal hold"
        REMINDED = "reminded", "overdue: the co-ordinator was reminded"
        ESCALATED = "escalated", "overdue: the national team was told"
        NOTICE_BOUNCED = "notice-bounced", "the co-ordinator's mail came back"
        REPLY_BOUNCED = "reply-bounced", "mail to the sender came back"
        WARNED = "warned", "the national team was told that it will be erased"

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="None: the site itself.",
    )
    to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    from_region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = EncryptedTextField(blank=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.enquiry}: {self.get_kind_display()}"


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
