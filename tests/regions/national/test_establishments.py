"""The national register of schools and colleges: how its files are read and its rows placed."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regions.answers import PostcodeFacts, Target
from regions.national.establishments import (
    Establishment,
    EstablishmentRegister,
    RegisterError,
    codes_of,
    encoding_of,
    find_columns,
)
from regions.postcodes import place_of
from tests.regions.registers import AUTHORITY, DISTRICT, FEW, NAME, PLAIN, STATUS, TYPE, text_of

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


def read(text: str) -> EstablishmentRegister:
    register = EstablishmentRegister(
        codes_of(COUNCILS), isle_of_man="isle-of-man", postcodes=postcodes
    )
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
    def test_a_file_is_in_one_encoding_wherever_it_is_cut(self, encoding: str, found: str) -> None:
        raw = "École Jeanne d’Arc".encode(encoding)
        assert encoding_of(raw[place : place + 1] for place in range(len(raw))) == found

    def test_half_a_character_at_the_end_is_not_utf8(self) -> None:
        assert encoding_of(["É".encode()[:1]]) == "cp1252"
        assert encoding_of([]) == "utf-8-sig"

    @given(st.binary(max_size=100))
    def test_no_bytes_whatever_raise(self, raw: bytes) -> None:
        raw.decode(encoding_of([raw]), errors="replace")


class TestColumns:
    def test_columns_are_found_by_name_wherever_they_stand(self) -> None:
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
    def test_a_needed_column_that_is_missing_is_named(self, title: str) -> None:
        named = "EstablishmentStatus (code)" if title.startswith("EstablishmentStatus") else title
        with pytest.raises(RegisterError, match=r"a\.csv .* it has no column ") as raised:
            find_columns([name for name in FEW if name != title], name="a.csv")
        assert str(raised.value).endswith(f" {named}.")

    def test_a_needed_column_that_stands_twice_is_named(self) -> None:
        with pytest.raises(RegisterError, match=r"it has more than one column Postcode\.$"):
            find_columns([*FEW, "postcode"], name="a.csv")
        with pytest.raises(RegisterError, match="more than one column EstablishmentStatus"):
            find_columns([*FEW[:2], *FEW[3:], STATUS, STATUS], name="a.csv")

    def test_an_optional_column_that_stands_twice_is_not_asked(self) -> None:
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
        self, row: dict[str, str], area: str, council: str
    ) -> None:
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
    def test_what_is_outside_england_is_kept_without_an_area(self, row: dict[str, str]) -> None:
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
    def test_the_isle_of_man_has_an_area(self, row: dict[str, str]) -> None:
        assert only(**row).area == "isle-of-man"

    @pytest.mark.parametrize(
        "row",
        [
            {DISTRICT: "E07999999", AUTHORITY: "0"},
            {DISTRICT: "E07999999", AUTHORITY: "999"},
            {DISTRICT: "", AUTHORITY: "", "Postcode": ""},
        ],
    )
    def test_what_cannot_be_placed_is_skipped_and_the_county_never_asked(
        self, row: dict[str, str]
    ) -> None:
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
    def test_four_states_become_three(self, status: dict[str, str], found: str) -> None:
        assert only(**status).status == found

    def test_few_columns_are_enough(self) -> None:
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

    def test_what_lacks_something_is_skipped_and_counted_by_reason(self) -> None:
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

    def test_a_shifted_row_is_skipped_and_one_too_long_behind_what_matters_is_kept(self) -> None:
        first, plain = text_of([{}]).splitlines()
        shifted = plain.replace("100001", "100002").replace("Canal ", 'Canal","')
        longer = plain.replace("100001", "100003") + ',"0","Not applicable"'
        shorter = plain.replace("100001", "100004").removesuffix(',""')
        few = '"100005","352"'
        register = read("\n".join([first, plain, shifted, "", few, shorter, longer]))
        assert sorted(register.establishments) == [100001, 100003, 100004]
        assert register.skipped == {"with a wrong number of fields": 2}

    def test_a_file_that_ends_in_the_middle_of_a_row_is_not_whole(self) -> None:
        first, plain = text_of([{}]).splitlines()
        with pytest.raises(RegisterError, match="ends in the middle of a row: it is not whole"):
            read("\n".join([first, plain, plain[: len(plain) // 2]]))

    def test_of_two_rows_with_one_number_the_later_stands(self) -> None:
        register = read(text_of([{}, {NAME: "Later", STATUS: "2"}, {NAME: ""}]))
        assert [(row.name, row.status) for row in register.establishments.values()] == [
            ("Later", "closed")
        ]

    def test_a_provider_number_is_eight_digits_or_none(self) -> None:
        assert only(UKPRN="10001234").ukprn == 10001234
        assert only(UKPRN="10001234567890").ukprn is None
        assert only(UKPRN="none").ukprn is None

    def test_hostile_fields_are_inert_text_or_skipped(self) -> None:
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
    def test_no_text_whatever_raises_anything_but_our_own(self, text: str) -> None:
        header = ",".join(f'"{title}"' for title in FEW)
        for whole in (text, f"{header}\n{text}", f'{header}\n100001,"{text}",Open,,,352\n'):
            try:
                register = read(whole)
            except RegisterError:
                continue
            assert all("\x00" not in row.name for row in register.establishments.values())
