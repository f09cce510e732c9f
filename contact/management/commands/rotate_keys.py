"""Encrypts everything anew with the newest key."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contact.actions.keys import forget_lost_keys, rotate_keys


class Command(BaseCommand):
    help = (
        "Encrypts enquiries and notes anew with the first of FIELD_ENCRYPTION_KEYS, while the "
        "site serves. Put the new key first and keep the old ones; restart web and worker; run "
        "this; only then take the old keys away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--accept-loss",
            action="store_true",
            help="A key is lost for good: /health/ready does not ask for it any more. What it "
            "sealed stays as it is, until it is erased in its time.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        rotated, unreadable = rotate_keys()
        if not unreadable:
            self.stdout.write(f"{rotated} rows are encrypted with the newest key.")
        elif options["accept_loss"]:
            forget_lost_keys()
            self.stdout.write(
                f"{rotated} rows are encrypted with the newest key; {unreadable} that no key opens "
                "stay as they are."
            )
        else:
            raise CommandError(
                f"{rotated} rows are encrypted with the newest key. {unreadable} cannot be read, "
                "and stay as they are: put the missing key back and run this again before you take "
                "any key away. If it is lost for good: --accept-loss."
            )
