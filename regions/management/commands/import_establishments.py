"""Imports the national register of schools and colleges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from regions.actions.establishments import import_establishments
from regions.management.national_files import NationalFileCommand


class Command(NationalFileCommand):
    help = (
        "Replaces all schools and colleges by those of the given CSV files: all establishments of "
        "Get Information about Schools (edubasealldata), any release. Several files make one "
        "register; of two rows with one URN the later file's stands. Import the postcodes first: "
        "they place the few establishments whose codes do not."
    )

    def import_files(self, files: Sequence[Path], progress: Callable[[int], None]) -> Iterable[str]:
        """Replace the establishments; report what was skipped, and why."""
        register = import_establishments(files, progress=progress)
        skipped = (f"{count:,} {reason}" for reason, count in register.skipped.items())
        stored = f"Establishments: {len(register.establishments):,} stored"
        return [f"{stored}; skipped: {', '.join(skipped) or 'none'}."]
