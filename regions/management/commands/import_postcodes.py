"""Imports the national postcode directory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from regions.actions.postcodes import import_postcodes
from regions.management.national_files import NationalFileCommand
from regions.models import PostcodeSector


class Command(NationalFileCommand):
    help = (
        "Replaces all postcodes by those of the given CSV files: the ONS Postcode Directory or the "
        "National Statistics Postcode Lookup, any release from 2018 on. Several files make one "
        "directory; of two rows for one postcode the later file's stands."
    )

    def import_files(self, files: Sequence[Path], progress: Callable[[int], None]) -> Iterable[str]:
        """Replace the postcodes; report what disagrees and what was skipped."""
        directory = import_postcodes(files, progress=progress)
        disagreements, skipped = directory.disagreements.items(), directory.skipped.items()
        return [
            *(f"Disagreement: {what}: {count} postcodes" for what, count in disagreements),
            *(f"Skipped: {count} {what}" for what, count in skipped),
            f"Postcodes: {directory.read} read, in {PostcodeSector.objects.count()} rows.",
        ]
