"""F20: a thousand forged complex cases to a mail server that keeps whoever speaks to it waiting."""

from __future__ import annotations

import os
import signal
import sys
import time

from django.db import transaction

from contact.mail import ACKNOWLEDGEMENT
from outbox.models import Message
from tests.faults.mailserver import SLOW, Rule
from tests.faults.scene import Scene, fault
from tests.faults.stage import Sent
from tests.faults.warm import store
from tests.faults.zygote import Order

TARPITS = 5
FORGED, FORGED_IN_SHORT = 1_000, 24
WAIT_SECONDS, WAIT_IN_SHORT_SECONDS = 5.0, 0.5
# What was promised: a genuine complex case is with its reader so soon.
WITHIN_SECONDS = 10.0


@fault(
    "F20",
    "1,000 forged complex cases, their senders at a tarpit, and a genuine one (each 50th seed)",
    every=50,
)
def flooded(scene: Scene) -> None:
    """From a few networks, or each from an own one: then each has an own notice, too."""
    stage = scene.stage
    networks = scene.chance.choice((3, FORGED))
    [genuine] = scene.draw(1, topic="complex-case")
    forged = _forge(scene, genuine, networks)
    stage.mail.delay_seconds = WAIT_SECONDS if scene.is_long else WAIT_IN_SHORT_SECONDS
    stage.mail.rules = [Rule("RCPT", SLOW, -1, ".tarpit.example")]
    workers = [stage.start(Order(loops=True, colleagues=alone)) for alone in (False, True)]
    # Both are at work, and so the harness does not measure how they start.
    stage.eventually(lambda: len(stage.mail.kept) >= 2, "the first mails")
    stage.send(genuine)
    began = time.monotonic()
    stage.eventually(lambda: _has_come(scene, genuine), "the genuine notice")
    seconds = time.monotonic() - began
    sys.stdout.write(
        f"{scene.engine} {scene.name}: {len(forged)} forged from {networks} networks, the genuine "
        f"notice came after {seconds:.1f} s\n"
    )
    assert seconds <= WITHIN_SECONDS, f"the genuine notice came after {seconds:.1f} s"
    for worker in workers:
        os.kill(worker, signal.SIGTERM)
    for worker in workers:
        assert stage.ended(worker) == 0
    _drain(scene, forged)


def _forge(scene: Scene, genuine: Sent, networks: int) -> list[Sent]:
    """Store the forged ones, for the genuine one's own region and setting."""
    values = {name: genuine.values[name] for name in ("place", "setting", "topic")}
    forged = scene.draw(FORGED if scene.is_long else FORGED_IN_SHORT, **values)
    with transaction.atomic():
        for number, sent in enumerate(forged):
            sent.values["email"] = f"forged-{number}@{number % TARPITS}.tarpit.example"
            sent.mailbox = genuine.mailbox
            region = genuine.mailbox.partition("@")[0]
            network = f"network {number % networks}"
            sent.reference = store(sent.values, region, network=network).reference
    return forged


def _has_come(scene: Scene, sent: Sent) -> bool:
    subject = f"Enquiry {sent.reference}: "
    return any(mail.subject.startswith(subject) for mail in list(scene.stage.mail.kept))


def _drain(scene: Scene, forged: list[Sent]) -> None:
    """Let all else go. Of the thousand acknowledgements few need be waited for."""
    stage = scene.stage
    stage.mail.rules = []
    if scene.is_long:
        rest = Message.objects.filter(kind=ACKNOWLEDGEMENT).undelivered()
        rest.update(state=Message.State.CANCELLED, claim=None, lease_expires_at=None)
        for sent in (*forged, scene.enquiries[0]):
            sent.unacknowledged = True
    while stage.pass_until_due():
        assert stage.ended(stage.start(Order()), seconds=600) == 0
