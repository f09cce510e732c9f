"""The journal: what this machine's worker has handed over, recorded outside the database.

A database that is restored from a backup has forgotten what was sent since; so has one whose
worker died between the server's "250" and its own note. The journal has not.
"""

from __future__ import annotations

import logging
import os
import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path

logger = logging.getLogger(__name__)

_SOUND = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,120}")


class Journal:
    """An empty file for each message that a server accepted, named by its Message-ID.

    Nothing personal: a Message-ID is a time and a random number. Where the folder cannot be
    read or written, mail is sent all the same and only this safeguard is lost.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, message_id: str) -> None:
        """Record that the server has accepted the message: before anything else is done."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            file = os.open(self._path(message_id), os.O_CREAT | os.O_WRONLY, 0o600)
            try:
                os.fsync(file)
            finally:
                os.close(file)
        except OSError as error:
            logger.error("The journal cannot be written: %s", error.strerror)

    def has(self, message_id: str) -> bool:
        """Whether the message was handed over from this machine, as far as can be seen."""
        path = self._path(message_id)
        try:
            path.stat()
        except FileNotFoundError:
            return False
        except OSError as error:
            logger.error("The journal cannot be read: %s", error.strerror)
            return False
        return True

    def forget_before(self, time: datetime) -> int:
        """Delete what is older than `time` (aware); return for how many messages."""
        dropped = 0
        for path in self._folder.glob("*"):
            # Another worker may be clearing it at the same moment.
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < time.timestamp():
                    path.unlink()
                    dropped += 1
        return dropped

    def _path(self, message_id: str) -> Path:
        name = message_id.partition("@")[0]
        if not _SOUND.fullmatch(name):
            raise ValueError("Not a Message-ID of ours.")
        return self._folder / name
