"""Styles, scripts and pictures, by names that change with what is in them."""

from __future__ import annotations

from django.contrib.staticfiles.storage import staticfiles_storage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class CollectedFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's; but where nothing was collected, a page loses its styles and not its words.

    What is in a page may be where to get help: it must not fail for the want of a style sheet.
    `/health/ready` says that nothing was collected.
    """

    manifest_strict = False

    def load_manifest(self) -> tuple[dict[str, str], str]:
        """Return the names of what was collected; none where the list cannot be read."""
        try:
            return super().load_manifest()
        except (ValueError, OSError):
            return {}, ""

    def stored_name(self, name: str) -> str:
        """Return the name under which a file was collected, else its own."""
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name


def are_collected() -> bool:
    """Whether this process knows the names of what was collected (with DEBUG it needs none)."""
    return bool(getattr(staticfiles_storage, "hashed_files", True))
