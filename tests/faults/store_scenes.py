"""F10, F11, F19: the database restarts, its disk is full, and a backup takes its place."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection

from contact.mail import ACKNOWLEDGEMENT, NOTICE
from contact.models import Enquiry
from outbox.models import Message
from tests.faults.databases import Cluster
from tests.faults.points import ACCEPTED, DISK_FULL, MARKED
from tests.faults.scene import SQLITE, Scene, fault
from tests.faults.stage import HEALS_WITHIN_SECONDS
from tests.faults.zygote import DATABASE_FAILED, Order

# PostgreSQL's word for a full disk, raised at once or when the transaction commits.
FULL = """
CREATE OR REPLACE FUNCTION faults_full() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
CREATE {kind} TRIGGER faults_full {when} ON {table} {how} FOR EACH ROW {condition}
EXECUTE FUNCTION faults_full();
"""
AT_ONCE = {"kind": "", "when": "BEFORE INSERT", "how": "", "condition": ""}
AT_COMMIT = {
    "kind": "CONSTRAINT",
    "when": "AFTER INSERT",
    "how": "DEFERRABLE INITIALLY DEFERRED",
    "condition": "",
}
AT_MARK = {**AT_ONCE, "when": "BEFORE UPDATE", "condition": "WHEN (NEW.state = 'accepted')"}


@fault(
    "F10",
    "database restarted, fast or as by a power cut, at submit, claim and mark",
    not_on=SQLITE,
    why_not="no server that could restart",
)
def restarted(scene: Scene) -> None:
    database = scene.stage.database
    assert isinstance(database, Cluster)
    mode = scene.chance.choice(("fast", "immediate"))
    points = ("submit", "inside claim", "claimed", ACCEPTED, "noted", "inside mark", MARKED)
    point = scene.chance.choice(points)
    began = time.monotonic()
    if point == "submit":
        _restart_at_submit(scene, database, mode)
    else:
        _restart_at(point, scene, database, mode)
    assert time.monotonic() - began < HEALS_WITHIN_SECONDS, "it did not heal in time"
    connection.close()
    scene.stage.finish()


def _restart_at_submit(scene: Scene, database: Cluster, mode: str) -> None:
    drawn = scene.draw(scene.chance.randint(4, 8))
    wait = scene.chance.uniform(0, 0.08)
    with ThreadPoolExecutor(3) as pool:
        sending = pool.map(scene.stage.send, drawn)
        time.sleep(wait)
        database.restart(mode)
        list(sending)


def _restart_at(point: str, scene: Scene, database: Cluster, mode: str) -> None:
    """The worker, in its own loop, must go on by itself once the database is back."""
    stage = scene.stage
    scene.send_some()
    pid, reached = stage.holding(Order(at=point, nth=scene.nth(of=4), loops=True))
    assert reached
    connection.close()
    database.restart(mode)
    stage.let_go()
    left = Message.objects.exclude(state="accepted")
    stage.eventually(lambda: left.exclude(state="sending").count() == 0, "the worker went on")
    stage.pass_until_due()
    stage.eventually(lambda: not left.exists(), "the message in hand was taken up again")
    os.kill(pid, signal.SIGTERM)
    assert stage.ended(pid) == 0


@fault(
    "F11",
    "disk full at submit or at the mark; the journal's folder not writable",
    bound="1 a mark that fails while the journal cannot be written, else 0",
)
def disk_full(scene: Scene) -> None:
    if scene.chance.random() < 0.5:
        _full_at_submit(scene)
    else:
        _full_at_mark(scene)
    scene.stage.finish()


def _full_at_submit(scene: Scene) -> None:
    stage = scene.stage
    scene.send_some(1)
    drawn = scene.draw(message="x" * 5000)
    when = scene.chance.choice((AT_ONCE, AT_COMMIT))
    table = scene.chance.choice(("contact_enquiry", "outbox_message"))
    with full_disk(scene, table=table, **when):
        for sent in drawn:
            answer = stage.post(sent.values, fault=DISK_FULL)
            assert not answer.reference, "the sender was told that it was sent"
            assert answer.status == 503, "an honest page, with what was typed"
    assert Enquiry.objects.count() == len(scene.enquiries) - len(drawn)
    scene.send_at_once(drawn)


def _full_at_mark(scene: Scene) -> None:
    """On SQLite the worker's own files may not grow; on PostgreSQL the server says so."""
    stage = scene.stage
    scene.send_some()
    journal = ""
    if scene.chance.random() < 0.5:
        (stage.folder / "no-folder").touch()
        journal = str(stage.folder / "no-folder" / "journal")
    marks_fail = not journal or scene.chance.random() < 0.7
    if marks_fail:
        scene.bound = 1 if journal else 0
        nth = scene.nth(of=2 * len(scene.enquiries))
        strike = "full" if scene.engine == SQLITE else ""
        with full_disk(scene, table="outbox_message", **AT_MARK):
            assert (
                stage.work(Order(strike=strike, at="before mark", nth=nth, journal=journal))
                == DATABASE_FAILED
            )
    stage.finish(Order(journal=journal))


@contextmanager
def full_disk(scene: Scene, **trigger: str) -> Iterator[None]:
    """Let the database store nothing more in a table, until the end of the block."""
    with connection.cursor() as cursor:
        if scene.engine == SQLITE:
            # No page may be free: the file must grow, and a request's connection forbids it.
            cursor.execute("VACUUM")
            yield
            return
        cursor.execute(FULL.format(**trigger))
        try:
            yield
        finally:
            cursor.execute(f"DROP TRIGGER faults_full ON {trigger['table']}")


@fault(
    "F19",
    "a backup that was taken while mail was sent is restored, with the journal and without",
    bound="with the journal 0; without: 1 a notice that the backup holds as unsent, strangers 0",
)
def restored(scene: Scene) -> None:
    stage = scene.stage
    scene.send_some()
    at = scene.chance.choice(("claimed", ACCEPTED, "noted", MARKED))
    pid, reached = stage.holding(Order(at=at, nth=scene.nth(of=2 * len(scene.enquiries))))
    assert reached
    stage.database.backup()
    stage.let_go()
    assert stage.ended(pid) == 0
    stage.finish()
    connection.close()
    stage.database.restore()
    if scene.chance.random() < 0.5:
        stage.finish()
        return
    unsent = Message.objects.undelivered()
    scene.bound = unsent.filter(kind=NOTICE).count()
    with (stage.folder / "restored").open("w") as words:
        call_command("after_restore", stdout=words)
    another_machine = f"{stage.folder}/journal-{scene.name}"
    stage.finish(Order(journal=another_machine))
    cancelled = Message.objects.filter(kind=ACKNOWLEDGEMENT, state="cancelled")
    called_off = set(
        Enquiry.objects.filter(pk__in=cancelled.values("subject_id")).values_list(
            "reference", flat=True
        )
    )
    for sent in scene.enquiries:
        sent.unacknowledged = sent.reference in called_off
    copies = Counter((mail.message_id, mail.recipient) for mail in stage.mail.kept)
    strangers = {sent.values["email"] for sent in scene.enquiries}
    assert all(count == 1 for (_, who), count in copies.items() if who in strangers)
