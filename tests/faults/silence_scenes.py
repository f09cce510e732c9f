"""F22, F23: the database is silent, or its disk takes nothing more, and what readers get then."""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection

from outbox.models import Message
from tests.faults.databases import Cluster, children
from tests.faults.points import ACCEPTED
from tests.faults.scene import SQLITE, Scene, fault
from tests.faults.stage import Stage
from tests.faults.store_scenes import AT_COMMIT, AT_ONCE, full_disk
from tests.faults.zygote import Order
from tests.processes import wait_for


@fault(
    "F22",
    "database hangs (SIGSTOP) at submit, claim and mark; whoever needs help is told all the same",
    not_on=SQLITE,
    why_not="no server that could hang",
    every=2,
)
def silent(scene: Scene) -> None:
    database = scene.stage.database
    assert isinstance(database, Cluster)
    scene.send_some()
    if scene.chance.random() < 0.5:
        _silent_at_submit(scene, database)
    else:
        _silent_at_work(scene, database)
    scene.stage.finish()


def _silent_at_submit(scene: Scene, database: Cluster) -> None:
    stage = scene.stage
    drawn = scene.draw()
    # On connections that are warm, or on new ones.
    if scene.chance.random() < 0.5:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(stage.get, ["/"] * 16))
    connection.close()
    with database.silent():
        _told_all_the_same(stage)
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda sent: stage.post(sent.values), drawn))
        assert {(answer.status, answer.reference) for answer in answers} == {(503, "")}
    scene.send(drawn)


def _silent_at_work(scene: Scene, database: Cluster) -> None:
    """The worker must give up the silent server by itself, and go on when it answers again."""
    stage = scene.stage
    at = scene.chance.choice(("claimed", ACCEPTED, "noted"))
    order = Order(at=at, nth=scene.nth(of=4), loops=True, statement_seconds=0)
    pid, reached = stage.holding(order)
    assert reached
    connection.close()
    with database.silent():
        stage.let_go()
        # Longer than the worker waits, or not so long.
        time.sleep(scene.chance.choice((0.3, 2.5)))
    left = Message.objects.exclude(state="accepted")
    stage.eventually(lambda: left.exclude(state="sending").count() == 0, "the worker went on")
    stage.pass_until_due()
    stage.eventually(lambda: not left.exists(), "the message in hand was taken up again")
    os.kill(pid, signal.SIGTERM)
    assert stage.ended(pid) == 0


@fault(
    "F23",
    "disk full for web server and database; health says so, and it heals by itself",
    every=2,
)
def full(scene: Scene) -> None:
    stage = scene.stage
    scene.send_some(1)
    drawn = scene.draw()
    with _nothing_can_be_written(scene):
        wait_for(lambda: stage.get("/health/ready").status == 503, "health that says so", 30)
        assert stage.get("/health/delivery").status == 503
        _told_all_the_same(stage)
        for sent in drawn:
            answer = stage.post(sent.values)
            assert (answer.status, answer.reference) == (503, ""), "an honest page"
    stage.eventually(lambda: stage.get("/health/ready").status == 200, "it heals by itself")
    scene.send(drawn)
    stage.finish()


def _told_all_the_same(stage: Stage) -> None:
    paths = {"/get-help/": 200, "/health/live": 200, "/health/ready": 503, "/nowhere/": 404}
    answers = {path: stage.get(path).status for path in paths}
    assert answers == paths


@contextmanager
def _nothing_can_be_written(scene: Scene) -> Iterator[None]:
    """SQLite: no file of the web processes may grow. PostgreSQL: its server says so."""
    if scene.engine == SQLITE:
        with _limited(scene.stage):
            yield
        return
    when = scene.chance.choice((AT_ONCE, AT_COMMIT))
    table = scene.chance.choice(("contact_enquiry", "outbox_message"))
    with full_disk(scene, table=table, **when):
        _set_temp_files(forbidden=True)
        try:
            yield
        finally:
            _set_temp_files(forbidden=False)


@contextmanager
def _limited(stage: Stage) -> Iterator[None]:
    assert stage.web is not None
    pids = children(stage.web.pid)
    assert pids
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids}
    for pid, (_, most) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, most))
    try:
        yield
    finally:
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def _set_temp_files(*, forbidden: bool) -> None:
    with connection.cursor() as cursor:
        change = "SET temp_file_limit = 0" if forbidden else "RESET temp_file_limit"
        cursor.execute(f"ALTER SYSTEM {change}")
        cursor.execute("SELECT pg_reload_conf()")
