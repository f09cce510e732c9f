"""What the worker does beside the web server, in which order and how often."""

from __future__ import annotations

import faulthandler
import logging
import os
import socket
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from queue import Empty, Queue
from threading import Event, Thread
from typing import Final

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
)
from django.utils import timezone

from accounts.actions import forget_sign_ins
from contact.actions.alarms import alarm_of_undelivered, remind_of_overdue
from contact.actions.keys import look_through, prove_keys
from contact.actions.retention import erase_expired, forget_networks
from guidance.actions.publishing import publish_due
from guidance.actions.reconciling import Seen, reconcile
from outbox.actions import beat, forget_domains
from outbox.delivery import deliver_due
from outbox.journal import Journal
from outbox.transports import Transport
from regions.actions.establishments import claim_refresh, refresh_establishments
from regions.actions.pointing import forget_changes
from regions.actions.unfound import take_in_unfound
from training.actions.checking import forget_checks, next_to_check, record_check
from training.link_check import broken

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 1.0
# A task that fails waits so long, twice as long after each further failure, and never longer than
# the second of these, or than it waits anyway where that is longer.
PAUSE_AFTER_FAILURE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 30.0
# Then the other tasks have their turn, however much mail waits.
MAIL_SECONDS = 20.0
BEAT_SECONDS = 10.0
# No step of a task takes as long. A worker that does not go on ends itself, and says where it was:
# whoever runs it starts another, and the message in its hand is sent when the lease has ended.
HUNG_SECONDS = 10 * 60
# Longer than any backup that one would go back to while mail is still tried (four days).
JOURNAL_KEPT: Final = timedelta(days=30)


class LinkWatch:
    """Tries one registration address after the other, beside the mail and never in its way."""

    # A server that sends a byte now and then is given up: nothing is known of its address.
    PATIENCE_SECONDS = 60.0

    def __init__(self) -> None:
        self._answer: Queue[tuple[str, str | None]] = Queue()
        self._trying = ""
        self._since = 0.0

    def look(self) -> bool:
        """Record what the last address answered, if it has; then try the next that is due.

        Whether one is being tried.
        """
        with suppress(Empty):
            self._record(*self._answer.get_nowait())
        if self._trying and time.monotonic() > self._since + self.PATIENCE_SECONDS:
            self._record(self._trying, None)
        if self._trying:
            return True
        address = next_to_check(at=timezone.now())
        if address:
            self._trying, self._since = address, time.monotonic()
            # A thread that ends with the worker: a silent server holds up no one's stopping.
            Thread(target=self._try, args=(address,), daemon=True).start()
        return bool(address)

    def _record(self, url: str, fault: str | None) -> None:
        if url == self._trying:
            self._trying = ""
        record_check(url=url, fault=fault, at=timezone.now())
        forget_checks()

    def _try(self, url: str) -> None:
        fault = None
        try:
            fault = broken(url, settings.REGISTRATION_HOSTS)
        finally:
            self._answer.put((url, fault))


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do each `every` seconds; if it `calls_out`, only where OUTGOING_ACCESS is on.

    `for_colleagues`: also a worker does it that is there for mail to colleagues alone.
    """

    name: str
    do: Callable[[Worker], None]
    every: float
    calls_out: bool = False
    for_colleagues: bool = False


@dataclass(slots=True)
class Worker:
    """One run of the worker: what its tasks work with, and what came of them.

    `stop` asks it to end; the message in hand is always finished first. With `is_once` there is no
    next round: nothing is left for it. `for_colleagues`: it sends no mail to those who write to us,
    so that no mail server of theirs can keep it waiting.
    """

    transport: Transport
    stop: Event = field(default_factory=Event)
    is_once: bool = False
    for_colleagues: bool = False
    sent: Counter[str] = field(default_factory=Counter)
    recorded: int = 0
    failed: set[str] = field(default_factory=set)
    seen: Seen = field(default_factory=dict)
    links: LinkWatch = field(default_factory=LinkWatch)
    looked_through: int = 0
    _due_at: dict[str, float] = field(default_factory=dict)
    _failures: Counter[str] = field(default_factory=Counter)
    _beat_at: float | None = None

    def run(self) -> None:
        """Do whatever is due, again and again, until `stop` is set."""
        try:
            while not self.stop.is_set():
                self.give_sign()
                pause = PAUSE_SECONDS
                if not self.do_what_is_due(at=time.monotonic()):
                    pause = PAUSE_AFTER_FAILURE_SECONDS
                self.stop.wait(pause)
        finally:
            faulthandler.cancel_dump_traceback_later()

    def give_sign(self) -> None:
        """Record that this worker goes on with its work. A single run gives no sign of life."""
        now = time.monotonic()
        if self.is_once or (self._beat_at is not None and now < self._beat_at + BEAT_SECONDS):
            return
        self._beat_at = now
        faulthandler.dump_traceback_later(HUNG_SECONDS, exit=True)
        try:
            _renew_connection()
            name = f"{socket.gethostname()}:{os.getpid()}"[:200]
            beat(worker=name, is_for_colleagues=self.for_colleagues)
        except DatabaseError as error:
            logger.getChild("heartbeat").error("%s", _words(error))

    def do_what_is_due(self, *, at: float) -> bool:
        """Do each task whose time has come, in order; `at` is in seconds, from any beginning.

        Whatever error a task ends with is logged in its name; it waits before it is tried again,
        and keeps no other from its turn. Only where the database does not answer at all the round
        ends: return whether it did not come to that.
        """
        for task in TASKS:
            if task.calls_out and not settings.OUTGOING_ACCESS:
                continue
            if self.for_colleagues and not task.for_colleagues:
                continue
            if at >= self._due_at.get(task.name, at) and not self._do(task, at=at):
                return False
        return True

    def _do(self, task: Task, *, at: float) -> bool:
        """Do one task; return whether the database answers afterwards."""
        self._due_at[task.name] = at + task.every
        log = logger.getChild(task.name)
        try:
            _renew_connection()
            task.do(self)
        except DatabaseError as error:
            log.error("This could not be done: %s", _words(error), exc_info=not _is_down(error))
            answers = not _is_down(error) or _database_answers()
        except Exception:  # No task may stop the mail.
            log.exception("This could not be done")
            answers = True
        else:
            del self._failures[task.name]
            return True
        self.failed.add(task.name)
        self._due_at[task.name] = at
        if answers:
            # After an outage of the database itself no task has to wait.
            wait = PAUSE_AFTER_FAILURE_SECONDS * 2 ** min(self._failures[task.name], 20)
            self._failures[task.name] += 1
            self._due_at[task.name] += min(wait, max(task.every, LONGEST_PAUSE_SECONDS))
        return answers


def _renew_connection() -> None:
    """Close a connection that is broken or old: the next question opens another."""
    if not connection.in_atomic_block:
        close_old_connections()


def _words(error: DatabaseError) -> str:
    """Return what the database said, without the values that PostgreSQL adds on further lines."""
    first = next(iter(str(error).splitlines()), "")
    return f"{type(error).__name__}: {first or 'no words'}"


def _is_down(error: DatabaseError) -> bool:
    return isinstance(error, (InterfaceError, OperationalError))


def _database_answers() -> bool:
    try:
        _renew_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def raise_alarms(worker: Worker) -> None:
    """Tell the national team of notices that were refused or are late."""
    alarm_of_undelivered()


def remind(worker: Worker) -> None:
    """Tell of enquiries that are overdue."""
    remind_of_overdue(on=timezone.localdate())


def send(worker: Worker) -> None:
    """Send what is due; if that takes long, the rest of it after the other tasks."""
    until = None if worker.is_once else time.monotonic() + MAIL_SECONDS

    def stop() -> bool:
        worker.give_sign()
        return worker.stop.is_set() or (until is not None and time.monotonic() > until)

    sent = deliver_due(worker.transport, stop=stop, to_colleagues=worker.for_colleagues)
    worker.sent.update(sent)


def publish(worker: Worker) -> None:
    """Publish what editors scheduled for a time that has come."""
    for edition in publish_due(at=timezone.now()):
        logger.getChild("publishing").info(
            "Published edition %s of %s", edition.number, edition.page
        )
        worker.recorded += 1


def record_changes(worker: Worker) -> None:
    """Record in each page's history what changed by itself and stands still."""
    seen = None if worker.is_once else worker.seen
    made, worker.seen = reconcile(at=timezone.now(), seen=seen)
    for edition in made:
        logger.getChild("history").info("Recorded edition %s: %s", edition.number, edition.cause)
        worker.recorded += 1


def forget_senders(worker: Worker) -> None:
    """Forget from which networks enquiries came, and to which domains mail went."""
    forget_networks(at=timezone.now())
    forget_domains(at=timezone.now())


def look_at_keys(worker: Worker) -> None:
    """Look whether the present keys open what is stored: a batch, or all in a single run."""
    prove_keys()
    while True:
        worker.looked_through = look_through(after=worker.looked_through, at=timezone.now())
        if not worker.is_once or worker.looked_through == 0:
            return


def count_unfound(worker: Worker) -> None:
    """Count the names that readers looked for in vain."""
    take_in_unfound(on=timezone.localdate())


def forget_journal(worker: Worker) -> None:
    """Drop old lines of this machine's journal of mail."""
    Journal(settings.JOURNAL_DIR).forget_before(timezone.now() - JOURNAL_KEPT)


def forget_staff(worker: Worker) -> None:
    """Forget sessions that have ended, wrong passwords, and what was told of changed posts."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    forget_sign_ins(at=timezone.now())
    forget_changes(at=timezone.now())


def erase(worker: Worker) -> None:
    """Erase enquiries whose time is over."""
    done = erase_expired(at=timezone.now())
    if done.erased or done.warned:
        logger.getChild("erasing").info("%s erased, %s warned of", done.erased, done.warned)


def check_links(worker: Worker) -> None:
    """Try the registration addresses that were not tried for a day: one, or all in a single run."""
    while worker.links.look() and worker.is_once:
        time.sleep(0.1)


def refresh_schools(worker: Worker) -> None:
    """Fetch the night's register of schools, beside the mail: that takes a minute or more."""
    if not settings.ESTABLISHMENTS_URL or not claim_refresh(at=timezone.now()):
        return
    if worker.is_once:
        refresh_establishments(at=timezone.now())
    else:
        # A thread that ends with the worker: nothing is changed until all of it is read.
        Thread(target=_refresh_schools, daemon=True).start()


def _refresh_schools() -> None:
    try:
        refresh_establishments(at=timezone.now())
    except Exception:  # Nobody waits for the thread to tell it.
        logger.getChild("schools").exception("This could not be done")
    finally:
        connection.close()


# What queues mail comes right before the mail, and nothing else does. A change to a page is
# recorded within a minute: two looks at it fit into one.
TASKS: Final = (
    Task("alarms", raise_alarms, every=20, for_colleagues=True),
    Task("reminders", remind, every=10 * 60, for_colleagues=True),
    Task("mail", send, every=0, for_colleagues=True),
    Task("publishing", publish, every=20),
    Task("history", record_changes, every=20),
    Task("networks", forget_senders, every=60),
    Task("keys", look_at_keys, every=30),
    Task("unfound", count_unfound, every=60),
    Task("journal", forget_journal, every=60),
    Task("erasing", erase, every=6 * 60 * 60),
    Task("sessions", forget_staff, every=24 * 60 * 60),
    Task("links", check_links, every=10, calls_out=True),
    Task("schools", refresh_schools, every=60, calls_out=True),
)
