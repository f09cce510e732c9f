"""A package of postcodes as it comes with the requirements, with a few postcodes of our own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import brotli
import msgpack
import pytest

from regions.actions.postcodes import load_packaged_postcodes
from regions.national.packaged import PACKAGE

VERSION = "2026.1.1"


def install(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tables: Mapping[str, Any], version: str = VERSION
) -> None:
    """Make a distribution of that name stand before any other on the path."""
    name = PACKAGE.replace("-", "_")
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {PACKAGE}\nVersion: {version}\n")
    files = []
    for file, table in tables.items():
        (folder / file).write_bytes(brotli.compress(msgpack.packb(table)))
        files.append(f"{file},,\n")
    (info / "RECORD").write_text("".join(files))
    monkeypatch.syspath_prepend(str(folder))


def table(postcodes: Mapping[str, str | float]) -> dict[str, Any]:
    """Return postcodes, by their council's code, in the package's layout."""
    rows = sorted((text.replace(" ", ""), code) for text, code in postcodes.items())
    return {
        "columns": ["pcd", "laua", "oseast1m", "osnrth1m"],
        "data": {
            "pcd": [f"{text[:-3]:<4}{text[-3:]}" for text, _ in rows],
            "laua": [code for _, code in rows],
            "oseast1m": [400_000.0 for _ in rows],
            "osnrth1m": [400_000.0 for _ in rows],
        },
    }


def install_postcodes(
    folder: Path, monkeypatch: pytest.MonkeyPatch, postcodes: Mapping[str, str | float]
) -> None:
    """Install a package of these postcodes, and load it."""
    install(folder, monkeypatch, {"postcodes_A.msgpack.br": table(postcodes)})
    load_packaged_postcodes()
