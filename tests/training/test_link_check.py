"""Registration addresses tried over real TLS, on loopback."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from rpec_site.waiting import waiting_for
from rpec_site.worker import LinkWatch
from tests.faults.certificates import certificate
from tests.people import make_editor
from tests.training.factories import make_session
from training.actions.checking import (
    forget_checks,
    next_to_check,
    record_check,
)
from training.link_check import broken
from training.models import RegistrationCheck, Session
from training.session_facts import CANCELLED

HOST = "www.eventbrite.co.uk"
HOSTS = ["eventbrite.co.uk"]
ANSWERS = {
    "/e/there": (200, ""),
    "/e/gone": (410, ""),
    "/e/unknown": (404, ""),
    "/e/moved": (301, "/e/there"),
    "/e/moved-away": (302, "https://parked.example/"),
    "/e/insecure": (302, "http://www.eventbrite.co.uk/e/there"),
    "/e/round": (302, "/e/round"),
    "/e/spaced": (302, "/e/a place"),
    "/e/a%20place": (200, ""),
    "/e/broken-address": (302, "https://[evil"),
    "/e/no-robots": (403, ""),
    "/e/busy": (429, ""),
    "/e/failing": (500, ""),
    "/e/nowhere": (302, ""),
    "/e/query?aff=1": (200, ""),
}


class Registrations(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, location = ANSWERS[self.path]
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def connect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], HTTPSConnection]]:
    """Reach Eventbrite's name on this machine, by a certificate for that name."""
    pem = certificate(tmp_path_factory.mktemp("tls"), HOST)
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(pem)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Registrations)
    server.socket = ours.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    trusting = ssl.create_default_context(cafile=str(pem))

    class Here(HTTPSConnection):
        def connect(self) -> None:
            plain = socket.create_connection(("127.0.0.1", server.server_port), timeout=10)
            self.sock = trusting.wrap_socket(plain, server_hostname=self.host)

    yield Here
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/e/there", ""),
        ("/e/query?aff=1", ""),
        ("/e/moved", ""),
        ("/e/gone", "There is no page at this address any more (the answer is 410)."),
        ("/e/unknown", "There is no page at this address any more (the answer is 404)."),
        ("/e/moved-away", "It leads away from registration, to https://parked.example/."),
        (
            "/e/insecure",
            "It leads away from registration, to http://www.eventbrite.co.uk/e/there.",
        ),
        ("/e/round", "It leads round in circles."),
        ("/e/spaced", ""),
        ("/e/broken-address", None),
        ("/e/no-robots", None),
        ("/e/busy", None),
        ("/e/failing", None),
        ("/e/nowhere", None),
    ],
)
def test_only_what_is_surely_gone_or_leads_away_is_broken(
    path: str, expected: str | None, connect: Callable[[str], HTTPSConnection]
) -> None:
    assert broken(f"https://{HOST}{path}", HOSTS, connect=connect) == expected


def test_a_server_that_cannot_be_reached_or_trusted_says_nothing_about_the_address(
    connect: Callable[[str], HTTPSConnection],
) -> None:
    assert broken("https://other.eventbrite.co.uk/e/there", HOSTS, connect=connect) is None

    def refused(host: str) -> HTTPSConnection:
        return HTTPSConnection("127.0.0.1", 9, timeout=1)

    assert broken(f"https://{HOST}/e/there", HOSTS, connect=refused) is None


@pytest.mark.django_db
class TestKeeping:
    now = datetime(2027, 1, 4, 9, tzinfo=UTC)
    url = f"https://{HOST}/e/1"

    def session(self, **fields: Any) -> Session:
        return make_session(
            self.now + timedelta(days=3), **{"registration_url": self.url, **fields}
        )

    def test_an_address_is_tried_once_a_day_while_readers_may_follow_it(self) -> None:
        session = self.session()
        assert next_to_check(at=self.now) == self.url
        record_check(url=self.url, fault="", at=self.now)
        assert next_to_check(at=self.now + timedelta(hours=23)) is None
        assert next_to_check(at=self.now + timedelta(hours=25)) == self.url
        assert next_to_check(at=session.ends_at) is None

    @pytest.mark.parametrize(
        "fields", [{"status": CANCELLED}, {"is_example": True}, {"registration_url": ""}]
    )
    def test_what_nobody_is_to_follow_is_not_tried(self, fields: dict[str, object]) -> None:
        self.session(**fields)
        assert next_to_check(at=self.now) is None

    def test_an_address_that_could_not_be_tried_stays_what_it_was_known_to_be(self) -> None:
        record_check(url=self.url, fault="It is gone.", at=self.now)
        record_check(url=self.url, fault=None, at=self.now + timedelta(days=1))
        check = RegistrationCheck.objects.get()
        assert (check.fault, check.checked_at) == ("It is gone.", self.now + timedelta(days=1))

    def test_what_is_known_of_an_address_goes_with_its_last_session(self) -> None:
        self.session()
        record_check(url=self.url, fault="", at=self.now)
        record_check(url=f"https://{HOST}/e/old", fault="", at=self.now)
        forget_checks()
        assert [check.url for check in RegistrationCheck.objects.all()] == [self.url]

    def test_a_broken_address_is_shown_to_editors_and_not_hidden_from_readers(
        self, client: Client
    ) -> None:
        session = make_session(datetime.now(UTC) + timedelta(days=3), registration_url=self.url)
        record_check(url=self.url, fault="It is gone.", at=self.now)
        editor = make_editor()
        [line] = [line for line in waiting_for(editor) if "do not work" in line.text]
        assert line.count == 1
        desk = Client()
        desk.force_login(editor)
        assert "Broken: It is gone." in desk.get(line.url).content.decode()
        assert (
            "It is gone."
            in desk.get(
                reverse("admin:training_session_change", args=[session.pk])
            ).content.decode()
        )
        assert self.url in client.get("/training/").content.decode()
        assert "It is gone." not in client.get("/training/").content.decode()

    def test_the_worker_tries_one_address_at_a_time_beside_the_mail(
        self, settings: Settings
    ) -> None:
        # A name that is never found (RFC 6761), so the answer is: not known.
        settings.REGISTRATION_HOSTS = ["invalid"]
        url = "https://eventbrite.invalid/e/1"
        make_session(datetime.now(UTC) + timedelta(days=3), registration_url=url)
        watch = LinkWatch()
        until = time.monotonic() + 20
        while not RegistrationCheck.objects.exists() and time.monotonic() < until:
            watch.look()
            time.sleep(0.05)
        check = RegistrationCheck.objects.get()
        assert (check.url, check.fault) == (url, "")
