"""The worker: when it does what, what it records by itself, and that no task stops another."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from accounts.models import User
from contact.mail import EVENT
from contact.models import Enquiry
from guidance.actions.reconciling import reconcile
from guidance.actions.redacting import redact
from guidance.models import Edition, Page
from outbox.models import Message
from outbox.transports import FolderTransport
from rpec_site import worker as module
from rpec_site.worker import TASKS, Task, Worker
from training.models import Session, Track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

EVERY = {task.name: task.every for task in TASKS}
NAMES = [task.name for task in TASKS]


@pytest.fixture(autouse=True)
def _published(reference_data: None) -> None:
    call_command("load_published", verbosity=0)


@pytest.fixture
def worker(tmp_path: Path) -> Worker:
    return Worker(FolderTransport(tmp_path / "mail"))


def look(worker: Worker, number: int) -> None:
    """Let the worker look at the history for the `number`th time."""
    worker.do_what_is_due(at=number * EVERY["history"])


def enter_a_date(days: int) -> None:
    start = timezone.now() + timedelta(days=days)
    track = Track.objects.get(slug="dsl")
    Session.objects.create(track=track, starts_at=start, ends_at=start + timedelta(hours=1))


def causes() -> list[str]:
    editions = Edition.objects.filter(number__gt=3).order_by("number")
    return list(editions.values_list("cause", flat=True))


def errors(caplog: Any) -> list[tuple[str, str]]:
    """Return what was logged as an error, with the name of the log."""
    return [(line.name, line.message) for line in caplog.records if line.levelname == "ERROR"]


def test_a_burst_that_lasts_over_several_looks_is_one_edition_once_it_stands_still(worker):
    look(worker, 0)
    for days in range(1, 13):
        enter_a_date(days)
        look(worker, days)
    assert causes() == []
    look(worker, 13)
    assert causes() == ["Training: 12 sessions added."]
    look(worker, 14)
    assert len(causes()) == 1


def test_what_was_put_back_in_between_is_no_edition(worker):
    enter_a_date(1)
    look(worker, 0)
    Session.objects.filter(starts_at__gt=timezone.now()).delete()
    look(worker, 1)
    assert causes() == []


def test_two_looks_fit_into_the_minute_within_which_a_change_is_recorded():
    assert 2 * EVERY["history"] < 60


def test_it_does_not_look_again_before_it_is_time(worker):
    look(worker, 0)
    enter_a_date(1)
    for second in (1, 2, 19):
        worker.do_what_is_due(at=second)
    assert causes() == []


def test_a_single_run_waits_for_nothing_to_stand_still():
    enter_a_date(1)
    output = io.StringIO()
    call_command("work", "--once", stdout=output)
    assert output.getvalue().endswith("History: 1 editions added.\n")
    assert causes() == ["Training: 1 session added."]


def test_words_taken_out_while_the_worker_looks_do_not_come_back():
    page = Page.objects.get(editions__state="published")
    by = User.objects.create_user("administrator@rpec.example")
    enter_a_date(1)
    redacted: list[str] = []

    def redact_first(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "training_session" in sql and not redacted:
            redacted.append(sql)
            redact(page=page, words="newsletters", reason="By law.", by=by, at=timezone.now())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(redact_first):
        made, seen = reconcile(at=timezone.now())
    assert (len(redacted), made, seen) == (1, [], {})
    [edition], _ = reconcile(at=timezone.now())
    assert "newsletters" not in str(edition.content)


def test_an_edition_that_cannot_be_published_stops_nothing_else(worker, caplog):
    page = Edition.objects.live().get().page
    edition = Edition.objects.create(
        page=page,
        title="Without its note",
        state=Edition.State.SCHEDULED,
        scheduled_for=timezone.now(),
        scheduled_by=User.objects.create_user("editor@rpec.example"),
    )
    look(worker, 0)
    assert [message for _, message in errors(caplog)] == [
        f"Edition {edition.pk} could not be published"
    ]
    assert Edition.objects.live().get().number == 3


def test_what_queues_mail_comes_right_before_the_mail_and_all_else_after_it():
    assert NAMES[:3] == ["alarms", "reminders", "mail"]
    assert EVERY["mail"] == 0


def test_a_reminder_goes_out_in_the_run_that_finds_it_due(client):
    typed = {
        "place": "Wigan",
        "setting": "school",
        "topic": "training",
        "message": "When?",
        "full_name": "Sam",
        "email": "sam@school.example",
        "organisation": "School",
        "confirm": "yes",
    }
    assert client.post("/contact/", typed).status_code == 302
    Enquiry.objects.update(due_on=timezone.localdate() - timedelta(days=10))
    call_command("work", "--once", stdout=io.StringIO())
    assert Message.objects.get(kind=EVENT).state == Message.State.ACCEPTED


def test_a_task_that_fails_is_named_and_keeps_none_from_its_turn(worker, monkeypatch, caplog):
    def fail(worker: Worker) -> None:
        raise RuntimeError

    monkeypatch.setattr(module, "TASKS", (Task("failing", fail, every=60), *TASKS))
    enter_a_date(1)
    look(worker, 0)
    look(worker, 1)
    assert errors(caplog) == [("rpec_site.worker.failing", "This could not be done")]
    assert causes() == ["Training: 1 session added."]


def test_a_single_run_in_which_a_task_failed_says_so_and_ends_in_failure(settings, tmp_path):
    settings.UNFOUND_DIR = tmp_path / "unfound"
    settings.UNFOUND_DIR.write_text("in the way")
    output = io.StringIO()
    with pytest.raises(CommandError, match=r"Not done, see above: unfound\."):
        call_command("work", "--once", stdout=output)
    assert output.getvalue() == "Mail: nothing was due. History: 0 editions added.\n"


def test_it_goes_on_by_itself_where_the_database_did_not_answer(worker, monkeypatch, caplog):
    rounds: list[int] = []

    def ask(worker: Worker) -> None:
        rounds.append(len(rounds))
        if len(rounds) == 3:
            worker.stop.set()
        else:
            raise DatabaseError

    monkeypatch.setattr(module, "TASKS", (Task("asking", ask, every=0),))
    monkeypatch.setattr(module, "PAUSE_AFTER_FAILURE_SECONDS", 0)
    worker.run()
    said = ("rpec_site.worker.asking", "The database does not answer: DatabaseError")
    assert errors(caplog) == [said, said]


def test_addresses_are_tried_only_where_the_site_may_call_out(worker, monkeypatch, settings):
    tried = []
    links = Task("links", lambda worker: tried.append("one"), every=0, calls_out=True)
    monkeypatch.setattr(module, "TASKS", (links,))
    settings.OUTGOING_ACCESS = False
    worker.do_what_is_due(at=0)
    assert tried == []
    settings.OUTGOING_ACCESS = True
    worker.do_what_is_due(at=1)
    assert tried == ["one"]
