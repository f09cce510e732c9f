"""The front end's packages: exact, and named without any registry's address."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_package_is_pinned_and_says_why_it_is_there() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    versions = package["devDependencies"]
    assert [
        name for name, version in versions.items() if not re.fullmatch(r"[\d.]+", version)
    ] == []
    assert set(versions) == set(package["//"])


def test_the_lock_file_has_hashes_and_no_addresses() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    locked = {name: entry for name, entry in packages.items() if name}
    assert [name for name, entry in locked.items() if "resolved" in entry] == []
    assert [name for name, entry in locked.items() if "integrity" not in entry] == []
