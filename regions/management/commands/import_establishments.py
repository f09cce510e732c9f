"""Brings the national register of schools and colleges in."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from regions.actions import import_establishments
from regions.establishments import RegisterError


class Command(BaseCommand):
    help = (
        "Replaces all schools and colleges by those of the given CSV files: all establishments of "
        "Get Information about Schools (edubasealldata), any release. Several files make one "
        "register; of two rows with one URN the later file's stands. Import the postcodes first: "
        "they place the few establishments whose codes do not."
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
            register = import_establishments(files, progress=show)
        except RegisterError as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        if shows:
            self.stderr.write("")
        skipped = (f"{count:,} {reason}" for reason, count in register.skipped.items())
        self.stdout.write(
            f"Establishments: {len(register.establishments):,} stored; "
            f"skipped: {', '.join(skipped) or 'none'}."
        )
