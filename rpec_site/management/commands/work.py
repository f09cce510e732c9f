"""The worker: sends what is due, and records what changed by itself."""

from __future__ import annotations

import logging
import signal
import time
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from queue import Empty, Queue
from threading import Event, Thread
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from contact.actions.alarms import (
    alarm_of_undelivered,
    remind_of_overdue,
)
from contact.actions.retention import (
    erase_expired,
    forget_networks,
)
from guidance.actions.publishing import publish_due
from guidance.actions.reconciling import (
    changed_since,
    facts_of,
    reconcile,
)
from guidance.models import Edition
from outbox.delivery import deliver_due
from outbox.journal import Journal
from outbox.transports import Transport, transport_from
from regions.actions.unfound import take_in_unfound
from training.actions.checking import (
    forget_checks,
    next_to_check,
    record_check,
)
from training.link_check import broken

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 1.0
LOOK_SECONDS = 20.0
TIDY_SECONDS = 60.0
LINK_SECONDS = 10.0
REMIND_SECONDS = 10 * 60.0
ERASE_SECONDS = 6 * 60 * 60.0
# Longer than any backup that one would go back to while mail is still tried (four days).
JOURNAL_KEPT = timedelta(days=30)
PAUSE_AFTER_FAILURE_SECONDS = 5.0


class Reconciler:
    """Looks every now and then whether pages changed by themselves, and waits out a burst.

    A change is recorded once it has stood still from one look to the next: twelve dates entered
    one after the other are one edition, and all of it is done within a minute.
    """

    def __init__(self, every: float = LOOK_SECONDS) -> None:
        self._every = every
        self._next_look = 0.0
        self._seen: dict[int, str] = {}

    def look(self) -> None:
        """Publish what is due and record what stands still, if it is time to look again."""
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + self._every
        try:
            self._look(timezone.now())
        except DatabaseError:
            raise
        except Exception:  # A page that cannot be published must not stop the mail.
            logger.exception("A page's history could not be kept")

    def _look(self, now: datetime) -> None:
        for edition in publish_due(at=now):
            logger.info("Published edition %s of %s", edition.number, edition.page)
        changed = {
            edition.pk: facts_of(edition, at=now)
            for edition in Edition.objects.live()
            if changed_since(edition, at=now)
        }
        if changed and changed == self._seen:
            for edition in reconcile(at=now):
                logger.info("Recorded edition %s: %s", edition.number, edition.cause)
            changed = {}
        self._seen = changed


class NowAndThen:
    """Does something each so many seconds, however often it is asked."""

    def __init__(self, do: Callable[[], object], *, every: float) -> None:
        self._do = do
        self._every = every
        self._next_look = 0.0

    def look(self) -> None:
        """Do it, if it is time again."""
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + self._every
            self._do()


class LinkWatch:
    """Tries one registration address after the other, beside the mail and never in its way."""

    # A server that sends a byte now and then is given up: nothing is known of its address.
    PATIENCE_SECONDS = 60.0

    def __init__(self) -> None:
        self._answer: Queue[tuple[str, str | None]] = Queue()
        self._trying = ""
        self._since = 0.0

    def look(self) -> None:
        """Keep what the last address answered, if it has; then try the next that is due."""
        with suppress(Empty):
            self._keep(*self._answer.get_nowait())
        if self._trying and time.monotonic() > self._since + self.PATIENCE_SECONDS:
            self._keep(self._trying, None)
        if self._trying:
            return
        address = next_to_check(at=timezone.now())
        if address:
            self._trying, self._since = address, time.monotonic()
            # A thread that ends with the worker: a silent server holds up no one's stopping.
            Thread(target=self._try, args=(address,), daemon=True).start()

    def _keep(self, url: str, fault: str | None) -> None:
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


def remind() -> None:
    """Tell of enquiries that are overdue: a matter of days, so it is not looked at all the time."""
    remind_of_overdue(on=timezone.localdate())


def tidy() -> None:
    """Count what readers looked for in vain, and drop what is needed no longer."""
    forget_networks(at=timezone.now())
    try:
        take_in_unfound(on=timezone.localdate())
        Journal(settings.JOURNAL_DIR).forget_before(timezone.now() - JOURNAL_KEPT)
    except OSError:  # Files that cannot be read must not stop the mail.
        logger.exception("Files in var/ could not be read")


def erase() -> None:
    """Erase enquiries whose time is over."""
    done = erase_expired(at=timezone.now())
    if done.erased or done.warned:
        logger.info("Enquiries: %s erased, %s warned of", done.erased, done.warned)


class Command(BaseCommand):
    help = (
        "Sends mail that is due, tells of what is late or overdue, records in each page's "
        "history what changed by itself and erases enquiries whose time is over, until it is "
        "stopped. With --once: does what is due now, then ends."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="Do what is due and exit.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            transport = transport_from(settings.MAIL)
        except ValueError as error:
            raise CommandError(str(error)) from error
        if options["once"]:
            alarm_of_undelivered()
            remind()
            tally = deliver_due(transport)
            done = ", ".join(f"{count} {state}" for state, count in sorted(tally.items()))
            now = timezone.now()
            changed = len(publish_due(at=now)) + len(reconcile(at=now))
            tidy()
            erase()
            self.stdout.write(
                f"Mail: {done or 'nothing was due'}. History: {changed} editions added."
            )
            return
        self._work(transport)

    def _work(self, transport: Transport) -> None:
        """Send until a signal asks to stop; the message in hand is always finished first."""
        stop = Event()

        def ask_to_stop(number: int, frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, ask_to_stop)
        signal.signal(signal.SIGINT, ask_to_stop)
        self.stdout.write("The worker is ready.")
        history = Reconciler()
        first = NowAndThen(alarm_of_undelivered, every=LOOK_SECONDS)
        later = [
            NowAndThen(tidy, every=TIDY_SECONDS),
            NowAndThen(remind, every=REMIND_SECONDS),
            NowAndThen(erase, every=ERASE_SECONDS),
        ]
        if settings.OUTGOING_ACCESS:
            later.append(NowAndThen(LinkWatch().look, every=LINK_SECONDS))
        while not stop.is_set():
            try:
                close_old_connections()
                first.look()
                deliver_due(transport, stop=stop.is_set)
                history.look()
                for task in later:
                    task.look()
                pause = PAUSE_SECONDS
            except DatabaseError as error:
                logger.error("The database does not answer: %s", type(error).__name__)
                connection.close()
                pause = PAUSE_AFTER_FAILURE_SECONDS
            stop.wait(pause)
        self.stdout.write("The worker has stopped.")
