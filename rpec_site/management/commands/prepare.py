"""Brings database and static files up to date with the code."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from contact.actions.keys import missing_keys, prove_keys
from rpec_site.static_files import are_collected


class Command(BaseCommand):
    help = (
        "Migrates, collects static files, loads reference data, published content and, with "
        "EXAMPLES=on, examples. Run it after each update; twice changes nothing."
    )
    # The tables that some checks read may not be there yet.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self._collect_static_files()
        _make_private(settings.VAR_DIR)
        if unknown := _unknown_migrations():
            # An earlier version that starts again beside a later one must not take its words back.
            self.stdout.write(
                f"The database belongs to a later version ({unknown[0]}): nothing was changed."
            )
            return
        call_command("migrate", verbosity=0)
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

    def _collect_static_files(self) -> None:
        """Collect them, but where they came with the image and may not be written."""
        is_written = os.access(settings.STATIC_ROOT, os.W_OK) or not settings.STATIC_ROOT.exists()
        if is_written:
            call_command("collectstatic", interactive=False, verbosity=0)
        elif not are_collected():
            raise CommandError(f"{settings.STATIC_ROOT} is empty and may not be written.")

    def _load_postcodes(self) -> None:
        """Load the postcodes that come with the site. Without them the site runs all the same."""
        try:
            call_command("load_postcodes", stdout=self.stdout, stderr=self.stderr)
        except CommandError as error:
            self.stderr.write(f"{error} The site runs without them, and finds regions by names.")


def _make_private(folder: Path) -> None:
    """Make the folder of what the site keeps, and keep other accounts out of it.

    Whoever wants to let a group in, for backups, may: that is not taken back.
    """
    os.umask(0o077)
    folder.mkdir(exist_ok=True)
    mode = folder.stat().st_mode
    if mode & 0o007:
        folder.chmod(mode & 0o770)


def _unknown_migrations() -> list[str]:
    """Return the migrations that the database has had and this version does not know."""
    loader = MigrationLoader(connection)
    return sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in loader.migrated_apps
        and (app, name) not in loader.disk_migrations
        and not any((app, name) in found.replaces for found in loader.disk_migrations.values())
    )
