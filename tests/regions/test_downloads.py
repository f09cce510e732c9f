"""National files fetched by a command or in the night: what is taken, refused, and recorded."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from govuk.dates import in_london
from regions.actions import national
from regions.actions.establishments import claim_refresh, refresh_establishments
from regions.answers import Result
from regions.lookup import answer
from regions.models import Establishment, NationalDownload, NationalFile
from regions.national.download import Limits
from regions.postcodes import LETTERS
from tests.regions import directories, registers
from tests.regions.directories import LEEDS, MANCHESTER
from tests.regions.fileserver import FileServer, Served, serving, status
from tests.regions.packages import install_postcodes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

TODAY = "/edubasealldata20261130.csv"
YESTERDAY = "/edubasealldata20261129.csv"
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def server(settings, tmp_path, monkeypatch) -> Iterator[FileServer]:
    """The register of 30 November 2026, from which this site fetches it."""
    settings.OUTGOING_ACCESS = True
    settings.DOWNLOADS_DIR = tmp_path / "downloads"
    monkeypatch.setattr(national, "LIMITS", Limits(pause_seconds=0))
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    with serving() as running:
        settings.ESTABLISHMENTS_URL = f"{running.address}/edubasealldata{{date:%Y%m%d}}.csv"
        settings.POSTCODES_URL = f"{running.address}/postcodes"
        yield running


def register(count: int, *, first: int = 100001) -> bytes:
    rows = [{"URN": str(first + number)} for number in range(count)]
    return registers.text_of(rows).encode("cp1252")


def directory(folder: Path, month: str, *, count: int = 20) -> bytes:
    """Return a directory whose newest postcode began in that month."""
    rows = [(f"M11 1A{letter}", "", MANCHESTER) for letter in LETTERS[:count]]
    text = directories.write(folder / "directory.csv", rows).read_text("utf-8-sig")
    lines = text.splitlines()
    dated = [f"{lines[0]},dointr", *(f'{line},"{month}"' for line in lines[1:])]
    return "\n".join(dated).encode() + b"\n"


def run(*command: str) -> str:
    output = io.StringIO()
    call_command(*command, stdout=output)
    return output.getvalue()


def schools(*arguments: str) -> str:
    return run("import_establishments", *arguments)


def in_use(kind: str = "establishments") -> NationalFile:
    return NationalFile.objects.get(kind=kind)


def failure() -> str:
    return NationalDownload.objects.get().failure


def assert_refused(command: tuple[str, ...], sentence: str) -> None:
    """Assert that it is refused with a sentence, recorded, and that nothing has changed."""
    before = list(Establishment.objects.values()), list(NationalFile.objects.values())
    with pytest.raises(CommandError, match=sentence) as refusal:
        run(*command)
    assert str(refusal.value) == f"{failure()} Nothing was changed."
    assert (list(Establishment.objects.values()), list(NationalFile.objects.values())) == before


class TestRegister:
    def test_the_days_file_is_fetched_stored_and_recorded(self, server, settings):
        server.answers[TODAY] = Served(register(20), cuts=[900])
        assert schools("--download") == "Establishments: 20 stored; skipped: none.\n"
        assert answer("100020").findings[0].region_slug == "north-west"
        stored = in_use()
        assert (stored.source, stored.name) == ("downloaded", TODAY[1:])
        assert (stored.release, stored.rows) == (date(2026, 11, 30), 20)
        assert stored.release_words == "30 November 2026"
        assert failure() == ""
        assert list(settings.DOWNLOADS_DIR.iterdir()) == []

    def test_where_the_site_may_not_call_out_it_says_so_and_asks_nobody(self, server, settings):
        settings.OUTGOING_ACCESS = False
        for command in ("import_establishments", "import_postcodes"):
            with pytest.raises(CommandError, match=r"may not call out: set OUTGOING_ACCESS to on"):
                run(command, "--download")
        assert server.asked == []
        assert not NationalDownload.objects.exists()

    @pytest.mark.parametrize("command", ["import_establishments", "import_postcodes"])
    def test_files_or_a_download_are_named_and_not_both(self, command, tmp_path):
        for arguments in ((), (str(tmp_path / "a.csv"), "--download")):
            with pytest.raises(CommandError, match="Name one or more files, or --download"):
                run(command, *arguments)

    def test_while_there_is_none_of_today_yesterdays_is_taken(self, server):
        server.answers[YESTERDAY] = Served(register(20))
        schools("--download")
        assert server.paths() == [TODAY, YESTERDAY]
        assert in_use().release == date(2026, 11, 29)

    def test_where_there_is_none_of_yesterday_either_that_is_said(self, server):
        assert_refused(("import_establishments", "--download"), "There is nothing at .*20261129")
        assert server.paths() == [TODAY, YESTERDAY]

    def test_what_is_in_use_is_not_fetched_again(self, server):
        server.answers[YESTERDAY] = Served(register(20))
        schools("--download")
        assert schools("--download") == "Establishments: the newest register is in use already.\n"
        assert server.paths() == [TODAY, YESTERDAY, TODAY]
        server.answers[TODAY] = Served(register(20))
        schools("--download")
        assert in_use().release == date(2026, 11, 30)
        schools("--download")
        assert server.paths() == [TODAY, YESTERDAY, TODAY, TODAY]
        assert failure() == ""

    def test_an_address_without_a_day_is_fetched_each_time(self, server, settings):
        settings.ESTABLISHMENTS_URL = f"{server.address}/schools.csv"
        server.answers["/schools.csv"] = Served(register(20))
        for _ in range(2):
            assert schools("--download").startswith("Establishments: 20 stored")
        assert (in_use().release, in_use().release_words) == (None, "")

    def test_where_the_setting_says_off_there_is_nowhere_to_fetch_from(self, settings):
        settings.ESTABLISHMENTS_URL = ""
        assert_refused(("import_establishments", "--download"), "ESTABLISHMENTS_URL says off")

    def test_what_is_packed_on_the_way_is_unpacked(self, server):
        packed = gzip.compress(register(20))
        server.answers[TODAY] = Served(packed, headers={"Content-Encoding": "gzip"})
        assert schools("--download").startswith("Establishments: 20 stored")
        assert in_use().name == TODAY[1:]

    @pytest.mark.parametrize(
        ("body", "sentence"),
        [
            (b"<!DOCTYPE html><h1>Maintenance</h1>", "is a web page, and no file of data"),
            (b"URN,Name\r\n1,a\r\n", "is not the register of schools as we know it"),
            (b"", "is empty, or no CSV file"),
            (b"URN," + b"a," * 100_000, "has a line of more than 100,000 characters"),
        ],
    )
    def test_what_is_no_register_changes_nothing(self, server, body, sentence):
        server.answers[YESTERDAY] = Served(register(20))
        schools("--download")
        server.answers[TODAY] = Served(body)
        assert_refused(("import_establishments", "--download"), sentence)

    def test_a_server_that_fails_changes_nothing_and_a_later_success_clears_it(self, server):
        server.answers[TODAY] = status(500)
        assert_refused(("import_establishments", "--download"), "its answer is 500")
        server.answers[TODAY] = Served(register(20))
        schools("--download")
        assert failure() == ""

    def test_a_folder_that_cannot_be_written_is_said(self, settings, tmp_path):
        (tmp_path / "in the way").write_text("")
        settings.DOWNLOADS_DIR = tmp_path / "in the way"
        assert_refused(("import_establishments", "--download"), "cannot be written: File exists")

    def test_what_a_killed_process_left_behind_is_cleared_after_a_day(self, server, settings):
        for name, hours in (("old", 30), ("fresh", 1)):
            (settings.DOWNLOADS_DIR / name).mkdir(parents=True)
            when = (NOON - timedelta(hours=hours)).timestamp()
            os.utime(settings.DOWNLOADS_DIR / name, (when, when))
        server.answers[TODAY] = Served(register(20))
        schools("--download")
        assert [folder.name for folder in settings.DOWNLOADS_DIR.iterdir()] == ["fresh"]


class TestFewer:
    def test_a_download_with_far_fewer_rows_is_refused_until_somebody_insists(self, server):
        server.answers[YESTERDAY] = Served(register(20))
        schools("--download")
        server.answers[TODAY] = Served(register(15))
        assert_refused(
            ("import_establishments", "--download"),
            "has 15 schools and colleges, and 20 are in use: that is far fewer. Add --fewer if",
        )
        assert schools("--download", "--fewer").startswith("Establishments: 15 stored")

    def test_a_few_rows_less_are_nothing_to_ask_about(self, server):
        server.answers[YESTERDAY] = Served(register(20))
        schools("--download")
        server.answers[TODAY] = Served(register(16))
        assert schools("--download").startswith("Establishments: 16 stored")

    def test_a_file_given_by_hand_is_refused_beside_a_whole_register(self, tmp_path):
        whole, half = tmp_path / "whole.csv", tmp_path / "half20261130.csv"
        whole.write_bytes(register(1_200))
        half.write_bytes(register(600))
        schools(str(whole))
        with pytest.raises(CommandError, match=r"600 schools and colleges, and 1,200 are in use"):
            schools(str(half))
        assert Establishment.objects.count() == in_use().rows == 1_200
        assert schools(str(half), "--fewer").startswith("Establishments: 600 stored")
        assert (in_use().source, in_use().release) == ("imported", date(2026, 11, 30))

    def test_small_files_may_be_tried_one_after_the_other(self, tmp_path):
        for count in (20, 1):
            file = tmp_path / f"{count}.csv"
            file.write_bytes(register(count))
            assert schools(str(file)).startswith(f"Establishments: {count} stored")

    def test_the_same_holds_for_postcodes(self, tmp_path):
        def file(sectors: int) -> str:
            codes = [
                f"M{number // 10 + 1} {number % 10}{first}{second}"
                for number in range(sectors)
                for first in LETTERS
                for second in LETTERS
            ]
            rows = [(code, "", MANCHESTER) for code in codes]
            return str(directories.write(tmp_path / f"{sectors}.csv", rows))

        run("import_postcodes", file(4))
        with pytest.raises(CommandError, match="has 800 postcodes, and 1,600 are in use"):
            run("import_postcodes", file(2))
        assert in_use("postcodes").rows == 1_600
        run("import_postcodes", file(2), "--fewer")
        assert in_use("postcodes").rows == 800


class TestPostcodes:
    def test_a_zip_of_onss_is_fetched_stored_and_recorded(self, server, tmp_path):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("Documents/names and codes.csv", "code,name\n")
            archive.writestr("Data/ONSPD_MAY_2026_UK.csv", directory(tmp_path, "202605"))
        server.answers["/data"] = Served(made.getvalue(), cuts=[200])
        said = run("import_postcodes", "--download", f"{server.address}/data")
        assert said == "Postcodes: 20 read, in 1 rows.\n"
        assert answer("M11 1AA").result is Result.ONE
        stored = in_use("postcodes")
        assert (stored.source, stored.name) == ("downloaded", "ONSPD_MAY_2026_UK.csv")
        assert (stored.release_words, stored.rows) == ("May 2026", 20)

    def test_the_address_may_stand_in_the_settings(self, server, settings, tmp_path):
        server.answers["/postcodes"] = Served(directory(tmp_path, "202605"))
        assert run("import_postcodes", "--download").startswith("Postcodes: 20 read")
        settings.POSTCODES_URL = ""
        with pytest.raises(CommandError, match="Name the address to fetch from, or set POSTCODES"):
            run("import_postcodes", "--download")

    @pytest.mark.parametrize(
        ("month", "sentence"),
        [
            ("202502", "is from February 2025, and the one in use is from May 2026"),
            ("", "does not say from when it is, and the one in use is from May 2026"),
        ],
    )
    def test_an_older_release_is_refused_until_somebody_insists(
        self, server, tmp_path, month, sentence
    ):
        server.answers["/postcodes"] = Served(directory(tmp_path, "202605"))
        run("import_postcodes", "--download")
        server.answers["/postcodes"] = Served(directory(tmp_path, month))
        assert_refused(("import_postcodes", "--download"), sentence)
        run("import_postcodes", "--download", "--older")
        assert in_use("postcodes").release == (date(2025, 2, 1) if month else None)

    def test_far_fewer_than_came_with_the_site_are_refused(self, server, tmp_path, monkeypatch):
        codes = {f"LS1 1A{letter}": LEEDS[0] for letter in LETTERS}
        install_postcodes(tmp_path, monkeypatch, codes)
        server.answers["/postcodes"] = Served(directory(tmp_path, "202605", count=10))
        assert_refused(("import_postcodes", "--download"), "has 10 postcodes, and 20 are in use")
        run("import_postcodes", "--download", "--fewer")
        assert in_use("postcodes").source == "downloaded"

    def test_an_address_that_is_not_safe_is_refused(self):
        command = ("import_postcodes", "--download", "http://example.org/postcodes.zip")
        assert_refused(command, "must begin with https://")


class TestNightly:
    @pytest.mark.parametrize(
        ("month", "day"), [(11, 30), (3, 29), (10, 25)], ids=["winter", "spring", "autumn"]
    )
    def test_it_is_due_once_a_night_after_five_on_a_uk_clock(self, month, day):
        midnight = in_london(datetime(2026, month, day, 12, tzinfo=UTC)).replace(hour=0)
        assert claim_refresh(at=midnight)
        begun = [
            moment
            for moment in (
                (midnight.astimezone(UTC) + timedelta(minutes=minutes))
                for minutes in range(3, 49 * 60, 3)
            )
            if claim_refresh(at=moment)
        ]
        clocks = [in_london(moment) for moment in begun]
        assert [clock.day for clock in clocks] == [day, (midnight + timedelta(days=1)).day]
        assert [clock.hour for clock in clocks] == [5, 5]
        assert clocks[0].minute == clocks[1].minute < 45

    def test_the_first_time_it_is_due_at_once(self):
        assert claim_refresh(at=NOON)
        assert not claim_refresh(at=NOON + timedelta(minutes=1))

    def test_each_site_has_a_minute_of_its_own(self, settings):
        minutes = set()
        for number in range(40):
            settings.SITE_URL = f"https://site-{number}.example"
            NationalDownload.objects.update_or_create(
                kind="establishments", defaults={"begun_at": datetime(2026, 11, 29, 12, tzinfo=UTC)}
            )
            five = datetime(2026, 11, 30, 5, tzinfo=UTC)
            minutes.add(next(m for m in range(45) if claim_refresh(at=five + timedelta(minutes=m))))
        assert len(minutes) > 15

    def test_what_was_fetched_by_hand_is_not_fetched_again_the_same_day(self, server):
        server.answers[TODAY] = Served(register(20))
        schools("--download")
        assert not claim_refresh(at=NOON)

    def test_a_night_that_went_well_is_logged_and_leaves_no_failure(self, server, caplog):
        server.answers[TODAY] = Served(register(20))
        assert claim_refresh(at=NOON)
        assert failure() == "It was begun and has not ended."
        with caplog.at_level("INFO", logger="regions"):
            refresh_establishments(at=NOON)
            refresh_establishments(at=NOON)
        assert [line.message for line in caplog.records] == [
            "Schools and colleges: 20 stored",
            "Schools and colleges: none newer",
        ]
        assert failure() == ""

    def test_a_night_that_failed_is_logged_in_one_sentence_and_recorded(self, server, caplog):
        server.answers[TODAY] = status(403)
        refresh_establishments(at=NOON)
        [line] = caplog.records
        assert line.levelname == "WARNING"
        assert line.message == f"The schools and colleges were not refreshed: {failure()}"
        assert failure().endswith("gives no file: its answer is 403.")
