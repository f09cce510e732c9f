"""The site as it runs, and a plain way to send anything to it: real HTTP, worker and mail."""

from __future__ import annotations

import http.client
import re
import urllib.parse
from dataclasses import dataclass
from http.cookies import SimpleCookie

from tests.processes import TYPED, Site, wait_for
from tests.smtp import MailServer

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
COUNTS = """
from contact.models import Enquiry, Event
from outbox.models import Message
print(Enquiry.objects.count(), Event.objects.count(), Message.objects.count())
"""
STATE = """
from contact.models import Enquiry
found = Enquiry.objects.get(reference={reference!r})
print(found.state, found.pk, ascii(found.message), ascii(found.full_name), sep="|")
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def reference(self) -> str:
        assert self.status == 302, self.text[:2000]
        return self.headers["Location"].rstrip("/").rpartition("/")[2]


@dataclass
class Running:
    """The site with its mail server, and a plain way to send anything to it."""

    site: Site
    mail: MailServer

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
            return Answer(response.status, response.headers, text)
        finally:
            connection.close()

    def post(self, *, raw: dict[str, str] | None = None, **changes: str) -> Answer:
        """Send the form; `raw` are values that are percent-encoded already."""
        body = urllib.parse.urlencode({**TYPED, **changes})
        for name, value in (raw or {}).items():
            body = re.sub(rf"(^|&){name}=[^&]*", "", body) + f"&{name}={value}"
        return self.ask("POST", "/contact/", body, FORM)

    def counts(self) -> list[int]:
        return [int(n) for n in self.site.run(COUNTS).split()]

    def state(self, reference: str) -> list[str]:
        words = STATE.format(reference=reference)
        return self.site.run(words).strip().split("|")

    def mails(self, reference: str) -> list[str]:
        """Wait for the notice of an enquiry; return all mail about it as text."""

        def found() -> list[str]:
            received = list(self.mail.received)
            return [
                mail.message.as_string()
                for mail in received
                if reference in mail.message["Subject"]
            ]

        wait_for(lambda: any("Enquiry " + reference in mail for mail in found()), "the notice")
        return found()

    def sign_in(self, login: str) -> dict[str, str]:
        """Return the headers of somebody who is signed in."""
        page = self.ask("GET", "/admin/login/")
        token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[0]
        cookie = page.headers["Set-Cookie"].partition(";")[0]
        body = urllib.parse.urlencode(
            {
                "csrfmiddlewaretoken": token,
                "username": login,
                "password": "example-password-1",
                "next": "//evil.example/",
            }
        )
        form = {**FORM, "Cookie": cookie, "Referer": self.site.address}
        answer = self.ask("POST", "/admin/login/", body, form)
        assert answer.status == 302
        assert "evil" not in answer.headers["Location"]
        jar = SimpleCookie()
        for line in answer.headers.get_all("Set-Cookie", []):
            jar.load(line)
        return {"Cookie": "; ".join(f"{key}={morsel.value}" for key, morsel in jar.items())}

    def post_as(self, desk: dict[str, str], path: str, *, at: str = "", **fields: str) -> Answer:
        """Send a form of the admin, with the token that its page gives, there or elsewhere."""
        page = self.ask("GET", path, headers=desk)
        token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[0]
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **fields})
        return self.ask("POST", at or path, body, {**desk, **FORM, "Referer": self.site.address})
