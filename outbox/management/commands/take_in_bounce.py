"""Takes one bounce in: the hook for the mail server."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from outbox.actions import take_bounce
from outbox.bounces import read_bounce

# What a bounce says comes first; what it returns of the mail may be of any length.
LONGEST = 1024 * 1024


class Command(BaseCommand):
    help = (
        "Reads one mail that came to BOUNCE_EMAIL from standard input and, if it says that a "
        "message of ours was refused for good, does what follows; what is no report that can be "
        "read goes to the national team. For example in Postfix's "
        'master.cf, as a pipe: argv=…/manage.py take_in_bounce --to "${recipient}"'
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", default="", help="The envelope's recipient, if it is known.")

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read(LONGEST)
        while sys.stdin.buffer.read(LONGEST):
            pass  # To its end, or the mail server would take the hook for broken.
        bounce = read_bounce(raw, options["to"])
        if bounce is None:
            raise CommandError("This mail names no message of ours; nothing was changed.")
        message = take_bounce(bounce)
        if message is None:
            self.stdout.write("Nothing follows: not refused for good, not ours, or known already.")
        elif message.bounced_at is not None:
            self.stdout.write(f"Message {message.pk} ({message.kind}) came back: taken in.")
        else:
            self.stdout.write(
                f"What came about message {message.pk} ({message.kind}) could not be read: "
                "a colleague is told."
            )
