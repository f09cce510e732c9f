"""What to run once after a backup of the database was restored."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from contact.mail import STAFF_KINDS
from outbox.actions import settle_after_restore


class Command(BaseCommand):
    help = (
        "Run this once after restoring a backup, before the worker starts. Of mail that the "
        "backup holds as unsent nobody knows what was sent since: what colleagues get is sent "
        "again, what strangers get is not. Where this machine's journal in var/ survived, it "
        "knows better: then nothing is sent twice and this command is not needed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        repeated, cancelled = settle_after_restore(kinds_to_repeat=STAFF_KINDS)
        self.stdout.write(
            f"{repeated} messages to colleagues will be sent again; {cancelled} to others will not."
        )
