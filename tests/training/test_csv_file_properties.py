"""Sessions go out as a file, through any spreadsheet, and in again: nothing is lost."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govuk.dates import LONDON
from govuk.spreadsheets import as_meant, inert
from tests.training.factories import make_facts, uk
from tests.training.pasted import TRACKS
from training.csv_file import COLUMNS, NotATableError, read_rows, text_of, written
from training.pasting import Row
from training.session_facts import STATUSES, SessionFacts

REGIONS = {"North-East": "north-east", "north-east": "north-east", "London": "london"}

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=150)
# What spreadsheets, commas and quotation marks make difficult comes more often than by chance.
titles = words | st.lists(
    st.sampled_from(['"', "'", ",", ";", "\t", "\n", "\r\n", "\u2028", "=1+1", "@", "a", " ", "“"]),
    max_size=8,
).map("".join)
minutes = st.integers(0, 80 * 365 * 24 * 60).map(
    lambda number: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
)


@st.composite
def sessions(draw: st.DrawFn) -> list[SessionFacts]:
    """Sessions as they may be stored, each with an id of its own."""
    return [
        make_facts(
            id=number,
            track=draw(st.sampled_from(TRACKS)).slug,
            title=draw(titles),
            starts_at=(starts_at := draw(minutes)),
            ends_at=starts_at + timedelta(minutes=draw(st.integers(1, 24 * 60))),
            status=draw(st.sampled_from(STATUSES)),
            registration_url=draw(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E))),
            region_slug=draw(st.sampled_from(["", "north-east", "london"])),
        )
        for number in range(1, draw(st.integers(2, 4)))
    ]


def read_again(text: str, stored: list[SessionFacts]) -> list[Row]:
    return read_rows(
        text,
        stored={str(facts.id): facts for facts in stored},
        tracks=TRACKS,
        regions=REGIONS,
    )


def saved_by_a_spreadsheet(
    text: str,
    *,
    date_form: str,
    time_form: str,
    blank: int,
    separator_line: bool,
    **form: Any,
) -> str:
    """Return the table as another program saves it: other forms of dates, blank cells around."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, **form)
    if separator_line:
        file.write(f"sep={form['delimiter']}{form['lineterminator']}")
    blank_rows = [[""] * (len(COLUMNS) + blank)] * blank
    heads, *rows = csv.reader(io.StringIO(text, newline=""))
    writer.writerows([*blank_rows, [*heads, *[""] * blank]])
    for row in rows:
        cells = dict(zip(heads, row, strict=True))
        cells["date"] = datetime.fromisoformat(cells["date"]).strftime(date_form)
        for name in ("start", "end"):
            # "12:00 AM" is asked about: people mean either.
            form_of_it = "%H:%M" if cells[name] == "00:00" else time_form
            cells[name] = time.fromisoformat(cells[name]).strftime(form_of_it)
        writer.writerow([*cells.values(), *[""] * blank])
    writer.writerows(blank_rows)
    return file.getvalue()


@given(
    stored=sessions(),
    date_form=st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%b-%y", "%d %B %Y"]),
    time_form=st.sampled_from(["%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p"]),
    blank=st.integers(0, 2),
    separator_line=st.booleans(),
    delimiter=st.sampled_from(",;\t"),
    lineterminator=st.sampled_from(["\r\n", "\n", "\r"]),
    quoted=st.sampled_from(
        [
            {"quoting": csv.QUOTE_MINIMAL},
            {"quoting": csv.QUOTE_ALL},
            {"quoting": csv.QUOTE_ALL, "quotechar": "'"},
        ]
    ),
)
def test_what_was_exported_is_unchanged_however_a_spreadsheet_saves_it(
    stored: list[SessionFacts], quoted: dict[str, Any], **form: Any
) -> None:
    text = saved_by_a_spreadsheet(written(stored), **form, **quoted)
    rows = read_again(text, stored)
    assert [(row.session_id, row.does, row.mistakes) for row in rows] == [
        (str(facts.id), "unchanged", ()) for facts in stored
    ]
    # What is not changed is not even spelt anew.
    assert [(row.title, row.starts_at, row.ends_at) for row in rows] == [
        (facts.title, facts.starts_at, facts.ends_at) for facts in stored
    ]


@given(title=titles, delimiter=st.sampled_from(",;\t"))
def test_any_title_of_a_new_row_comes_in_as_it_is_but_on_one_line(
    title: str, delimiter: str
) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerows(
        [
            ["track", "title", "date", "start", "end"],
            ["dsl", inert(title), "2027-06-22", "15:30", "16:45"],
        ]
    )
    [row] = read_again(file.getvalue(), [])
    assert (row.does, row.mistakes) == ("new", ())
    assert (row.starts_at, row.ends_at) == (uk("2027-06-22 15:30"), uk("2027-06-22 16:45"))
    assert row.title == " ".join(filter(None, map(str.strip, title.splitlines())))


@given(cell=titles)
def test_no_cell_begins_with_what_a_spreadsheet_runs_and_each_comes_back(cell: str) -> None:
    assert not inert(cell).startswith(
        ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
    )
    assert as_meant(inert(cell)) == cell


@given(file=st.binary() | words.map(str.encode) | titles.map(lambda t: f"track,{t}\n{t}".encode()))
def test_whatever_is_chosen_is_read_or_refused(file: bytes) -> None:
    with suppress(NotATableError):
        assert read_again(text_of(file), [])


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        ("title", "Other", "The title was blank."),
        ("date", "23/06/2027", "The date was 2027-06-22."),
        ("start", "15:00:00", "The start was 15:30."),
        ("region", "North East", "The region was blank."),
        ("status", "FULL", "The status was scheduled."),
        ("registration_url", "", f"The link was {make_facts().registration_url}."),
    ],
)
def test_a_changed_cell_says_what_is_stored_now(column: str, cell: str, sentence: str) -> None:
    stored = make_facts(starts_at=uk("2027-06-22 15:30"), ends_at=uk("2027-06-22 16:45"))
    [cells] = csv.DictReader(io.StringIO(written([stored]), newline=""))
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    writer.writerow(cells | {column: cell})
    [row] = read_again(file.getvalue(), [stored])
    assert (row.does, row.changes, row.mistakes) == ("changed", (sentence,), ())


def test_a_session_in_the_hour_that_comes_twice_keeps_its_moment() -> None:
    second = uk("2027-10-31 01:30").replace(fold=1)
    stored = make_facts(starts_at=second, ends_at=uk("2027-10-31 03:00"))
    [row] = read_again(written([stored]).replace("scheduled", "full"), [stored])
    assert row.changes == ("The status was scheduled.",)
    assert row.starts_at == second.astimezone(LONDON)
    assert row.starts_at.utcoffset() == timedelta(0)


def test_a_row_is_called_by_the_number_that_a_spreadsheet_shows() -> None:
    text = "\n\ntrack,date,start,end\n\ndsl,2027-06-22,15:30,16:45\n\ndsl,2027-06-23,15:30,16:45\n"
    assert [row.number for row in read_again(text, [])] == [5, 7]


def test_blank_cells_that_a_spreadsheet_left_out_at_the_end_of_a_row_are_blank() -> None:
    stored = replace(make_facts(), registration_url="")
    text = written([stored]).removesuffix(",\r\n")
    assert text.endswith("scheduled")
    assert [row.does for row in read_again(text, [stored])] == ["unchanged"]


def test_a_quotation_mark_that_is_never_closed_is_named_by_its_line() -> None:
    text = 'track,title,date,start,end\ndsl,"About,2027-06-22,15:30,16:45\n'
    with pytest.raises(NotATableError, match="quotation mark in it is missing or too many"):
        read_again(text, [])
