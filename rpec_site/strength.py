"""Which settings are missing or too weak to serve the public with. Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

SECRET_KEY_LENGTH = 50
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def weaknesses(values: Mapping[str, object]) -> list[str]:
    """Return one sentence for each setting that is missing or weak, each beginning with its name.

    `values` holds the settings under their environment names; lists are sequences of `str`.
    """
    found = [
        _secret_key(str(values["SECRET_KEY"])),
        _allowed_hosts(_strings(values["ALLOWED_HOSTS"])),
        _site_url(str(values["SITE_URL"])),
        _encryption_keys(_strings(values["FIELD_ENCRYPTION_KEYS"])),
        *(
            _address(name, str(values[name]))
            for name in ("DEFAULT_FROM_EMAIL", "REPLY_TO_EMAIL", "NATIONAL_TEAM_EMAIL")
        ),
    ]
    return [sentence for sentence in found if sentence]


def _strings(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, Sequence) else []


def _secret_key(value: str) -> str:
    if not value:
        return "SECRET_KEY is missing: set it to at least 50 random characters."
    if len(value) < SECRET_KEY_LENGTH or len(set(value)) < 10 or "insecure" in value:
        return "SECRET_KEY is weak: it needs at least 50 random characters."
    return ""


def _allowed_hosts(hosts: list[str]) -> str:
    if not hosts:
        return "ALLOWED_HOSTS is missing: name the hosts that the site answers to."
    if "*" in hosts:
        return "ALLOWED_HOSTS is weak: '*' lets anyone choose the host in the site's links."
    return ""


def _site_url(value: str) -> str:
    if not value:
        return "SITE_URL is missing: set it to the site's public address."
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        return f"SITE_URL is not an address: {value!r}."
    if parts.scheme not in {"http", "https"} or not host or parts.path not in {"", "/"}:
        return f"SITE_URL is not an address like https://example.org: {value!r}."
    if parts.scheme == "http" and host not in LOOPBACK:
        return "SITE_URL is weak: it must be https anywhere but on this machine."
    return ""


def _encryption_keys(keys: list[str]) -> str:
    if not keys:
        return (
            "FIELD_ENCRYPTION_KEYS is missing: enquiries cannot be stored without a key. "
            "Make one with: python scripts/new_key.py"
        )
    for key in keys:
        try:
            Fernet(key)
        except ValueError:
            return (
                "FIELD_ENCRYPTION_KEYS is weak: each key is 32 random bytes in URL-safe base64. "
                "Make one with: python scripts/new_key.py"
            )
    return ""


def _address(name: str, value: str) -> str:
    local, at, domain = value.rpartition("@")
    if not value:
        return f"{name} is missing: set it to an e-mail address."
    if not (local and at and domain) or any(c.isspace() for c in domain.strip("> ")):
        return f"{name} is not an e-mail address: {value!r}."
    return ""
