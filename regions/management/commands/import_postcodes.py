"""Imports the national postcode directory."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from regions.actions.postcodes import download_postcodes, import_postcodes
from regions.management.national_files import NationalFileCommand, Progress, Report
from regions.models import PostcodeSector
from regions.national.directory import PostcodeDirectory


class Command(NationalFileCommand):
    help = (
        "Replaces all postcodes by those of the given CSV files: the ONS Postcode Directory or the "
        "National Statistics Postcode Lookup, any release from 2018 on. Several files make one "
        "directory; of two rows for one postcode the later file's stands."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--download",
            nargs="?",
            const="",
            metavar="URL",
            help="Fetch the directory (CSV or ZIP) from this address, or from POSTCODES_URL.",
        )
        parser.add_argument(
            "--older",
            action="store_true",
            help="Take what is fetched though it is older than what is in use.",
        )

    def import_files(
        self, files: Sequence[Path], progress: Progress, options: dict[str, Any]
    ) -> Report:
        """Replace the postcodes; report what disagrees and what was skipped."""
        return _report(import_postcodes(files, allow_fewer=options["fewer"], progress=progress))

    def download(self, progress: Progress, options: dict[str, Any]) -> Report:
        """Fetch a directory and replace the postcodes."""
        address = options["download"] or settings.POSTCODES_URL
        if not address:
            raise CommandError("Name the address to fetch from, or set POSTCODES_URL.")
        return _report(
            download_postcodes(
                address,
                at=timezone.now(),
                allow_fewer=options["fewer"],
                allow_older=options["older"],
                progress=progress,
            )
        )


def _report(directory: PostcodeDirectory) -> Report:
    disagreements, skipped = directory.disagreements.items(), directory.skipped.items()
    return [
        *(f"Disagreement: {what}: {count} postcodes" for what, count in disagreements),
        *(f"Skipped: {count} {what}" for what, count in skipped),
        f"Postcodes: {directory.read} read, in {PostcodeSector.objects.count()} rows.",
    ]
