"""Sessions as CSV, out of the admin and in again."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from govuk.lines import on_one_line
from govuk.spreadsheets import as_meant, inert
from tests.govuk.html import attribute, document, elements, text
from tests.training.factories import LINK, make_region, make_session, make_track, uk
from training.models import Session

pytestmark = pytest.mark.django_db
IMPORT = "admin:training_session_import"
HEAD = "id,track,title,date,start,end,region,status,registration_url"


@pytest.fixture(autouse=True)
def _tracks_and_a_region(db: None) -> None:
    make_track("dsl")
    make_track("governors")
    make_region()


def exported(desk: Client, query: str = "") -> list[dict[str, str]]:
    answer = desk.get(reverse("admin:training_session_export") + query)
    assert answer["Content-Type"] == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def as_file(*rows: str, head: str = HEAD, encoding: str = "utf-8") -> SimpleUploadedFile:
    lines = "\r\n".join([head, *rows]).encode(encoding)
    return SimpleUploadedFile("dates.csv", lines, "text/csv")


def looked_at(desk: Client, file: SimpleUploadedFile) -> Any:
    return desk.post(reverse(IMPORT), {"file": file})


def offer(preview: Any) -> dict[str, str]:
    """What the preview's own button sends."""
    forms = elements(document(preview.content.decode()), "form", class_="rpec-save")
    assert forms, text(document(preview.content.decode()))[:2000]
    return {
        attribute(i, "name") or "": attribute(i, "value") or ""
        for i in elements(forms[0], "input")
        if attribute(i, "type") != "checkbox"
    }


def take_in(desk: Client, *rows: str, head: str = HEAD) -> Any:
    return desk.post(
        reverse(IMPORT), offer(looked_at(desk, as_file(*rows, head=head))), follow=True
    )


def test_a_row_says_the_uk_times_and_the_slugs(desk: Client) -> None:
    session = make_session(uk("2027-06-22 15:30"), registration_url=LINK)
    assert exported(desk) == [
        {
            "id": str(session.pk),
            "track": "dsl",
            "title": "",
            "date": "2027-06-22",
            "start": "15:30",
            "end": "16:45",
            "region": "",
            "status": "scheduled",
            "registration_url": LINK,
        }
    ]


def test_no_cell_is_run_by_a_spreadsheet_and_each_comes_back_as_it_was(desk: Client) -> None:
    titles = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "'quoted'", "plain"]
    for number, title in enumerate(titles):
        make_session(uk("2027-06-22 09:00") + timedelta(days=number), title=title)
    cells = [row["title"] for row in exported(desk)]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    assert sorted(map(as_meant, cells)) == sorted(titles)
    assert [as_meant(inert(title)) for title in titles] == titles


def test_what_was_exported_comes_in_again_and_there_is_nothing_to_do(desk: Client) -> None:
    make_session(uk("2027-06-22 15:30"), title="=1+1  two", registration_url=f"{LINK}?x=[a],b")
    make_session(uk("2027-10-31 15:30"), region=make_region(), status="full")
    make_session(uk("2027-10-31 22:00"), lasts=timedelta(hours=3))
    make_session(uk("2027-10-31 01:30"), lasts=timedelta(hours=3))
    file = desk.get(reverse("admin:training_session_export")).content
    preview = looked_at(desk, SimpleUploadedFile("dates.csv", file, "text/csv"))
    assert "Every row is what is stored already" in preview.content.decode()


def test_an_export_has_what_the_list_shows(desk: Client) -> None:
    make_session(uk("2027-06-22 15:30"))
    cancelled = make_session(uk("2027-06-23 15:30"), status="cancelled")
    rows = exported(desk, "?status__exact=cancelled")
    assert [row["id"] for row in rows] == [str(cancelled.pk)]
    address = reverse("admin:training_session_export") + "?track__id__exact=abc"
    assert desk.get(address).status_code == 302


def test_one_changed_cell_is_one_change(desk: Client) -> None:
    sessions = [make_session(uk("2027-06-22 15:30") + timedelta(days=n)) for n in range(3)]
    rows = exported(desk)
    rows[1]["status"] = "Full"
    lines = [",".join(row.values()) for row in rows]
    answer = take_in(desk, *lines, head=",".join(rows[0]))
    assert "0 added, 1 changed." in answer.content.decode()
    assert sorted(s.history.count() for s in sessions) == [1, 1, 2]
    assert LogEntry.objects.count() == 1


def test_what_the_file_has_no_column_for_stays_as_it_is(desk: Client) -> None:
    session = make_session(
        uk("2027-06-22 15:30"),
        title="Local",
        status="cancelled",
        registration_url=LINK,
        region=make_region(),
    )
    take_in(desk, f"{session.pk},dsl,2027-06-23,15:30,16:45", head="ID,Track,date,start,end")
    before = (session.title, session.status, session.registration_url, session.region)
    session.refresh_from_db()
    assert session.starts_at == uk("2027-06-23 15:30")
    assert (session.title, session.status, session.registration_url, session.region) == before


def test_what_a_colleague_changed_since_the_look_is_not_overwritten(desk: Client) -> None:
    session = make_session(uk("2027-06-22 15:30"))
    preview = looked_at(desk, as_file(f"{session.pk},dsl,New title,2027-06-22,15:30,16:45,,,"))
    session.status = "cancelled"
    session.save()
    answer = desk.post(reverse(IMPORT), offer(preview), follow=True)
    assert "Somebody has changed this session meanwhile." in answer.content.decode()
    session.refresh_from_db()
    assert (session.title, session.status) == ("", "cancelled")


def test_what_was_stored_once_is_not_stored_twice(desk: Client) -> None:
    preview = looked_at(desk, as_file(",dsl,,2027-07-01,15:30,16:45,,,"))
    for _ in range(2):
        answer = desk.post(reverse(IMPORT), offer(preview), follow=True)
    assert "already" in answer.content.decode()
    assert Session.objects.count() == LogEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("head", "row", "encoding"),
    [
        ("track;date;start;end", "dsl;01/07/2027;15:30;16:45", "utf-8-sig"),
        ("TRACK\tDate\tStart\tEnd", "DSLs\t1 July 2027\t3.30pm\t4.45pm", "utf-8"),
        ("track,title,date,start,end", "dsl,Café – two,2027-07-01,15:30,16:45", "cp1252"),
        (
            "track,region,status,date,start,end",
            "dsl,North East,Full,2027-07-01,15:30,16:45",
            "utf-8",
        ),
    ],
)
def test_files_as_spreadsheets_save_them_are_read(
    desk: Client, head: str, row: str, encoding: str
) -> None:
    preview = looked_at(desk, as_file(row, head=head, encoding=encoding))
    desk.post(reverse(IMPORT), offer(preview))
    assert Session.objects.get().starts_at == uk("2027-07-01 15:30")


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"PK\x03\x04\x00\x00", "This is not a CSV file."),
        (b"", "empty"),
        (b"when,who\n1,2", "must name the columns"),
        (b"track,date,date,start,end\n1,2,3,4,5", "must name the columns"),
        (b"track,date,start,end,notes\n1,2,3,4,5", "must name the columns"),
        (b"track,date,start,end", "There is no row"),
        (b"track,date,start,end\ndsl,2027-07-01,15:30", "Row 2 has more or fewer cells"),
        (b"track,date,start,end\n" + b"dsl,2027-07-01,1,2\n" * 501, "Only 500 rows"),
        (b"x" * 400_000, "larger than"),
    ],
)
def test_what_is_no_table_of_sessions_is_refused_in_a_sentence(
    desk: Client, file: bytes, words: str
) -> None:
    preview = looked_at(desk, SimpleUploadedFile("dates.csv", file, "text/csv"))
    assert words in text(document(preview.content.decode()))
    assert "Traceback" not in preview.content.decode()


@pytest.mark.parametrize("seen", ["", "forged", "{}"])
def test_a_save_that_was_not_offered_asks_for_the_file(desk: Client, seen: str) -> None:
    sent = {"text": f"{HEAD}\n,dsl,,2027-07-01,15:30,16:45,,,", "seen": seen, "save": "1"}
    assert "Choose the file again." in desk.post(reverse(IMPORT), sent).content.decode()
    assert Session.objects.count() == 0


def test_rows_add_and_change_sessions_with_who_did_it(desk: Client, editor: User) -> None:
    session = make_session(uk("2027-06-22 15:30"))
    take_in(
        desk,
        f"{session.pk},dsl,,23/06/2027,3:30pm,4:45pm,,full,{LINK}",
        ",governors,Local risk,1 December 2027,17:00,18:15,north-east,,",
    )
    moved, added = Session.objects.order_by("starts_at")
    assert (moved.pk, moved.starts_at, moved.status) == (
        session.pk,
        uk("2027-06-23 15:30"),
        "full",
    )
    assert (moved.registration_url, moved.sequence) == (LINK, 1)
    assert moved.moved_from == uk("2027-06-22 15:30")
    assert (added.track.slug, added.title, added.starts_at) == (
        "governors",
        "Local risk",
        uk("2027-12-01 17:00"),
    )
    assert added.region == make_region()
    assert [added.history.get().history_user, moved.history.first().history_user] == [editor] * 2


WRONG = {
    ",dsl,,Tuesday 1 June 2027x,15:30,16:45,,,": "Not understood",
    ",dsl,,Monday 1 June 2027,15:30,16:45,,,": "1 June 2027 is a Tuesday, not a Monday.",
    ",dsl,,2027-06-02,16:45,15:30,,,": "end",
    ",dsl,,2027-03-28,01:30,16:45,,,": "clocks",
    ",dsl,,2027-06-03,15:30,16:45,,,http://www.eventbrite.co.uk/e/1": "https://",
    ",dsl,,2027-06-04,15:30,16:45,,,https://evil.example/e/1": "eventbrite",
    ",dsl,,2027-06-22,15:30,16:45,,,": "already",
    ",nobody,,2027-06-05,15:30,16:45,,,": "nobody",
    ",dsl,,2027-06-06,15:30,16:45,nowhere,,": "There is no region “nowhere”.",
    ",dsl,,2027-06-07,15:30,16:45,,maybe,": "not “maybe”",
    "1,dsl,,2027-06-09,15:30,16:45,,,\r\n1,dsl,,2027-06-10,15:30,16:45,,,": "earlier row",
    "999,dsl,,2027-06-08,15:30,16:45,,,": "There is no session 999.",
}


@pytest.mark.parametrize(("row", "words"), WRONG.items())
def test_one_mistake_is_named_in_its_row_and_keeps_the_whole_file_out(
    desk: Client, row: str, words: str
) -> None:
    make_session(uk("2027-06-22 15:30"), pk=1)
    preview = looked_at(desk, as_file(",dsl,,2027-07-01,15:30,16:45,,,", row))
    assert words in text(document(preview.content.decode()))
    assert b"rpec-save" not in preview.content
    assert Session.objects.count() == 1


def sentences(preview: Any) -> list[str]:
    """What the preview says of its rows, each sentence by itself."""
    [table] = elements(document(preview.content.decode()), "table", class_="rpec-read")
    return [text(words) for words in elements(table, "p")]


def test_a_mistake_of_a_new_row_is_told_once_and_nothing_else(desk: Client) -> None:
    preview = looked_at(desk, as_file(f",nobody,Own,2027-07-01,15:30,16:45,,,{LINK}"))
    assert sentences(preview) == [
        "Mend: There is no track.",
        "Mend: Not understood: “nobody”.",
        f"nobody, Own, 2027-07-01, 15:30, 16:45, {LINK}",
    ]


def test_a_changed_row_says_what_is_stored_now_and_the_others_are_left_out(desk: Client) -> None:
    make_session(uk("2027-06-22 15:30"), registration_url=LINK)
    changed = make_session(uk("2027-06-23 15:30"), registration_url=f"{LINK}2")
    rows = exported(desk)
    rows[0]["status"], rows[0]["end"] = "full", "17:00:00"
    preview = looked_at(desk, as_file(*[",".join(row.values()) for row in rows]))
    assert rows[0]["id"] == str(changed.pk)
    assert sentences(preview) == ["The end was 16:45.", "The status was scheduled."]
    words = text(document(preview.content.decode()))
    assert "0 would be added, 1 changed. 1 stay as they are." in words


TITLES = [
    'Talking about "hateful" content',
    'One, "two","three"; four',
    '"',
    "'=1+1'",
    "Café – ‘two’\u2028three",
]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_title_comes_back_as_it_is_stored_whatever_the_separator(
    desk: Client, separator: str
) -> None:
    sessions = [
        make_session(uk("2027-06-22 09:00") + timedelta(days=number), title=title)
        for number, title in enumerate(TITLES)
    ]
    file = io.StringIO(newline="")
    rows = [row | {"status": "full"} for row in exported(desk)]
    writer = csv.DictWriter(file, rows[0], delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    preview = looked_at(desk, SimpleUploadedFile("dates.csv", file.getvalue().encode()))
    answer = desk.post(reverse(IMPORT), offer(preview), follow=True)
    assert "0 added, 5 changed." in answer.content.decode()
    for session, title in zip(sessions, TITLES, strict=True):
        session.refresh_from_db()
        assert (session.title, session.status) == (on_one_line(title), "full")


def test_a_line_break_within_a_cell_is_a_space_and_no_second_session(desk: Client) -> None:
    row = ',dsl,"Local\r\n risk\n",2027-07-01,15:30,16:45,,,'
    take_in(desk, row)
    assert Session.objects.get().title == "Local risk"
    again = looked_at(desk, as_file(row))
    assert "It is there already" in text(document(again.content.decode()))


@pytest.mark.parametrize("days", [7, -7])
def test_a_row_of_weekly_sessions_moves_by_a_week_and_two_change_their_links(
    desk: Client, days: int
) -> None:
    sessions = [
        make_session(uk("2027-06-01 15:30") + timedelta(days=7 * number)) for number in range(3)
    ]
    for session, other in zip(sessions, "abc", strict=True):
        session.registration_url = f"{LINK}{other}"
        session.save()
    starts = [session.starts_at + timedelta(days=days) for session in sessions]
    take_in(
        desk,
        *(
            f"{session.pk},dsl,,{start:%Y-%m-%d},15:30,16:45,,,{LINK}{link}"
            for session, start, link in zip(sessions, starts, "bca", strict=True)
        ),
    )
    for session, start, link in zip(sessions, starts, "bca", strict=True):
        before = session.starts_at
        session.refresh_from_db()
        assert (session.starts_at, session.moved_from) == (start, before)
        assert (session.title, session.registration_url) == ("", f"{LINK}{link}")
        assert (session.sequence, session.history.count()) == (2, 3)
        assert session.history.first().title == ""


def test_two_sessions_exchange_their_dates(desk: Client) -> None:
    first, second = make_session(uk("2027-06-01 15:30")), make_session(uk("2027-06-08 15:30"))
    take_in(
        desk,
        f"{first.pk},dsl,,2027-06-08,15:30,16:45,,,",
        f"{second.pk},dsl,,2027-06-01,15:30,16:45,,,",
    )
    starts = dict(Session.objects.values_list("pk", "starts_at"))
    assert starts == {first.pk: second.starts_at, second.pk: first.starts_at}


def test_a_file_of_which_one_row_has_become_wrong_stores_none_of_its_rows(desk: Client) -> None:
    session = make_session(uk("2027-06-22 15:30"))
    rows = f"{session.pk},dsl,New,2027-06-22,15:30,16:45,,,", ",dsl,,2027-07-01,15:30,16:45,,,"
    preview = looked_at(desk, as_file(*rows))
    make_session(uk("2027-07-01 15:30"))
    answer = desk.post(reverse(IMPORT), offer(preview), follow=True)
    assert "It is there already" in text(document(answer.content.decode()))
    session.refresh_from_db()
    assert (session.title, session.sequence, LogEntry.objects.count()) == ("", 0, 0)


def test_a_title_that_is_too_long_is_named_before_anything_is_stored(desk: Client) -> None:
    preview = looked_at(desk, as_file(f",dsl,{'x' * 151},2027-07-01,15:30,16:45,,,"))
    assert "Mend: The title is longer than 150 characters." in sentences(preview)


@pytest.mark.parametrize("name", ["import", "export"])
def test_who_may_not_keep_sessions_can_neither_import_nor_export(name: str) -> None:
    reader = User.objects.create_user("reader@example.com", "a long enough password")
    client = Client()
    client.force_login(reader)
    address = reverse(f"admin:training_session_{name}")
    assert client.get(address).status_code == client.post(address).status_code == 403


def test_dates_that_were_never_right_are_put_right_without_a_move(desk: Client) -> None:
    sessions = [make_session(uk(f"2027-06-{day} 15:30")) for day in (22, 23)]
    for session, ticked in zip(sessions, ({"corrects_mistake": "on"}, {}), strict=True):
        preview = looked_at(desk, as_file(f"{session.pk},dsl,,2027-06-24,16:00,17:00,,,"))
        desk.post(reverse(IMPORT), {**offer(preview), **ticked})
        session.refresh_from_db()
        assert session.starts_at == uk("2027-06-24 16:00")
        session.delete()
    assert [session.moved_from for session in sessions] == [None, uk("2027-06-23 15:30")]
