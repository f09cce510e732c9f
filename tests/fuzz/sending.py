"""Sends one thing after the other to the running site, and notes what each took and came to."""

from __future__ import annotations

import http.client
import re
import socket
import subprocess
import urllib.parse
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.filled_forms import Form, forms_of
from tests.fuzz.watching import Outcome, Tally, children, cpu
from tests.hostile.running import FORM, Running

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_PATIENCE_SECONDS = 60


@dataclass
class Answer:
    """What came back; a status of 0 and no text where nothing did."""

    status: int
    text: str = ""
    location: str = ""


@dataclass
class Sender:
    """Somebody who sends: nobody known, or, by the headers of `signed_in`, one of the staff."""

    running: Running
    web: subprocess.Popen[bytes]
    tally: Tally
    who: str = "anybody"
    signed_in: dict[str, str] = field(default_factory=dict)
    kind: str = ""
    seed: int = 0

    def __post_init__(self) -> None:
        self._workers = children(self.web.pid)

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        """Send one request and note its outcome."""
        everything = {**self.signed_in, **(headers or {}), "Referer": self.running.site.address}
        before = self._used()
        try:
            answer = self._answer(method, path, body, everything)
            fault = f"answered {answer.status}" if answer.status >= 500 else ""
        except (OSError, http.client.HTTPException) as error:
            answer, fault = Answer(0), f"no answer: {error!r}"
        self._note(f"{method} {path}", answer.status, before, fault, body)
        return answer

    def send_raw(self, sent: bytes, *, what: str) -> None:
        """Send bytes as they are; any answer will do, and none where they are no request."""
        before = self._used()
        status = 0
        try:
            address = ("127.0.0.1", self.running.site.port)
            with socket.create_connection(address, timeout=_PATIENCE_SECONDS) as connection:
                connection.sendall(sent)
                connection.shutdown(socket.SHUT_WR)
                head = connection.recv(64).decode(errors="replace")
                found = re.match(r"HTTP/1\.[01] (\d{3})", head)
                status = int(found[1]) if found else 0
                fault = f"answered {status}" if status >= 500 else ""
        except TimeoutError as error:
            fault = f"no answer: {error!r}"
        except OSError:
            fault = ""  # Cut off in the middle of what it had refused.
        self._note(what, status, before, fault, sent)

    def form(self, path: str, fields: dict[str, Any]) -> Answer:
        """Send the fields of a form as browsers do, but for what no browser would send."""
        body = urllib.parse.urlencode(fields, doseq=True, errors="surrogatepass").encode()
        return self.ask("POST", path, body, FORM)

    def upload(self, path: str, name: str, content: bytes, fields: dict[str, str]) -> Answer:
        """Send a form with a file."""
        boundary = uuid.UUID(int=len(content)).hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        ]
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="a.csv"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = "".join([*parts, head]).encode() + content + f"\r\n--{boundary}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self.ask("POST", path, body, kind)

    def token(self, path: str) -> str:
        """Return the token that a page of the admin gives; blank where it gives none."""
        found = _TOKEN.search(self.ask("GET", path).text)
        return found[1] if found else ""

    def opened(self, path: str, name: str) -> Form | None:
        """Return the form of a page that has a field of that name."""
        forms = forms_of(self.ask("GET", path).text)
        return next((form for form in forms if name in form.fields), None)

    def note(self, what: str, seconds: float, fault: str, sent: bytes) -> None:
        """Note what did not come over HTTP."""
        self.tally.add(Outcome(self.seed, self.kind, self.who, what, 0, seconds, fault), sent)

    def _answer(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        site = self.running.site
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=_PATIENCE_SECONDS)
        try:
            connection.request(method, path, body or None, headers)
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
            return Answer(response.status, text, response.headers.get("Location", ""))
        finally:
            connection.close()

    def _used(self) -> float:
        return cpu(self._workers)

    def _note(self, what: str, status: int, before: float, fault: str, sent: bytes) -> None:
        seconds = self._used() - before
        now = children(self.web.pid)
        if now != self._workers:
            fault = fault or "a web process ended"
            self._workers = now
        self.tally.add(Outcome(self.seed, self.kind, self.who, what, status, seconds, fault), sent)
