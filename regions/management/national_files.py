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
    """Takes files in, shows how far it is where somebody watches, and tells what it did."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    @abstractmethod
    def bring_in(self, files: Sequence[Path], progress: Callable[[int], None]) -> Iterable[str]:
        """Import the files and return what to say of it, line by line."""

    def handle(self, *args: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        total = sum(file.stat().st_size for file in files if file.is_file()) or 1
        shows = self.stderr.isatty()

        def show(done: int) -> None:
            if shows:
                self.stderr.write(f"\r{min(100, 100 * done // total)}% read", ending="")

        try:
            told = self.bring_in(files, show)
        except NationalFileError as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        if shows:
            self.stderr.write("")
        for line in told:
            self.stdout.write(line)
