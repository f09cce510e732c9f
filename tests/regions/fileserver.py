"""A real server of files on loopback, with the headers and the faults of real ones."""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Answer = Callable[[BaseHTTPRequestHandler], object]


@dataclass
class Served:
    """A file as a server has it. `cuts` are after how many bytes its first answers break off."""

    body: bytes
    etag: str = '"one"'
    modified: str = "Mon, 30 Nov 2026 04:12:00 GMT"
    takes_ranges: bool = True
    cuts: list[int] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        first = self._first(handler.headers)
        handler.send_response(206 if first else 200)
        for name, value in (("ETag", self.etag), ("Last-Modified", self.modified)):
            if value:
                handler.send_header(name, value)
        if self.takes_ranges:
            handler.send_header("Accept-Ranges", "bytes")
        if first:
            total = len(self.body)
            handler.send_header("Content-Range", f"bytes {first}-{total - 1}/{total}")
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(self.body) - first))
        handler.end_headers()
        end = first + self.cuts.pop(0) if self.cuts else len(self.body)
        handler.wfile.write(self.body[first:end])

    def _first(self, asked: Message) -> int:
        """Return the first byte that is asked for, as RFC 9110 has it: 0 for the whole file."""
        span = re.fullmatch(r"bytes=([0-9]+)-", asked.get("Range", ""))
        state = asked.get("If-Range", "")
        if not span or not self.takes_ranges or state not in {"", self.etag, self.modified}:
            return 0
        return int(span[1])


@dataclass
class FileServer:
    """A running server: what it answers by path, and what it was asked, oldest first."""

    address: str
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, Message]] = field(default_factory=list)

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def ranges(self) -> list[tuple[str | None, str | None]]:
        """Return the Range and the If-Range of each request."""
        return [(headers["Range"], headers["If-Range"]) for _, headers in self.asked]


def status(code: int, location: str = "") -> Answer:
    """Return an answer without a body."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        if location:
            handler.send_header("Location", location)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def raw(text: bytes, *, then: Callable[[BaseHTTPRequestHandler], None] | None = None) -> Answer:
    """Return an answer of just these bytes, its status line among them."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(text)
        if then:
            then(handler)

    return answer


def in_turn(*answers: Answer) -> Answer:
    """Return one answer after the other; the last goes on."""
    left = list(answers)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return answer


@contextmanager
def serving(pem: Path | None = None) -> Iterator[FileServer]:
    """Serve on loopback; over TLS where there is a certificate."""
    host = "localhost" if pem else "127.0.0.1"
    served = FileServer("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.close_connection = True
            served.asked.append((self.path, self.headers))
            try:
                served.answers.get(self.path, status(404))(self)
            except ConnectionError:
                return  # The client has had enough.

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if pem:
        ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ours.load_cert_chain(pem)
        server.socket = ours.wrap_socket(server.socket, server_side=True)
    served.address = f"{'https' if pem else 'http'}://{host}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
