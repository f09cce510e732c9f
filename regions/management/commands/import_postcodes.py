"""Brings the national postcode directory in."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from regions.actions import import_postcodes
from regions.models import PostcodeSector
from regions.postcodes import DirectoryError


class Command(BaseCommand):
    help = (
        "Replaces all postcodes by those of the given CSV files: the ONS Postcode Directory or the "
        "National Statistics Postcode Lookup, any release from 2018 on. Several files make one "
        "directory; of two rows for one postcode the later file's stands."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        total = sum(file.stat().st_size for file in files if file.is_file()) or 1
        shows = self.stderr.isatty()

        def show(done: int) -> None:
            if shows:
                self.stderr.write(f"\r{min(100, 100 * done // total)}% read", ending="")

        try:
            directory = import_postcodes(files, progress=show)
        except DirectoryError as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        if shows:
            self.stderr.write("")
        for told, count in directory.disagreements.items():
            self.stdout.write(f"Disagreement: {told}: {count} postcodes")
        for told, count in directory.skipped.items():
            self.stdout.write(f"Skipped: {count} {told}")
        self.stdout.write(
            f"Postcodes: {directory.read} read, in {PostcodeSector.objects.count()} rows."
        )
