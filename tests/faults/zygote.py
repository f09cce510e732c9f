"""Workers by fork: a process with Django loaded gives birth to real ones in milliseconds.

Only the children's kill points, clock and patience differ from a worker's in service.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import socket
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django.utils.timezone
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from environ import Env

from contact.actions.alarms import alarm_of_undelivered
from outbox import actions, transports
from outbox.delivery import deliver_due
from outbox.journal import Journal
from outbox.models import Message
from rpec_site import worker
from rpec_site.management.commands import work

DATABASE_FAILED = 3
# No exit code: the process has not ended.
LIVES = 1000
PAUSE_SECONDS = 0.05


@dataclass(frozen=True)
class Order:
    """How one worker is to work.

    `strike`: `kill` itself at the point `at`, `hold` there until released (files in `folder`), or
    `full`: its disk is full from there until the mark is over. `nth`: at which passing of the point
    (0: at each); `message`: only with the message of this key in hand. `clock_seconds`: how far its
    clock is ahead. `loops`: the command `work` until SIGTERM, `once`: a single time,
    `colleagues`: for mail to them alone; else the mail that is due now and no more.
    """

    strike: str = ""
    at: str = ""
    nth: int = 1
    message: int = 0
    folder: str = ""
    clock_seconds: float = 0
    email_url: str = ""
    journal: str = ""
    certificates: str = ""
    patience_seconds: float = 30
    statement_seconds: int = 30
    loops: bool = False
    once: bool = False
    colleagues: bool = False


class Worker:
    """One child, from its beginning to its end."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._counts: Counter[str] = Counter()
        self._in_hand = 0
        self._commits_at = ""

    def run(self) -> int:
        """Work; return the exit code."""
        self._prepare()
        if self._order.loops or self._order.once:
            options = {"once": self._order.once, "colleagues": self._order.colleagues}
            call_command("work", stdout=sys.stderr, **options)
            return 0
        try:
            deliver_due(self._transport(settings.MAIL))
            if alarm_of_undelivered():
                deliver_due(self._transport(settings.MAIL))
        except DatabaseError:
            traceback.print_exc()
            return DATABASE_FAILED
        return 0

    def _prepare(self) -> None:
        order = self._order
        if order.clock_seconds:
            wrong = timedelta(seconds=order.clock_seconds)
            django.utils.timezone.now = lambda: datetime.now(UTC) + wrong
        if order.email_url:
            settings.MAIL = Env.email_url_config(order.email_url)
        settings.DATABASE_STATEMENT_SECONDS = order.statement_seconds
        if order.journal:
            settings.JOURNAL_DIR = Path(order.journal)
        if order.certificates:
            os.environ["SSL_CERT_FILE"] = order.certificates
        patch = pytest.MonkeyPatch()
        patch.setattr(transports, "STEP_SECONDS", min(20, order.patience_seconds))
        patch.setattr(work, "transport_from", self._transport)
        patch.setattr(worker, "PAUSE_SECONDS", PAUSE_SECONDS)
        patch.setattr(worker, "PAUSE_AFTER_FAILURE_SECONDS", PAUSE_SECONDS)
        self._set_points()

    def _transport(self, config: Any) -> transports.Transport:
        made = transports.transport_from(config)
        if isinstance(made, transports.SmtpTransport):
            return replace(made, patience=self._order.patience_seconds)
        return made

    def _set_points(self) -> None:
        take, settle, add, commit = (
            actions.claim,
            actions.settle,
            Journal.add,
            BaseDatabaseWrapper.commit,
        )

        def claim(**options: bool) -> Message | None:
            message = self._committing("inside claim", lambda: take(**options))
            if message is not None:
                self._in_hand = message.pk
                self._reach("claimed")
            return message

        def mark(**values: Any) -> Message.State:
            self._reach("before mark")
            try:
                state = self._committing("inside mark", lambda: settle(**values))
            finally:
                _set_disk_full(is_full=False)
            self._reach("marked")
            return state

        def note(journal: Journal, message_id: str) -> None:
            self._reach("accepted")
            add(journal, message_id)
            self._reach("noted")

        def commit_or_not(connection: BaseDatabaseWrapper) -> None:
            if self._commits_at:
                self._reach(self._commits_at)
            commit(connection)

        patch = pytest.MonkeyPatch()
        patch.setattr(actions, "claim", claim)
        patch.setattr(actions, "settle", mark)
        patch.setattr(Journal, "add", note)
        patch.setattr(BaseDatabaseWrapper, "commit", commit_or_not)

    def _committing(self, point: str, write: Callable[[], Any]) -> Any:
        self._commits_at = point
        try:
            return write()
        finally:
            self._commits_at = ""

    def _reach(self, point: str) -> None:
        order = self._order
        if point != order.at or (order.message and order.message != self._in_hand):
            return
        self._counts[point] += 1
        if order.nth and self._counts[point] != order.nth:
            return
        if order.strike == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif order.strike == "full":
            _set_disk_full(is_full=True)
        elif order.strike == "hold":
            folder = Path(order.folder)
            (folder / "reached").touch()
            while not (folder / "go").exists():
                time.sleep(0.005)


def _set_disk_full(*, is_full: bool) -> None:
    """Let no file grow, as on a full disk."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0 if is_full else most, most))


class Zygote:
    """The harness's end: orders go in, keys of processes come out."""

    def __init__(self, log: Path) -> None:
        """Fork. The harness must not have started threads or database connections by then."""
        gc.freeze()  # Children need not look through all that was loaded for what to throw away.
        mine, its = socket.socketpair()
        self._pid = os.fork()
        if self._pid == 0:
            mine.close()
            _serve(its, log)
        its.close()
        self._wire = mine
        self._lines = mine.makefile("r")

    def start(self, order: Order) -> int:
        """Return the process id of a new worker."""
        return self._ask({"order": asdict(order)})

    def wait(self, pid: int, seconds: float = 60) -> int:
        """Return how a worker ended: its exit code, or -N for signal N. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while (status := self._ask({"pid": pid})) == LIVES:
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
                raise TimeoutError(f"A worker did not end within {seconds} seconds.")
            time.sleep(0.003)
        return status

    def has_ended(self, pid: int) -> bool:
        return self._ask({"pid": pid}) != LIVES

    def stop(self) -> None:
        self._lines.close()
        self._wire.close()
        os.waitpid(self._pid, 0)

    def _ask(self, question: dict[str, Any]) -> int:
        self._wire.sendall(json.dumps(question).encode() + b"\n")
        return int(self._lines.readline())


def _serve(wire: socket.socket, log: Path) -> None:
    """Fork a worker an order until the harness hangs up; then none of them survives."""
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ends: dict[int, int] = {}
    with wire, wire.makefile("r") as lines:
        for line in lines:
            question = json.loads(line)
            if "order" in question:
                answer = os.fork()
                if answer == 0:
                    _live(Order(**question["order"]))
                ends[answer] = LIVES
            else:
                answer = _end(question["pid"], ends)
            wire.sendall(f"{answer}\n".encode())
    for pid, end in ends.items():
        if end == LIVES:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    os._exit(0)


def _live(order: Order) -> None:
    try:
        code = Worker(order).run()
        connections.close_all()
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stderr.flush()
    os._exit(code)


def _end(pid: int, ends: dict[int, int]) -> int:
    """Return how a child ended, LIVES until then."""
    if ends[pid] == LIVES:
        ended, status = os.waitpid(pid, os.WNOHANG)
        ends[pid] = os.waitstatus_to_exitcode(status) if ended else LIVES
    return ends[pid]
