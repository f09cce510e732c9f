"""Loads the postcode directory that comes with the requirements, where there is none."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from regions.actions.postcodes import load_packaged_postcodes
from regions.national.files import NationalFileError


class Command(BaseCommand):
    help = (
        "Loads the ONS Postcode Directory that comes with the requirements, unless it is loaded or "
        "another one was imported."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        shows = self.stderr.isatty()

        def show(done: int) -> None:
            if shows:
                self.stderr.write(f"\rPostcodes: {done}% read", ending="")

        try:
            directory = load_packaged_postcodes(progress=show)
        except NationalFileError as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        if directory is None:
            self.stdout.write("Postcodes: there is nothing to load.")
            return
        if shows:
            self.stderr.write("")
        self.stdout.write(f"Postcodes: {directory.kept} loaded.")
