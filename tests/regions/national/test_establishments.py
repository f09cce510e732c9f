"""Schools and colleges: read from the national register, placed, found by number and by name."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from regions.answers import Notice, PostcodeFacts, Result, Target
from regions.lookup import answer
from regions.models import Establishment as Stored
from regions.names import establishment_keys
from regions.national.establishments import (
    Establishment,
    Register,
    RegisterError,
    codes_of,
    encoding_of,
    find_columns,
)
from regions.postcodes import place_of
from tests.regions import directories
from tests.regions.registers import FEW, MANY, PLAIN, text_of, write

DISTRICT, AUTHORITY = "DistrictAdministrative (code)", "LA (code)"
NAME, STATUS, TYPE = (
    "EstablishmentName",
    "EstablishmentStatus (code)",
    "TypeOfEstablishment (name)",
)
COUNCILS = [
    {"gss": gss, "former_gss": former, "dfe_code": code, "name": name, "area": area}
    for gss, former, code, name, area in (
        ("E08000003", "", "352", "Manchester", "greater-manchester"),
        ("E08000038", "E08000016", "370", "Barnsley", "south-yorkshire"),
        ("E07000123", "", "888", "Preston", "lancashire"),
        ("E07000117", "", "888", "Burnley", "lancashire"),
        ("E06000063", "", "942", "Cumberland", "cumbria"),
        ("E99000001", "", "999", "Here", "kent"),
        ("E99000002", "", "999", "There", "essex"),
    )
]


def postcodes(outward: str, sector: str) -> list[PostcodeFacts]:
    """Know two postcodes, PR2 8ED in Preston and CF10 1AA in Wales."""
    preston = Target("north-west", "North-West", "lancashire", "Lancashire", council="Preston")
    known = {"PR28": ("ED", preston, ""), "CF101": ("AA", None, "W")}
    if outward + sector not in known:
        return []
    unit, target, nation = known[outward + sector]
    units = (1 << place_of(unit)).to_bytes(50, "little")
    return [PostcodeFacts(sector, units, target, nation, in_use=True)]


def read(text: str) -> Register:
    register = Register(codes_of(COUNCILS), isle_of_man="isle-of-man", postcodes=postcodes)
    list(register.add_file(io.StringIO(text, newline=""), name="schools.csv"))
    return register


def only(**row: str) -> Establishment:
    (found,) = read(text_of([row])).establishments.values()
    return found


class TestEncodings:
    @pytest.mark.parametrize(
        ("encoding", "found"),
        [("utf-8-sig", "utf-8-sig"), ("utf-8", "utf-8-sig"), ("cp1252", "cp1252")],
    )
    def test_a_file_is_in_one_encoding_wherever_it_is_cut(self, encoding, found):
        raw = "École Jeanne d’Arc".encode(encoding)
        assert encoding_of(raw[place : place + 1] for place in range(len(raw))) == found

    def test_half_a_character_at_the_end_is_not_utf8(self):
        assert encoding_of(["É".encode()[:1]]) == "cp1252"
        assert encoding_of([]) == "utf-8-sig"

    @given(st.binary(max_size=100))
    def test_no_bytes_whatever_raise(self, raw):
        raw.decode(encoding_of([raw]), errors="replace")


class TestColumns:
    def test_columns_are_found_by_name_wherever_they_stand(self):
        header = ["\ufeffurn ", "ukprn", "la(CODE)", *(f"{name} ".upper() for name in FEW[1:-1])]
        assert find_columns(header, name="a.csv") == {
            "urn": 0,
            "ukprn": 1,
            "authority": 2,
            "name": 3,
            "status_name": 4,
            "postcode": 5,
            "district": 6,
        }

    @pytest.mark.parametrize("title", FEW)
    def test_a_needed_column_that_is_missing_is_named(self, title):
        told = "EstablishmentStatus (code)" if title.startswith("EstablishmentStatus") else title
        with pytest.raises(RegisterError, match=r"a\.csv .* it has no column ") as raised:
            find_columns([name for name in FEW if name != title], name="a.csv")
        assert str(raised.value).endswith(f" {told}.")

    def test_a_needed_column_that_stands_twice_is_named(self):
        with pytest.raises(RegisterError, match=r"it has more than one column Postcode\.$"):
            find_columns([*FEW, "postcode"], name="a.csv")
        with pytest.raises(RegisterError, match="more than one column EstablishmentStatus"):
            find_columns([*FEW[:2], *FEW[3:], STATUS, STATUS], name="a.csv")

    def test_an_optional_column_that_stands_twice_is_not_asked(self):
        assert "town" not in find_columns([*FEW, "Town", "Town"], name="a.csv")


class TestWhereItIs:
    @pytest.mark.parametrize(
        ("row", "area", "council"),
        [
            ({DISTRICT: "E08000003"}, "greater-manchester", "Manchester"),
            ({DISTRICT: "E08000016", AUTHORITY: ""}, "south-yorkshire", "Barnsley"),
            ({DISTRICT: "e07000123", AUTHORITY: "352"}, "lancashire", "Preston"),
            ({DISTRICT: "E07000026", AUTHORITY: "909"}, "cumbria", ""),
            ({DISTRICT: "", AUTHORITY: "942"}, "cumbria", "Cumberland"),
            ({DISTRICT: "9999", AUTHORITY: "352"}, "greater-manchester", "Manchester"),
            ({DISTRICT: "", AUTHORITY: "888"}, "lancashire", ""),
            ({DISTRICT: "", AUTHORITY: "", "Postcode": "pr28ed"}, "lancashire", "Preston"),
            ({DISTRICT: "", AUTHORITY: "000", "Postcode": "PR2 8ED"}, "lancashire", "Preston"),
            ({DISTRICT: "", AUTHORITY: "999", "Postcode": "PR2 8ED"}, "lancashire", "Preston"),
        ],
    )
    def test_the_district_goes_before_the_authority_and_that_before_the_postcode(
        self, row, area, council
    ):
        found = only(**row)
        assert (found.area, found.council) == (area, council)

    @pytest.mark.parametrize(
        "row",
        [
            {DISTRICT: "W06000015", AUTHORITY: "681"},
            {DISTRICT: "S12000033", AUTHORITY: "352"},
            {DISTRICT: "N09000003"},
            {DISTRICT: "L99999999"},
            {DISTRICT: "", AUTHORITY: "673"},
            {DISTRICT: "9999", AUTHORITY: "0"},
            {DISTRICT: "9999", AUTHORITY: "000"},
            {DISTRICT: "X999999", AUTHORITY: ""},
            {DISTRICT: "", AUTHORITY: "708"},
            {DISTRICT: "", AUTHORITY: "352", "LA (name)": "BFPO Overseas Establishments"},
            {TYPE: "British schools overseas"},
            {TYPE: "Offshore schools"},
            {TYPE: "Service children's education"},
            {TYPE: "Welsh establishment"},
            {DISTRICT: "", AUTHORITY: "", "Postcode": "CF10 1AA"},
        ],
    )
    def test_what_is_outside_england_is_kept_without_an_area(self, row):
        found = only(**row)
        assert (found.area, found.council) == ("", "")

    @pytest.mark.parametrize(
        "row",
        [
            {DISTRICT: "M99999999", AUTHORITY: "0"},
            {DISTRICT: "9999", TYPE: "Offshore schools", "Postcode": "IM1 1AE"},
            {DISTRICT: "", AUTHORITY: "7", "LA (name)": "Isle of Man Offshore Establishments"},
        ],
    )
    def test_the_isle_of_man_has_an_area(self, row):
        assert only(**row).area == "isle-of-man"

    @pytest.mark.parametrize(
        "row",
        [
            {DISTRICT: "E07999999", AUTHORITY: "0"},
            {DISTRICT: "E07999999", AUTHORITY: "999"},
            {DISTRICT: "", AUTHORITY: "", "Postcode": ""},
        ],
    )
    def test_what_cannot_be_placed_is_skipped_and_the_county_never_asked(self, row):
        register = read(text_of([{}, {"URN": "100002", "Postcode": "M1 1AA", **row}]))
        assert list(register.establishments) == [100001]
        assert register.skipped == {"of no known district, local authority or postcode": 1}


class TestRows:
    @pytest.mark.parametrize(
        ("status", "found"),
        [
            ({STATUS: "1"}, "open"),
            ({STATUS: "02"}, "closed"),
            ({STATUS: "3"}, "open"),
            ({STATUS: "4"}, "proposed"),
            ({STATUS: "", "EstablishmentStatus (name)": "Open, but proposed to close"}, "open"),
            ({STATUS: "", "EstablishmentStatus (name)": "PROPOSED TO OPEN"}, "proposed"),
            ({STATUS: "", "EstablishmentStatus (name)": "Closed"}, "closed"),
        ],
    )
    def test_four_states_become_three(self, status, found):
        assert only(**status).status == found

    def test_few_columns_are_enough(self):
        (found,) = read(text_of([{}], columns=FEW)).establishments.values()
        assert found == Establishment(
            urn=100001,
            ukprn=None,
            name="Canal Street Primary School",
            key="canal street primary",
            town="",
            status="open",
            area="greater-manchester",
            council="Manchester",
        )

    def test_what_lacks_something_is_skipped_and_counted_by_reason(self):
        register = read(
            text_of(
                [
                    {},
                    {"URN": ""},
                    {"URN": "12a"},
                    {"URN": "\u0661\u0662\u0663\u0664\u0665"},
                    {"URN": "100003", NAME: " \u200b"},
                    {"URN": "100004", NAME: "?!"},
                    {"URN": "100005", NAME: "x" * 201},
                    {"URN": "100006", NAME: "\ufdfa" * 20},
                    {"URN": "100007", STATUS: "9", "EstablishmentStatus (name)": "Lost"},
                ]
            )
        )
        assert list(register.establishments) == [100001]
        assert register.skipped == {
            "without a number (URN)": 3,
            "without a name": 2,
            "with a name of more than 200 characters": 2,
            "of an unknown status": 1,
        }

    def test_a_shifted_row_is_skipped_and_one_too_long_behind_what_matters_is_kept(self):
        first, plain = text_of([{}]).splitlines()
        shifted = plain.replace("100001", "100002").replace("Canal ", 'Canal","')
        longer = plain.replace("100001", "100003") + ',"0","Not applicable"'
        shorter = plain.replace("100001", "100004").removesuffix(',""')
        cut = '"100005","352"'
        register = read("\n".join([first, plain, shifted, "", longer, shorter, cut]))
        assert list(register.establishments) == [100001, 100003, 100004]
        assert register.skipped == {"with a wrong number of fields": 2}

    def test_of_two_rows_with_one_number_the_later_stands(self):
        register = read(text_of([{}, {NAME: "Later", STATUS: "2"}, {NAME: ""}]))
        assert [(row.name, row.status) for row in register.establishments.values()] == [
            ("Later", "closed")
        ]

    def test_a_provider_number_is_eight_digits_or_none(self):
        assert only(UKPRN="10001234").ukprn == 10001234
        assert only(UKPRN="10001234567890").ukprn is None
        assert only(UKPRN="none").ukprn is None

    def test_hostile_fields_are_inert_text_or_skipped(self):
        hostile = [
            {"URN": "100002", NAME: '=HYPERLINK("https://example.com")'},
            {"URN": "100003", NAME: "<script>alert(1)</script>"},
            {"URN": "100004", NAME: "Nul\x00 \u202eSchool\r\nHere", "Town": "\x00" + "t" * 100},
            {"URN": "100005", NAME: "x" * 1_000_000},
            {"URN": "100006", "Other1": "y" * 100_000},
            {"URN": "=1+1"},
        ]
        register = read(text_of([*hostile, {}]))
        assert [row.name for row in register.establishments.values()] == [
            '=HYPERLINK("https://example.com")',
            "<script>alert(1)</script>",
            "Nul School Here",
            PLAIN[NAME],
            PLAIN[NAME],
        ]
        assert register.establishments[100004].town == "t" * 80
        assert register.skipped == {"that cannot be read": 1, "without a number (URN)": 1}

    @given(st.text(max_size=300))
    def test_no_text_whatever_raises_anything_but_our_own(self, text):
        header = ",".join(f'"{title}"' for title in FEW)
        for whole in (text, f"{header}\n{text}", f'{header}\n100001,"{text}",Open,,,352\n'):
            try:
                register = read(whole)
            except RegisterError:
                continue
            assert all("\x00" not in row.name for row in register.establishments.values())


class TestNames:
    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("St Mary's CofE Primary School", "Saint Marys Church of England Primary"),
            ("St. John's C.E. Primary School", "St Johns C of E Prim Sch"),
            ("All Saints' CE School", "All Sts C. of E. School"),
            ("SS Peter & Paul RC School", "Saints Peter and Paul R.C. School"),
            ("Saint Anne's Roman Catholic High School", "st annes rc high"),
            ("St Thomas's School, Leigh", "St Thomas\u2019 School Leigh"),
            ("St Thomas \u00e0 Becket School", "st thomas a becket school"),
            ("The Limes Infants' School", "Limes Infant School, The"),
            ("Elm Park Junior & Infant School", "Elm Park J.I. School"),
            ("Elm Park Jnr School", "Elm Park Junior School"),
            ("Elm Park Junior Mixed and Infants School", "Elm Park J.M.I. School"),
            ("Hoxne St Edmund's CEVCP School", "Hoxne St Edmunds CofE (VC) Primary School"),
            ("Leigh CEVA School", "Leigh Church of England Voluntary Aided School"),
            ("Leigh Sixth Form College", "Leigh 6th Form College"),
        ],
    )
    def test_forms_of_one_name_have_one_key(self, first, second):
        assert establishment_keys(first) == establishment_keys(second) != ()

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("St Mary's Catholic Primary School", "St Mary's RC Primary School"),
            ("St Mary's Primary School", "St Mary's CofE Primary School"),
            ("St Mary's Primary School", "St Mary's Junior School"),
            ("St Mary's School", "St Marys School Leeds"),
            ("Elm Park Junior School", "Elm Park Junior and Infant School"),
            ("Elm Park Aided School", "Elm Park VA School"),
            ("Manor School", "Manor"),
            ("Princess School", "Princes School"),
            ("Theale School", "Ale School"),
            ("Incept School", "Incofept School"),
        ],
    )
    def test_what_is_not_certainly_one_name_has_two(self, first, second):
        assert not set(establishment_keys(first)) & set(establishment_keys(second))

    @given(st.text(max_size=60))
    def test_a_name_is_found_under_the_key_that_it_is_kept_under(self, text):
        keys = establishment_keys(text)
        assert keys == establishment_keys(text.upper().lower()) or not text.isascii()
        assert all(keys)


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data")
class TestImporting:
    def run(self, *files: Path) -> str:
        out = io.StringIO()
        call_command("import_establishments", *map(str, files), stdout=out, stderr=io.StringIO())
        return out.getvalue()

    @pytest.mark.parametrize("columns", [FEW, (*MANY, "More", "Yet more"), tuple(reversed(MANY))])
    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
    def test_any_release_in_any_encoding(self, tmp_path, columns, encoding):
        rows = [{}, {"URN": "100002", NAME: "École d\u2019Été"}]
        said = self.run(write(tmp_path / "a.csv", rows, columns=columns, encoding=encoding))
        assert said == "Establishments: 2 stored; skipped: none.\n"
        assert Stored.objects.get(urn=100002).name == "École d\u2019Été"
        assert answer("ecole d'ete").result is Result.ONE

    def test_undecodable_bytes_do_not_stop_it(self, tmp_path):
        raw = write(tmp_path / "a.csv", [{NAME: "Caf?"}]).read_bytes()
        (tmp_path / "a.csv").write_bytes(raw.replace(b"Caf?", b"Caf\x81 School"))
        self.run(tmp_path / "a.csv")
        assert Stored.objects.get().name == "Caf\ufffd School"

    def test_what_was_there_is_replaced_and_what_was_skipped_is_told(self, tmp_path):
        self.run(write(tmp_path / "a.csv", [{"URN": "100009"}]))
        rows = [{"URN": str(number)} for number in range(100001, 101301)]
        said = self.run(write(tmp_path / "b.csv", [*rows, {"URN": ""}, {"URN": "7", NAME: ""}]))
        assert said == (
            "Establishments: 1,300 stored; skipped: 1 without a number (URN), 1 without a name.\n"
        )
        assert Stored.objects.count() == 1300

    def test_several_files_make_one_and_the_later_stands(self, tmp_path):
        first = write(tmp_path / "a.csv", [{}, {"URN": "100002"}])
        second = write(tmp_path / "b.csv", [{STATUS: "2"}], columns=tuple(reversed(MANY)))
        self.run(first, second)
        assert list(Stored.objects.order_by("urn").values_list("urn", "status")) == [
            (100001, "closed"),
            (100002, "open"),
        ]

    @pytest.mark.parametrize("text", ["", "a,b\n", "\x00\x00", text_of([]), text_of([{"URN": ""}])])
    def test_bad_input_is_told_in_a_sentence_and_changes_nothing(self, tmp_path, text):
        good = write(tmp_path / "a.csv", [{}])
        self.run(good)
        (tmp_path / "bad.csv").write_text(text, "utf-8")
        with pytest.raises(CommandError, match=r"^bad\.csv .*\. Nothing was changed\.$"):
            self.run(write(tmp_path / "c.csv", [{"URN": "100002"}]), tmp_path / "bad.csv")
        with pytest.raises(CommandError, match=r"cannot be read: .*\. Nothing was changed\.$"):
            self.run(good, tmp_path / "missing.csv")
        assert list(Stored.objects.values_list("urn", flat=True)) == [100001]

    def test_a_postcode_places_what_no_code_does(self, tmp_path):
        directory = directories.write(tmp_path / "p.csv", [("M11 1AA", "", directories.MANCHESTER)])
        call_command("import_postcodes", str(directory), stdout=io.StringIO())
        said = self.run(
            write(
                tmp_path / "a.csv",
                [
                    {DISTRICT: "", AUTHORITY: ""},
                    {"URN": "100002", DISTRICT: "", AUTHORITY: "", "Postcode": "M11 1AB"},
                ],
            )
        )
        assert said.endswith("skipped: 1 of no known district, local authority or postcode.\n")
        assert answer("100001").councils == ("Manchester",)


@pytest.mark.django_db
@pytest.mark.usefixtures("empty_database")
def test_without_the_areas_nothing_is_imported(tmp_path):
    with pytest.raises(CommandError, match="run load_reference first"):
        call_command("import_establishments", str(write(tmp_path / "a.csv", [{}])))
    assert not Stored.objects.exists()


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
        ]
        call_command(
            "import_establishments", str(write(tmp_path / "a.csv", rows)), stdout=io.StringIO()
        )

    @pytest.mark.parametrize(
        "query", ["100001", " 10001234 ", "canal street primary", "The Canal Street Primary Sch."]
    )
    def test_a_school_is_found_by_numbers_and_name(self, query):
        found = answer(query)
        assert found.result is Result.ONE
        assert found.explanation == (
            "Canal Street Primary School is in Manchester, which is policed by Greater Manchester."
        )
        assert (found.areas, found.councils) == (("greater-manchester",), ("Manchester",))

    def test_several_of_one_name_are_asked_with_town_and_council(self):
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

    def test_several_of_one_name_in_one_region_are_one_answer_the_open_first(self):
        found = answer("twin school")
        assert found.result is Result.ONE
        assert found.explanation == (
            "Twin School (Otley) is in Leeds, which is policed by West Yorkshire. "
            "Twin School (Leeds, closed) is in Leeds, which is policed by West Yorkshire."
        )

    def test_a_closed_school_says_so_and_a_proposed_one_is_as_any(self):
        closed, proposed = answer("100004"), answer("New School")
        assert (closed.result, closed.notice) == (Result.ONE, None)
        assert closed.explanation.startswith("Gone School (closed) is in Leeds")
        assert proposed.explanation.startswith("New School is in Leeds")

    def test_abroad_is_outside_england(self):
        assert answer("100006").result is Result.OUTSIDE_ENGLAND
        assert answer("Dubai Private School").explanation.startswith(
            "Dubai Private School is outside England."
        )

    def test_one_at_home_and_one_abroad_are_asked(self):
        found = answer("International School")
        assert (found.result, len(found.findings)) == (Result.MANY, 1)
        assert "not all are in England" in found.explanation

    def test_the_isle_of_man_is_in_a_region_and_not_in_england(self):
        found = answer("Castle School")
        assert (found.result, found.notice) == (Result.ONE, Notice.NOT_IN_ENGLAND)
        assert found.findings[0].region_slug == "north-west"
        assert found.explanation == (
            "Castle School is on the Isle of Man: not in England, but listed under North-West."
        )

    def test_an_authority_that_is_no_more_gives_the_area(self):
        assert answer("100012").explanation == "Old County School is in the area of Cumbria."

    @pytest.mark.parametrize(
        ("query", "words"),
        [
            ("99999", "We know no school with the number (URN) 99999. Check it."),
            ("19999999", "We know no provider with the number (UKPRN) 19999999. Check it."),
        ],
    )
    def test_an_unknown_number_is_told(self, query, words):
        found = answer(query)
        assert found.result is Result.NONE
        assert found.explanation == f"{words} Type the name of the council or county instead."

    @pytest.mark.parametrize("query", ["Canal", "Canal Street", "Primary School", "Cherry Tree"])
    def test_a_part_of_a_name_finds_nothing(self, query):
        assert answer(query).result is Result.NONE
