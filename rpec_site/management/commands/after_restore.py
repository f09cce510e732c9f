"""What to run once after a backup of the database was restored."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from contact.mail import NEVER_DROPPED
from outbox.actions import settle_after_restore


class Command(BaseCommand):
    help = (
        "Run this once after restoring a backup, before the worker starts. Of mail that the "
        "backup holds as unsent nobody knows what was sent since: what colleagues get is sent "
        "again, and the reply that says where to make a referral; what else strangers get is not. "
        "Where this machine's journal in var/ survived, it "
        "knows better: then nothing is sent twice and this command is not needed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        repeated, cancelled = settle_after_restore(kinds_to_repeat=NEVER_DROPPED)
        self.stdout.write(
            f"{repeated} messages to colleagues or about referrals will be sent again; "
            f"{cancelled} to others will not."
        )
