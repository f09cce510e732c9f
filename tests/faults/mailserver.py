"""A mail server on loopback that stalls, trickles, cuts or answers any code, at any step."""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from typing import Any, NoReturn

CUT, KEEP_AND_CUT, HALF = "cut", "keep and cut", "half an answer"
STALL, TRICKLE, ENDLESS, SLOW = "stall", "trickle", "endless", "slow"
LONGEST_SILENCE_SECONDS = 5.0
_ANSWERS = {
    "AUTH": "235 welcome",
    "MAIL": "250 fine",
    "RSET": "250 fine",
    "NOOP": "250 fine",
    "QUIT": "221 bye",
}


@dataclass
class Rule:
    """What to do at a step instead of going on: an answer such as "451 Later" or one of the above.

    The steps: CONNECT, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, TEXT (in the text's first lines),
    DOT (after the whole text).
    `times` is how often it still holds (-1: always); `recipient` limits it to mail to that address,
    or to all that end so, which only the steps from RCPT on know.
    """

    step: str
    do: str
    times: int = 1
    recipient: str = ""


@dataclass(frozen=True)
class Delivery:
    """One mail that the server has kept."""

    message_id: str
    recipient: str
    subject: str
    auto_submitted: str
    text: str


@dataclass
class MailServer:
    """Rules and what arrived. `tls`: offered by STARTTLS; `delay_seconds`: of a slow answer."""

    port: int
    rules: list[Rule] = field(default_factory=list)
    kept: list[Delivery] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    delay_seconds: float = 0.0
    endless_bytes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _server: Any = None

    def start(self) -> None:
        mail = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                try:
                    _Conversation(mail, self.request).hold()
                except (OSError, EOFError):
                    return  # The other side, or a rule, has ended it.

        self._server = _Threads(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def forget(self) -> None:
        """Forget rules and mail of the seed before."""
        with self._lock:
            self.rules, self.kept, self.reached, self.tls = [], [], [], None
            self.delay_seconds, self.endless_bytes = 0.0, 0

    def take(self, step: str, recipient: str) -> str:
        """Return what a rule says to do at this step, or "" to go on."""
        with self._lock:
            self.reached.append(step)
            for rule in self.rules:
                if rule.step == step and rule.times and recipient.endswith(rule.recipient):
                    rule.times -= 1
                    return rule.do
        return ""

    def keep(self, recipient: str, text: bytes) -> None:
        mail = message_from_bytes(text)
        delivery = Delivery(
            str(mail["Message-ID"]).strip("<>"),
            recipient,
            str(make_header(decode_header(" ".join(str(mail["Subject"]).split())))),
            str(mail["Auto-Submitted"]),
            _plain_text(mail),
        )
        with self._lock:
            self.kept.append(delivery)


def _plain_text(mail: Message) -> str:
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            return bytes(part.get_payload(decode=True)).decode()
    return ""


class _Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


class _Conversation:
    """One connection, from the welcome to QUIT."""

    def __init__(self, mail: MailServer, wire: socket.socket) -> None:
        self._mail = mail
        self._wire = wire
        wire.settimeout(LONGEST_SILENCE_SECONDS)
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._lines = wire.makefile("rb")
        self._recipient = ""

    def hold(self) -> None:
        if not self._answer("CONNECT", "220 ready"):
            return
        line = ""
        while line != "QUIT":
            line = self._line().decode("ascii", "replace").strip()
            self._obey(line)

    def _obey(self, line: str) -> None:
        verb = line.partition(" ")[0].upper()
        if verb in {"EHLO", "HELO"}:
            offer = "250-STARTTLS\r\n" if self._mail.tls else ""
            self._answer("EHLO", f"250-me\r\n{offer}250 AUTH PLAIN")
        elif verb == "STARTTLS":
            self._start_tls()
        elif verb == "RCPT":
            self._recipient = line[line.index("<") + 1 : line.index(">")]
            self._answer("RCPT", "250 fine")
        elif verb == "DATA":
            if self._answer("DATA", "354 go on"):
                self._take_text()
        elif verb in _ANSWERS:
            self._answer(verb, _ANSWERS[verb])
        else:
            self._say("502 what?")

    def _start_tls(self) -> None:
        if self._mail.tls is None:
            self._say("502 what?")
        elif self._answer("STARTTLS", "220 go on"):
            self._wire = self._mail.tls.wrap_socket(self._wire, server_side=True)
            self._lines = self._wire.makefile("rb")

    def _take_text(self) -> None:
        if self._mail.take("TEXT", self._recipient) == CUT:
            self._line()
            self._cut()
        lines = []
        while (line := self._line()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        do = self._mail.take("DOT", self._recipient)
        if not do or do == KEEP_AND_CUT:
            self._mail.keep(self._recipient, b"".join(lines))
        self._perform(CUT if do == KEEP_AND_CUT else do, "250 kept")

    def _answer(self, step: str, usual: str) -> bool:
        """Answer a step as a rule says, else as usual; say whether it was as usual."""
        return self._perform(self._mail.take(step, self._recipient), usual)

    def _perform(self, do: str, usual: str) -> bool:
        if do in {CUT, HALF, STALL, TRICKLE, ENDLESS}:
            self._break_off(do, usual)
        elif do == SLOW:
            self._wait(self._mail.delay_seconds)
            self._say(usual)
            return True
        elif do:
            self._say(do)
            if do.startswith("421"):
                raise EOFError
        else:
            self._say(usual)
        return not do

    def _break_off(self, do: str, usual: str) -> NoReturn:
        """Do what ends the conversation."""
        if do == HALF:
            self._wire.sendall(usual[:5].encode())
        elif do == STALL:
            self._wait(LONGEST_SILENCE_SECONDS)
        elif do == TRICKLE:
            for letter in usual * 50:
                self._wire.sendall(letter.encode())
                self._wait(0.05)
        while do == ENDLESS:
            self._mail.endless_bytes += self._wire.send(b"250-and more\r\n" * 1000)
        if do in {CUT, HALF}:
            self._cut()
        raise EOFError

    def _wait(self, seconds: float) -> None:
        """Wait, but end with the other side. Nobody speaks out of turn here."""
        self._wire.settimeout(seconds)
        try:
            if not self._wire.recv(1):
                raise EOFError
        except TimeoutError:
            return

    def _cut(self) -> NoReturn:
        self._wire.shutdown(socket.SHUT_RDWR)
        raise EOFError

    def _line(self) -> bytes:
        line = self._lines.readline()
        if not line:
            raise EOFError
        return line

    def _say(self, words: str) -> None:
        self._wire.sendall(words.encode() + b"\r\n")
