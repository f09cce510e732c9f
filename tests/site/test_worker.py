"""The worker: when it does what, what it records by itself, and that no task stops another."""

from __future__ import annotations

import faulthandler
import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from contact.mail import EVENT
from contact.models import Enquiry
from guidance.actions.reconciling import reconcile
from guidance.actions.redacting import redact
from guidance.models import Edition, Page
from outbox import actions
from outbox.models import Heartbeat, Message
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
    said = ("rpec_site.worker.failing", "This could not be done")
    assert errors(caplog) == [said, said]
    assert causes() == ["Training: 1 session added."]


@pytest.mark.parametrize(
    ("every", "tried"),
    [(0, [0, 5, 15, 35, 65, 95]), (20, [0, 5, 15, 35, 65, 95]), (60, [0, 5, 15, 35, 75])],
)
def test_a_task_that_goes_on_failing_is_tried_less_and_less_often(
    worker, monkeypatch, every, tried
):
    times: list[int] = []

    def fail(worker: Worker) -> None:
        times.append(second)
        raise RuntimeError

    monkeypatch.setattr(module, "TASKS", (Task("failing", fail, every=every),))
    for second in range(100):
        worker.do_what_is_due(at=second)
    assert times == tried


def test_a_task_that_was_mended_is_as_often_due_as_ever(worker, monkeypatch):
    times: list[int] = []

    def fail_twice(worker: Worker) -> None:
        times.append(second)
        if len(times) < 3:
            raise RuntimeError

    monkeypatch.setattr(module, "TASKS", (Task("mended", fail_twice, every=10),))
    for second in range(40):
        worker.do_what_is_due(at=second)
    assert times == [0, 5, 15, 25, 35]


def test_a_single_run_in_which_a_task_failed_says_so_and_ends_in_failure(settings, tmp_path):
    settings.UNFOUND_DIR = tmp_path / "unfound"
    settings.UNFOUND_DIR.write_text("in the way")
    output = io.StringIO()
    with pytest.raises(CommandError, match=r"Not done, see above: unfound\."):
        call_command("work", "--once", stdout=output)
    assert output.getvalue() == "Mail: nothing was due. History: 0 editions added.\n"


def test_it_goes_on_by_itself_where_the_database_did_not_answer(worker, monkeypatch, caplog):
    rounds: list[str] = []

    def ask(worker: Worker) -> None:
        rounds.append("first")
        if len(rounds) == 3:
            worker.stop.set()
        else:
            raise OperationalError("The server closed the connection.\nDETAIL: MARKER")

    def follow(worker: Worker) -> None:
        rounds.append("second")

    tasks = (Task("asking", ask, every=6 * 60 * 60), Task("following", follow, every=0))
    monkeypatch.setattr(module, "TASKS", tasks)
    monkeypatch.setattr(module, "PAUSE_AFTER_FAILURE_SECONDS", 0)
    monkeypatch.setattr(module, "_database_answers", lambda: False)
    worker.run()
    words = "This could not be done: OperationalError: The server closed the connection."
    assert errors(caplog) == [("rpec_site.worker.asking", words)] * 2
    assert rounds == ["first", "first", "first", "second"]


def test_what_the_database_refuses_one_task_is_said_and_keeps_none_from_its_turn(
    worker, monkeypatch, caplog
):
    def ask(worker: Worker) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT missing FROM contact_enquiry")

    monkeypatch.setattr(module, "TASKS", (Task("asking", ask, every=0), *TASKS))
    enter_a_date(1)
    worker.is_once = True
    worker.do_what_is_due(at=0)
    [(name, words)] = errors(caplog)
    assert name == "rpec_site.worker.asking"
    assert "missing" in words
    assert causes() == ["Training: 1 session added."]
    assert worker.failed == {"asking"}


def test_the_worker_for_colleagues_does_no_more_than_what_mail_to_them_needs(worker, monkeypatch):
    done: list[str] = []

    def noted(task: Task) -> Task:
        return replace(task, do=lambda worker: done.append(task.name))

    monkeypatch.setattr(module, "TASKS", tuple(noted(task) for task in TASKS))
    worker.for_colleagues = True
    worker.do_what_is_due(at=0)
    assert done == ["alarms", "reminders", "mail"]


def test_much_mail_leaves_the_other_tasks_their_turn(worker, monkeypatch):
    for subject in range(3):
        actions.enqueue(kind="none", subject_id=subject)
    monkeypatch.setattr(module, "MAIL_SECONDS", -1.0)
    worker.is_once = False
    module.send(worker)
    assert worker.sent.total() == 0, "its time was over, and it went on"
    worker.is_once = True
    module.send(worker)
    assert worker.sent.total() == 3


def test_a_worker_gives_a_sign_of_life_and_its_silence_is_told(worker, client):
    worker.give_sign()
    assert client.get("/health/delivery").json()["worker_seconds"] == 0
    Heartbeat.objects.update(at=Now() - timedelta(minutes=6))
    answer = client.get("/health/delivery")
    assert answer.status_code == 503
    assert answer.json()["problem"] == "No worker has given a sign of life for 5 minutes."
    Worker(worker.transport, for_colleagues=True).give_sign()
    Heartbeat.objects.filter(is_for_colleagues=True).update(worker="another:1")
    Heartbeat.objects.create(worker="late:1", at=Now() - timedelta(minutes=6))
    assert client.get("/health/delivery").status_code == 503, "it does not what the others should"
    Worker(worker.transport).give_sign()
    assert client.get("/health/delivery").status_code == 200
    faulthandler.cancel_dump_traceback_later()


def test_signs_of_life_are_few_and_old_ones_go(worker):
    Heartbeat.objects.create(worker="gone:1", at=timezone.now() - timedelta(days=2))
    worker.give_sign()
    [sign] = Heartbeat.objects.all()
    Heartbeat.objects.update(at=Now() - timedelta(seconds=9))
    worker.give_sign()
    assert Heartbeat.objects.get().at < sign.at, "it gave two within ten seconds"
    worker.is_once, worker._beat_at = True, None
    worker.give_sign()
    assert Heartbeat.objects.get().at < sign.at, "a single run is no sign of life"
    faulthandler.cancel_dump_traceback_later()


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
