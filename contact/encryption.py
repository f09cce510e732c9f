"""Encryption at rest, with keys that can be rotated."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class UndecryptableError(Exception):
    """None of the keys opens this value. The ciphertext is never given out instead."""


class Cipher:
    """Encrypts with the first key, decrypts with any.

    `keys` are Fernet keys, 32 bytes in URL-safe base64, the newest first.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._names = tuple(keys)
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def decrypt(self, token: str) -> str:
        """Return the text. Raises UndecryptableError."""
        try:
            # A broken row may hold something else than text.
            return self._fernet.decrypt(str(token).encode()).decode()
        except (InvalidToken, UnicodeError) as error:
            raise UndecryptableError("None of FIELD_ENCRYPTION_KEYS opens this value.") from error

    def opens(self, token: str) -> bool:
        """Whether one of the keys opens it."""
        try:
            self.decrypt(token)
        except UndecryptableError:
            return False
        return True

    def each_key(self) -> list[Cipher]:
        """Return a cipher of each key alone, the newest first."""
        return [Cipher([key]) for key in self._names]
