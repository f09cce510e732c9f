"""The fault-injection harness: `python -m tests.faults --help`. docs/reliability.md tells more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from tests.faults.databases import Cluster
from tests.faults.series import repeat
from tests.processes import ROOT
from tests.smtp import free_port

ENGINES = ("postgresql", "sqlite")
HEADINGS = (
    "fault",
    "what is done",
    "engine",
    "seeds",
    "enquiries",
    "lost",
    "wrong person",
    "extra copies",
    "bound of extra copies",
    "seconds",
)


def main() -> int:
    options = _options()
    engines = ENGINES if options.engine == "both" else (options.engine,)
    with ThreadPoolExecutor(len(engines)) as pool:
        runs = list(pool.map(lambda engine: _run(engine, options), engines))
    rows = [row for run in runs for row in run]
    rows.sort(key=lambda row: (int(row["fault"][1:]), row["engine"]))
    file = Path(options.json)
    file.parent.mkdir(exist_ok=True, parents=True)
    file.write_text(json.dumps(rows, indent=1) + "\n")
    sys.stdout.write("\n" + (_markdown(rows) if options.markdown else _plain(rows)))
    failures = [(row, seed, words) for row in rows for seed, words in row["failures"]]
    for row, seed, words in failures:
        sys.stdout.write(f"\nFAILED {row['fault']} on {row['engine']}, seed {seed}: {words}\n")
        sys.stdout.write(f"Repeat: {repeat(row['engine'], row['fault'], seed)}\n")
    return 1 if failures else 0


def _options() -> Namespace:
    parser = ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many of each fault")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--engine", choices=(*ENGINES, "both"), default="both")
    parser.add_argument("--fault", action="append", default=[], help="F3; may be repeated")
    parser.add_argument("--json", default=str(ROOT / "var" / "faults.json"))
    parser.add_argument("--markdown", action="store_true", help="print the table in Markdown")
    return parser.parse_args()


def _run(engine: str, options: Namespace) -> list[dict[str, Any]]:
    """Run one engine's series in a process of its own; return its rows."""
    command = [sys.executable, "-m", "tests.faults.series", f"--engine={engine}"]
    command += [f"--seeds={options.seeds}", f"--first-seed={options.first_seed}"]
    command += [f"--fault={name}" for name in options.fault]
    with tempfile.TemporaryDirectory(prefix="rpec-faults-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL's own user must reach its folder.
        with _database(engine, folder) as url:
            subprocess.run(
                [*command, f"--folder={folder}"],
                cwd=ROOT,
                env=_environment(folder, url),
                check=True,
            )
        rows: list[dict[str, Any]] = json.loads((folder / "rows.json").read_text())
        return rows


@contextmanager
def _database(engine: str, folder: Path) -> Iterator[str]:
    """Start what the engine needs; give the address that the site takes."""
    if engine == "sqlite":
        yield f"sqlite:///{folder}/site.sqlite3"
        return
    cluster = Cluster(folder / "cluster")
    cluster.start()
    try:
        yield cluster.url
    finally:
        cluster.stop()


def _environment(folder: Path, url: str) -> dict[str, str]:
    """Return the settings of a site in service, with examples, all of it in the folder."""
    port = free_port()
    return {
        **os.environ,
        "ENV_FILE": os.devnull,
        "DJANGO_SETTINGS_MODULE": "rpec_site.settings",
        "DEBUG": "off",
        "EXAMPLES": "on",
        "EXAMPLE_PASSWORD": "example-password-1",
        "SECRET_KEY": "faults-" + "0123456789abcdef" * 4,
        "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "ALLOWED_HOSTS": "127.0.0.1",
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DEFAULT_FROM_EMAIL": "site@rpec.example",
        "REPLY_TO_EMAIL": "replies@rpec.example",
        "NATIONAL_TEAM_EMAIL": "national@rpec.example",
        "PUBLIC_CONTACT_EMAIL": "public@rpec.example",
        "BOUNCE_EMAIL": "",
        "ALARM_EMAIL_URL": "",
        "EMAIL_URL": f"smtp://127.0.0.1:{free_port()}",
        "DATABASE_URL": url,
        "DATABASE_CONNECT_SECONDS": "2",
        "VAR_DIR": str(folder / "var"),
        "LOG_LEVEL": "WARNING",
    }


def _cells(row: dict[str, Any]) -> list[str]:
    if row["why_not"]:
        nothing = ["—"] * 6
        return [row["fault"], f"{row['does']}", row["engine"], *nothing[:5], row["why_not"], "—"]
    return [
        row["fault"],
        row["does"],
        row["engine"],
        str(row["seeds"]),
        str(row["enquiries"]),
        str(row["lost"]),
        str(row["wrong"]),
        str(row["extra"]),
        f"{row['allowed']} ({row['bound']})" if row["allowed"] else row["bound"],
        f"{row['seconds']:.0f}",
    ]


def _markdown(rows: list[dict[str, Any]]) -> str:
    lines = [HEADINGS, ["---"] * len(HEADINGS), *map(_cells, rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _plain(rows: list[dict[str, Any]]) -> str:
    lines = [list(HEADINGS), *map(_cells, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        + "\n"
        for line in lines
    )


if __name__ == "__main__":
    sys.exit(main())
