"""Rounds one after the other against one running site."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from random import Random

from tests.fuzz.rounds import ROUNDS
from tests.fuzz.sending import Sender
from tests.fuzz.watching import Tally
from tests.hostile.running import Running
from tests.processes import new_site
from tests.smtp import running_mail_server

_REPORT_EVERY_SECONDS = 300


def play(
    folder: Path,
    *,
    keep: Path,
    seed: int,
    goes_on: Callable[[int], bool],
    kinds: Sequence[str] = (),
) -> Tally:
    """Start a site in the folder and play rounds while it `goes_on`, given how many there were.

    Each round has a seed of its own, from `seed` on, so that any one can be played again. `keep`
    is the folder for what was sent where something broke.
    """
    rounds = [each for each in ROUNDS if not kinds or each.__name__ in kinds]
    tally = Tally(keep)
    settings = {
        "ENQUIRIES_AN_HOUR_BY_SENDER": "1000000",
        "ENQUIRIES_AN_HOUR_BY_NETWORK": "1000000",
        # A web process that ends must have been brought down.
        "GUNICORN_CMD_ARGS": "--max-requests 0",
        "LOG_LEVEL": "CRITICAL",
    }
    with running_mail_server() as mail, new_site(folder, email_url=mail.url, **settings) as site:
        web = site.start_web()
        running = Running(site, mail)
        reader = Sender(running, web, tally)
        editor = Sender(running, web, tally, "staff", running.sign_in("editor"))
        reported = time.monotonic()
        for number in count():
            if not goes_on(number):
                return tally
            played = rounds[number % len(rounds)]
            reader.kind = editor.kind = played.__name__
            reader.seed = editor.seed = seed + number
            played(Random(f"{seed + number} {played.__name__}"), reader, editor)
            if time.monotonic() > reported + _REPORT_EVERY_SECONDS:
                reported = time.monotonic()
                sys.stdout.write(f"\nAfter {number + 1} rounds: {tally.report()}")
                sys.stdout.flush()
    raise AssertionError("It counts for ever.")
