"""What the commands that import national files have in common."""

from __future__ import annotations

from abc import abstractmethod
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from regions.national.files import NationalFileError

Report = Iterable[str]
Progress = Callable[[int], None]


class NationalFileCommand(BaseCommand):
    """Imports or fetches files, shows its progress in a terminal, and reports what it did."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        parser.add_argument(
            "--fewer",
            action="store_true",
            help="Take it though it has far fewer rows than are in use.",
        )

    @abstractmethod
    def import_files(
        self, files: Sequence[Path], progress: Progress, options: dict[str, Any]
    ) -> Report:
        """Import the files and return the lines of the report."""

    @abstractmethod
    def download(self, progress: Progress, options: dict[str, Any]) -> Report:
        """Fetch the file and import it; return the lines of the report."""

    def handle(self, *args: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        # An option without a value is "", one that is not there None or False.
        is_download = options["download"] not in (None, False)
        if is_download == bool(files):
            raise CommandError("Name one or more files, or --download, and not both.")
        if is_download and not settings.OUTGOING_ACCESS:
            raise CommandError(
                "This site may not call out: set OUTGOING_ACCESS to on, or fetch the file by other "
                "means and name it here. Nothing was changed."
            )
        try:
            if is_download:
                report = self.download(self._show_megabytes, options)
            else:
                total = sum(file.stat().st_size for file in files if file.is_file()) or 1
                report = self.import_files(files, lambda done: self._show(done, total), options)
        except NationalFileError as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        if self.stderr.isatty():
            self.stderr.write("")
        for line in report:
            self.stdout.write(line)

    def _show(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{min(100, 100 * done // total)}% read", ending="")

    def _show_megabytes(self, done: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done // 1_000_000:,} MB", ending="")
