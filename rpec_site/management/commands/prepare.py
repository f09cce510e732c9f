"""Brings database and static files up to date with the code."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from contact.actions.keys import missing_keys, prove_keys


class Command(BaseCommand):
    help = (
        "Migrates, collects static files, loads reference data, published content and, with "
        "EXAMPLES=on, examples. Run it after each update; twice changes nothing."
    )
    # The tables that some checks read may not be there yet.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        settings.VAR_DIR.mkdir(exist_ok=True)
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("load_reference", stdout=self.stdout)
        self._load_postcodes()
        call_command("load_published", stdout=self.stdout)
        if settings.EXAMPLES:
            call_command("load_examples", stdout=self.stdout)
        self._look_at_keys()
        self.stdout.write("The site is up to date.")

    def _look_at_keys(self) -> None:
        prove_keys()
        if missing := missing_keys():
            self.stderr.write(
                f"FIELD_ENCRYPTION_KEYS does not open all that is stored: keys are missing: "
                f"{missing}. Put them back, behind the newest. Enquiries that no key opens can "
                "be handed over, closed and erased meanwhile, but not read."
            )

    def _load_postcodes(self) -> None:
        """Load the postcodes that come with the site. Without them the site runs all the same."""
        try:
            call_command("load_postcodes", stdout=self.stdout, stderr=self.stderr)
        except CommandError as error:
            self.stderr.write(f"{error} The site runs without them, and finds regions by names.")
