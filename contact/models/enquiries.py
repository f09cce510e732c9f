"""Enquiries, as senders wrote them and as they were routed."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from contact.fields import EncryptedTextField
from contact.models.lists import NoticeList
from contact.models.sealed import SealedManager, SealedQuerySet
from outbox.addresses import mailbox_key
from regions.models import Area, Post, Region


def address_digest(address: str) -> str:
    """Return a keyed digest of an e-mail address: it finds a sender without storing who it is.

    It is of the address that mail goes to, so every spelling of that finds and counts alike.
    """
    digest = salted_hmac(
        "contact.address",
        mailbox_key(address),
        secret=settings.DIGEST_KEY,
        algorithm="sha256",
    )
    return digest.hexdigest()


class EnquiryQuerySet(SealedQuerySet["Enquiry"]):
    """Enquiries, in words."""

    def visible_to(self, user: User | AnonymousUser, *, on: date) -> EnquiryQuerySet:
        """Those that this person may see on that day.

        The national team sees all, others those of the regions whose posts they hold or cover.
        """
        if not user.is_active or not user.is_authenticated:
            return self.none()
        if user.has_perm("contact.view_every_enquiry"):
            return self.all()
        return self.filter(region__in=Post.objects.answered_by(user, on=on).values("region"))

    def open(self) -> EnquiryQuerySet:
        """Those that somebody has still to answer, held ones among them."""
        return self.filter(state__in=Enquiry.OPEN)

    def overdue(self, *, on: date) -> EnquiryQuerySet:
        """Open ones whose last day to answer lies before that day."""
        return self.open().filter(due_on__lt=on)

    def unreadable(self) -> EnquiryQuerySet:
        """Those of which no key opens what was typed, or a colleague's note."""
        return self.filter(unreadable_since__isnull=False)


class Enquiry(models.Model):
    """One message to a co-ordinator. What was typed is encrypted; what routes it is not."""

    class State(models.TextChoices):
        NEW = "new", "new"
        ACKNOWLEDGED = "acknowledged", "acknowledged"
        ANSWERED = "answered", "answered"
        CLOSED = "closed", "closed"
        HELD = "held", "held"

    OPEN = (State.NEW, State.ACKNOWLEDGED, State.HELD)

    class Setting(models.TextChoices):
        EARLY_YEARS = "early-years", "Early years"
        SCHOOL = "school", "School, academy, trust or alternative provision"
        FURTHER_EDUCATION = "further-education", "College or sixth form"
        HIGHER_EDUCATION = (
            "higher-education",
            "University or other higher education provider",
        )
        TRAINING_PROVIDER = "training-provider", "Independent training provider"
        LOCAL_AUTHORITY = "local-authority", "Local authority"
        OTHER = "other", "Something else"

    class Topic(models.TextChoices):
        TRAINING = "training", "Training"
        NEWSLETTER = "newsletter", "The regional newsletter"
        COMPLEX_CASE = "complex-case", "Help with a complex radicalisation case"
        IMPROVEMENT = "improvement", "Improving after monitoring found concerns"
        INCIDENT = "incident", "An incident"
        PREVENT_ADVOCATE = "prevent-advocate", "A Prevent advocate to speak to us"
        LOCAL_RISK = "local-risk", "The risk in our area"
        GOOD_PRACTICE_FORUM = "good-practice-forum", "A good-practice forum"
        OTHER = "other", "Something else"

    reference = models.CharField(max_length=14, unique=True)
    submission = models.CharField(
        max_length=64,
        unique=True,
        help_text="Keyed digest of the form's token and values: a double click stores one.",
    )
    received_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=20, choices=State, default=State.NEW)

    full_name = EncryptedTextField()
    email = EncryptedTextField("e-mail address")
    email_digest = models.CharField(max_length=64, db_index=True)
    telephone = EncryptedTextField(blank=True)
    role = EncryptedTextField(blank=True)
    organisation = EncryptedTextField()
    place = EncryptedTextField(blank=True)
    message = EncryptedTextField(blank=True)

    setting = models.CharField(max_length=20, choices=Setting)
    topic = models.CharField(max_length=20, choices=Topic)

    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        related_name="enquiries",
        help_text="None: several regions, so it went to the national team.",
    )
    area = models.ForeignKey(Area, on_delete=models.SET_NULL, null=True, related_name="+")
    post = models.ForeignKey(
        Post,
        on_delete=models.SET_NULL,
        null=True,
        related_name="enquiries",
        help_text="The post that it was for when it came.",
    )
    reason = models.TextField(help_text="Why it was routed there.")
    is_override = models.BooleanField(
        "chosen against the place",
        default=False,
        help_text="The sender chose another region than the place's own.",
    )

    due_on = models.DateField(help_text="The last working day on which to answer it.")
    assigned_to = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    last_step_at = models.DateTimeField(
        default=timezone.now, help_text="When somebody last did something with it."
    )
    held_because = models.CharField(max_length=200, blank=True)
    is_referral = models.BooleanField(
        default=False, help_text="Its sender was told how to make a Prevent referral."
    )
    is_kept = models.BooleanField(
        "legal hold", default=False, help_text="It is not erased while this holds."
    )
    has_notice_bounced = models.BooleanField(
        default=False, help_text="Mail to a colleague about it did not arrive."
    )
    needs_telephone = models.BooleanField(
        "telephone the sender", default=False, help_text="Mail to the sender does not arrive."
    )
    network = models.CharField(
        max_length=64,
        blank=True,
        db_index=True,
        help_text="Keyed digest of the network it came from; blank after a day.",
    )

    unreadable_since = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Since when it is known that no key opens what was typed, or a note.",
    )
    notice_list = models.ForeignKey(
        NoticeList,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="enquiries",
        help_text="The one notice that tells of it and others; None: it has a notice of its own.",
    )

    objects = SealedManager.from_queryset(EnquiryQuerySet)()

    class Meta:
        verbose_name_plural = "enquiries"
        ordering = ("-received_at", "-pk")
        permissions = (
            ("view_every_enquiry", "Can view every region's enquiries"),
            ("handle_personal_data", "Can find, export, erase and keep a person's data"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(region__isnull=False) | Q(area__isnull=True, post__isnull=True),
                name="enquiry_for_several_regions_has_no_area_or_post",
            ),
            models.CheckConstraint(
                condition=Q(reference__regex=r"^[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}$"),
                name="enquiry_reference_is_well_formed",
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def is_urgent(self) -> bool:
        """Complex cases go before everything else."""
        return self.topic == self.Topic.COMPLEX_CASE

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def region_name(self) -> str:
        return self.region.name if self.region else "Several regions"


# Complex cases, then what is open, the longest waiting first; then the rest.
MOST_URGENT_FIRST = (
    Case(
        When(state__in=Enquiry.OPEN, topic=Enquiry.Topic.COMPLEX_CASE, then=Value(0)),
        When(state__in=Enquiry.OPEN, then=Value(1)),
        default=Value(2),
    ).asc(),
    "due_on",
    "received_at",
    "pk",
)
