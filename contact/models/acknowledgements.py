"""How often mail goes to the address that a sender typed: it may be a stranger's."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models, transaction

# Whoever's address was typed in, however often and from wherever: no more than this reaches it.
BETWEEN_ACKNOWLEDGEMENTS = timedelta(minutes=15)
ACKNOWLEDGEMENTS_A_DAY = 3
DAY = timedelta(days=1)


class AcknowledgedAddressManager(models.Manager["AcknowledgedAddress"]):
    """Whose turn it is to write to an address."""

    @transaction.atomic
    def take_turn(self, *, digest: str, enquiry_id: int, at: datetime) -> bool:
        """Whether the enquiry's acknowledgement may go to its address now; if so, count it.

        The row's lock makes two workers take turns. The same enquiry, tried again, counts once.
        """
        self.get_or_create(email_digest=digest)
        row = self.select_for_update().get(email_digest=digest)
        now = at.timestamp()
        others = {
            key: sent
            for key, sent in row.sent.items()
            if key != str(enquiry_id) and abs(now - sent) < DAY.total_seconds()
        }
        may = len(others) < ACKNOWLEDGEMENTS_A_DAY and all(
            abs(now - sent) >= BETWEEN_ACKNOWLEDGEMENTS.total_seconds() for sent in others.values()
        )
        row.sent = {**others, str(enquiry_id): now} if may else others
        row.save()
        return may

    def forget_before(self, at: datetime) -> None:
        """Drop addresses that nothing was sent to for a day: the digest is needed no longer."""
        self.filter(last_at__lt=at - DAY).delete()


class AcknowledgedAddress(models.Model):
    """When acknowledgements went to an address in the last day: nobody shall flood a stranger."""

    email_digest = models.CharField(max_length=64, unique=True)
    sent = models.JSONField(
        default=dict, help_text="Enquiry → seconds since 1970, of the last day."
    )
    last_at = models.DateTimeField(auto_now=True)

    objects = AcknowledgedAddressManager()

    class Meta:
        verbose_name_plural = "acknowledged addresses"

    def __str__(self) -> str:
        return f"{len(self.sent)} acknowledgements"
