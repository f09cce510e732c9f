from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from govuk.dates import LONDON, MONTHS, WEEKDAYS, date_words
from tests.training.factories import uk
from tests.training.pasted import (
    LINK,
    TRACKS,
    judged,
    row_of,
)
from training.pasting import LONGEST_LINE, read


def nth(day: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{day}{'th' if day in (11, 12, 13) else endings.get(day % 10, 'th')}"


def month(day: date) -> str:
    return MONTHS[day.month - 1]


def weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


DATE_FORMS: list[Callable[[date], str]] = [
    lambda d: f"{weekday(d)} {date_words(d)}",
    lambda d: f"{weekday(d)[:3]}, {nth(d.day)} {month(d)[:3].upper()} {d.year}",
    lambda d: f"{d.day}-{month(d)[:3]}-{d:%y}",
    lambda d: f"{d.day}. {month(d).lower()} {d.year}",
    lambda d: f"{month(d)} {d.day}, {d.year}",
    lambda d: f"{month(d)[:3]} {nth(d.day)} {d.year}",
    lambda d: f"{d:%d/%m/%Y}",
    lambda d: f"{d:%d/%m/%y}",
    lambda d: f"{d.day}.{d.month}.{d.year}",
    lambda d: f"{d.day}-{d.month}-{d.year}",
    lambda d: d.isoformat(),
]


def twelve(t: time, point: str, half: str) -> str:
    return f"{t.hour % 12 or 12}{point}{t:%M}{half}"


TIME_FORMS: list[Callable[[time], str]] = [
    lambda t: f"{t:%H:%M}",
    lambda t: f"{t:%H:%M}:00",
    lambda t: f"{t:%H.%M}",
    lambda t: f"{t:%H%M}",
    lambda t: twelve(t, ":", "am" if t.hour < 12 else "pm"),
    lambda t: twelve(t, ".", " AM" if t.hour < 12 else " PM"),
    lambda t: twelve(t, ":", " a.m." if t.hour < 12 else " p.m."),
]


@given(
    day=st.dates(date(2020, 1, 1), date(2099, 12, 31)),
    times=st.lists(
        st.times().map(lambda t: t.replace(second=0, microsecond=0)),
        min_size=2,
        max_size=2,
        unique=True,
    ).map(sorted),
    date_form=st.sampled_from(DATE_FORMS),
    time_form=st.sampled_from(TIME_FORMS),
    between=st.sampled_from([" to ", "-", " - ", "–", " — ", " until ", " till ", "\t", ", "]),
    cell_end=st.sampled_from(["\t", ", ", "; ", " | "]),
    order=st.permutations(range(3)),
    start=st.sampled_from(["", "• ", "- ", "7. "]),
)
def test_a_date_and_times_in_any_form_come_back_as_the_same_uk_moments(
    day: date,
    times: list[time],
    date_form: Callable[[date], str],
    time_form: Callable[[time], str],
    between: str,
    cell_end: str,
    order: list[int],
    start: str,
) -> None:
    # "12:00am" is asked about: people mean either.
    assume(time(0) not in times or time_form(time(0)).startswith("0"))
    cells = [date_form(day), between.join(map(time_form, times)), LINK]
    row = row_of(start + cell_end.join(cells[place] for place in order))
    assert row.mistakes == ()
    starts_at, ends_at = (datetime.combine(day, t, LONDON) for t in times)
    assert row.starts_at == starts_at
    if ends_at.time() > time(0):
        assert row.ends_at == ends_at
    assert row.registration_url == LINK


NUMBERS = ["1", "31", "12", "25", "2025", "1530", "3:30", "15.30", "5pm", "1/12/25", "2025-12-01"]
WORDS = [
    "Dec",
    "December",
    "Monday",
    "Sat",
    "GMT",
    "BST",
    "noon",
    "midnight",
    "a.m.",
    "to",
    "until",
]
OTHERS = ["DSLs", "governors", "schools", "register", "link", "Date", "Time", "https://", "www."]
MARKS = list("-–./:,;|()'T \"“\t\u200b\u00a0\n")
PIECES = st.sampled_from([*NUMBERS, *WORDS, *OTHERS, *MARKS])


@given(
    st.text()
    | st.lists(PIECES, max_size=40).map("".join)
    | st.lists(PIECES, max_size=40).map(" ".join)
)
def test_no_text_raises_and_no_line_is_lost(text: str) -> None:
    rows = {row.number: row for row in judged(*read(text, tracks=TRACKS, track="dsl"))}
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if number in rows:
            row = rows.pop(number)
            assert row.text == line
            assert row.mistakes or (row.starts_at and row.ends_at and row.starts_at < row.ends_at)
        else:
            assert not re.search("[^a-z][0-9]|5pm|dec|mon|https?://", line.lower())
    assert rows == {}


@given(
    st.permutations(["1 December 2025", "3:30pm to 4:45pm", LINK, "DSLs", "Register", "zebra"]),
    st.sampled_from(["\t", ", ", "; ", " | ", " - "]),
)
def test_a_word_that_is_not_understood_is_told_wherever_it_stands(
    cells: list[str], cell_end: str
) -> None:
    row = row_of(cell_end.join(cells))
    assert row.mistakes == ("Not understood: “zebra”.",)
    assert row.starts_at == uk("2025-12-01 15:30")
    assert row.ends_at == row.starts_at + timedelta(minutes=75)


@pytest.mark.parametrize(
    "piece", ["a", "1 ", "1.", "12 a.m", "1-", "1:30 to ", ",", '"', "may ", " ", "\u200b", "www."]
)
def test_a_hostile_line_is_read_to_its_end(piece: str) -> None:
    whole = piece * (100_000 // len(piece)) + "\n" + piece * (LONGEST_LINE // len(piece))
    rows = judged(*read(whole + "x\nx", tracks=TRACKS, track="dsl"))
    assert rows[-1].number == 3
    assert all(row.mistakes for row in rows)
