"""Which settings are missing or too weak to serve the public with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from email.utils import parseaddr
from ipaddress import ip_network
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

from outbox.addresses import ascii_address
from regions.national.download import address_fault, dated

SECRET_KEY_LENGTH = 50
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
# Not where readers go: the admin must not hide a page of the site.
_ADMIN_PATH = re.compile(
    r"(?!(?:api|contact|components|guidance|health|regions|static|training)/)[A-Za-z0-9-]+/"
)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_ANY_DAY = date(2026, 1, 31)


def weaknesses(values: Mapping[str, object]) -> list[str]:
    """Return one sentence for each setting that is missing or weak, each beginning with its name.

    `values` holds the settings under their environment names; lists are sequences of `str`.
    """
    sentences = [
        _secret_key("SECRET_KEY", str(values["SECRET_KEY"])),
        # Blank, it is SECRET_KEY, of which one sentence is enough.
        values["DIGEST_KEY"] != values["SECRET_KEY"]
        and _secret_key("DIGEST_KEY", str(values["DIGEST_KEY"])),
        _allowed_hosts(_strings(values["ALLOWED_HOSTS"])),
        _site_url(str(values["SITE_URL"])),
        _encryption_keys(_strings(values["FIELD_ENCRYPTION_KEYS"])),
        _address("DEFAULT_FROM_EMAIL", parseaddr(str(values["DEFAULT_FROM_EMAIL"]))[1]),
        _address("REPLY_TO_EMAIL", str(values["REPLY_TO_EMAIL"])),
        _address("NATIONAL_TEAM_EMAIL", str(values["NATIONAL_TEAM_EMAIL"])),
    ]
    return [sentence for sentence in sentences if sentence]


def _strings(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, Sequence) else []


def _secret_key(name: str, value: str) -> str:
    if not value:
        return f"{name} is missing: set it to at least 50 random characters."
    if len(value) < SECRET_KEY_LENGTH or len(set(value)) < 16 or "insecure" in value:
        return f"{name} is weak: it needs at least 50 random characters."
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
    extras = parts.query or parts.fragment or parts.username or parts.path not in {"", "/"}
    if parts.scheme not in {"http", "https"} or not host or extras:
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
    if not value:
        return f"{name} is missing: set it to an e-mail address."
    try:
        ascii_address(value)
    except ValueError:
        return f"{name} is not one e-mail address: {value!r}."
    return ""


def _source(name: str, value: str) -> str:
    fault = value and address_fault(dated(value, _ANY_DAY))
    return fault and f"{name} cannot be fetched from: {fault}"


def faults(values: Mapping[str, object]) -> list[str]:
    """Return one sentence for each setting that no site could run with, DEBUG or not."""
    sentences = []
    for name, least, most in (
        ("PORT", 1, 65_535),
        ("WEB_CONCURRENCY", 1, 64),
        # No driver of PostgreSQL gives up sooner than after two seconds.
        ("DATABASE_CONNECT_SECONDS", 2, 60),
        ("DATABASE_LOCK_SECONDS", 1, 600),
        ("DATABASE_STATEMENT_SECONDS", 1, 3_600),
        ("DATABASE_READER_SECONDS", 1, 60),
        ("DATABASE_IDLE_SECONDS", 1, 3_600),
        ("DATABASE_SILENCE_SECONDS", 1, 3_600),
        ("ENQUIRY_RETENTION_DAYS", 1, 36_500),
        ("ENQUIRIES_AN_HOUR_BY_SENDER", 1, 1_000_000),
        ("ENQUIRIES_AN_HOUR_BY_NETWORK", 1, 1_000_000),
        ("COMPLEX_CASE_NOTICES_AN_HOUR", 1, 1_000_000),
        ("WORKERS", 1, 16),
    ):
        number = values[name]
        if not isinstance(number, int) or not least <= number <= most:
            sentences.append(f"{name} must be from {least} to {most}, not {number}.")
    if values["LOG_LEVEL"] not in LOG_LEVELS:
        sentences.append(f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}.")
    if not _ADMIN_PATH.fullmatch(str(values["ADMIN_PATH"])):
        sentences.append("ADMIN_PATH must be letters, digits and hyphens, and no page of the site.")
    if urlsplit(str(values["OFFICIAL_PAGE_URL"])).scheme not in {"https", "http"}:
        sentences.append("OFFICIAL_PAGE_URL must be an address that begins with https://.")
    if values["BOUNCE_EMAIL"]:
        sentences.append(_address("BOUNCE_EMAIL", str(values["BOUNCE_EMAIL"])))
    sentences += [
        _source(name, str(values[name])) for name in ("ESTABLISHMENTS_URL", "POSTCODES_URL")
    ]
    for proxy in _strings(values["TRUSTED_PROXIES"]):
        try:
            ip_network(proxy)
        except ValueError:
            sentences.append(f"TRUSTED_PROXIES holds something other than IP addresses: {proxy!r}.")
    return [sentence for sentence in sentences if sentence]


def doubts(
    site_url: str, allowed_hosts: Sequence[str], trusted_proxies: Sequence[str]
) -> list[str]:
    """Return one sentence for each setting with which few sites would work, as they are.

    A proxy that sends another host on, or that runs on this machine, may be why: no refusal.
    """
    parts = urlsplit(site_url)
    host = parts.hostname or ""
    sentences = []
    if not any(
        name in {"*", host, f"[{host}]"} or (name.startswith(".") and f".{host}".endswith(name))
        for name in map(str.lower, allowed_hosts)
    ):
        sentences.append(
            f"ALLOWED_HOSTS does not name the host of SITE_URL, {host}: whoever asks for it is "
            "answered 400."
        )
    if parts.scheme == "https" and not trusted_proxies:
        sentences.append(
            "TRUSTED_PROXIES is blank: only a proxy on this machine is believed that a reader came "
            "by https; behind any other all are sent to https again and again."
        )
    return sentences
