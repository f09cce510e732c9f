"""Hostile and odd input, sent to the real server: real HTTP, database, worker and mail server."""

from __future__ import annotations

import http.client
import json
import re
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path

import pytest

from tests.processes import TYPED, Site, new_site, wait_for
from tests.smtp import MailServer, running_mail_server

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
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", "/contact/", body, form)

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
        form = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": cookie,
            "Referer": self.site.address,
        }
        answer = self.ask("POST", "/admin/login/", body, form)
        assert answer.status == 302
        assert "evil" not in answer.headers["Location"]
        jar = SimpleCookie()
        for line in answer.headers.get_all("Set-Cookie", []):
            jar.load(line)
        return {"Cookie": "; ".join(f"{key}={morsel.value}" for key, morsel in jar.items())}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder: Path = tmp_path_factory.mktemp("hostile")
    limits = {"ENQUIRIES_AN_HOUR_BY_SENDER": "100000"}
    with (
        running_mail_server() as mail,
        new_site(folder, email_url=mail.url, TRUSTED_PROXIES="127.0.0.1", **limits) as site,
    ):
        site.start_web()
        site.start_worker()
        yield Running(site, mail)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("full_name", "Sam%0D%0ABcc%3A%20victim%40evil.example"),
        ("full_name", "Sam%00"),
        ("full_name", "Sam%0A.%0A"),
        ("email", "a%40b.example%2Cc%40d.example"),
        ("email", "a%40b.example%0D%0ABcc%3A%20c%40d.example"),
        ("email", "%22a%22%20%3Cx%40y.example%3E"),
        ("email", "a%40b.example%00"),
        ("organisation", "School%0D%0ASubject%3A%20x"),
        ("telephone", "0161%0D%0A4960000"),
        ("message", "Hello%00"),
    ],
)
def test_what_would_forge_a_header_is_refused_with_everything_typed_kept(running, field, value):
    before = running.counts()
    answer = running.post(raw={field: value})
    assert answer.status == 422
    assert "There is a problem" in answer.text
    for name in ("full_name", "organisation"):
        assert field == name or TYPED[name] in answer.text
    assert running.counts() == before


@pytest.mark.parametrize(
    "value",
    [
        "👩‍🏫 когда 日本",
        "right\u202eto left",
        ".\n.\r\n..\nend",
        "From here\nFrom there",
        "x",
        "متى التدريب القادم؟",
        "a" * 5000,
        "<script>alert(1)</script> {{7*7}} {% now 'Y' %} javascript:alert(1)",
        "<iframe src=//x></iframe><p onclick=x style=y><svg onload=z>",
        "=HYPERLINK(1)\n+1\n-1\n@x",
    ],
    ids=range(10),
)
def test_odd_text_is_kept_whole_and_the_queue_flows(running, value):
    reference = running.post(message=value, email=f"odd{abs(hash(value))}@school.example").reference
    state, key, kept, _ = running.state(reference)
    assert state == "new"
    assert kept == ascii(value.replace("\r\n", "\n"))
    recipients = {
        mail.recipient for mail in running.mail.received if reference in mail.message["Subject"]
    }
    running.mails(reference)
    assert recipients <= {"north-west@example.org", f"odd{abs(hash(value))}@school.example"}
    desk = running.sign_in("coordinator-north-west")
    page = running.ask("GET", f"/admin/contact/enquiry/{key}/change/", headers=desk)
    assert page.status == 200
    for alive in ("<script>alert", "<iframe", "<svg onload", "49"):
        assert alive not in page.text.replace(reference, "") or alive == "49"


def test_lone_surrogates_and_broken_bytes_end_in_a_clean_answer(running):
    for value in ("%ED%A0%80", "%FF%FE", "%C3%28", "%F4%90%80%80"):
        answer = running.post(raw={"message": f"Hello%20{value}"})
        assert answer.status in {302, 422}
        if answer.status == 302:
            assert running.state(answer.reference)[0] == "new"


def test_a_line_of_100_kilobytes_is_refused_with_its_text_kept(running):
    before = running.counts()
    answer = running.post(message="y" * 100_000)
    assert answer.status == 422
    assert "y" * 100_000 in answer.text
    assert running.counts() == before


def test_too_much_too_many_a_file_or_json_is_refused_and_stores_nothing(running):
    before = running.counts()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    file = (
        "--b\r\n"
        'Content-Disposition: form-data; name="file"; filename="x.exe"\r\n'
        "Content-Type: application/octet-stream\r\n\r\nMZ\r\n--b--\r\n"
    )
    multipart = {"Content-Type": "multipart/form-data; boundary=b"}
    broken = {"Content-Type": "multipart/form-data"}
    answers = [
        running.ask("POST", "/contact/", "message=" + "x" * 5_000_000, form),
        running.ask("POST", "/contact/", "&".join(f"f{n}=1" for n in range(10_000)), form),
        running.ask("POST", "/contact/", file, multipart),
        running.ask("POST", "/contact/", file, broken),
        running.ask("POST", "/contact/", json.dumps(TYPED), {"Content-Type": "application/json"}),
        running.ask("POST", "/contact/", b"\xff\xfe\x00", form),
        running.ask("POST", "/contact/", "", form),
    ]
    assert [answer.status in {400, 413, 422} for answer in answers] == [True] * len(answers)
    assert all("/get-help/" in answer.text for answer in answers)
    assert running.counts() == before


def test_one_word_or_all_links_is_accepted_or_visibly_held(running):
    assert running.state(running.post(message="Help").reference)[0] == "new"
    held = running.post(message="https://a.example https://b.example").reference
    assert running.state(held)[0] == "held"
    desk = running.sign_in("coordinator-north-west")
    inbox = running.ask("GET", "/admin/contact/enquiry/?show=held", headers=desk)
    assert held in inbox.text


def test_a_honeypot_filled_by_a_browser_is_held_and_can_be_released(running):
    reference = running.post(website="https://school.example").reference
    state, key, *_ = running.state(reference)
    assert state == "held"
    assert running.ask("GET", f"/contact/sent/{reference}/").status == 200
    desk = running.sign_in("coordinator-north-west")
    page = running.ask("GET", f"/admin/contact/enquiry/{key}/change/", headers=desk)
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[0]
    body = urllib.parse.urlencode({"csrfmiddlewaretoken": token})
    headers = {**desk, "Content-Type": "application/x-www-form-urlencoded"}
    released = running.ask("POST", f"/admin/contact/enquiry/{key}/release/", body, headers)
    assert released.status == 302
    assert len(running.mails(reference)) >= 1


@pytest.mark.parametrize("age", ["", "1 second", "not ours", "an old token"])
def test_without_cookies_or_script_soon_or_late_there_is_no_dead_end(running, age):
    token = {"": "", "not ours": "x" * 500, "an old token": "abc.1700000000:bad"}.get(age)
    if token is None:
        page = running.ask("GET", "/contact/").text
        token = re.findall(r'name="token" value="([^"]+)"', page)[0]
    answer = running.post(token=token, message=f"Sent after {age}")
    assert answer.status == 302
    assert "Set-Cookie" not in answer.headers
    assert running.state(answer.reference)[0] == "new"


def test_thirty_people_behind_one_schools_address_are_all_accepted(running):
    def send(number: int) -> str:
        body = urllib.parse.urlencode(
            {**TYPED, "email": f"p{number}@big.example", "token": f"b{number}"}
        )
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": f"81.2.70.{number}, 81.2.69.30",
        }
        return running.ask("POST", "/contact/", body, headers).reference

    with ThreadPoolExecutor(8) as pool:
        references = list(pool.map(send, range(30)))
    assert len(set(references)) == 30
    assert {running.state(reference)[0] for reference in references[::10]} == {"new"}


def test_a_victims_address_used_a_thousand_times_gets_one_mail(running):
    victim = "victim@school.example"

    def send(number: int) -> int:
        body = urllib.parse.urlencode({**TYPED, "email": victim, "token": f"v{number}"})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": f"81.2.69.{number % 100 + 100}",
        }
        return running.ask("POST", "/contact/", body, headers).status

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(send, range(1000))) == {302}
    last = running.post(message="The last of all", email="last@school.example").reference
    wait_for(
        lambda: running.site.run(WAITING).strip() == "0",
        "an empty queue",
        seconds=240,
    )
    assert running.mails(last)
    got = [mail for mail in running.mail.received if mail.recipient == victim]
    assert len(got) == 1


WAITING = """
from outbox.models import Message
print(Message.objects.undelivered().count())
"""


def test_a_scanner_that_follows_every_link_a_thousand_times_changes_nothing(running):
    reference = running.post(message="Links", email="links@school.example").reference
    running.mails(reference)
    text = "\n".join(
        part.get_payload(decode=True).decode()
        for mail in list(running.mail.received)
        if reference in mail.message["Subject"]
        for part in mail.message.walk()
        if part.get_content_maintype() == "text"
    )
    links = set(re.findall(rf"{running.site.address}(/[^\s\"<]*)", text))
    assert any("/answered/" in link for link in links)
    before, state = running.counts(), running.state(reference)
    desk = running.sign_in("coordinator-north-west")

    def follow(number: int) -> int:
        link = sorted(links)[number % len(links)]
        headers = desk if number % 3 else {}
        return running.ask("HEAD" if number % 2 else "GET", link, headers=headers).status

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(follow, range(1000))) <= {200, 302}
    assert (running.counts(), running.state(reference)) == (before, state)


def test_another_regions_enquiry_is_not_there(running):
    reference = running.post(place="Leeds").reference
    key = running.state(reference)[1]
    desk = running.sign_in("coordinator-north-west")
    for page in ("change", "history", "delete", "answered"):
        path = f"/admin/contact/enquiry/{key}/{page}/"
        assert running.ask("GET", path, headers=desk).status == 404
    found = running.ask("GET", f"/admin/contact/enquiry/?q={reference}", headers=desk)
    assert "0 enquiries" in found.text


def test_evil_hosts_methods_and_paths_get_nothing(running):
    assert running.ask("GET", "/", headers={"Host": "evil.example"}).status == 400
    assert running.ask("TRACE", "/contact/").status == 405
    assert running.ask("DELETE", "/contact/").status == 405
    for path in ("/.git/config", "/.env", "/..%2f..%2fetc/passwd", "/static/../manage.py"):
        assert running.ask("GET", path).status == 404
    away = running.ask("GET", "/admin/login/?next=//evil.example/").text
    assert 'href="//evil' not in away


def post_as(running: Running, desk: dict[str, str], path: str, **fields: str) -> Answer:
    """Send a form of the admin, with the token that its page gives."""
    page = running.ask("GET", path, headers=desk)
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[0]
    body = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **fields})
    headers = {
        **desk,
        "Content-Type": "application/x-www-form-urlencoded",
        "Referer": running.site.address,
    }
    return running.ask("POST", path, body, headers)


SESSIONS = "from training.models import Session; print(Session.objects.count())"
DSL = "from training.models import Track; print(Track.objects.get(slug='dsl').pk)"


@pytest.mark.parametrize(
    ("night", "words"),
    [("28 March 2027", "skip"), ("31 October 2027", "twice")],
)
def test_a_session_at_half_past_one_when_the_clocks_change_is_refused_and_kept_in_the_box(
    running, night, words
):
    desk = running.sign_in("editor")
    before = running.site.run(SESSIONS)
    line = f"{night}, 1:30am to 4pm"
    path = "/admin/training/session/paste/"
    answer = post_as(running, desk, path, text=line, track=running.site.run(DSL).strip(), save="1")
    assert answer.status == 200
    assert words in answer.text
    assert line in answer.text
    assert running.site.run(SESSIONS) == before


def test_a_formula_in_a_title_is_text_on_pages_in_calendars_and_in_spreadsheets(running):
    desk = running.sign_in("editor")
    title = '=HYPERLINK("https://evil.example","{{7*7}}<script>")'
    sent = {
        "text": "2 December 2030, 5pm to 6pm",
        "track": running.site.run(DSL).strip(),
        "title": title,
        "save": "1",
    }
    assert post_as(running, desk, "/admin/training/session/paste/", **sent).status == 302
    exported = running.ask("GET", "/admin/training/session/export/", headers=desk).text
    assert "\"'=HYPERLINK(" in exported
    for path in ("/training/", "/training/dsl/", "/admin/training/session/"):
        page = running.ask("GET", path, headers=desk).text
        assert "{{7*7}}&lt;script&gt;" in page
        assert "<script>&quot;" not in page
    assert title.replace(",", "\\,") in running.ask("GET", "/training/dsl.ics").text.replace(
        "\r\n ", ""
    )
    listed = json.loads(running.ask("GET", "/api/training/sessions").text)["sessions"]
    assert title in [session["title"] for session in listed]


def test_a_known_and_an_unknown_sender_are_told_the_same(running):
    """Whether an address was seen before is nobody's business; sign-up has no page yet."""

    def page_of(address: str) -> str:
        reference = running.post(email=address, message=f"From {address}").reference
        page = running.ask("GET", f"/contact/sent/{reference}/").text
        return re.sub(r"\d{1,2}(:\d\d)?[ap]m|midday|midnight", "", page.replace(reference, ""))

    known = [page_of("known@school.example") for _ in range(5)]
    assert {*known, page_of("unknown@school.example")} == {known[0]}
