"""Sessions as CSV, out of the admin and in again."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.govuk.html import attribute, document, elements, text
from tests.training.factories import LINK, make_editor, make_region, make_session, make_track, uk
from training.exchange import as_meant, inert
from training.models import Session

# The library's own templates ask for what they were not given.
pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
IMPORT = "admin:training_session_import"
HEAD = "id,track,title,date,start,end,region,status,registration_url"


@pytest.fixture
def editor() -> User:
    make_track("dsl")
    make_track("governors")
    make_region()
    return make_editor()


@pytest.fixture
def desk(editor: User) -> Client:
    desk = Client()
    desk.force_login(editor)
    return desk


def exported(desk: Client) -> list[dict[str, str]]:
    answer = desk.get(reverse("admin:training_session_export"))
    assert answer["Content-Type"] == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def as_file(*rows: str, head: str = HEAD, encoding: str = "utf-8") -> SimpleUploadedFile:
    lines = "\r\n".join([head, *rows]).encode(encoding)
    return SimpleUploadedFile("dates.csv", lines, "text/csv")


def looked_at(desk: Client, file: SimpleUploadedFile) -> Any:
    return desk.post(reverse(IMPORT), {"import_file": file, "format": "0", "resource": ""})


def confirmed(desk: Client, preview: Any) -> Any:
    """Send the preview's own button."""
    page = document(preview.content.decode())
    forms = [
        form
        for form in elements(page, "form")
        if any(attribute(i, "name") == "import_file_name" for i in elements(form, "input"))
    ]
    assert forms, text(page)[:2000]
    sent = {
        attribute(i, "name") or "": attribute(i, "value") or "" for i in elements(forms[0], "input")
    }
    return desk.post(reverse("admin:training_session_process_import"), sent, follow=True)


def take_in(desk: Client, *rows: str) -> None:
    confirmed(desk, looked_at(desk, as_file(*rows)))


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


def test_what_was_exported_comes_in_again_and_changes_nothing(desk: Client) -> None:
    make_session(uk("2027-06-22 15:30"), title="=1+1", registration_url=LINK)
    make_session(uk("2027-10-31 15:30"), region=make_region(), status="full")
    before = list(Session.objects.values())
    file = desk.get(reverse("admin:training_session_export")).content
    preview = looked_at(desk, SimpleUploadedFile("dates.csv", file, "text/csv"))
    confirmed(desk, preview)
    assert list(Session.objects.values()) == before


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
    "999,dsl,,2027-06-08,15:30,16:45,,,": "There is no session 999.",
}


@pytest.mark.parametrize(("row", "words"), WRONG.items())
def test_one_mistake_is_named_in_its_row_and_keeps_the_whole_file_out(
    desk: Client, row: str, words: str
) -> None:
    make_session(uk("2027-06-22 15:30"))
    preview = looked_at(desk, as_file(",dsl,,2027-07-01,15:30,16:45,,,", row))
    assert words in text(document(preview.content.decode()))
    assert b"import_file_name" not in preview.content
    assert Session.objects.count() == 1


def test_a_file_without_our_columns_says_which_there_must_be(desk: Client) -> None:
    preview = looked_at(desk, as_file("1,2", head="when,who"))
    assert "must name the columns" in text(document(preview.content.decode()))
    assert Session.objects.count() == 0


def test_a_preview_whose_file_is_gone_asks_for_it_again(desk: Client) -> None:
    preview = looked_at(desk, as_file(",dsl,,2027-07-01,15:30,16:45,,,"))
    confirmed(desk, preview)
    again = confirmed(desk, preview)
    assert "The file is no longer there: choose it again." in again.content.decode()
    assert Session.objects.count() == 1


@pytest.mark.parametrize("name", ["import", "process_import", "export"])
def test_who_may_not_keep_sessions_can_neither_import_nor_export(name: str) -> None:
    reader = User.objects.create_user("reader@example.com", "a long enough password")
    client = Client()
    client.force_login(reader)
    address = reverse(f"admin:training_session_{name}")
    assert client.get(address).status_code in {403, 405}
    assert client.post(address).status_code == 403
