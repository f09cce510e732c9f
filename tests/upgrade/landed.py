"""Have the migrations that landed stayed as they are? `python -m tests.upgrade.landed [--add]`.

An installation that ran one never runs it again: what is changed in it later, that installation
does not have. So each that has landed is in `landed_migrations.txt` with the digest of its file.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from tests.processes import ROOT

LIST = Path(__file__).with_name("landed_migrations.txt")


def read(lines: str) -> dict[str, str]:
    """Return the digest of each file by its path, from lines of `digest  path`; `#` is a remark."""
    rows = (line.split() for line in lines.splitlines() if line and not line.startswith("#"))
    return {path: digest for digest, path in rows}


def written(folder: Path) -> dict[str, str]:
    """Return the digest (SHA-256) of each migration in the folder of a site, by its path there."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.glob("*/migrations/[0-9]*.py"))
    }


def faults(landed: dict[str, str], now: dict[str, str]) -> list[str]:
    """Return in a sentence each migration that landed and is gone or says something else now."""
    gone = [f"{path} has landed and is gone." for path in landed if path not in now]
    changed = [
        f"{path} has landed and was changed: add another migration instead."
        for path, digest in landed.items()
        if now.get(path, digest) != digest
    ]
    return gone + changed


def nodes(landed: dict[str, str]) -> list[tuple[str, str]]:
    """Return the migrations as Django names them: by app and name."""
    return [(Path(path).parts[0], Path(path).stem) for path in landed]


def main() -> int:
    text = LIST.read_text(encoding="utf-8")
    landed, now = read(text), written(ROOT)
    found = faults(landed, now)
    if found:
        sys.stderr.write("\n".join(found) + "\n")
        return 1
    if "--add" in sys.argv[1:]:
        new = [f"{digest}  {path}\n" for path, digest in now.items() if path not in landed]
        LIST.write_text(text + "".join(new), encoding="utf-8")
        sys.stdout.write(f"{len(new)} migrations added: they never change again.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
