"""One site for a whole series: database, web server, mail server and the workers' zygote."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.models import F
from django.utils import timezone

from contact.models import Enquiry, NoticeList
from outbox.models import Message, Pause
from regions.models import Area, Post
from tests.faults.certificates import certificate
from tests.faults.databases import Cluster, Database, Sqlite
from tests.faults.mailserver import MailServer
from tests.faults.warm import warm_up
from tests.faults.zygote import Order, Zygote
from tests.processes import ROOT, answers, wait_for

HEALS_WITHIN_SECONDS = 30
SECOND = timedelta(seconds=1)


@dataclass
class Sent:
    """One enquiry as its sender knows it, and who may hear of it.

    `mailbox` is where its notice must go, as of now; `undeliverable`: a fault keeps the notice from
    ever arriving there, so that the national team must hear of it.
    """

    values: dict[str, str]
    mailbox: str
    reference: str = ""
    undeliverable: bool = False
    unacknowledged: bool = False


@dataclass
class Answer:
    """What a browser was told: `reference` where it was led to the confirmation."""

    status: int
    reference: str = ""


@dataclass
class Stage:
    """What every seed of a series shares."""

    folder: Path
    database: Database
    mail: MailServer
    zygote: Zygote
    web: subprocess.Popen[bytes] | None = None
    posts: list[dict[str, Any]] = field(default_factory=list)
    areas: list[dict[str, Any]] = field(default_factory=list)
    workers: set[int] = field(default_factory=set)

    @classmethod
    def build(cls, folder: Path) -> Stage:
        """Fill an empty database and start everything. Called once, before any thread is."""
        call_command("migrate", verbosity=0)
        with (folder / "loaded").open("w") as words:
            for command in ("load_reference", "load_published", "load_examples"):
                call_command(command, stdout=words)
        # Loading every authority of the world anew for each mail would take most of the time.
        os.environ["SSL_CERT_FILE"] = str(certificate(folder, "localhost"))
        warm_up()
        zygote = Zygote(folder / "workers.log")
        is_file = connection.vendor == "sqlite"
        stage = cls(
            folder=folder,
            database=Sqlite(folder) if is_file else Cluster(folder / "cluster"),
            mail=MailServer(port=urlsplit(os.environ["EMAIL_URL"]).port or 25),
            zygote=zygote,
        )
        stage.mail.start()
        with (folder / "web.log").open("ab") as log:
            stage.web = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "--preload", "tests.faults.wsgi"],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            wait_for(lambda: answers(f"{settings.SITE_URL}/health/ready"), "the web server", 30)
        except TimeoutError:
            sys.stdout.write((folder / "web.log").read_text())
            stage.stop()
            raise
        stage.posts = [dict(post) for post in Post.objects.values()]
        stage.areas = [dict(area) for area in Area.objects.values("pk", "region_id")]
        return stage

    def reset(self) -> None:
        """Make it as before the first seed."""
        for pid in tuple(self.workers):
            os.kill(pid, signal.SIGKILL)
            self.ended(pid)
        self.mail.forget()
        Message.objects.all().delete()
        NoticeList.objects.all().delete()
        Pause.objects.all().delete()
        Enquiry.objects.all().delete()

    def put_posts_back(self) -> None:
        """Undo what a fault has done to posts and areas."""
        for post in self.posts:
            Post.objects.filter(pk=post["id"]).update(**post)
        for area in self.areas:
            Area.objects.filter(pk=area["pk"]).update(region_id=area["region_id"])

    def stop(self) -> None:
        if self.web is not None:
            os.killpg(self.web.pid, signal.SIGTERM)
            try:
                self.web.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(self.web.pid, signal.SIGKILL)
                self.web.wait()
        self.zygote.stop()
        self.mail.stop()

    # The web

    def post(self, values: dict[str, str], *, fault: str = "") -> Answer:
        """Send the form once. Raises OSError or HTTPException where no answer comes."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Fault": fault}
        return self._ask("POST", "/contact/", urlencode(values), headers)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", settings.PORT, timeout=40)
        try:
            line.request(method, path, body, headers)
            response = line.getresponse()
            response.read()
        finally:
            line.close()
        location = response.getheader("Location") or ""
        if response.status == 302 and location.startswith("/contact/sent/"):
            return Answer(302, location.split("/")[3])
        return Answer(response.status)

    def send(self, sent: Sent, *, fault: str = "") -> None:
        """Send as a persistent sender: again with the same token until an answer confirms it.

        `fault` strikes the first try alone.
        """
        deadline = time.monotonic() + HEALS_WITHIN_SECONDS
        while not sent.reference:
            try:
                answer = self.post(sent.values, fault=fault)
            except (OSError, http.client.HTTPException):
                answer = Answer(0)
            fault = ""
            sent.reference = answer.reference
            if not sent.reference:
                assert answer.status in {0, 500, 503}, f"the sender was told {answer.status}"
                assert time.monotonic() < deadline, "nothing healed within 30 seconds"
                time.sleep(0.01)

    # Workers

    def start(self, order: Order) -> int:
        """Return the process id of a new worker."""
        pid = self.zygote.start(order)
        self.workers.add(pid)
        return pid

    def ended(self, pid: int, seconds: float = 60) -> int:
        """Wait for a worker's end; return its exit code, or -N for signal N."""
        code = self.zygote.wait(pid, seconds)
        self.workers.discard(pid)
        return code

    def work(self, order: Order | None = None) -> int:
        """Let one worker do as ordered, else what is due; return how it ended."""
        return self.ended(self.start(order or Order()))

    def holding(self, order: Order) -> tuple[int, bool]:
        """Start a worker that holds; return its id and whether it got there (or ended before)."""
        for name in ("reached", "go"):
            (self.folder / name).unlink(missing_ok=True)
        pid = self.start(replace(order, strike="hold", folder=str(self.folder)))
        reached = self.folder / "reached"
        deadline = time.monotonic() + 20
        while not reached.exists():
            if time.monotonic() > deadline:
                return pid, False
            if self.zygote.has_ended(pid):
                return pid, False
            time.sleep(0.005)
        return pid, True

    def let_go(self) -> None:
        """Release the worker that holds."""
        (self.folder / "go").touch()

    def finish(self, order: Order | None = None, *, rounds: int = 12) -> None:
        """Let workers work and time pass until nothing waits, or the rounds are over."""
        for _ in range(rounds):
            self.work(order)
            if not self.pass_until_due():
                return

    # Time

    def pass_until_due(self) -> bool:
        """Let just so much time pass that all that waits is due; say whether anything waits."""
        waiting = Message.objects.undelivered()
        moments = [
            lease or due for due, lease in waiting.values_list("due_at", "lease_expires_at")
        ] + list(Pause.objects.values_list("probe_at", flat=True))
        if not moments:
            return False
        ahead = max(moments) - timezone.now()
        if ahead > timedelta():
            self.pass_time(ahead + SECOND)
        return True

    def pass_time(self, long: timedelta) -> None:
        """Make everything that waits older by that much."""
        Message.objects.undelivered().update(
            due_at=F("due_at") - long,
            lease_expires_at=F("lease_expires_at") - long,
            created_at=F("created_at") - long,
        )
        Pause.objects.update(probe_at=F("probe_at") - long, since=F("since") - long)

    def states(self) -> dict[tuple[str, int], str]:
        """Return each message's state by its kind and subject."""
        rows = Message.objects.values_list("kind", "subject_id", "state")
        return {(kind, subject): state for kind, subject, state in rows}

    def eventually(self, condition: Any, what: str, seconds: float = HEALS_WITHIN_SECONDS) -> None:
        """Wait for something that a failing database may not be able to say yet."""

        def holds() -> bool:
            try:
                return bool(condition())
            except DatabaseError:
                connection.close()
                return False

        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"not within {seconds} seconds: {what}"
            time.sleep(0.02)
