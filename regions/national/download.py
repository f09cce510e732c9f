"""Fetching a file over HTTPS: bounded in size and time, and resumed where it was cut off."""

from __future__ import annotations

import io
import re
import ssl
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from socket import gaierror, socket
from typing import Any, Final
from urllib.parse import quote, urljoin, urlsplit

from regions.national.files import NationalFileError

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_MEGABYTE: Final = 1_000_000
_CHUNK: Final = 1 << 16
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_GONE: Final = frozenset({404, 410})
# Answers that may be another one a moment later, beside those from 500 on.
_PASSING: Final = frozenset({408, 425, 429})
_RANGE_REFUSED: Final = 416
# Whole, and as it lies there: what is packed on the way cannot be resumed.
_HEADERS: Final = {
    "User-Agent": "RPEC-data",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
}
_DATED: Final = re.compile(r"\{date:([^{}]+)\}")
_RANGE: Final = re.compile(r"bytes (?P<first>[0-9]+)-(?P<last>[0-9]+)/(?P<total>[0-9]+|\*)")
_PLAIN: Final = "".join(map(chr, range(0x21, 0x7F)))
# What an address may be made of (RFC 3986), after its scheme.
_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")


class DownloadError(NationalFileError):
    """A file that could not be fetched; the message says why in a sentence."""


class NotThereError(DownloadError):
    """There is nothing at the address: it may be that there is not anything yet."""


class _CutOffError(Exception):
    """An answer that is not whole, or none: another try may get it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much.

    `connect_seconds` until there is a connection, `silence_seconds` until the next byte,
    `total_seconds` for all tries together; `size` in bytes; `tries` with `pause_seconds` between.
    """

    connect_seconds: float = 10
    silence_seconds: float = 30
    total_seconds: float = 20 * 60
    size: int = 1_000 * _MEGABYTE
    redirects: int = 5
    tries: int = 3
    pause_seconds: float = 3


def dated(address: str, day: date) -> str:
    """Return an address with the day in the place of `{date:FORMAT}`, a format of `strftime`."""
    return _DATED.sub(lambda found: day.strftime(found[1]), address)


def address_fault(address: str) -> str:
    """Return why a file may not be fetched from an address, in a sentence; "" where it may.

    It must be https; http does on this machine itself, where nobody stands in between.
    """
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or not _ADDRESS.fullmatch(address):
        return f"{address[:200]!r} is no address of the form https://example.org/file.csv."
    if parts.scheme == "http" and host not in LOOPBACK:
        return f"{address[:200]} is not safe: an address must begin with https://."
    return ""


def download(
    address: str,
    file: Path,
    *,
    limits: Limits | None = None,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Write what is at an address into a file. `progress` is called with the bytes so far.

    Raises NotThereError where the server knows of nothing there, and DownloadError for everything
    else; then what is in the file is of no use.
    """
    fault = address_fault(address)
    if fault:
        raise DownloadError(fault)
    limits = limits or Limits()
    # Without a buffer: a disk that is full says so when it is written to, not on closing.
    with file.open("wb", buffering=0) as target:
        transfer = _Transfer(address, target, limits, _Deadline(limits.total_seconds), progress)
        for number in range(limits.tries):
            if number:
                time.sleep(min(limits.pause_seconds, transfer.deadline.left()))
            try:
                transfer.try_it()
            except (OSError, HTTPException, _CutOffError) as error:
                reason = _in_words(error)
            else:
                return
            if not transfer.deadline.left():
                reason = f"it takes longer than {limits.total_seconds / 60:g} minutes"
                break
    raise DownloadError(f"The file could not be fetched from {urlsplit(address).netloc}: {reason}.")


class _Deadline:
    """The moment when all must be over."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return how many seconds are left; 0 when it is over."""
        return max(0.0, self._end - time.monotonic())

    def patience(self, seconds: float) -> float:
        """Return how long may be waited now, `seconds` at most. Raises TimeoutError when over."""
        left = self.left()
        if not left:
            raise TimeoutError
        return min(seconds, left)


class _TimedBytes(io.RawIOBase):
    """The bytes of a socket. However slowly they trickle, none is waited for past the deadline."""

    def __init__(self, raw: io.RawIOBase, sock: socket, patience: Callable[[], float]) -> None:
        self._raw, self._sock, self._patience = raw, sock, patience

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._patience())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


@dataclass
class _Transfer:
    """One file on its way here: what has come of it, and how the rest can be asked for."""

    address: str
    target: io.FileIO
    limits: Limits
    deadline: _Deadline
    progress: Callable[[int], None] | None
    # What the server calls this state of the file, where the rest of it can be asked for, and how
    # many bytes the file then has; 0 where it did not say.
    version: dict[str, str] = field(default_factory=dict)
    size: int = 0

    def try_it(self) -> None:
        """Fetch the file, or the rest of it, wherever the address leads.

        Raises OSError, HTTPException or _CutOffError where another try may help.
        """
        if not self.version:
            self._start_again()
        address = self.address
        for _ in range(self.limits.redirects + 1):
            with (
                closing(self._connection(address)) as connection,
                self._ask(connection, address) as answer,
            ):
                if answer.status not in _REDIRECTS:
                    self._take(answer, address)
                    return
                address = _redirected(address, answer)
        raise DownloadError(f"{self.address} leads from one address to the next without an end.")

    def _connection(self, address: str) -> HTTPConnection:
        """Return an open connection that obeys the deadline."""
        parts = urlsplit(address)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        seconds = self.deadline.patience(self.limits.connect_seconds)
        connection = kind(parts.hostname or "", parts.port, timeout=seconds)
        connection.response_class = self._timed_response  # type: ignore[assignment]
        return connection

    def _timed_response(self, sock: socket, *args: Any, **kwargs: Any) -> HTTPResponse:
        response = HTTPResponse(sock, *args, **kwargs)
        raw = response.fp.detach()
        response.fp = io.BufferedReader(
            _TimedBytes(raw, sock, lambda: self.deadline.patience(self.limits.silence_seconds))
        )
        return response

    def _ask(self, connection: HTTPConnection, address: str) -> HTTPResponse:
        parts = urlsplit(address)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        rest = {"Range": f"bytes={self.target.tell()}-"} if self.target.tell() else {}
        if rest:
            rest["If-Range"] = self.version.get("ETag") or self.version["Last-Modified"]
        try:
            connection.request("GET", path, headers=_HEADERS | rest)
            return connection.getresponse()
        except ssl.SSLCertVerificationError as error:
            raise DownloadError(
                f"{parts.netloc} cannot be trusted: {error.verify_message}."
            ) from error

    def _take(self, answer: HTTPResponse, address: str) -> None:
        """Write an answer's body to where it belongs."""
        if answer.status in _GONE:
            raise NotThereError(f"There is nothing at {address} (the answer is {answer.status}).")
        if answer.status == _RANGE_REFUSED:
            self._start_again()
        if answer.status >= 500 or answer.status in _PASSING | {_RANGE_REFUSED}:
            raise _CutOffError(f"its answer is {answer.status}")
        if answer.status not in {200, 206}:
            raise DownloadError(f"{address} gives no file: its answer is {answer.status}.")
        if answer.status == 200:
            self._start_again()
        elif not self._is_the_rest(answer):
            self._start_again()
            raise _CutOffError("it sends another part than was asked for")
        length = answer.length
        if length is None and not answer.chunked:
            raise DownloadError(f"{address} does not say how long the file is: it may be cut off.")
        if (length or 0) + self.target.tell() > self.limits.size:
            raise self._too_large()
        self.version = _version(answer)
        self.size = self.target.tell() + (length or 0)
        self._copy(answer, length)

    def _is_the_rest(self, answer: HTTPResponse) -> bool:
        """Whether a partial answer is what is still missing, of the same state of the file."""
        span = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        etag = self.version.get("ETag")
        return bool(
            span is not None
            and int(span["first"]) == self.target.tell()
            and span["total"] in {str(int(span["last"]) + 1), "*"}
            and self.version
            and self.size in {0, int(span["last"]) + 1}
            and (not etag or answer.headers.get("ETag", etag) == etag)
        )

    def _copy(self, answer: HTTPResponse, length: int | None) -> None:
        """Write the body; `length` is how many bytes it should have, None in chunks."""
        left = length
        while left is None or left > 0:
            chunk = answer.read1(_CHUNK if left is None else min(_CHUNK, left))
            if not chunk:
                break
            self._store(chunk)
            left = None if left is None else left - len(chunk)
            if self.target.tell() > self.limits.size:
                raise self._too_large()
            if self.progress:
                self.progress(self.target.tell())
        if left:
            done = self.target.tell()
            raise _CutOffError(f"it was cut off after {done:,} of {done + left:,} bytes")

    def _store(self, chunk: bytes) -> None:
        rest = memoryview(chunk)
        try:
            while rest:
                rest = rest[self.target.write(rest) :]
        except OSError as error:
            raise DownloadError(f"The file cannot be stored: {error.strerror}.") from error

    def _start_again(self) -> None:
        self.version = {}
        self.target.seek(0)
        self.target.truncate()

    def _too_large(self) -> DownloadError:
        return DownloadError(
            f"{self.address} is larger than {self.limits.size / _MEGABYTE:g} MB: "
            "that is not the file that we know."
        )


def _version(answer: HTTPResponse) -> dict[str, str]:
    """Return by what the rest of this state of the file can be asked for; nothing if by nothing."""
    if "bytes" not in answer.headers.get("Accept-Ranges", "") and answer.status != 206:
        return {}
    etag, modified = answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", "")
    named = {"ETag": "" if etag.startswith("W/") else etag, "Last-Modified": modified}
    return {name: value for name, value in named.items() if value}


def _redirected(address: str, answer: HTTPResponse) -> str:
    """Return where an answer leads. Raises DownloadError where nobody should follow."""
    # As a browser reads it: what is not plain is percent-encoded, octet by octet.
    location = answer.headers.get("Location", "").encode("latin-1", errors="replace")
    try:
        target = urljoin(address, quote(location, safe=_PLAIN))
    except ValueError:
        target = ""
    is_unsafe = target.startswith("http:") and not address.startswith("http:")
    if not location or address_fault(target) or is_unsafe:
        raise DownloadError(
            f"{address} leads on to {target[:200] or 'nowhere'}, which is no https address."
        )
    return target


def _in_words(error: Exception) -> str:
    """Return what went wrong as the end of a sentence."""
    if isinstance(error, _CutOffError):
        return str(error)
    if isinstance(error, gaierror):
        return "there is no server of that name"
    if isinstance(error, TimeoutError):
        return "it does not answer in time"
    if isinstance(error, ssl.SSLError):
        return "it offers no secure connection that we know"
    if isinstance(error, ConnectionRefusedError):
        return "it accepts no connection"
    if isinstance(error, OSError):
        return "the connection broke off"
    return "its answer cannot be read, or was cut off"
