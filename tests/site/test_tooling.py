"""The front door for developers: what make offers, and what the locks say."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.processes import ROOT

INTERNAL = {"collected", "needs"}


def makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


def test_each_target_is_defined_and_listed_with_what_it_does():
    named = set(re.findall(r"^\.PHONY: (.*)$", makefile(), re.MULTILINE)[0].split())
    defined = set(re.findall(r"^([a-z]+):", makefile(), re.MULTILINE))
    listed = set(re.findall(r"^([a-z]+):.*## \w", makefile(), re.MULTILINE))
    assert named == defined
    assert named - listed == INTERNAL


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_each_locked_package_has_hashes_and_no_address(name):
    lock = (ROOT / name).read_text(encoding="utf-8")
    _, *packages = re.split(r"^(?=\w)", lock, flags=re.MULTILINE)
    assert [package for package in packages if "--hash=sha256:" not in package] == []
    assert (lock.count("--"), "//" in lock) == (lock.count("--hash=sha256:"), False)


def test_what_is_named_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for named, name in (
        (project["project"]["dependencies"], "requirements.txt"),
        (project["dependency-groups"]["dev"], "requirements-dev.txt"),
    ):
        lock = (ROOT / name).read_text(encoding="utf-8")
        locked = set(re.findall(r"^([\w.-]+)==", lock, re.MULTILINE))
        assert {re.split(r"[\[~>=<]", wanted)[0] for wanted in named} <= locked


def test_each_decision_is_a_file_of_its_own():
    for path in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        titles = re.findall(r"^# (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert [title.partition(".")[0] for title in titles] == [str(int(path.name[:4]))], path.name
