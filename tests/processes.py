"""The site as it runs: real processes, a real database, a real mail server."""

from __future__ import annotations

import atexit
import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests.smtp import free_port

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 60
# An enquiry as somebody might type it.
TYPED = {
    "place": "Wigan",
    "setting": "school",
    "topic": "training",
    "message": "When is the next date?",
    "full_name": "Sam Example",
    "email": "sam@school.example",
    "organisation": "Example School",
    "confirm": "yes",
}
# Fills a database; what the commands say is not needed.
FILL = """
import io
from django.core.management import call_command
for command in {commands}:
    call_command(command, stdout=io.StringIO())
"""
# Runs what it is sent, a JSON line each, and answers with what that printed, a JSON line each.
INTERPRETER = """
import contextlib, io, json, sys
import django
django.setup()
from django.db import connection
for line in sys.stdin:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(json.loads(line), {})
    connection.close()
    print(json.dumps(said.getvalue()), flush=True)
"""
# What stays for all sites of a run, and goes when Python ends.
_until_the_end = ExitStack()
atexit.register(_until_the_end.close)


@dataclass
class Site:
    """A site of its own: environment, processes, address."""

    environment: dict[str, str]
    port: int
    processes: list[subprocess.Popen[Any]] = field(default_factory=list)
    _interpreter: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def manage(self, *arguments: str) -> str:
        """Run a command to its end and return what it printed."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def run(self, code: str) -> str:
        """Run Python code inside the site, in one process that stays; return what it printed."""
        if self._interpreter is None:
            self._interpreter = subprocess.Popen(
                [sys.executable, "-c", INTERPRETER],
                cwd=ROOT,
                env=self.environment,
                start_new_session=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            self.processes.append(self._interpreter)
        assert self._interpreter.stdin
        assert self._interpreter.stdout
        self._interpreter.stdin.write(json.dumps(code) + "\n")
        self._interpreter.stdin.flush()
        return str(json.loads(self._interpreter.stdout.readline()))

    def start(self, *command: str, **options: Any) -> subprocess.Popen[bytes]:
        """Start Python with the site's settings; `options` are those of Popen."""
        process = subprocess.Popen(
            [sys.executable, "-u", *command],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            **options,
        )
        self.processes.append(process)
        return process

    def start_worker(self, *, waits: bool = False) -> subprocess.Popen[bytes]:
        """Start a worker; where the caller `waits`, return when it says that it is ready."""
        process = self.start("manage.py", "work", stdout=subprocess.PIPE if waits else None)
        if process.stdout is not None:
            assert process.stdout.readline() == b"The worker is ready.\n"
        return process

    def start_web(self) -> subprocess.Popen[bytes]:
        process = self.start("-m", "gunicorn")
        wait_for(lambda: answers(f"{self.address}/health/ready"), "the web server")
        return process

    def send(self, **changes: str) -> str:
        """Send an enquiry as a browser would, and return its reference."""
        body = urllib.parse.urlencode({**TYPED, **changes}).encode()
        with urllib.request.urlopen(f"{self.address}/contact/", body, timeout=60) as response:
            assert response.status == 200
            return str(response.url).rstrip("/").rpartition("/")[2]

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            for pipe in filter(None, (process.stdin, process.stdout)):
                pipe.close()


@cache
def councils() -> list[tuple[str, str]]:
    """Return each council's name and its region's slug, read from the file and not by the site."""
    data = ROOT / "regions" / "data"
    with (data / "areas.csv").open(encoding="utf-8") as lines:
        regions = {row["slug"]: row["region"] for row in csv.DictReader(lines)}
    with (data / "councils.csv").open(encoding="utf-8") as lines:
        return [(row["name"], regions[row["area"]]) for row in csv.DictReader(lines)]


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def wait_for(condition: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until the condition holds. Raises TimeoutError that names what was waited for."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited {seconds} seconds for {what}.")
        time.sleep(0.1)


@contextmanager
def new_database(
    folder: Path, *, like: str = "", server: str = os.environ.get("TEST_SUITE_DATABASE_URL", "")
) -> Iterator[str]:
    """Make a database on the engine that the suite runs on; give its address, then drop it.

    It is empty, or a copy of the one at the address `like`, to which nobody may be connected.
    `server` is PostgreSQL's address; where it is blank the database is a file in the folder.
    """
    if not server:
        file = folder / "site.sqlite3"
        if like:
            shutil.copyfile(urlsplit(like).path, file)
        yield f"sqlite:///{file}"
        return

    name = f"rpec_{uuid.uuid4().hex}"
    template = f' TEMPLATE "{urlsplit(like).path[1:]}"' if like else ""
    maintenance = urlsplit(server)._replace(path="/postgres").geturl()
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"{template}'.encode())
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(maintenance, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@cache
def filled_database(examples: str) -> str:
    """Fill a database as `prepare` does and return its address: sites begin with a copy of it.

    Once in a run of the tests, for it takes seconds. `examples` is the setting: "on" or "off".
    """
    folder = Path(_until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="rpec-filled-")))
    database = _until_the_end.enter_context(new_database(folder))
    filling = Site(environment=_environment(database, folder, EXAMPLES=examples), port=0)
    commands = ["migrate", "load_reference", "load_postcodes", "load_published"]
    filling.run(FILL.format(commands=[*commands, *(["load_examples"] * (examples == "on"))]))
    filling.stop()
    return database


def _environment(database: str, folder: Path, **settings: str) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database,
        "EXAMPLES": "on",
        "EXAMPLE_PASSWORD": "example-password-1",
        "LOG_LEVEL": "ERROR",
        "VAR_DIR": str(folder / "var"),
        **settings,
    }


@contextmanager
def new_site(folder: Path, *, email_url: str, **settings: str) -> Iterator[Site]:
    """Make a site with reference data, published content and, by default, examples; stop it."""
    with new_database(folder, like=filled_database(settings.get("EXAMPLES", "on"))) as database:
        port = free_port()
        own = {"EMAIL_URL": email_url, "PORT": str(port), "SITE_URL": f"http://127.0.0.1:{port}"}
        site = Site(_environment(database, folder, **own, **settings), port)
        try:
            yield site
        finally:
            site.stop()
