"""The worker as a command: until it is stopped, or a single round."""

from __future__ import annotations

import os
import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from outbox.transports import transport_from
from rpec_site.lifeline import hold_on
from rpec_site.worker import Worker


class Command(BaseCommand):
    help = (
        "Sends mail that is due, tells of what is late or overdue, records in each page's "
        "history what changed by itself and erases enquiries whose time is over, until it is "
        "stopped. With --once: does what is due now, then ends."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="Do what is due and exit.")
        parser.add_argument(
            "--colleagues",
            action="store_true",
            help="Beside another worker: only mail to colleagues, so that no slow mail server of "
            "somebody who wrote to us holds it up.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        os.umask(0o077)  # What it writes is for its own account alone.
        try:
            worker = Worker(
                transport_from(settings.MAIL),
                is_once=options["once"],
                for_colleagues=options["colleagues"],
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        if worker.is_once:
            worker.do_what_is_due(at=0)
            self._report(worker)
        else:
            self._run(worker)

    def _report(self, worker: Worker) -> None:
        done = ", ".join(f"{count} {state}" for state, count in sorted(worker.sent.items()))
        self.stdout.write(
            f"Mail: {done or 'nothing was due'}. History: {worker.recorded} editions added."
        )
        if worker.failed:
            raise CommandError(f"Not done, see above: {', '.join(sorted(worker.failed))}.")

    def _run(self, worker: Worker) -> None:
        """Work until a signal asks to stop."""

        def ask_to_stop(number: int, frame: FrameType | None) -> None:
            worker.stop.set()

        signal.signal(signal.SIGTERM, ask_to_stop)
        signal.signal(signal.SIGINT, ask_to_stop)
        hold_on()
        self.stdout.write("The worker is ready.")
        worker.run()
        self.stdout.write("The worker has stopped.")
