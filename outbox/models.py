"""Messages that must arrive, and the ledger of what mail servers said."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

# By the database's clock. Longer than the longest conversation with a mail server (transports).
LEASE = timedelta(minutes=2)


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages, in words. Times are the database's, so that all workers agree."""

    def due(self) -> MessageQuerySet:
        """What a worker may claim now: what waits, and what a dead worker has left behind."""
        return self.filter(
            Q(state__in=Message.WAITING, due_at__lte=Now())
            | Q(state=Message.State.SENDING, lease_expires_at__lte=Now())
        )

    def undelivered(self) -> MessageQuerySet:
        """What has still to arrive."""
        return self.filter(state__in=(*Message.WAITING, Message.State.SENDING))

    def most_urgent_first(self) -> MessageQuerySet:
        return self.order_by("priority", "due_at", "pk")

    def newest_of_the_most_urgent_first(self) -> MessageQuerySet:
        return self.order_by("priority", "-pk")

    def to_colleagues(self) -> MessageQuerySet:
        """What goes before mail to those who write to us."""
        return self.filter(priority__lt=Message.Priority.REFERRAL)

    def being_sent_since(self, age: timedelta) -> MessageQuerySet:
        """What a worker has claimed within that time, and has not settled."""
        since = Now() + (LEASE - age)
        return self.filter(state=Message.State.SENDING, lease_expires_at__gte=since)


class Message(models.Model):
    """A mail to be sent: its kind and subject, never its words or its address."""

    class State(models.TextChoices):
        QUEUED = "queued", "waiting to be sent"
        SENDING = "sending", "being sent"
        ACCEPTED = "accepted", "accepted by the mail server"
        DEFERRED = "deferred", "not accepted yet; will be tried again"
        REJECTED = "rejected", "refused by the mail server"
        UNCERTAIN = "uncertain", "perhaps accepted; will be sent again"
        CANCELLED = "cancelled", "no longer wanted"

    WAITING = (State.QUEUED, State.DEFERRED, State.UNCERTAIN)

    class Priority(models.IntegerChoices):
        """Lower goes first."""

        URGENT = 10, "complex case"
        ENQUIRY = 20, "enquiry"
        # After all mail to colleagues: a stranger's mail server may be slow on purpose.
        REFERRAL = 25, "where to make a referral"
        SENDER = 30, "acknowledgement"
        BULK = 90, "newsletter"

    kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField(help_text="Of what the kind is about.")
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.ENQUIRY)
    state = models.CharField(max_length=20, choices=State, default=State.QUEUED)
    message_id = models.CharField(
        max_length=200, unique=True, help_text="The Message-ID, the same at each attempt."
    )
    domain = models.CharField(
        max_length=32,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="Keyed digest of the domain that it last went to: no slow one holds up others.",
    )
    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now(), help_text="When to try (again).")
    bounced_at = models.DateTimeField(
        null=True, blank=True, help_text="When it came back after it had been accepted."
    )
    claim = models.UUIDField(null=True, blank=True, help_text="The worker's present claim.")
    lease_expires_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "subject_id"),
                name="one_message_of_a_kind_about_a_subject",
            ),
            models.CheckConstraint(
                condition=Q(state="sending", claim__isnull=False, lease_expires_at__isnull=False)
                | (~Q(state="sending") & Q(claim__isnull=True, lease_expires_at__isnull=True)),
                name="message_being_sent_is_claimed_and_leased",
            ),
        )
        indexes = (
            models.Index(
                F("priority"),
                F("due_at"),
                name="message_waiting",
                condition=Q(state__in=("queued", "deferred", "uncertain", "sending")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}: {self.get_state_display()}"


class Attempt(models.Model):
    """One try to hand a message over, written before the server is spoken to."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(
        max_length=20, choices=Message.State, blank=True, help_text="Blank while under way."
    )
    server_said = models.TextField(blank=True, help_text="The server's words, addresses taken out.")

    class Meta:
        ordering = ("message", "number")
        constraints = (
            models.UniqueConstraint(fields=("message", "number"), name="attempts_are_numbered"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, outcome="")
                | (Q(finished_at__isnull=False) & ~Q(outcome="")),
                name="attempt_ends_with_an_outcome",
            ),
        )

    def __str__(self) -> str:
        return f"attempt {self.number}: {self.outcome or 'under way'}"


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    """Signs of life, in words. Times are the database's."""

    def youngest_age(self) -> timedelta | None:
        """Return how long ago a worker last gave a sign of life; None if none ever did.

        One that is there for mail to colleagues alone does not do what the others should.
        """
        for_all = self.filter(is_for_colleagues=False).annotate(age=Now() - F("at"))
        return for_all.order_by("-at").values_list("age", flat=True).first()


class Heartbeat(models.Model):
    """When a worker was last seen to go on with its work: a dead or hung one gives no sign."""

    worker = models.CharField(
        max_length=200, unique=True, help_text="The machine's name and the process's number."
    )
    is_for_colleagues = models.BooleanField(
        default=False, help_text="It sends mail to colleagues, and does nothing else."
    )
    at = models.DateTimeField(db_default=Now())

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.worker} at {self.at}"


class Pause(models.Model):
    """The queue stands still, because the mail server refuses our login. At most one row.

    Each attempt in the meantime would fail for the same reason, and a mended password would then
    be met by messages that have used up their tries.
    """

    THE_ONE = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE)
    since = models.DateTimeField(db_default=Now())
    reason = models.TextField(help_text="The server's words.")
    probe_at = models.DateTimeField(help_text="When to try the login again.")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="there_is_one_pause"),)

    def __str__(self) -> str:
        return "The queue stands still."
