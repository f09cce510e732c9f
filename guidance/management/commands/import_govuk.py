"""Brings a page of GOV.UK's in, from its content items."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from guidance.actions.importing import import_items
from guidance.whitehall.content_item import ItemError, read_item


class Command(BaseCommand):
    help = (
        "Imports a page from GOV.UK content items (detailed_guide): one file a state of the page, "
        "the oldest first. Each becomes an edition; updates that no file holds are kept by date "
        "and note. Again, it adds nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            items = [read_item(_read(file), name=file.name) for file in options["files"]]
            done = import_items(items, at=timezone.now())
        except ItemError as error:
            raise CommandError(f"{error} Nothing was imported.") from error
        for note in done.not_carried:
            self.stdout.write(f"Not carried: {note}")
        self.stdout.write(
            f"Imported {done.slug}: {len(done.editions)} editions added, "
            f"{len(done.not_carried)} things not carried."
        )


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ItemError(f"{file} cannot be read: {error.strerror}.") from error
