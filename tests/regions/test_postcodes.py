"""Postcodes: read, kept in few rows, found again; what is none is said to be none."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from regions.answers import Notice, Result
from regions.lookup import answer
from regions.models import PostcodeSector
from regions.national.directory import DirectoryError, find_columns
from regions.postcodes import (
    LETTERS,
    UNITS,
    PartOfPostcode,
    Postcode,
    holds,
    place_of,
    read,
)
from tests.regions.directories import CARDIFF, DOUGLAS, LEEDS, MANCHESTER, RELEASES, Row, write


class TestReading:
    @pytest.mark.parametrize(
        ("key", "found"),
        [
            ("m11 1aa", Postcode("M11", "1", "AA")),
            ("m111aa", Postcode("M11", "1", "AA")),
            ("sw1a 1aa", Postcode("SW1A", "1", "AA")),
            ("gir 0aa", Postcode("GIR", "0", "AA")),
            ("st7", PartOfPostcode("ST7")),
            ("st7 4", PartOfPostcode("ST7", "4")),
            ("st7 4d", PartOfPostcode("ST7", "4", is_cut=True)),
            ("sw1a", PartOfPostcode("SW1A")),
            ("leeds", None),
            ("1", None),
            ("12345", None),
            ("st", None),
            ("m11 1aaa", None),
        ],
    )
    def test_what_looks_like_a_postcode_is_told_from_what_does_not(
        self, key: str, found: PartOfPostcode | Postcode | None
    ) -> None:
        assert read(key) == found

    def test_every_pair_of_letters_has_a_bit_of_its_own(self) -> None:
        places = [place_of(first + second) for first in LETTERS for second in LETTERS]
        assert places == list(range(UNITS))
        assert place_of("AC") == place_of("IA") == -1

    @given(st.sets(st.integers(min_value=0, max_value=UNITS - 1)))
    def test_a_row_holds_just_the_postcodes_that_were_put_in(self, places: set[int]) -> None:
        units = bytearray(UNITS // 8)
        for place in places:
            units[place >> 3] |= 1 << (place & 7)
        assert {place for place in range(UNITS) if holds(bytes(units), place)} == places


class TestColumns:
    @pytest.mark.parametrize("release", RELEASES)
    def test_the_columns_of_every_release_are_found(self, release: str) -> None:
        header = ["pcd", "pcd2", *RELEASES[release], "lat"]
        assert list(find_columns(header, name="x").values()) == [2, 3, 4, 5, 6, 7]

    def test_a_missing_column_is_named(self) -> None:
        with pytest.raises(DirectoryError, match="for the council there is no column"):
            find_columns(["pcds", "doterm", "pfa", "ctry", "rgn"], name="x.csv")

    def test_the_council_alone_is_enough_to_say_where_a_postcode_lies(self) -> None:
        assert find_columns(["pcds", "doterm", "oslaua", "ctry"], name="x.csv") == {
            "postcode": 0,
            "ended": 1,
            "council": 2,
            "country": 3,
        }

    def test_a_doubled_column_is_named(self) -> None:
        header = ["pcds", "doterm", "oslaua", "lad25cd", "pfa", "ctry", "rgn"]
        with pytest.raises(DirectoryError, match="for the council there is oslaua, lad25cd"):
            find_columns(header, name="x.csv")


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data")
class TestImporting:
    def run(self, *files: Path) -> str:
        report = io.StringIO()
        call_command("import_postcodes", *map(str, files), stdout=report)
        return report.getvalue()

    @pytest.mark.parametrize("release", RELEASES)
    def test_a_postcode_finds_its_region_with_the_reason(
        self, tmp_path: Path, release: str
    ) -> None:
        rows = [("M11 1AA", "", MANCHESTER), ("LS1 1AA", "", LEEDS)]
        report = self.run(write(tmp_path / "a.csv", rows, release=release))
        assert report == "Postcodes: 2 read, in 2 rows.\n"
        found = answer(" m11 1aa.")
        assert (found.result, found.findings[0].region_slug) == (Result.ONE, "north-west")
        assert found.explanation == (
            "M11 1AA is in Manchester, which is policed by Greater Manchester."
        )
        assert (found.areas, found.councils) == (("greater-manchester",), ("Manchester",))

    def test_neighbouring_postcodes_of_one_council_are_one_row(self, tmp_path: Path) -> None:
        rows = [(f"M11 1A{letter}", "", MANCHESTER) for letter in LETTERS]
        self.run(write(tmp_path / "a.csv", rows))
        assert PostcodeSector.objects.count() == 1

    def test_one_that_is_not_there_is_said_to_be_none_though_its_neighbours_are(
        self, tmp_path: Path
    ) -> None:
        self.run(write(tmp_path / "a.csv", [("M11 1AA", "", MANCHESTER)]))
        found = answer("M11 1AB")
        assert found.result is Result.INVALID
        assert found.explanation.startswith("We do not recognise the postcode M11 1AB. Check it")

    def test_one_that_has_ended_still_finds_its_region_and_says_so(self, tmp_path: Path) -> None:
        self.run(write(tmp_path / "a.csv", [("M11 1AA", "199606", MANCHESTER)]))
        found = answer("M11 1AA")
        assert (found.result, found.notice) == (Result.ONE, Notice.NOT_IN_USE)
        assert "no longer in use" in found.explanation

    def test_outside_england_is_said_with_the_nation(self, tmp_path: Path) -> None:
        self.run(write(tmp_path / "a.csv", [("CF10 1AA", "", CARDIFF)]))
        found = answer("CF10 1AA")
        assert found.result is Result.OUTSIDE_ENGLAND
        assert found.explanation.startswith("CF10 1AA is in Wales, outside England.")

    def test_the_isle_of_man_finds_north_west_though_it_has_ended_too(self, tmp_path: Path) -> None:
        self.run(write(tmp_path / "a.csv", [("IM1 1AA", "199606", DOUGLAS)]))
        found = answer("IM1 1AA")
        assert found.findings[0].region_slug == "north-west"
        assert found.notice is Notice.NOT_IN_ENGLAND

    def test_half_a_postcode_is_a_set(self, tmp_path: Path) -> None:
        rows = [("DN11 0AA", "", LEEDS), ("DN11 1AA", "", MANCHESTER), ("M11 1AA", "", MANCHESTER)]
        self.run(write(tmp_path / "a.csv", rows))
        several = answer("DN11")
        assert several.result is Result.MANY
        assert {finding.region_slug for finding in several.findings} == {
            "north-east",
            "north-west",
        }
        for one in ("DN11 1", "dn111"):
            assert answer(one).findings[0].region_slug == "north-west"
        assert answer("M11").result is Result.ONE

    def test_half_a_postcode_across_the_border_asks(self, tmp_path: Path) -> None:
        rows = [("CH5 1AA", "", CARDIFF), ("CH5 2AA", "", MANCHESTER)]
        self.run(write(tmp_path / "a.csv", rows))
        found = answer("CH5")
        assert (found.result, len(found.findings)) == (Result.MANY, 1)
        assert "are in Wales" in found.explanation

    def test_of_two_rows_for_one_postcode_the_later_stands(self, tmp_path: Path) -> None:
        first = write(tmp_path / "a.csv", [("M11 1AA", "", LEEDS), ("M11 1AB", "", LEEDS)])
        second = write(tmp_path / "b.csv", [("M11 1AA", "", MANCHESTER)])
        self.run(first, second)
        assert answer("M11 1AA").findings[0].region_slug == "north-west"
        assert answer("M11 1AB").findings[0].region_slug == "north-east"

    def test_an_import_takes_the_place_of_all_that_was_there(self, tmp_path: Path) -> None:
        self.run(write(tmp_path / "a.csv", [("M11 1AA", "", MANCHESTER)]))
        self.run(write(tmp_path / "b.csv", [("LS1 1AA", "", LEEDS)]))
        assert answer("M11 1AA").result is Result.INVALID
        assert answer("LS1 1AA").result is Result.ONE

    @pytest.mark.parametrize("text", ["", "no,such,columns\n1,2,3\n", "pcds,doterm\nx\n"])
    def test_what_is_no_directory_changes_nothing(self, tmp_path: Path, text: str) -> None:
        self.run(write(tmp_path / "a.csv", [("M11 1AA", "", MANCHESTER)]))
        (tmp_path / "bad.csv").write_text(text, "utf-8")
        with pytest.raises(CommandError, match=r"Nothing was changed\.$"):
            self.run(tmp_path / "bad.csv")
        with pytest.raises(CommandError, match="cannot be read"):
            self.run(tmp_path / "missing.csv")
        assert answer("M11 1AA").result is Result.ONE

    @pytest.mark.parametrize(
        ("rows", "fault"),
        [
            ([(f"M111A{letter}", "", MANCHESTER) for letter in LETTERS], "hardly any postcodes"),
            ([("TOOLONG 1AA", "", MANCHESTER)], "hardly any postcodes"),
        ],
    )
    def test_a_file_of_which_nothing_can_be_kept_changes_nothing(
        self, tmp_path: Path, rows: list[Row], fault: str
    ) -> None:
        self.run(write(tmp_path / "a.csv", [("M11 1AA", "", MANCHESTER)]))
        with pytest.raises(CommandError, match=fault):
            self.run(write(tmp_path / "b.csv", rows))
        assert answer("M11 1AA").result is Result.ONE

    def test_a_file_cut_short_a_packed_one_and_one_that_is_no_csv_change_nothing(
        self, tmp_path: Path
    ) -> None:
        whole = write(tmp_path / "a.csv", [("M11 1AA", "", MANCHESTER), ("LS1 1AA", "", LEEDS)])
        self.run(whole)
        bad = tmp_path / "b.csv"
        for content, fault in (
            (whole.read_bytes()[:-40], "ends in the middle of a row"),
            (b"PK\x03\x04 and so on", "is a compressed file"),
            (b"\x1f\x8b and so on", "is a compressed file"),
            (b"pcds\rdoterm\r", "cannot be read|is not a postcode directory|not a CSV"),
            (whole.read_bytes() + b'"' + b"x" * 200_000, "has a line of more than"),
        ):
            bad.write_bytes(content)
            with pytest.raises(CommandError, match=fault):
                self.run(bad)
        assert answer("LS1 1AA").result is Result.ONE

    def test_half_a_postcode_of_central_london_stands_for_all_that_begin_so(
        self, tmp_path: Path
    ) -> None:
        london = ("E09000033", "E23000001", "E92000001", "E12000007")
        self.run(write(tmp_path / "a.csv", [("SW1A 1AA", "", london), ("SW1E 5AA", "", london)]))
        for part in ("SW1", "sw1a"):
            found = answer(part)
            assert (found.result, found.findings[0].region_slug) == (Result.ONE, "london")

    def test_the_force_goes_where_the_council_is_not_known(self, tmp_path: Path) -> None:
        old = ("E07000026", "E23000002", "E92000001", "E12000002")
        self.run(write(tmp_path / "a.csv", [("CA13 0AA", "", old)]))
        assert answer("CA13 0AA").explanation == "CA13 0AA is in the area of Cumbria."

    def test_disagreements_and_what_was_skipped_are_told(self, tmp_path: Path) -> None:
        elsewhere = ("E08000003", "E23000010", "E92000001", "E12000007")
        nowhere = ("E99999999", "E99999999", "E92000001", "E12000002")
        report = self.run(
            write(
                tmp_path / "a.csv",
                [("M11 1AA", "", elsewhere), ("M11 1AB", "", nowhere), ("M11 1C", "", MANCHESTER)],
            )
        )
        assert "Disagreement: Manchester is in greater-manchester, its force E23000010" in report
        assert "Disagreement: Manchester is in greater-manchester, and not in E12000007" in report
        assert "Skipped: 1 postcodes of no known council or police force" in report
        assert "Skipped: 1 postcodes that are none" in report

    def test_hostile_rows_are_skipped(self, tmp_path: Path) -> None:
        rows = [
            ("<script>", "", MANCHESTER),
            ("=CMD() 1AA", "", MANCHESTER),
            ("", "", MANCHESTER),
            ("M11 1AA", "", MANCHESTER),
        ]
        self.run(write(tmp_path / "a.csv", rows))
        assert answer("M11 1AA").result is Result.ONE


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data")
def test_without_a_directory_a_postcode_is_not_known_and_half_of_one_is_none() -> None:
    assert answer("M11 1AA").result is Result.NONE
    assert answer("M11").result is Result.INVALID
