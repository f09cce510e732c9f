"""What the commands that import national files have in common."""

from __future__ import annotations

from abc import abstractmethod
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from regions.national.files import NationalFileError


class NationalFileCommand(BaseCommand):
    """Imports files, shows its progress in a terminal, and reports what it did."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    @abstractmethod
    def import_files(self, files: Sequence[Path], progress: Callable[[int], None]) -> Iterable[str]:
        """Import the files and return the lines of the report."""

    def handle(self, *args: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        total = sum(file.stat().st_size for file in files if file.is_file()) or 1
        shows = self.stderr.isatty()

        def show(done: int) -> None:
            if shows:
                self.stderr.write(f"\r{min(100, 100 * done // total)}% read", ending="")

        try:
            report = self.import_files(files, show)
        except NationalFileError as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        if shows:
            self.stderr.write("")
        for line in report:
            self.stdout.write(line)
