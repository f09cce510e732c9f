"""The postcode directory that comes with the requirements: loaded where there is none."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from regions.answers import Result
from regions.lookup import answer
from regions.models import NationalFile, PostcodeSector
from regions.national.packaged import PACKAGE
from rpec_site.management.commands.prepare import Command as Prepare
from tests.processes import ROOT, answers, new_site
from tests.regions.directories import LEEDS, MANCHESTER, write
from tests.regions.packages import VERSION, install, table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

FILE = "postcodes_L.msgpack.br"
SOUND = {FILE: table({"LS1 4AP": LEEDS[0], "LS1 4AQ": LEEDS[0]})}
NOT_A_NUMBER = float("nan")


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """Install a package of these tables, in a folder of its own."""

    def install_in(tables: dict[str, Any], version: str = VERSION) -> Path:
        folder = tmp_path / f"{version}-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        install(folder, monkeypatch, tables, version)
        return folder

    return install_in


def load() -> str:
    output = io.StringIO()
    call_command("load_postcodes", stdout=output, stderr=io.StringIO())
    return output.getvalue()


def prepare_postcodes() -> tuple[str, str]:
    """Do what `prepare` does about postcodes; return what it prints and what it complains of."""
    output, errors = io.StringIO(), io.StringIO()
    Prepare(stdout=output, stderr=errors)._load_postcodes()
    return output.getvalue(), errors.getvalue()


def take_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no folder on the path have the package any more."""
    monkeypatch.setattr(sys, "path", [folder for folder in sys.path if not has_package(folder)])


def has_package(folder: str) -> bool:
    return any(Path(folder).glob(f"{PACKAGE.replace('-', '_')}-*.dist-info"))


def test_it_is_loaded_where_there_is_none_and_never_twice(shelf):
    shelf(SOUND)
    assert load() == "Postcodes: 2 loaded.\n"
    assert load() == "Postcodes: there is nothing to load.\n"
    stored = NationalFile.objects.get()
    assert (stored.kind, stored.source) == ("postcodes", "package")
    assert (stored.name, stored.rows) == (f"{PACKAGE} {VERSION}", 2)
    assert (stored.release, stored.release_words) == (date(2025, 11, 1), "November 2025")


def test_another_version_takes_the_place_of_the_former(shelf):
    shelf(SOUND)
    load()
    shelf({FILE: table({"LS1 1UR": LEEDS[0]})}, version="2027.1.1")
    assert load() == "Postcodes: 1 loaded.\n"
    assert answer("LS1 1UR").result is Result.ONE
    assert answer("LS1 4AP").result is Result.INVALID
    # Nobody has yet written down of when that version is.
    assert NationalFile.objects.get().release is None


def test_what_an_operator_imported_is_never_replaced(shelf, tmp_path):
    call_command("import_postcodes", write(tmp_path / "a.csv", [("M11 1AA", "", MANCHESTER)]))
    for version in (VERSION, "2027.1.1"):
        shelf(SOUND, version)
        assert load() == "Postcodes: there is nothing to load.\n"
    assert answer("M11 1AA").result is Result.ONE
    assert NationalFile.objects.get().source == "imported"


def test_what_was_imported_before_imports_were_recorded_is_not_replaced_either(shelf, tmp_path):
    call_command("import_postcodes", write(tmp_path / "a.csv", [("M11 1AA", "", MANCHESTER)]))
    NationalFile.objects.all().delete()
    shelf(SOUND)
    assert load() == "Postcodes: there is nothing to load.\n"
    assert answer("M11 1AA").result is Result.ONE


def test_an_operators_own_file_takes_the_place_of_it_however_small(shelf, tmp_path):
    shelf({FILE: table({f"LS1 {n}{a}{b}": LEEDS[0] for n in range(9) for a in "AB" for b in "DE"})})
    load()
    call_command("import_postcodes", write(tmp_path / "a.csv", [("M11 1AA", "", MANCHESTER)]))
    assert answer("M11 1AA").result is Result.ONE
    assert answer("LS1 4AD").result is Result.INVALID


def another_layout(**data: object) -> dict[str, Any]:
    """Return a table with other columns in the place of some."""
    return {"columns": [], "data": {**SOUND[FILE]["data"], **data}}


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ({}, f"The package {PACKAGE} has no postcodes as we know them."),
        ({FILE: ["LS1 4AP"]}, f"{FILE} of {PACKAGE} is not in the layout that we know."),
        ({FILE: {"data": {}}}, "is not in the layout that we know."),
        ({FILE: another_layout(pcd=5)}, "is not in the layout that we know."),
        ({FILE: another_layout(laua=None)}, "is not in the layout that we know."),
        ({FILE: another_layout(laua=["E08000035"])}, "has columns of different lengths."),
        ({FILE: another_layout(pcd=[1, 2])}, "has postcodes that are no text."),
        ({FILE: another_layout(laua=["Leeds", "Leeds"])}, "has hardly any postcodes that can be"),
        ({FILE: another_layout(laua=[NOT_A_NUMBER, 7])}, "has hardly any postcodes that can be"),
        ({FILE: another_layout(pcd=["", "nowhere"])}, "has hardly any postcodes that can be"),
    ],
)
def test_a_package_of_another_layout_is_said_to_be_one_and_changes_nothing(shelf, tables, sentence):
    shelf(SOUND)
    load()
    shelf(tables, version="2027.1.1")
    with pytest.raises(CommandError) as refusal:
        load()
    assert sentence in str(refusal.value)
    assert str(refusal.value).endswith(" Nothing was changed.")
    assert answer("LS1 4AP").result is Result.ONE
    assert NationalFile.objects.get().name == f"{PACKAGE} {VERSION}"


@pytest.mark.parametrize("content", [None, b"", b"no brotli", b"\x8b\x02\x80\xc1\x03"])
def test_a_file_that_is_missing_or_damaged_is_said_to_be_so(shelf, content):
    file = shelf(SOUND) / FILE
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError, match=f"{FILE} of {PACKAGE} is not in the layout"):
        load()
    assert not PostcodeSector.objects.exists()


def test_single_rows_that_make_no_sense_are_left_out(shelf):
    codes: dict[str, str | float] = {
        "LS1 4AP": LEEDS[0],
        "LS1 4AQ": NOT_A_NUMBER,
        "CF10 1AA": "W06000015",
    }
    shelf({FILE: table(codes)})
    assert load() == "Postcodes: 2 loaded.\n"
    assert answer("CF10 1AA").result is Result.OUTSIDE_ENGLAND


def test_without_the_package_the_site_says_so_in_a_sentence(monkeypatch):
    take_away(monkeypatch)
    assert prepare_postcodes() == (
        "",
        f"The package {PACKAGE} is not installed. Nothing was changed. "
        "The site runs without them, and finds regions by names.\n",
    )


def test_without_the_package_what_is_stored_stays(shelf, monkeypatch):
    shelf(SOUND)
    load()
    take_away(monkeypatch)
    assert prepare_postcodes() == ("Postcodes: there is nothing to load.\n", "")
    assert answer("LS1 4AP").result is Result.ONE


WITHOUT_POSTCODES = """
from regions.models import NationalFile, PostcodeSector
PostcodeSector.objects.all().delete()
NationalFile.objects.all().delete()
"""


def test_a_site_with_a_package_of_another_layout_starts_and_says_so(tmp_path):
    install_to = tmp_path / "packages"
    install_to.mkdir()
    with pytest.MonkeyPatch.context() as path:
        install(install_to, path, {FILE: ["LS1 4AP"]})
    environment = {"EXAMPLES": "off", "PYTHONPATH": str(install_to)}
    with new_site(tmp_path, email_url=f"filemail://{tmp_path}/mail", **environment) as site:
        site.run(WITHOUT_POSTCODES)
        loading = subprocess.run(
            [sys.executable, "manage.py", "load_postcodes"],
            cwd=ROOT,
            env=site.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (loading.returncode, loading.stdout) == (1, "")
        assert loading.stderr == (
            f"CommandError: {FILE} of {PACKAGE} is not in the layout that we know. "
            "Nothing was changed.\n"
        )
        site.start_web()
        assert answers(f"{site.address}/api/regions/lookup?q=Leeds")
