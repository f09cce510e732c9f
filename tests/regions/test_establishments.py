"""Schools and colleges: imported by the command, found again by number and by name."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from regions.answers import Notice, Result
from regions.lookup import answer
from regions.models import Establishment
from tests.regions import directories
from tests.regions.registers import (
    AUTHORITY,
    DISTRICT,
    FEW,
    MANY,
    NAME,
    STATUS,
    TYPE,
    text_of,
    write,
)


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data")
class TestImporting:
    def run(self, *files: Path) -> str:
        out = io.StringIO()
        call_command("import_establishments", *map(str, files), stdout=out, stderr=io.StringIO())
        return out.getvalue()

    @pytest.mark.parametrize("columns", [FEW, (*MANY, "More", "Yet more"), tuple(reversed(MANY))])
    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
    def test_any_release_in_any_encoding(
        self, tmp_path: Path, columns: tuple[str, ...], encoding: str
    ) -> None:
        rows = [{}, {"URN": "100002", NAME: "École d\u2019Été"}]
        report = self.run(write(tmp_path / "a.csv", rows, columns=columns, encoding=encoding))
        assert report == "Establishments: 2 stored; skipped: none.\n"
        assert Establishment.objects.get(urn=100002).name == "École d\u2019Été"
        assert answer("ecole d'ete").result is Result.ONE

    def test_undecodable_bytes_do_not_stop_it(self, tmp_path: Path) -> None:
        raw = write(tmp_path / "a.csv", [{NAME: "Caf?"}]).read_bytes()
        (tmp_path / "a.csv").write_bytes(raw.replace(b"Caf?", b"Caf\x81 School"))
        self.run(tmp_path / "a.csv")
        assert Establishment.objects.get().name == "Caf\ufffd School"

    def test_what_was_there_is_replaced_and_what_was_skipped_is_told(self, tmp_path: Path) -> None:
        self.run(write(tmp_path / "a.csv", [{"URN": "100009"}]))
        rows = [{"URN": str(number)} for number in range(100001, 101301)]
        report = self.run(write(tmp_path / "b.csv", [*rows, {"URN": ""}, {"URN": "7", NAME: ""}]))
        assert report == (
            "Establishments: 1,300 stored; skipped: 1 without a number (URN), 1 without a name.\n"
        )
        assert Establishment.objects.count() == 1300

    def test_several_files_make_one_and_the_later_stands(self, tmp_path: Path) -> None:
        first = write(tmp_path / "a.csv", [{}, {"URN": "100002"}])
        second = write(tmp_path / "b.csv", [{STATUS: "2"}], columns=tuple(reversed(MANY)))
        self.run(first, second)
        assert list(Establishment.objects.order_by("urn").values_list("urn", "status")) == [
            (100001, "closed"),
            (100002, "open"),
        ]

    @pytest.mark.parametrize("text", ["", "a,b\n", "\x00\x00", text_of([]), text_of([{"URN": ""}])])
    def test_bad_input_is_told_in_a_sentence_and_changes_nothing(
        self, tmp_path: Path, text: str
    ) -> None:
        good = write(tmp_path / "a.csv", [{}])
        self.run(good)
        (tmp_path / "bad.csv").write_text(text, "utf-8")
        with pytest.raises(CommandError, match=r"^bad\.csv .*\. Nothing was changed\.$"):
            self.run(write(tmp_path / "c.csv", [{"URN": "100002"}]), tmp_path / "bad.csv")
        with pytest.raises(CommandError, match=r"cannot be read: .*\. Nothing was changed\.$"):
            self.run(good, tmp_path / "missing.csv")
        assert list(Establishment.objects.values_list("urn", flat=True)) == [100001]

    def test_a_postcode_places_what_no_code_does(self, tmp_path: Path) -> None:
        directory = directories.write(tmp_path / "p.csv", [("M11 1AA", "", directories.MANCHESTER)])
        call_command("import_postcodes", str(directory), stdout=io.StringIO())
        report = self.run(
            write(
                tmp_path / "a.csv",
                [
                    {DISTRICT: "", AUTHORITY: ""},
                    {"URN": "100002", DISTRICT: "", AUTHORITY: "", "Postcode": "M11 1AB"},
                ],
            )
        )
        assert report.endswith("skipped: 1 of no known district, local authority or postcode.\n")
        assert answer("100001").councils == ("Manchester",)


@pytest.mark.django_db
@pytest.mark.usefixtures("empty_database")
def test_without_the_areas_nothing_is_imported(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="run load_reference first"):
        call_command("import_establishments", str(write(tmp_path / "a.csv", [{}])))
    assert not Establishment.objects.exists()


@pytest.mark.django_db
class TestFinding:
    @pytest.fixture(autouse=True)
    def _register(self, reference_data: None, tmp_path: Path) -> None:
        leeds = {DISTRICT: "E08000035", AUTHORITY: "383", "Town": "Otley"}
        abroad = {DISTRICT: "9999", AUTHORITY: "0", TYPE: "British schools overseas"}
        rows = [
            {"UKPRN": "10001234"},
            {"URN": "100002", NAME: "Cherry Tree Children's Centre"},
            {"URN": "100003", NAME: "Cherry Tree Childrens Centre", STATUS: "2", **leeds},
            {"URN": "100004", NAME: "Gone School", STATUS: "2", **leeds},
            {"URN": "100005", NAME: "New School", STATUS: "4", **leeds},
            {"URN": "100006", NAME: "Dubai Private School", **abroad},
            {"URN": "100007", NAME: "International School", "Town": "Bonn", **abroad},
            {"URN": "100008", NAME: "International School"},
            {"URN": "100009", NAME: "Castle School", DISTRICT: "M99999999", AUTHORITY: "0"},
            {"URN": "20416", NAME: "Twin School", **leeds},
            {"URN": "100011", NAME: "Twin School", **leeds, "Town": "Leeds", STATUS: "2"},
            {"URN": "100012", NAME: "Old County School", DISTRICT: "", AUTHORITY: "909"},
            {"URN": "100013", NAME: "North College", "UKPRN": "10005678"},
            {"URN": "100014", NAME: "South College", "UKPRN": "10005678", **leeds},
            {"URN": "100015", NAME: "East Academy", "UKPRN": "10009999", **abroad},
            {"URN": "100016", NAME: "West Academy", "UKPRN": "10009999", **abroad},
        ]
        call_command(
            "import_establishments", str(write(tmp_path / "a.csv", rows)), stdout=io.StringIO()
        )

    @pytest.mark.parametrize(
        "query", ["100001", " 10001234 ", "canal street primary", "The Canal Street Primary Sch."]
    )
    def test_a_school_is_found_by_numbers_and_name(self, query: str) -> None:
        found = answer(query)
        assert found.result is Result.ONE
        assert found.explanation == (
            "Canal Street Primary School is in Manchester, which is policed by Greater Manchester."
        )
        assert (found.areas, found.councils) == (("greater-manchester",), ("Manchester",))

    def test_a_number_that_two_names_share_names_both(self) -> None:
        found = answer("10005678")
        assert found.result is Result.MANY
        assert found.explanation == (
            "North College and South College share that number. Which do you mean?"
        )
        assert answer("10009999").explanation.startswith(
            "East Academy and West Academy are outside England."
        )

    def test_several_of_one_name_are_asked_with_town_and_council(self) -> None:
        found = answer("Cherry Tree Children's Centre")
        assert found.result is Result.MANY
        assert found.explanation == (
            "There is more than one Cherry Tree Children's Centre. Which do you mean?"
        )
        assert [finding.reason for finding in found.findings] == [
            "Cherry Tree Children's Centre (Manchester) is in Manchester, which is policed by "
            "Greater Manchester.",
            "Cherry Tree Childrens Centre (Otley, closed) is in Leeds, which is policed by "
            "West Yorkshire.",
        ]

    def test_several_of_one_name_in_one_region_are_one_answer_the_open_first(self) -> None:
        found = answer("twin school")
        assert found.result is Result.ONE
        assert found.explanation == (
            "Twin School (Otley) is in Leeds, which is policed by West Yorkshire. "
            "Twin School (Leeds, closed) is in Leeds, which is policed by West Yorkshire."
        )

    def test_a_closed_school_says_so_and_a_proposed_one_is_as_any(self) -> None:
        closed, proposed = answer("100004"), answer("New School")
        assert (closed.result, closed.notice) == (Result.ONE, None)
        assert closed.explanation.startswith("Gone School (closed) is in Leeds")
        assert proposed.explanation.startswith("New School is in Leeds")

    def test_abroad_is_outside_england(self) -> None:
        assert answer("100006").result is Result.OUTSIDE_ENGLAND
        assert answer("Dubai Private School").explanation.startswith(
            "Dubai Private School is outside England."
        )

    def test_one_at_home_and_one_abroad_are_asked(self) -> None:
        found = answer("International School")
        assert (found.result, len(found.findings)) == (Result.MANY, 1)
        assert "not all are in England" in found.explanation

    def test_the_isle_of_man_is_in_a_region_and_not_in_england(self) -> None:
        found = answer("Castle School")
        assert (found.result, found.notice) == (Result.ONE, Notice.NOT_IN_ENGLAND)
        assert found.findings[0].region_slug == "north-west"
        assert found.explanation == (
            "Castle School is on the Isle of Man: not in England, but listed under North-West."
        )

    def test_an_authority_that_is_no_more_gives_the_area(self) -> None:
        assert answer("100012").explanation == "Old County School is in the area of Cumbria."

    @pytest.mark.parametrize(
        ("query", "words"),
        [
            ("99999", "We know no school with the number (URN) 99999. Check it."),
            ("19999999", "We know no provider with the number (UKPRN) 19999999. Check it."),
        ],
    )
    def test_an_unknown_number_is_told(self, query: str, words: str) -> None:
        found = answer(query)
        assert found.result is Result.NONE
        assert found.explanation == f"{words} Type the name of the council or county instead."

    @pytest.mark.parametrize("query", ["Canal", "Canal Street", "Primary School", "Cherry Tree"])
    def test_a_part_of_a_name_finds_nothing(self, query: str) -> None:
        assert answer(query).result is Result.NONE
