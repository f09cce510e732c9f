"""The night's register, fetched by real workers from a real server, beside their mail."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.processes import ROOT, Site, new_site, wait_for
from tests.regions import registers
from tests.regions.fileserver import FileServer, Served, serving

STORED = """
from regions.models import Establishment, NationalDownload
print(Establishment.objects.count(), list(NationalDownload.objects.values_list("failure")))
"""


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serving() as running:
        rows = [{"URN": str(100001 + number)} for number in range(50)]
        running.answers["/schools.csv"] = Served(registers.text_of(rows).encode("cp1252"))
        yield running


@pytest.fixture
def site(server: FileServer, tmp_path: Path) -> Iterator[Site]:
    with new_site(
        tmp_path,
        email_url=f"filemail://{tmp_path}/mail",
        EXAMPLES="off",
        OUTGOING_ACCESS="on",
        ESTABLISHMENTS_URL=f"{server.address}/schools.csv",
    ) as running:
        yield running


def stored(site: Site) -> str:
    return site.run(STORED).strip()


def test_two_workers_fetch_it_once_in_a_night(site: Site, server: FileServer):
    workers = [site.start("manage.py", "work", "--once") for _ in range(2)]
    assert [worker.wait(timeout=120) for worker in workers] == [0, 0]
    assert stored(site) == "50 [('',)]"
    site.manage("work", "--once")
    assert server.paths() == ["/schools.csv"]


def test_a_worker_sends_mail_while_the_server_lets_it_wait(site: Site, server: FileServer):
    enough = threading.Event()
    whole = server.answers["/schools.csv"]

    def hesitate(handler: BaseHTTPRequestHandler) -> None:
        enough.wait(120)
        whole(handler)

    server.answers["/schools.csv"] = hesitate
    mail = Path(site.environment["VAR_DIR"]).parent / "mail"
    site.start_web()
    site.start_worker()
    try:
        wait_for(lambda: server.paths() == ["/schools.csv"], "the worker to fetch the register")
        assert stored(site) == "0 [('It was begun and has not ended.',)]"
        site.send()
        wait_for(lambda: len(list(mail.glob("*.eml"))) == 2, "the mail")
        assert stored(site).startswith("0 ")
    finally:
        enough.set()
    wait_for(lambda: stored(site) == "50 [('',)]", "the register")


def test_a_night_that_fails_is_said_in_one_line_and_stops_no_worker(site: Site, server: FileServer):
    server.answers.clear()
    done = subprocess.run(
        [sys.executable, "manage.py", "work", "--once"],
        cwd=ROOT,
        env={**site.environment, "LOG_LEVEL": "WARNING"},
        capture_output=True,
        text=True,
        check=True,
    )
    [line] = done.stderr.splitlines()
    assert "WARNING regions.actions.establishments: The schools and colleges were not" in line
    assert "There is nothing at http://127.0.0.1:" in line
    assert done.stdout == "Mail: nothing was due. History: 0 editions added.\n"


def test_off_is_no_address_and_a_wrong_one_stops_the_start(site: Site, server: FileServer):
    site.environment["ESTABLISHMENTS_URL"] = "off"
    site.manage("work", "--once")
    assert server.asked == []
    site.environment["ESTABLISHMENTS_URL"] = "http://example.org/schools.csv"
    refused = subprocess.run(
        [sys.executable, "manage.py", "work", "--once"],
        cwd=ROOT,
        env=site.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert (
        "- ESTABLISHMENTS_URL cannot be fetched from: http://example.org/schools.csv is not safe"
        in refused.stderr
    )
