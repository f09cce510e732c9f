"""Transports of mail: to an SMTP server, or as a file into a folder."""

from __future__ import annotations

import os
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any, BinaryIO, Protocol, Self

# A conversation that takes longer is given up, well within the lease. RFC 5321 (4.5.3.2) allows
# each step minutes; another attempt is worth more here than a long wait.
CONVERSATION_SECONDS = 90
STEP_SECONDS = 20
# No answer of a mail server is longer; one that does not end would fill the memory.
ANSWER_LINES = 200
ANSWER_BYTES = 64 * 1024


class DeferredError(Exception):
    """Not accepted now; the same mail may be accepted later."""


class RejectedError(Exception):
    """Refused for good."""


class UncertainError(Exception):
    """The server had the whole mail, or may have had it, and then said nothing."""


class LoginRefusedError(Exception):
    """The server does not let us in: no message is at fault, and none would be accepted."""


# What servers answer to a wrong login, or to none where they want one (RFC 4954).
LOGIN_REFUSALS = frozenset({530, 534, 535, 538})


class Transport(Protocol):
    """A way to hand mail over."""

    def deliver(self, message: EmailMessage, *, sender: str, recipient: str) -> str:
        """Return the words of acceptance.

        Raises DeferredError, RejectedError, UncertainError, LoginRefusedError.
        """

    def probe(self) -> None:
        """Sign in and say goodbye. Raises LoginRefusedError, DeferredError."""

    def forget(self, message_id: str) -> None:
        """Delete what lies here of a message that is erased, if anything does."""


@dataclass(frozen=True, slots=True)
class FolderTransport:
    """Files, for trying the site out: one `.eml` a message, the same name at each attempt."""

    folder: Path

    def deliver(self, message: EmailMessage, *, sender: str, recipient: str) -> str:
        path = self._path(message["Message-ID"].strip("<>"))
        unfinished = path.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with unfinished.open("wb") as file:
                file.write(bytes(message))
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except OSError as error:
            raise DeferredError(f"The file could not be written: {error.strerror}") from error
        return f"Written to {path.name}"

    def probe(self) -> None:
        """Nobody has to sign in to a folder."""

    def forget(self, message_id: str) -> None:
        self._path(message_id).unlink(missing_ok=True)

    def _path(self, message_id: str) -> Path:
        return self.folder / f"{message_id.partition('@')[0]}.eml"


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """A mail server. One transaction a mail; TLS, where set, is never given up."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False
    patience: float = CONVERSATION_SECONDS

    def deliver(self, message: EmailMessage, *, sender: str, recipient: str) -> str:
        with _Deadline(self.patience) as deadline:
            return self._deliver(message, sender, recipient, deadline)

    def probe(self) -> None:
        with _Deadline(self.patience) as deadline:
            server = self._open(deadline)
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def forget(self, message_id: str) -> None:
        """A mail server keeps what it accepted."""

    def _deliver(
        self, message: EmailMessage, sender: str, recipient: str, deadline: _Deadline
    ) -> str:
        server = self._open(deadline)
        try:
            return _hand_over(server, message, sender, recipient)
        finally:
            server.close()

    def _open(self, deadline: _Deadline) -> smtplib.SMTP:
        """Return a connection that is signed in. Raises LoginRefusedError, DeferredError."""
        try:
            return self._connect(deadline)
        except smtplib.SMTPAuthenticationError as error:
            answer = f"Login: {error.smtp_code} {_bytes(error.smtp_error).decode(errors='replace')}"
            if error.smtp_code in LOGIN_REFUSALS:
                raise LoginRefusedError(answer) from error
            raise DeferredError(answer) from error
        except smtplib.SMTPException as error:
            raise DeferredError(f"Connecting: {error}") from error
        except OSError as error:
            raise DeferredError(f"Connecting: {type(error).__name__}: {error}") from error

    def _connect(self, deadline: _Deadline) -> smtplib.SMTP:
        # Where nothing is encrypted, loading the authorities would take most of a mail's time.
        context = ssl.create_default_context() if self.tls or self.starttls else None
        plain = socket.create_connection((self.host, self.port), timeout=STEP_SECONDS)
        deadline.watch(plain)
        wire: socket.socket = plain
        if context and self.tls:
            wire = context.wrap_socket(plain, server_hostname=self.host)
        deadline.watch(wire)
        server = _Connected(wire, self.host)
        try:
            server.greet()
            if self.starttls:
                server.starttls(context=context)
                deadline.watch(server.sock)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


class _Deadline:
    """Ends a conversation that takes too long, however little the server says at a time."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._wire: socket.socket | None = None

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()

    def watch(self, wire: socket.socket | None) -> None:
        """End this connection when time is up: TLS puts another in place of the first."""
        self._wire = wire

    def _end(self) -> None:
        if self._wire is not None:
            with suppress(OSError):
                self._wire.shutdown(socket.SHUT_RDWR)


class _WholeLines:
    """A server's lines.

    Raises ConnectionAbortedError for one that breaks off, and for an answer that does not end.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.begin()

    def begin(self) -> None:
        """Begin with another answer."""
        self._lines = self._bytes = 0

    def readline(self, limit: int) -> bytes:
        line = self._file.readline(limit)
        if line and len(line) < limit and not line.endswith(b"\n"):
            raise ConnectionAbortedError("The answer broke off.")
        self._lines += 1
        self._bytes += len(line)
        if self._lines > ANSWER_LINES or self._bytes > ANSWER_BYTES:
            raise ConnectionAbortedError("The answer does not end.")
        return line

    def close(self) -> None:
        self._file.close()


class _Connected(smtplib.SMTP):
    """A conversation over a connection that is there already."""

    def __init__(self, wire: socket.socket, host: str) -> None:
        super().__init__(timeout=STEP_SECONDS)
        self.sock = wire
        self._host = host  # What smtplib checks the certificate of STARTTLS against.

    def getreply(self) -> tuple[int, bytes]:
        """Read an answer to its end: what breaks off after "250" has accepted nothing."""
        if self.file is None and self.sock is not None:
            self.file = _WholeLines(self.sock.makefile("rb"))
        if self.file is not None:
            self.file.begin()
        return super().getreply()

    def greet(self) -> None:
        """Read the server's banner. Raises SMTPConnectError for anything but a welcome."""
        code, words = self.getreply()
        if code != 220:
            raise smtplib.SMTPConnectError(code, words)


def _hand_over(server: smtplib.SMTP, message: EmailMessage, sender: str, recipient: str) -> str:
    """Send the mail over an open connection. What fails before DATA has certainly not been sent."""
    _step(lambda: server.ehlo_or_helo_if_needed(), "EHLO")
    _reply(_step(lambda: server.mail(sender), "MAIL FROM"), "MAIL FROM", {250})
    # 251: the server forwards it to where the recipient has moved (RFC 5321, 3.4).
    _reply(_step(lambda: server.rcpt(recipient), "RCPT TO"), "RCPT TO", {250, 251})
    try:
        code, words = server.data(bytes(message))
    except smtplib.SMTPDataError as error:
        # The server did not want the mail's text: none of it was sent.
        code, words = int(error.smtp_code), _bytes(error.smtp_error)
    except (smtplib.SMTPException, OSError) as error:
        # From its 250 on the mail is the server's to deliver (RFC 5321, 4.2.5), and a lost answer
        # may have been one.
        raise UncertainError(f"DATA: {type(error).__name__}: {error}") from error
    answer = _reply((code, words), "DATA", {250})
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        return answer  # It was accepted; how the conversation ends makes no difference.
    return answer


def _step(call: Callable[[], Any], name: str) -> Any:
    try:
        return call()
    except (smtplib.SMTPException, OSError) as error:
        raise DeferredError(f"{name}: {type(error).__name__}: {error}") from error


def _reply(reply: tuple[int, bytes], name: str, accepted: set[int]) -> str:
    code, words = reply
    answer = f"{name}: {code} {words.decode(errors='replace')}"
    if code in accepted:
        return answer
    if code in LOGIN_REFUSALS:
        raise LoginRefusedError(answer)
    # 5xx is for good, 4xx for now (RFC 5321, 4.2.1); anything else is no answer to rely on.
    if 500 <= code < 600:
        raise RejectedError(answer)
    raise DeferredError(answer)


def _bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()


def transport_from(config: Mapping[str, Any]) -> Transport:
    """Return the transport that `EMAIL_URL` names, from what django-environ made of it.

    Raises ValueError for one that this site cannot use.
    """
    backend = str(config["EMAIL_BACKEND"]).rsplit(".", 2)[-2]
    if backend == "filebased":
        return FolderTransport(Path("/" + str(config["EMAIL_FILE_PATH"]).lstrip("/")))
    if backend == "smtp":
        return SmtpTransport(
            host=config["EMAIL_HOST"] or "localhost",
            port=config["EMAIL_PORT"] or (465 if config.get("EMAIL_USE_SSL") else 25),
            user=config["EMAIL_HOST_USER"] or "",
            password=config["EMAIL_HOST_PASSWORD"] or "",
            starttls=bool(config.get("EMAIL_USE_TLS")),
            tls=bool(config.get("EMAIL_USE_SSL")),
        )
    raise ValueError(
        f"EMAIL_URL must be smtp://, smtp+tls://, smtp+ssl:// or filemail://: {backend}"
    )
