from __future__ import annotations

import pytest

from tests.training.factories import uk
from tests.training.pasted import (
    LINK,
    TRACKS,
    judged,
    mistakes_of,
    row_of,
)
from training.pasting import LONGEST_LINE, LONGEST_PASTE, Row, TrackWords, read

AFTERNOON = [
    f"Monday 1 December 2025, 3:30pm to 4:45pm, {LINK}",
    f"3:30pm to 4:45pm\t{LINK}\tMonday 1 December 2025",
    f"{LINK}; DSLs; Mon 1st Dec 2025; 15:30; 16:45",
    f"1-Dec-25 | 3.30 pm – 4.45pm | {LINK}",
    f"01/12/2025 15.30—16.45 {LINK}",
    f"1.12.2025 1530-1645 {LINK}",
    f"01/12/25,15:30:00,16:45:00,{LINK}",
    f"2025-12-01 15:30 until 16:45 {LINK}",
    f"dsl,2025-12-01T15:30,2025-12-01T16:45,{LINK}",
    f"December 1, 2025 3:30 p.m. till 4:45 p.m. <{LINK}>",
    f"DECEMBER 1st 2025, 3:30 to 4:45pm (GMT) ({LINK})",
    f'"Monday, December 1, 2025"\t"3:30pm to 4:45pm, UK time"\t{LINK}\tRegister',
    f"“Mon. 1st of December ’25”, from 3:30pm to 4:45pm, Virtual, {LINK}.",
    f"• 1\u00a0December\u20032025, 3:30\u200bpm to 4:45pm, \u200b{LINK}\u200b",
    f"- Date: Monday 1 December 2025 - Time: 3:30pm-4:45pm - Link: {LINK}",
    f"1. Monday 1 December 2025, between 3:30pm and 4:45pm, {LINK}",
    f"1. December 2025, 3:30pm to 4:45pm, {LINK}",
    f"3. 3.30pm to 4.45pm, 1 December 2025, {LINK}",
    f"1 December 2025, 3:30pm to 4:45pm, {LINK}\u00a0Book now",
    f"Mon 1 Dec 25 15.30-16.45hrs, {LINK}",
    f"2) 1 Dec, 2025: 3:30pm to 4:45, Eventbrite {LINK} {LINK}",
]


@pytest.mark.parametrize("line", AFTERNOON)
def test_a_session_is_read_in_whatever_form_an_editor_has_it(line: str) -> None:
    row = row_of(line)
    assert row == Row(
        1,
        line,
        track="dsl",
        starts_at=uk("2025-12-01 15:30"),
        ends_at=uk("2025-12-01 16:45"),
        registration_url=LINK,
    )
    assert judged(row) == [row]


@pytest.mark.parametrize(
    ("times", "start", "end"),
    [
        ("5–6:15pm", "17:00", "18:15"),
        ("11:30 to 12:45pm", "11:30", "12:45"),
        ("9 to 5pm", "09:00", "17:00"),
        ("03:30 to 04:45pm", "15:30", "16:45"),
        ("12 to 1pm", "12:00", "13:00"),
        ("11 to midday", "11:00", "12:00"),
        ("noon until 1pm", "12:00", "13:00"),
        ("11:30am to 12:45", "11:30", "12:45"),
        ("3:30pm to 4:45", "15:30", "16:45"),
        ("09:00 to 10:15", "09:00", "10:15"),
        ("9:00 to 10:15", "09:00", "10:15"),
        ("17:00 to 18:15pm", "17:00", "18:15"),
        ("12:15am to 1am", "00:15", "01:00"),
    ],
)
def test_a_time_without_am_or_pm_follows_the_other_one(times: str, start: str, end: str) -> None:
    row = row_of(f"1 December 2025, {times}")
    assert row.mistakes == ()
    assert row.starts_at == uk(f"2025-12-01 {start}")
    assert row.ends_at == uk(f"2025-12-01 {end}")


@pytest.mark.parametrize("end", ["midnight", "12 midnight", "00:00", "24:00"])
def test_as_an_end_midnight_ends_the_day(end: str) -> None:
    row = row_of(f"31 December 2025, 10pm to {end}")
    assert row.ends_at == uk("2026-01-01 00:00")
    assert judged(row)[0].mistakes == ()


@pytest.mark.parametrize("times", ["10am and 2pm", "10am & 2pm", "10am/2pm", "9.30am + 1.30pm"])
def test_two_times_that_do_not_say_start_and_end_may_be_two_sessions(times: str) -> None:
    (mistake,) = mistakes_of(f"1 December 2025, {times}, {LINK}")
    assert mistake == (
        f"“{times}” may be two sessions: give each a line of its own, with start and end."
    )
    assert mistakes_of(f"1 December 2025, between {times}, {LINK}") == ()


@pytest.mark.parametrize("times", ["10am - 12am", "12am - 1pm", "10 - 12am"])
def test_12am_may_be_midnight_or_noon_and_is_asked(times: str) -> None:
    assert "“12am” may be midnight or noon: write which." in mistakes_of(
        f"1 December 2025, {times}, {LINK}"
    )


@pytest.mark.parametrize("mark", ["??", "~~", "❌"])
def test_a_mark_of_doubt_is_not_passed_over(mark: str) -> None:
    assert mistakes_of(f"1 December 2025 {mark}, 3pm to 4pm, {LINK}") == (
        f"Not understood: “{mark}”.",
    )


@pytest.mark.parametrize(
    "heads",
    [
        "Day, Date, Start time, End time, Audience, Region, Eventbrite link",
        "No.\tDate\tTime\tTrainer\tStatus",
    ],
)
def test_the_heads_of_a_table_with_columns_of_its_own_are_passed_over(heads: str) -> None:
    line = f"1 December 2025, 3pm to 4pm, {LINK}"
    assert [row.number for row in read(f"{heads}\n{line}", tracks=TRACKS, track="dsl")] == [2]


@pytest.mark.parametrize("cell", ["North-East", "north east", "NORTH-EAST only", "north-east"])
def test_a_cell_may_name_the_region_in_place_of_the_usual_one(cell: str) -> None:
    (row,) = read(
        f"1 December 2025\t3pm to 4pm\t{cell}\t{LINK}",
        tracks=TRACKS,
        track="dsl",
        region="london",
        regions={"North-East": "north-east", "London": "london"},
    )
    assert (row.region, row.mistakes) == ("north-east", ())


def test_two_regions_in_a_line_are_not_guessed() -> None:
    (row,) = read(
        f"1 December 2025, 3pm to 4pm, London, North-East, {LINK}",
        tracks=TRACKS,
        track="dsl",
        regions={"North-East": "north-east", "London": "london"},
    )
    assert row.mistakes == ("It names more than one region: give each a line of its own.",)


def test_a_bracket_that_belongs_to_a_link_stays() -> None:
    assert row_of(f"1 December 2025, 3pm to 4pm, {LINK}?x=[a]").registration_url.endswith("[a]")


def test_two_times_that_could_be_in_either_half_of_the_day_are_asked_and_not_guessed() -> None:
    assert mistakes_of("1 December 2025, 3:30 to 4:45") == (
        "“3:30” may be in the morning or the afternoon: add am or pm.",
        "“4:45” may be in the morning or the afternoon: add am or pm.",
    )


@pytest.mark.parametrize(
    ("words", "track"),
    [
        ("dsl", "dsl"),
        ("DSLs", "dsl"),
        ("Training for designated safeguarding leads (DSLs)", "dsl"),
        ("designated safeguarding leads (dsls)", "dsl"),
        ("Prevent training for DSLs", "dsl"),
        ("Governors", "governors"),
        ("school governors & trustees", "governors"),
        ("trustee", "governors"),
        ("REGIONAL", "regional"),
        ("Register now", "regional"),
    ],
)
def test_a_cell_may_name_the_track_in_place_of_the_usual_one(words: str, track: str) -> None:
    row = row_of(f"1 December 2025\t{words}\t3:30pm to 4:45pm", track="regional")
    assert (row.track, row.mistakes) == (track, ())


@pytest.mark.parametrize("words", ["schools", "governors in colleges", "training for leaders"])
def test_a_track_that_cannot_be_told_is_not_guessed(words: str) -> None:
    line = f"1 December 2025\t{words}\t3:30pm to 4:45pm"
    assert mistakes_of(line) == (f"Not understood: “{words}”.",)


def test_a_word_that_two_tracks_share_tells_neither() -> None:
    tracks = [*TRACKS, TrackWords("colleges", "Governors in colleges", "College governors")]
    (row,) = read("governor, 1 December 2025, 5pm to 6pm", tracks=tracks, track="dsl")
    assert row.mistakes == ("Not understood: “governor”.",)
    (row,) = read("college governors, 1 December 2025, 5pm to 6pm", tracks=tracks, track="dsl")
    assert (row.track, row.mistakes) == ("colleges", ())


def test_a_track_may_have_a_comma_in_its_name() -> None:
    tracks = [*TRACKS, TrackWords("heads", "Heads, deputies, and 1 May leads", "Heads")]
    line = "1 December 2025, Heads, deputies, and 1 May leads, 5pm to 6pm"
    (row,) = read(line, tracks=tracks, track="dsl")
    assert (row.track, row.mistakes) == ("heads", ())


@pytest.mark.parametrize(
    "passed_over",
    ["Register", "Book now", "Eventbrite", "Online", "Virtual", "link to follow", "TBC", "N/A"],
)
def test_what_stands_in_place_of_a_link_is_passed_over(passed_over: str) -> None:
    row = row_of(f"1 December 2025\t3:30pm to 4:45pm\t{passed_over}")
    assert (row.registration_url, row.mistakes) == ("", ())


def test_blank_lines_and_headings_are_passed_over_and_lines_keep_their_numbers() -> None:
    text = (
        "Date\tStart time\tEnd time\tRegistration link\r\n"
        "track,starts_at,ends_at\r\n"
        " \u200b\t\u00a0\r\n"
        "1 December 2025\t3:30pm\t4:45pm\r\n"
        ",,,\r\n"
        "\t2 December 2025\t5pm\t6pm"
    )
    rows = read(text, tracks=TRACKS, track="dsl", title="A title", region="north-east")
    assert [(row.number, row.text) for row in rows] == [
        (4, "1 December 2025\t3:30pm\t4:45pm"),
        (6, "\t2 December 2025\t5pm\t6pm"),
    ]
    assert {(row.title, row.region, row.mistakes) for row in rows} == {
        ("A title", "north-east", ())
    }


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("3:30pm to 4:45pm", "There is no date. Write it as in 1 December 2025."),
        ("1 December, 5pm to 6pm", "“1 December” has no year."),
        ("1/12, 5pm to 6pm", "“1/12” has no year."),
        ("1 December 1730 to 1845", "“1 December” has no year."),
        ("December 2025, 5pm to 6pm", "“December 2025” has no day."),
        (
            "31 April 2026, 5pm to 6pm",
            "31 April 2026 does not exist: April has 30 days.",
        ),
        (
            "29/02/2027, 5pm to 6pm",
            "29 February 2027 does not exist: February has 28 days.",
        ),
        (
            "12/31/2025, 5pm to 6pm",
            "“12/31/2025” is not a date: write the day first, then the month.",
        ),
        ("2025-13-01, 5pm to 6pm", "“2025-13-01” is not a date: there is no month 13."),
        ("1 December 2019, 5pm to 6pm", "“1 December 2019” is before 2020: check the year."),
        ("01/12/2100, 5pm to 6pm", "“01/12/2100” is after 2099: check the year."),
        (
            "1 December 2025 and 02/12/2025, 5pm to 6pm",
            "There is more than one date: 1 December 2025 and 2 December 2025.",
        ),
        (
            "Tuesday 1 December 2025, 5pm to 6pm",
            "1 December 2025 is a Monday, not a Tuesday.",
        ),
        ("1 December 2025, 5pm", "There is no end time."),
        (
            "1 December 2025, 5pm, 6pm, 7pm",
            "There are more than two times: 5pm, 6pm and 7pm.",
        ),
        ("1 December 2025, 25:30 to 6pm", "“25:30” is not a time of day."),
        (
            "1 December 2025, 6pm to 5pm",
            "The end (5pm on 1 December 2025) is not after the start (6pm on 1 December 2025).",
        ),
        (
            "28 March 2027, 01:30 to 02:30",
            "The start, 1:30am on 28 March 2027, does not exist: the clocks go forward then. "
            "Choose a time before or after that hour.",
        ),
        (
            "31 October 2027, 00:30 to 01:30",
            "The end, 1:30am on 31 October 2027, comes twice: the clocks go back then. "
            "Choose a time before or after that hour.",
        ),
        (
            "1 December 2025, 5pm to 6pm BST",
            "1 December 2025 is in winter time (GMT), not BST.",
        ),
        ("1 July 2026, 5pm to 6pm (GMT)", "1 July 2026 is in summer time (BST), not GMT."),
        (
            "DSLs and governors, 1 December 2025, 5pm to 6pm",
            "There is more than one track: “Training for designated safeguarding leads (DSLs)” "
            "and “Training for governors and trustees in schools”.",
        ),
        (
            f"1 December 2025, 5pm to 6pm, {LINK}, {LINK}2",
            f"There is more than one link: {LINK} and {LINK}2.",
        ),
        (
            "1 December 2025, 5pm to 6pm, www.eventbrite.co.uk/e/1",
            "The address must start with https:// in small letters.",
        ),
        (
            "1 December 2025, 5pm to 6pm, https://example.com/e/1",
            "The address must be on eventbrite.co.uk, with no name or port before the path.",
        ),
        (
            f"1 December 2025, 5pm to 6pm, {LINK}{'1' * 500}",
            "The link is longer than 500 characters.",
        ),
        (
            "1 December 2025, 5pm, 75 minutes, 6pm, fully booked",
            "Not understood: “75 minutes” and “fully booked”.",
        ),
        (
            "1 December 2025 5pm to 6pm" + " " * LONGEST_LINE,
            "The line is longer than 1,000 characters.",
        ),
    ],
)
def test_a_mistake_is_told_in_a_sentence_that_names_it(line: str, mistake: str) -> None:
    assert mistakes_of(line) == (mistake,)


def test_a_line_without_a_track_is_a_mistake_where_there_is_no_usual_one() -> None:
    assert mistakes_of("1 December 2025, 5pm to 6pm", track="") == ("There is no track.",)


def test_all_mistakes_of_a_line_are_told_at_once() -> None:
    line = "Tuesday 1 December 2025, 6pm to 5pm BST, with cake, http://eventbrite.co.uk/"
    assert mistakes_of(line, track="") == (
        "1 December 2025 is a Monday, not a Tuesday.",
        "1 December 2025 is in winter time (GMT), not BST.",
        "There is no track.",
        "Not understood: “with cake”.",
        "The address must start with https:// in small letters.",
        "The end (5pm on 1 December 2025) is not after the start (6pm on 1 December 2025).",
    )


def test_a_link_is_kept_as_it_was_pasted_so_that_its_fault_is_seen() -> None:
    link = "https://www.eventbrite.co.uk/e/1–2\u200b3"
    row = row_of(f"1 December 2025, 5pm to 6pm, {link}")
    assert row.registration_url == link
    assert "a character that cannot be seen" in judged(row)[0].mistakes[0]


def test_lines_after_the_longest_paste_are_there_unread_and_say_so() -> None:
    text = "1 December 2025, 5pm to 6pm\n" * (LONGEST_PASTE + 2)
    rows = read(text, tracks=TRACKS, track="dsl")
    assert len(rows) == LONGEST_PASTE + 2
    assert {row.mistakes for row in rows[:LONGEST_PASTE]} == {()}
    assert {(row.mistakes, row.starts_at) for row in rows[LONGEST_PASTE:]} == {
        (("Only 500 lines can be read at once. Paste the others afterwards.",), None)
    }
