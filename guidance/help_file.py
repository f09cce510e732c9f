"""The addresses that lead out of danger, in a file: /get-help/ asks no database."""

from __future__ import annotations

import json
import logging
import os
import tempfile
from contextlib import suppress
from pathlib import Path

logger = logging.getLogger(__name__)


def read_addresses(file: Path) -> dict[str, str]:
    """Return each link's address by its key; nothing where the file is missing or holds no such."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        key: address
        for key, address in found.items()
        if isinstance(address, str) and address.startswith(("https://", "http://"))
    }


def write_addresses(file: Path, addresses: dict[str, str]) -> bool:
    """Put the file in the place of the one before, whole or not at all; return whether that went.

    Where it did not, the page tells the addresses before: that is logged, and no reason to fail.
    """
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as new:
                json.dump(addresses, new, indent=1, sort_keys=True)
                new.flush()
                os.fsync(new.fileno())
            Path(name).replace(file)
        except OSError:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        logger.error("The addresses of /get-help/ cannot be kept: %s", error.strerror)
        return False
    return True
