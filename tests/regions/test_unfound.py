"""Names that were not found: what is counted, where it waits, and who sees it."""

from __future__ import annotations

import os
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from outbox.transports import FolderTransport
from regions import unfound
from regions.actions import unfound as actions
from regions.actions.unfound import (
    record_unfound,
    take_in_unfound,
)
from regions.models import Place, Unfound
from regions.unfound import Spool, countable
from rpec_site.waiting import waiting_for
from rpec_site.worker import TASKS, Worker

DAY = date(2026, 2, 10)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.UNFOUND_DIR = tmp_path / "unfound"
    return settings.UNFOUND_DIR


def counted() -> dict[tuple[str, date], int]:
    return {(row.key, row.day): row.times for row in Unfound.objects.all()}


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("Littletown", "littletown"),
        ("  LITTLETOWN Council ", "littletown council"),
        ("St. Elsewhere's & Co", "st elsewheres and co"),
        ("Leigh-on-Sea", "leigh on sea"),
        ("one two three four five six", "one two three four five six"),
    ],
)
def test_a_name_is_counted_in_its_tidied_form(query: str, key: str) -> None:
    assert countable(query) == key


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "M",
        "SW",
        "M11 1AA",
        "m111aa",
        "SW1A",
        "ZZ99",
        "GIR 0AA",
        "Littletown M11",
        "１１ High Street",
        "flat ④",
        "٣ البيت",
        "107890",
        "01942 000 000",
        "+44 (0)1942 000000",
        "sam@school.example",
        "sam＠school.example",
        "sam @ school",
        "sam.smith.example",
        "https://school",
        "www.school",
        "one two three four five six nine",
        "a" * 81,
        "a" * 100_000,
    ],
)
def test_what_may_tell_of_a_person_or_where_one_is_is_never_counted(query: str) -> None:
    assert countable(query) is None


@given(st.text(max_size=120))
def test_what_is_counted_is_one_short_line_without_digits_or_addresses(query: str) -> None:
    key = countable(query)
    assert key is None or (
        3 <= len(key) <= 80
        and len(key.split()) <= 8
        and key.splitlines() == [key]
        and "@" not in key
        and not any(character.isnumeric() for character in key)
    )


def test_names_wait_in_a_file_of_the_day_and_process(folder: Path) -> None:
    spool = Spool(folder)
    for key in ("littletown", "littletown", "smallville"):
        spool.add(key, day=DAY)
    (file,) = folder.iterdir()
    assert file.name == f"2026-02-10-{os.getpid()}.names"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(spool.take()) == [(DAY, Counter(littletown=2, smallville=1))]
    assert list(folder.iterdir()) == []


def test_nothing_is_taken_where_nothing_was_ever_put_down(folder: Path) -> None:
    assert list(Spool(folder).take()) == []


def test_a_full_folder_takes_no_more(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unfound, "MOST_BYTES", 20)
    for _ in range(10):
        Spool(folder).add("littletown", day=DAY)
    assert list(Spool(folder).take()) == [(DAY, Counter(littletown=2))]


def test_what_may_not_be_counted_is_not_taken_from_a_file_either(folder: Path) -> None:
    folder.mkdir()
    (folder / "2026-02-10-1.names").write_bytes(
        b"m11 1aa\nsam@school\n\xff\xfe\nlittletown\nLOUD\n"
    )
    (folder / "nonsense-1.names").write_text("littletown\n")
    assert list(Spool(folder).take()) == [(DAY, Counter(littletown=1))]
    assert list(folder.iterdir()) == []


def test_what_another_worker_has_in_hand_is_left_to_it_until_it_must_have_died(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.mkdir()
    (folder / "2026-02-10-abc.taken").write_text("littletown\n")
    assert list(Spool(folder).take()) == []
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 601)
    assert list(Spool(folder).take()) == [(DAY, Counter(littletown=1))]


def test_what_could_not_be_counted_stays(folder: Path) -> None:
    Spool(folder).add("littletown", day=DAY)
    for _ in Spool(folder).take():
        break  # As where the database does not answer.
    assert [file.suffix for file in folder.iterdir()] == [".taken"]


@pytest.mark.django_db
def test_names_are_added_up_by_day() -> None:
    for _ in range(3):
        record_unfound("Littletown", day=DAY)
    record_unfound("littletown", day=DAY - timedelta(days=1))
    assert take_in_unfound(on=DAY) == 4
    record_unfound("LITTLETOWN", day=DAY)
    record_unfound("Smallville", day=DAY)
    assert take_in_unfound(on=DAY) == 2
    assert counted() == {
        ("littletown", DAY): 4,
        ("littletown", DAY - timedelta(days=1)): 1,
        ("smallville", DAY): 1,
    }


@pytest.mark.django_db
def test_what_is_older_than_90_days_is_forgotten() -> None:
    for days in (90, 91):
        day = DAY - timedelta(days=days)
        Unfound.objects.create(key="littletown", day=day, times=1)
    record_unfound("Smallville", day=DAY - timedelta(days=91))
    take_in_unfound(on=DAY)
    assert counted() == {("littletown", DAY - timedelta(days=90)): 1}


@pytest.mark.django_db
def test_a_flood_fills_no_table_and_the_names_that_are_asked_for_most_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "MOST_A_DAY", 2)
    for name in ("aaa", "bbb", "ccc", "ccc"):
        record_unfound(name, day=DAY)
    take_in_unfound(on=DAY)
    record_unfound("ddd", day=DAY)
    record_unfound("ccc", day=DAY)
    take_in_unfound(on=DAY)
    assert counted() == {("ccc", DAY): 3, ("aaa", DAY): 1}


@pytest.mark.django_db
def test_only_the_page_counts_and_only_what_was_not_found(
    client: Client, reference_data: None, folder: Path
) -> None:
    for query in ("Leeds", "Lincolnshire", "Cardiff", "", "x" * 300, "M11 1AA", "ZZ99 9ZZ"):
        client.get("/find-your-coordinator/", {"q": query})
    client.get("/api/regions/lookup", {"q": "Littletown"})
    client.head("/find-your-coordinator/", {"q": "Littletown"})
    assert not folder.exists()
    client.get("/find-your-coordinator/", {"q": "Littletown"})
    take_in_unfound(on=timezone.localdate())
    assert counted() == {("littletown", timezone.localdate()): 1}


@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_disturbs_no_reader(
    client: Client, reference_data: None, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.write_text("in the way")
    response = client.get("/find-your-coordinator/", {"q": "Littletown"})
    assert response.status_code == 200
    assert "Littletown" not in caplog.text


@pytest.mark.django_db
def test_the_worker_counts_at_most_once_a_minute(tmp_path: Path) -> None:
    assert {task.name: task.every for task in TASKS}["unfound"] == 60
    worker = Worker(FolderTransport(tmp_path / "mail"))
    today = timezone.localdate()
    record_unfound("Littletown", day=today)
    worker.do_what_is_due(at=0)
    record_unfound("Littletown", day=today)
    worker.do_what_is_due(at=59)
    assert counted() == {("littletown", today): 1}


@pytest.mark.django_db
def test_files_that_cannot_be_read_stop_no_other_task(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.write_text("in the way")
    worker = Worker(FolderTransport(tmp_path / "mail"))
    worker.do_what_is_due(at=0)
    assert worker.failed == {"unfound"}
    assert [record.name for record in caplog.records] == ["rpec_site.worker.unfound"]


@pytest.mark.django_db
def test_editors_see_each_name_once_with_its_total_the_most_wanted_first(
    editor: User, desk: Client
) -> None:
    today = timezone.localdate()
    for key, day, times in (
        ("smallville", today, 2),
        ("littletown", today, 1),
        ("littletown", today - timedelta(days=30), 5),
    ):
        Unfound.objects.create(key=key, day=day, times=times)
    rows = desk.get("/admin/regions/unfound/").context["cl"].result_list
    assert [(row.key, row.day, row.total) for row in rows] == [
        ("littletown", today, 6),
        ("smallville", today, 2),
    ]
    waiting = {line.text: line.count for line in waiting_for(editor)}
    assert waiting["names that were not found this week"] == 2


@pytest.mark.django_db
def test_a_name_is_added_from_the_list_and_then_waits_no_longer(editor: User, desk: Client) -> None:
    Unfound.objects.create(key="leigh on sea", day=timezone.localdate(), times=1)
    page = desk.get("/admin/regions/unfound/").content.decode()
    address = "/admin/regions/place/add/?name=Leigh+On+Sea"
    assert f'<a href="{address}">Add this name</a>' in page
    assert 'value="Leigh On Sea"' in desk.get(address).content.decode()
    place = Place(name="Leigh-on-Sea")
    place.full_clean()
    place.save()
    assert "leigh on sea" not in desk.get("/admin/regions/unfound/").content.decode()
    assert "names that were not found this week" not in {line.text for line in waiting_for(editor)}


@pytest.mark.django_db
def test_nobody_writes_or_deletes_a_count_by_hand(reference_data: None) -> None:
    row = Unfound.objects.create(key="littletown", day=timezone.localdate(), times=1)
    root = Client()
    root.force_login(User.objects.create_superuser("root@rpec.example", "a long password"))
    for address in ("add/", f"{row.pk}/delete/"):
        assert root.post(f"/admin/regions/unfound/{address}", {"post": "yes"}).status_code == 403
    values = {"key": "other", "day": "2026-02-10", "times": 9}
    root.post(f"/admin/regions/unfound/{row.pk}/change/", values)
    assert counted() == {("littletown", timezone.localdate()): 1}
