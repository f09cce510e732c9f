"""Who did what with an enquiry, and when."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Length
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from accounts.models import User
from contact.fields import EncryptedTextField
from contact.models.enquiries import Enquiry
from contact.models.sealed import SealedManager, SealedQuerySet
from regions.models import Post, Region


class EventQuerySet(SealedQuerySet["Event"]):
    """Steps of enquiries, in words."""

    def with_notes(self) -> EventQuerySet:
        """The same with `has_note`: whether there is a note, which needs no key to be said."""
        stored = Cast("note", models.TextField())
        return self.annotate(has_note=GreaterThan(Length(stored), 0))

    def unheard(self) -> EventQuerySet:
        """Mail to the national team that did not arrive, where nobody has taken a step since."""
        lost = self.filter(kind=Event.Kind.TEAM_NOT_REACHED, at__gte=F("enquiry__last_step_at"))
        return lost.exclude(enquiry__state=Enquiry.State.CLOSED)

    def of_leaving(self, user: User, enquiry_id: int, *, on: date) -> Event | None:
        """Return the hand-over by which an enquiry left somebody who could see it, or None.

        They could where it left a region that they answer for on that day, or where they took an
        earlier step of it themselves. What became of it afterwards is not theirs to know.
        """
        steps = self.filter(enquiry_id=enquiry_id)
        handed = steps.filter(kind=Event.Kind.HANDED_OVER).select_related("to_region")
        regions = Post.objects.answered_by(user, on=on).values("region")
        left = handed.filter(from_region__in=regions).last()
        if left is not None:
            return left
        own = steps.filter(Q(by=user) | Q(to=user)).last()
        return handed.filter(at__gte=own.at).first() if own else None


class Event(models.Model):
    """One step of an enquiry's handling. It is erased with the enquiry."""

    class Kind(models.TextChoices):
        SHOWN = "shown", "read"
        TAKEN = "taken", "taken on"
        ASSIGNED = "assigned", "given to"
        UNASSIGNED = "unassigned", "given back, because the account ended of"
        ANSWERED = "answered", "marked as answered"
        CLOSED = "closed", "closed"
        REOPENED = "reopened", "opened again"
        HELD = "held", "held"
        RELEASED = "released", "released"
        HANDED_OVER = "handed-over", "handed over"
        REFERRED = "referred", "answered as a referral"
        NOTED = "noted", "note"
        LEGAL_HOLD_BEGUN = "kept", "put under legal hold"
        LEGAL_HOLD_ENDED = "freed", "freed from legal hold"
        REMINDED = "reminded", "overdue: the co-ordinator was reminded"
        ESCALATED = "escalated", "overdue: the national team was told"
        COLLEAGUE_NOT_REACHED = "notice-bounced", "mail to a colleague did not arrive"
        SENDER_NOT_REACHED = "reply-bounced", "mail to the sender did not arrive"
        MAYBE_RETURNED = "maybe-returned", "a mail came that may be a bounce"
        LATE = "late", "mail about it was late: the national team was told"
        TEAM_NOT_REACHED = "team-not-reached", "mail to the national team did not arrive"
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

    objects = SealedManager.from_queryset(EventQuerySet)()

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.enquiry}: {self.get_kind_display()}"
