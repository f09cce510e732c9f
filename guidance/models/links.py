"""Links to the outside, which texts use by their keys."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from backoffice.checking import CheckedQuerySet

# They lead out of danger: a wrong address there is found by somebody who needs help now.
SAFETY_KEYS: Final = (
    "office-for-students",
    "ofs-serious-incidents",
    "prevent-referral",
    "report-extremism",
)


class LinkQuerySet(CheckedQuerySet["Link"]):
    """Links, in words."""

    def addresses(self) -> dict[str, str]:
        """Return each one's address by its key; a blank address is not known."""
        return dict(self.order_by("key").values_list("key", "address"))

    def out_of_danger(self) -> dict[str, str]:
        """Return the addresses that editors gave the links which lead out of danger, by key."""
        return self.filter(key__in=SAFETY_KEYS).exclude(address="").addresses()


class Link(models.Model):
    """A link to the outside that texts use by its key, so that its address is kept in one place."""

    key = models.SlugField(
        unique=True,
        help_text="What texts call it: [the words](link:this-key). Do not change it.",
    )
    label = models.CharField(max_length=150, help_text="What it leads to, in its owner's words.")
    address = models.CharField(
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["https", "http"])],
        help_text="Copied from the browser's address bar. "
        "Blank: readers see the words without a link.",
    )
    owner = models.CharField(
        max_length=120, help_text="Who runs that page: whom to ask when it moves."
    )
    checked_on = models.DateField(
        "last checked",
        null=True,
        blank=True,
        help_text="The day on which an editor last followed it and found the right page. "
        "It empties by itself when the address changes.",
    )
    note = models.TextField(blank=True, help_text="For editors. Readers never see it.")
    shipped = models.JSONField(
        default=dict,
        editable=False,
        help_text="What the site shipped with when it last loaded this link: "
        "what differs from it is an editor's, and stays.",
    )

    history = HistoricalRecords()

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ("key",)
        constraints = (
            models.CheckConstraint(
                condition=Q(address="")
                | Q(address__startswith="https://")
                | Q(address__startswith="http://"),
                name="link_address_is_http_or_blank",
                violation_error_message="The address must start with https:// or http://.",
            ),
            models.CheckConstraint(
                condition=Q(checked_on__isnull=True) | ~Q(address=""),
                name="link_without_address_is_unchecked",
                violation_error_message="A link without an address cannot have been checked.",
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def leads_out_of_danger(self) -> bool:
        """Whether it is one of those that get-help needs."""
        return self.key in SAFETY_KEYS

    @property
    def needs_second_person(self) -> bool:
        """Whether nobody may change its address alone."""
        return self.leads_out_of_danger and settings.SAFETY_LINKS_NEED_TWO
