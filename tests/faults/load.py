"""Many senders at once while workers are killed: `python -m tests.faults.load`.

Senders send one enquiry after the other for a minute, and every few seconds a worker is killed. It
ends with 1 unless the notice of every confirmed enquiry reached its own region's mailbox and no
other. The times to answer are those of this machine, with everything on it.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import tests.environment  # noqa: F401 (the settings that the site's processes inherit)
from tests.faults.test_killed_worker import EXPIRE_LEASES, notices
from tests.processes import Site, councils, new_site, wait_for
from tests.smtp import MailServer, running_mail_server

UNDELIVERED = "from outbox.models import Message; print(Message.objects.undelivered().count())"
DUE_NOW = """
from django.db.models.functions import Now
from outbox.models import Message
Message.objects.undelivered().update(due_at=Now())
"""
KILL_EVERY_SECONDS = 4.0


class Senders:
    """People who send at the same time; what each was told, and how long it took in seconds."""

    def __init__(self, site: Site, count: int, seconds: float) -> None:
        self._site = site
        self._until = time.monotonic() + seconds
        self._places = councils()
        self.confirmed: list[tuple[str, str]] = []
        self.times: list[float] = []
        self.failures: list[str] = []
        self._threads = [threading.Thread(target=self._send, args=(n,)) for n in range(count)]

    def run(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _send(self, number: int) -> None:
        chance = random.Random(number)
        turn = 0
        while time.monotonic() < self._until:
            place, region = chance.choice(self._places)
            began = time.monotonic()
            name = f"s{number}-{turn}"
            try:
                sent = self._site.send(place=place, email=f"{name}@school.example", token=name)
            except OSError as error:
                self.failures.append(repr(error))
            else:
                self.times.append(time.monotonic() - began)
                self.confirmed.append((sent, f"{region}@example.org"))
            turn += 1


def kill_workers(site: Site, stop: threading.Event) -> int:
    """Keep two workers at work and kill one of them every few seconds; return how many."""
    workers = [site.start_worker() for _ in range(2)]
    killed = 0
    while not stop.wait(KILL_EVERY_SECONDS):
        victim = workers.pop(0)
        os.killpg(victim.pid, signal.SIGKILL)
        victim.wait()
        killed += 1
        workers.append(site.start_worker())
    return killed


def report(senders: Senders, mail: MailServer, killed: int) -> bool:
    """Print the figures; say whether every enquiry is where it must be, and nowhere else."""
    got, expected = set(notices(mail)), set(senders.confirmed)
    copies = Counter(message.message_id for message in mail.received)
    times = sorted(senders.times)
    slowest = times[int(len(times) * 0.99)]
    sys.stdout.write(
        f"{len(expected)} enquiries confirmed, {len(senders.failures)} not confirmed, "
        f"{killed} workers killed.\n"
        f"Lost: {len(expected - got)}. To a wrong mailbox: {len(got - expected)}. "
        f"Copies: {sum(copies.values()) - len(copies)}.\n"
        f"Answers: median {times[len(times) // 2]:.2f} s, slowest hundredth {slowest:.2f} s.\n"
    )
    return got == expected and not senders.failures


def main() -> int:
    """Run it and return the exit code."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--senders", type=int, default=50)
    asked.add_argument("--seconds", type=float, default=60)
    options = asked.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_mail_server() as mail,
        new_site(Path(folder), email_url=mail.url) as site,
    ):
        site.start_web()
        senders = Senders(site, options.senders, options.seconds)
        stop, killed = threading.Event(), []
        killer = threading.Thread(target=lambda: killed.append(kill_workers(site, stop)))
        killer.start()
        senders.run()
        senders.join()
        stop.set()
        killer.join()
        site.run(EXPIRE_LEASES)
        site.run(DUE_NOW)
        wait_for(lambda: site.run(UNDELIVERED).strip() == "0", "an empty queue", seconds=900)
        return 0 if report(senders, mail, killed[0]) else 1


if __name__ == "__main__":
    sys.exit(main())
