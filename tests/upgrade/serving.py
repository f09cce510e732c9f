"""Does an upgrade lose an enquiry while people send? `python -m tests.upgrade.serving --help`.

The version that landed and this one serve side by side on one database, this one from before its
migrations on. Senders send all the time, to the one or the other by the seed's chance; `prepare`
runs in the midst of it, then the earlier version is stopped. Each sender was told the truth: led
to a confirmation, or given everything back with status 503. What was confirmed is stored once, and
this version's worker sends it.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.processes import ROOT, TYPED, answers, councils, wait_for
from tests.smtp import free_port
from tests.upgrade.__main__ import Installation, installation

LANDED = "32006b337f44ca8e351c44ccba20700221aa91c4"
SENDERS = 4
MESSAGE = "When is the next date, on this or the other version?"
STORED = """
from contact.models import Enquiry
from outbox.models import Message
for enquiry in Enquiry.objects.all():
    notices = Message.objects.filter(subject_id=enquiry.pk, kind="enquiry-notice")
    states = notices.values_list("state", flat=True)
    print(enquiry.reference, enquiry.message == {message!r}, *states)
"""


class Unfollowed(urllib.request.HTTPRedirectHandler):
    """Where it leads is all that is asked; the other version may show it."""

    def redirect_request(self, *arguments: object, **options: object) -> None:
        return None


OPENER = urllib.request.build_opener(Unfollowed)


@dataclass
class Senders:
    """People who send one enquiry after the other, to any of the addresses that serve."""

    chance: random.Random
    ports: list[int]
    phase: str = ""
    references: list[str] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self, seed: int) -> None:
        self._threads = [
            threading.Thread(target=self._send, args=(f"{seed}-{number}",))
            for number in range(SENDERS)
        ]
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        self.stop.set()
        for thread in self._threads:
            thread.join()

    def _send(self, name: str) -> None:
        turn = 0
        while not self.stop.is_set():
            turn += 1
            self._send_until_confirmed(f"{name}-{turn}")
            time.sleep(self.chance.uniform(0, 0.4))

    def _send_until_confirmed(self, name: str) -> None:
        """Send with one token, as a browser that reloads; until the site confirms it."""
        place, _ = self.chance.choice(councils())
        typed = {**TYPED, "place": place, "message": MESSAGE, "token": name}
        body = urllib.parse.urlencode({**typed, "email": f"{name}@school.example"}).encode()
        for _ in range(600):
            status, location, page = self._ask(self.chance.choice(self.ports), body)
            self.counts[self.phase, status] += 1
            if status == "302":
                self.references.append(location.rstrip("/").rpartition("/")[2])
                return
            if status not in {"503", "no answer"}:
                self.wrong.append(f"a sender was answered {status} ({self.phase})")
            elif status == "503" and MESSAGE not in page:
                self.wrong.append(f"what was typed was lost ({self.phase})")
            time.sleep(0.1)
        self.wrong.append(f"{name} was never confirmed")

    def _ask(self, port: int, body: bytes) -> tuple[str, str, str]:
        try:
            with OPENER.open(f"http://127.0.0.1:{port}/contact/", body, timeout=30) as answer:
                return str(answer.status), "", ""
        except urllib.error.HTTPError as error:
            page = error.read().decode(errors="replace")
            return str(error.code), error.headers.get("Location") or "", page
        except OSError:
            return "no answer", "", ""


@contextmanager
def serving(site: Installation, python: str, checkout: Path, port: int) -> Iterator[None]:
    """Let a version serve."""
    environment = {**site.environment(checkout), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    with (site.folder / f"web-{port}.log").open("ab") as log:
        web = subprocess.Popen(
            [python, "-m", "gunicorn"],
            cwd=checkout,
            env=environment,
            start_new_session=True,
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(lambda: answers(f"http://127.0.0.1:{port}/health/live"), "the web server")
        yield
    finally:
        os.killpg(web.pid, signal.SIGTERM)
        web.wait(timeout=30)


def play(engine: str, seed: int, earlier: Path, options: Namespace) -> list[str]:
    """Play one upgrade; return what was wrong."""
    chance = random.Random(f"{engine}-{seed}")
    old, new = free_port(), free_port()
    with installation(engine, options.server) as site:
        site.run(options.python, earlier, "manage.py", "prepare")
        senders = Senders(chance, [old])
        try:
            with serving(site, sys.executable, ROOT, new):
                with serving(site, options.python, earlier, old):
                    senders.phase = "earlier version, its schema"
                    senders.run(seed)
                    time.sleep(chance.uniform(0.5, 1.5))
                    senders.phase = "both, earlier schema"
                    senders.ports = [old, new]
                    time.sleep(chance.uniform(0.5, 1.5))
                    senders.phase = "both, while it migrates"
                    site.run(sys.executable, ROOT, "manage.py", "prepare")
                    senders.phase = "both, this schema"
                    time.sleep(chance.uniform(1, 3))
                senders.phase, senders.ports = "this version", [new]
                time.sleep(chance.uniform(0.5, 1.5))
                senders.join()
        finally:
            senders.stop.set()
        for _ in range(3):
            site.run(sys.executable, ROOT, "manage.py", "work", "--once")
        stored = site.run(
            sys.executable, ROOT, "manage.py", "shell", "-c", STORED.format(message=MESSAGE)
        )
    rows = [line.split() for line in stored.splitlines() if line.count("-") >= 2]
    wrong = senders.wrong + _lost(senders.references, rows)
    _tell(engine, seed, senders, wrong)
    return [f"{engine}, seed {seed}: {fault}" for fault in wrong]


def _lost(confirmed: list[str], rows: list[list[str]]) -> list[str]:
    """Return what is wrong; a row has its reference, whether its text opens, its mail's states."""
    stored = {row[0]: row[1:] for row in rows}
    lost = [f"{reference} is not stored" for reference in confirmed if reference not in stored]
    twice = [f"{name} was confirmed twice" for name, n in Counter(confirmed).items() if n > 1]
    unsent = [
        f"{reference}: {' '.join(state)}"
        for reference, state in stored.items()
        if state != ["True", "accepted"]
    ]
    return lost + twice + unsent


def _tell(engine: str, seed: int, senders: Senders, wrong: list[str]) -> None:
    sys.stdout.write(f"{engine}, seed {seed}: {len(senders.references)} enquiries confirmed\n")
    for (phase, status), count in senders.counts.items():
        sys.stdout.write(f"  {phase}: {count} answered {status}\n")
    sys.stdout.write("".join(f"  WRONG {fault}\n" for fault in wrong[:20]))
    sys.stdout.flush()


def from_history() -> tuple[Path, str]:
    """Return the folder of the version that landed and its Python, made where they are missing.

    They stay in var/ for the next time.
    """
    folder = ROOT / "var" / "earlier" / LANDED[:12]
    python = folder / ".venv" / "bin" / "python"
    if not (folder / "complete").exists():
        archive = subprocess.run(["git", "archive", LANDED], cwd=ROOT, capture_output=True)
        if archive.returncode:
            raise SystemExit("The version that landed is not in this history: name it by --from.")
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        subprocess.run([sys.executable, "-m", "venv", folder / ".venv"], check=True)
        install: list[str | Path] = [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        subprocess.run(
            [*install, "--require-hashes", "-r", folder / "requirements.txt"], check=True
        )
        (folder / "complete").touch()
    return folder, str(python)


def main() -> int:
    parser = ArgumentParser(prog="python -m tests.upgrade.serving", description=__doc__)
    parser.add_argument("--from", dest="earlier", type=Path, help="a checkout; else from history")
    parser.add_argument(
        "--python", default=sys.executable, help="a Python with the requirements of --from"
    )
    parser.add_argument("--engine", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument(
        "--server",
        default=os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres"),
        help="where databases of PostgreSQL may be made",
    )
    options = parser.parse_args()
    engines = ("sqlite", "postgresql") if options.engine == "both" else (options.engine,)
    earlier, options.python = (
        (options.earlier.resolve(), options.python) if options.earlier else from_history()
    )
    wrong = [
        fault
        for engine in engines
        for seed in range(options.first_seed, options.first_seed + options.seeds)
        for fault in play(engine, seed, earlier, options)
    ]
    sys.stdout.write(f"{len(wrong)} faults.\n" if wrong else "Nothing was lost.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
