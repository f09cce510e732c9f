"""The worker: sends what is due."""

from __future__ import annotations

import logging
import signal
from argparse import ArgumentParser
from threading import Event
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections, connection

from outbox.delivery import deliver_due
from outbox.transports import Transport, transport_from

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 1.0
PAUSE_AFTER_FAILURE_SECONDS = 5.0


class Command(BaseCommand):
    help = "Sends mail that is due, until it is stopped. With --once: what is due now, then ends."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="Do what is due and exit.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            transport = transport_from(settings.MAIL)
        except ValueError as error:
            raise CommandError(str(error)) from error
        if options["once"]:
            tally = deliver_due(transport)
            done = ", ".join(f"{count} {state}" for state, count in sorted(tally.items()))
            self.stdout.write(f"Mail: {done or 'nothing was due'}.")
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
        while not stop.is_set():
            try:
                close_old_connections()
                deliver_due(transport, stop=stop.is_set)
                pause = PAUSE_SECONDS
            except DatabaseError as error:
                logger.error("The database does not answer: %s", type(error).__name__)
                connection.close()
                pause = PAUSE_AFTER_FAILURE_SECONDS
            stop.wait(pause)
        self.stdout.write("The worker has stopped.")
