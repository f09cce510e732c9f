"""Imports the national register of schools and colleges."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils import timezone

from regions.actions.establishments import download_establishments, import_establishments
from regions.management.national_files import NationalFileCommand, Progress, Report
from regions.national.establishments import EstablishmentRegister


class Command(NationalFileCommand):
    help = (
        "Replaces all schools and colleges by those of the given CSV files: all establishments of "
        "Get Information about Schools (edubasealldata), any release. Several files make one "
        "register; of two rows with one URN the later file's stands. Import the postcodes first: "
        "they place the few establishments whose codes do not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--download",
            action="store_true",
            help="Fetch the register of today, or of yesterday, from ESTABLISHMENTS_URL.",
        )

    def import_files(
        self, files: Sequence[Path], progress: Progress, options: dict[str, Any]
    ) -> Report:
        """Replace the establishments; report what was skipped, and why."""
        return _report(
            import_establishments(files, allow_fewer=options["fewer"], progress=progress)
        )

    def download(self, progress: Progress, options: dict[str, Any]) -> Report:
        """Fetch the newest register and replace the establishments, if it is newer."""
        register = download_establishments(
            at=timezone.now(), allow_fewer=options["fewer"], progress=progress
        )
        if register is None:
            return ["Establishments: the newest register is in use already."]
        return _report(register)


def _report(register: EstablishmentRegister) -> Report:
    skipped = (f"{count:,} {reason}" for reason, count in register.skipped.items())
    stored = f"Establishments: {len(register.establishments):,} stored"
    return [f"{stored}; skipped: {', '.join(skipped) or 'none'}."]
