"""Encrypts everything anew with the newest key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contact.actions.keys import rotate_keys
from contact.encryption import UndecryptableError


class Command(BaseCommand):
    help = (
        "Encrypts enquiries and notes anew with the first of FIELD_ENCRYPTION_KEYS, while the "
        "site serves. Put the new key first and keep the old ones; restart web and worker; run "
        "this; only then take the old keys away."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = rotate_keys()
        except UndecryptableError as error:
            raise CommandError(
                f"A row cannot be read: {error} Put the missing key back and run this again."
            ) from error
        self.stdout.write(f"{count} rows are encrypted with the newest key.")
