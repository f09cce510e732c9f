"""Does an installation of an earlier version keep everything when it is brought up to date?

`python -m tests.upgrade --help`. It prints a table of every table of the database, and ends with 1
if a row is lost or altered, a text does not open, a page does not answer or an edition is made up.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from tests.processes import ROOT, new_database
from tests.upgrade.census import REFERENCE, Change, census, compare
from tests.upgrade.intended import intended

HERE = Path(__file__).parent
# Sets the site up and runs a script in it; its own name is not among the arguments.
PLAYER = """
import runpy, sys
import django
django.setup()
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
HEADINGS = ("table", "before", "after", "lost", "altered", "on purpose", "added", "")
# Rows that a worker may add when nothing has happened: none.
QUIET = ("guidance_edition", "contact_enquiry", "training_session", "regions_post")


@dataclass
class Installation:
    """A database and a folder of files, served by one version or another."""

    url: str
    folder: Path
    keys: str

    def run(self, python: str, checkout: Path, *arguments: str, **settings: str) -> str:
        """Run Python in a version's checkout and return what it printed.

        Raises SystemExit with what it said, where it fails.
        """
        done = subprocess.run(
            [python, *arguments],
            cwd=checkout,
            env=self.environment(checkout) | settings,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(arguments)} in {checkout}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def play(self, python: str, checkout: Path, script: str, *arguments: str) -> str:
        """Run one of our scripts inside a version of the site; return what it printed."""
        return self.run(python, checkout, "-c", PLAYER, str(HERE / script), *arguments)

    def environment(self, checkout: Path) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(checkout),
            "DJANGO_SETTINGS_MODULE": "rpec_site.settings",
            "ENV_FILE": os.devnull,
            # So that neither version needs its styles built.
            "DEBUG": "on",
            "EXAMPLES": "on",
            "EXAMPLE_PASSWORD": "example-password-1",
            "SECRET_KEY": "upgrade-" + "0123456789abcdef" * 4,
            "FIELD_ENCRYPTION_KEYS": self.keys,
            "ALLOWED_HOSTS": "127.0.0.1",
            "SITE_URL": "http://127.0.0.1:8000",
            "NATIONAL_TEAM_EMAIL": "national@rpec.example",
            "DATABASE_URL": self.url,
            "VAR_DIR": str(self.folder),
            "EMAIL_URL": f"filemail://{self.folder}/mail",
            "LOG_LEVEL": "ERROR",
        }


def main() -> int:
    options = _options()
    engines = ("sqlite", "postgresql") if options.engine == "both" else (options.engine,)
    faults = [fault for engine in engines for fault in _upgrade(engine, options)]
    for fault in faults:
        sys.stdout.write(f"FAULT {fault}\n")
    sys.stdout.write("Something was lost.\n" if faults else "Nothing was lost.\n")
    return 1 if faults else 0


def _options() -> Namespace:
    parser = ArgumentParser(prog="python -m tests.upgrade", description=__doc__)
    parser.add_argument("--from", dest="earlier", type=Path, required=True, help="its checkout")
    parser.add_argument("--python", required=True, help="a Python with its requirements")
    parser.add_argument("--engine", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument(
        "--server",
        default=os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres"),
        help="where databases of PostgreSQL may be made",
    )
    return parser.parse_args()


def _upgrade(engine: str, options: Namespace) -> list[str]:
    """Fill, bring up to date and compare on one engine; return what is wrong."""
    earlier, python = options.earlier.resolve(), str(Path(options.python).absolute())
    with installation(engine, options.server) as site:
        site.run(python, earlier, "manage.py", "prepare")
        site.play(python, earlier, "filling.py")
        # One round meets a server that does not answer, the next ones a folder: attempts of both.
        site.run(python, earlier, "manage.py", "work", "--once", EMAIL_URL="smtp://127.0.0.1:9")
        site.run(python, earlier, "manage.py", "shell", "-c", DUE_AGAIN)
        for _ in range(3):
            site.run(python, earlier, "manage.py", "work", "--once")
        # What is not sent yet when the new version comes.
        site.play(python, earlier, "filling.py", "enquiry")
        read_before = json.loads(site.play(python, earlier, "reading.py"))
        before = census(site.url)

        site.run(sys.executable, ROOT, "manage.py", "prepare")
        after, meant = census(site.url), intended(site.url)
        read_after = json.loads(site.play(sys.executable, ROOT, "reading.py"))

        for _ in range(2):
            site.run(sys.executable, ROOT, "manage.py", "work", "--once")
        worked = census(site.url)
    changes = compare(before, after, meant)
    _print(engine, changes)
    faults = [f"{change.table}: {_words(change)}" for change in changes if change.is_loss]
    faults += [f"empty before, so nothing was shown: {name}" for name in _untried(changes, before)]
    faults += _reading_faults(read_before, read_after)
    for change in compare(after, worked):
        if change.table in QUIET and (change.added or change.lost):
            faults.append(f"the worker added {change.added} and removed {len(change.lost)}")
    sys.stdout.write(
        f"{len(read_after['texts'])} encrypted texts compared, {len(read_after['answers'])} "
        f"pages asked; after two rounds of the worker {len(worked['guidance_edition'].rows)} "
        f"editions, {len(after['guidance_edition'].rows)} before them.\n"
    )
    return [f"{engine}: {fault}" for fault in faults]


DUE_AGAIN = """
from django.db.models.functions import Now
from outbox.models import Message
Message.objects.filter(state="deferred").update(due_at=Now())
"""


@contextmanager
def installation(engine: str, server: str) -> Iterator[Installation]:
    with tempfile.TemporaryDirectory(prefix="rpec-upgrade-") as name:
        folder = Path(name)
        with new_database(folder, server=server if engine == "postgresql" else "") as url:
            yield Installation(url, folder, Fernet.generate_key().decode())


def _reading_faults(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return the texts that do not open as before, and the pages that no longer answer."""
    wrong = [
        f"{key} does not say what it said"
        for key, text in before["texts"].items()
        if after["texts"].get(key) != text
    ]
    wrong += [
        f"{address} answered 200 and is not there any more"
        for address, status in before["answers"].items()
        if status == 200 and address not in after["answers"]
    ]
    wrong += [
        f"{address} answers {status}"
        for address, status in after["answers"].items()
        if status != before["answers"].get(address, 200)
    ]
    return wrong


def _untried(changes: list[Change], before: Collection[str]) -> list[str]:
    """Return the tables that the earlier version had and the filling left empty."""
    return [
        change.table
        for change in changes
        if change.table in before
        and not change.before
        and not change.added
        and change.table not in MAY_BE_EMPTY
    ]


# Nothing but a refused login fills the first, and no group is given to a user by hand here.
MAY_BE_EMPTY = {"outbox_pause", "accounts_user_user_permissions"}


def _print(engine: str, changes: list[Change]) -> None:
    rows = [HEADINGS, *(_cells(change) for change in changes)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    sys.stdout.write(f"\n{engine}\n")
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def _cells(change: Change) -> tuple[str, ...]:
    altered = (len(change.changed), len(change.on_purpose))
    numbers = (change.before, change.after, len(change.lost), *altered, change.added)
    expected = (change.changed or change.added) and change.table in REFERENCE
    note = "LOSS" if change.is_loss else "brought up to date" if expected else ""
    return (change.table, *map(str, numbers), note)


def _words(change: Change) -> str:
    return (
        f"lost rows {change.lost[:5]}, altered rows {change.changed[:5]}, "
        f"columns gone {sorted(change.dropped_columns)}"
    )


if __name__ == "__main__":
    sys.exit(main())
