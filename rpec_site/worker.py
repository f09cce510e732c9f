"""What the worker does beside the web server, in which order and how often."""

from __future__ import annotations

import logging
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
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from accounts.actions import forget_sign_ins
from contact.actions.alarms import alarm_of_undelivered, remind_of_overdue
from contact.actions.retention import erase_expired, forget_networks
from guidance.actions.publishing import publish_due
from guidance.actions.reconciling import Seen, reconcile
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
PAUSE_AFTER_FAILURE_SECONDS = 5.0
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
    """Something to do each `every` seconds; if it `calls_out`, only where OUTGOING_ACCESS is on."""

    name: str
    do: Callable[[Worker], None]
    every: float
    calls_out: bool = False


@dataclass(slots=True)
class Worker:
    """One run of the worker: what its tasks work with, and what came of them.

    `stop` asks it to end; the message in hand is always finished first. With `is_once` there is no
    next round: nothing is left for it.
    """

    transport: Transport
    stop: Event = field(default_factory=Event)
    is_once: bool = False
    sent: Counter[str] = field(default_factory=Counter)
    recorded: int = 0
    failed: set[str] = field(default_factory=set)
    seen: Seen = field(default_factory=dict)
    links: LinkWatch = field(default_factory=LinkWatch)
    _due_at: dict[str, float] = field(default_factory=dict)

    def run(self) -> None:
        """Do whatever is due, again and again, until `stop` is set."""
        while not self.stop.is_set():
            try:
                close_old_connections()
                self.do_what_is_due(at=time.monotonic())
                pause = PAUSE_SECONDS
            except DatabaseError:
                connection.close()
                pause = PAUSE_AFTER_FAILURE_SECONDS
            self.stop.wait(pause)

    def do_what_is_due(self, *, at: float) -> None:
        """Do each task whose time has come, in order; `at` is in seconds, from any beginning.

        Raises DatabaseError; any other error of a task is logged, and keeps none from its turn.
        """
        for task in TASKS:
            if task.calls_out and not settings.OUTGOING_ACCESS:
                continue
            if at >= self._due_at.get(task.name, at):
                self._due_at[task.name] = at + task.every
                self._do(task)

    def _do(self, task: Task) -> None:
        log = logger.getChild(task.name)
        try:
            task.do(self)
        except DatabaseError as error:
            log.error("The database does not answer: %s", type(error).__name__)
            raise
        except Exception:  # No task may stop the mail.
            log.exception("This could not be done")
            self.failed.add(task.name)


def raise_alarms(worker: Worker) -> None:
    """Tell the national team of notices that were refused or are late."""
    alarm_of_undelivered()


def remind(worker: Worker) -> None:
    """Tell of enquiries that are overdue."""
    remind_of_overdue(on=timezone.localdate())


def send(worker: Worker) -> None:
    """Send what is due."""
    worker.sent.update(deliver_due(worker.transport, stop=worker.stop.is_set))


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
    """Forget from which networks enquiries came."""
    forget_networks(at=timezone.now())


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
    Task("alarms", raise_alarms, every=20),
    Task("reminders", remind, every=10 * 60),
    Task("mail", send, every=0),
    Task("publishing", publish, every=20),
    Task("history", record_changes, every=20),
    Task("networks", forget_senders, every=60),
    Task("unfound", count_unfound, every=60),
    Task("journal", forget_journal, every=60),
    Task("erasing", erase, every=6 * 60 * 60),
    Task("sessions", forget_staff, every=24 * 60 * 60),
    Task("links", check_links, every=10, calls_out=True),
    Task("schools", refresh_schools, every=60, calls_out=True),
)
