"""What a national file is packed in: unpacked, or refused with a sentence."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from regions.national.archives import ArchiveError, file_name, unpacked

CSV = b"URN,EstablishmentName\r\n" + b"100001,Canal Street Primary School\r\n" * 200
MOST = 1_000_000


def packed(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def taken_out(folder: Path, content: bytes, *, name: str = "file.csv") -> Path:
    file = folder / name
    file.write_bytes(content)
    return unpacked(file, most=MOST)


@pytest.mark.parametrize("content", [CSV, b"\xef\xbb\xbf" + CSV, b"", "É;è".encode("cp1252")])
def test_what_is_not_packed_stays_as_it_is(tmp_path, content):
    assert taken_out(tmp_path, content) == tmp_path / "file.csv"
    assert (tmp_path / "file.csv").read_bytes() == content


def test_gzip_is_unpacked_and_gone(tmp_path):
    found = taken_out(tmp_path, gzip.compress(CSV), name="edubasealldata20261130.csv.gz")
    assert (found.name, found.read_bytes()) == ("edubasealldata20261130.csv", CSV)
    assert not (tmp_path / "edubasealldata20261130.csv.gz").exists()


def test_the_directory_is_found_in_its_zip_among_its_parts_and_its_documents(tmp_path):
    found = taken_out(
        tmp_path,
        packed(
            {
                "User Guide/ONSPD User Guide Nov 2026.pdf": b"%PDF" + b"x" * 90_000,
                "Documents/LA_UA names and codes UK as at 04_26.csv": b"code,name\n" * 9,
                "Data/multi_csv/ONSPD_NOV_2026_UK_AB.csv": CSV[:900],
                "Data/multi_csv/ONSPD_NOV_2026_UK_AL.csv": CSV[:500],
                "Data/ONSPD_NOV_2026_UK.csv": CSV,
            }
        ),
        name="data",
    )
    assert (found.name, found.read_bytes()) == ("ONSPD_NOV_2026_UK.csv", CSV)
    assert not (tmp_path / "data").exists()


def test_a_name_in_a_zip_leads_nowhere_else(tmp_path):
    found = taken_out(tmp_path, packed({"../../outside é.csv": CSV}))
    assert found == tmp_path / "unpacked" / "outside__.csv"


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"read me.txt": CSV}, r"file\.csv holds no CSV file"),
        ({"one.csv": CSV, "two.CSV": CSV}, "holds several CSV files, and none that is much"),
        ({"bomb.csv": b"0" * (MOST + 1)}, r"bomb\.csv is larger than 1 MB unpacked"),
    ],
)
def test_a_zip_without_one_csv_of_a_sound_size_is_refused(tmp_path, files, sentence):
    with pytest.raises(ArchiveError, match=sentence):
        taken_out(tmp_path, packed(files))


def test_a_zip_that_lies_about_its_size_is_stopped(tmp_path):
    sound = packed({"bomb.csv": b"0" * (3 * MOST)})
    size, lie = (3 * MOST).to_bytes(4, "little"), (MOST // 2).to_bytes(4, "little")
    with pytest.raises(ArchiveError, match="cannot be unpacked"):
        taken_out(tmp_path, sound.replace(size, lie))
    stored = tmp_path / "unpacked" / "bomb.csv"
    assert not stored.exists() or stored.stat().st_size <= MOST


def test_a_small_gzip_that_holds_a_vast_file_is_stopped(tmp_path):
    with pytest.raises(ArchiveError, match="is larger than 1 MB unpacked"):
        taken_out(tmp_path, gzip.compress(b"0" * (20 * MOST)))
    assert (tmp_path / "unpacked" / "file.csv").stat().st_size <= MOST


def damaged_zips() -> list[bytes]:
    sound = packed({"file.csv": CSV})
    with_password = sound.replace(b"PK\x03\x04\x14\x00\x00\x00", b"PK\x03\x04\x14\x00\x01\x00")
    return [
        sound[:-30],
        sound[: len(sound) // 2],
        sound.replace(b"\x08\x00", b"\x63\x00"),  # A method that nobody knows.
        with_password.replace(
            b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"
        ),
        b"PK\x03\x04 and so on",
    ]


@pytest.mark.parametrize("content", damaged_zips())
def test_a_damaged_or_locked_zip_is_said_to_be_one(tmp_path, content):
    with pytest.raises(ArchiveError, match=r"file\.csv cannot be unpacked"):
        taken_out(tmp_path, content)


@pytest.mark.parametrize("content", [gzip.compress(CSV)[:-9], b"\x1f\x8b and so on"])
def test_a_damaged_gzip_is_said_to_be_one(tmp_path, content):
    with pytest.raises(ArchiveError, match=r"file\.csv cannot be unpacked"):
        taken_out(tmp_path, content)


@pytest.mark.parametrize(
    "page",
    [b"<!DOCTYPE html><title>Sorry</title>", b"\xef\xbb\xbf\r\n <HTML>", b"<?xml version='1.0'?>"],
)
def test_a_web_page_is_no_file_of_data(tmp_path, page):
    with pytest.raises(ArchiveError, match="is a web page, and no file of data"):
        taken_out(tmp_path, page)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://example.org/public/edubasealldata20261130.csv", "edubasealldata20261130.csv"),
        ("https://example.org/items/77889900/data?f=csv", "data"),
        ("https://example.org/", "example.org"),
        ("Data/../..", "file"),
        ("a/" + "x" * 300 + ".csv", "x" * 96 + ".csv"),
    ],
)
def test_a_file_is_named_by_the_end_of_its_address(address, name):
    assert file_name(address) == name
