"""F5 to F9 and F18: what mail servers and the way to them do."""

from __future__ import annotations

import ssl
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from outbox.models import Message, Pause
from tests.faults.certificates import certificate
from tests.faults.mailserver import CUT, ENDLESS, HALF, KEEP_AND_CUT, STALL, TRICKLE, Rule
from tests.faults.newsletter import KIND, reader
from tests.faults.scene import Scene, fault
from tests.faults.warm import store
from tests.faults.zygote import Order

LATER = ("450 Busy", "451 Greylisted, come back", "421 Closing", "452 Out of storage")
NEVER = ("550 No such user", "553 Name not allowed", "552 Mailbox full")
PATIENCE_SECONDS = 0.25
QUEUED = 500


@fault(
    "F5",
    "connection cut in the text, after the final dot with the mail kept or not, or in the answer",
    bound="1 a mail that the server kept and did not confirm",
)
def cut(scene: Scene) -> None:
    scene.send_some()
    for _ in range(scene.chance.randint(1, 3)):
        ways = (("TEXT", CUT), ("DOT", CUT), ("DOT", HALF), ("DOT", KEEP_AND_CUT))
        step, do = scene.chance.choice(ways)
        scene.bound += do == KEEP_AND_CUT
        scene.stage.mail.rules.append(Rule(step, do))
    scene.stage.finish()


@fault("F6", "450, greylisting, 421 and 452 at any step")
def put_off(scene: Scene) -> None:
    scene.send_some()
    for _ in range(scene.chance.randint(1, 5)):
        step = scene.chance.choice(("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT"))
        scene.stage.mail.rules.append(Rule(step, scene.chance.choice(LATER), scene.nth(of=3)))
    scene.stage.finish()


@fault("F7", "550, 552 or 553 to one recipient for good; or 530 and 535, the login refused")
def refused(scene: Scene) -> None:
    scene.send_some()
    if scene.chance.random() < 0.5:
        _refused_recipient(scene)
    else:
        _refused_login(scene)


def _refused_recipient(scene: Scene) -> None:
    victim = scene.chance.choice(scene.enquiries)
    is_mailbox = scene.chance.random() < 0.7
    address = victim.mailbox if is_mailbox else victim.values["email"]
    for sent in scene.enquiries:
        sent.undeliverable = sent.mailbox == address
        sent.unacknowledged = sent.values["email"] == address
    step = scene.chance.choice(("RCPT", "DATA", "DOT"))
    scene.stage.mail.rules = [Rule(step, scene.chance.choice(NEVER), -1, address)]
    scene.stage.finish()
    states = list(Message.objects.values_list("state", flat=True))
    refused_ones = sum(sent.undeliverable or sent.unacknowledged for sent in scene.enquiries)
    assert states.count("rejected") == refused_ones


def _refused_login(scene: Scene) -> None:
    stage, chance = scene.stage, scene.chance
    signed_in = Order(email_url=f"smtp://site:wrong@127.0.0.1:{stage.mail.port}")
    step, words = chance.choice(
        (("AUTH", "535 No"), ("AUTH", "530 Authenticate"), ("MAIL", "530 Authenticate"))
    )
    probes = chance.randint(0, 2) if step == "AUTH" else 0
    stage.mail.rules = [Rule(step, words, 1 + probes)]
    for _ in range(1 + probes):
        assert stage.work(signed_in) == 0
        assert Pause.objects.exists(), "the queue does not stand still"
        assert not stage.mail.kept
        assert not Message.objects.filter(state=Message.State.REJECTED).exists()
        waiting = Message.objects.due().count()
        assert waiting == 2 * len(scene.enquiries), "a message has paid for the login"
        tries = len(stage.mail.reached)
        assert stage.work(signed_in) == 0
        assert len(stage.mail.reached) == tries, "it did not wait for its probe"
        stage.pass_time(timedelta(minutes=5, seconds=1))
    assert stage.work(signed_in) == 0
    assert not Pause.objects.exists(), "the queue did not go on by itself"
    stage.finish(signed_in)


@fault("F8", "server silent, trickling or without end for one recipient; the others still flow")
def silent(scene: Scene) -> None:
    stage, chance = scene.stage, scene.chance
    scene.send_some()
    victim = chance.choice(scene.enquiries)
    address = chance.choice((victim.mailbox, victim.values["email"]))
    step, do = chance.choice(("RCPT", "DATA", "DOT")), chance.choice((STALL, TRICKLE, ENDLESS))
    stage.mail.rules = [Rule(step, do, -1, address)]
    hurried = Order(patience_seconds=PATIENCE_SECONDS)
    assert stage.work(hurried) == 0
    for sent in scene.enquiries:
        if sent.mailbox != address:
            assert scene.state(sent) == "accepted", "another's mail was kept waiting"
    stage.mail.rules = []
    stage.finish(hurried)


@fault("F9", "host name that does not resolve, certificate that is not right, STARTTLS stripped")
def misled(scene: Scene) -> None:
    stage, chance = scene.stage, scene.chance
    scene.send_some()
    port = stage.mail.port
    good, bad = (certificate(stage.folder, name) for name in ("localhost", "elsewhere.example"))
    secure = Order(
        email_url=f"smtp+tls://localhost:{port}",
        certificates=str(chance.choice((good, bad))),
    )
    trusting = Order(email_url=secure.email_url, certificates=str(good))
    way = chance.choice(("name", "authority", "host", "stripped", "refused"))
    if way == "name":
        secure = Order(email_url=f"smtp+tls://mail-{chance.getrandbits(32):x}.invalid:{port}")
    elif way == "authority":
        stage.mail.tls = _context(good)
        secure = Order(email_url=trusting.email_url, certificates=str(bad))
    elif way == "host":
        stage.mail.tls = _context(bad)
        secure = Order(email_url=trusting.email_url, certificates=str(bad))
    elif way == "refused":
        stage.mail.tls = _context(good)
        stage.mail.rules = [Rule("STARTTLS", "454 Not now", -1)]
    assert stage.work(secure) == 0
    seen = set(stage.mail.reached) & {"MAIL", "RCPT", "DATA", "TEXT", "DOT"}
    assert not seen, f"it went on without TLS: {seen}"
    stage.mail.tls, stage.mail.rules = _context(good), []
    stage.finish(trusting)


def _context(pem: object) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(str(pem))
    return context


@fault(
    "F18",
    "mail down for 24 hours, 500 messages waiting, newsletters among them (each tenth seed)",
    every=10,
)
def down_for_a_day(scene: Scene) -> None:
    stage, chance = scene.stage, scene.chance
    drawn = scene.draw(chance.randint(20, 60))
    with transaction.atomic():
        for sent in drawn:
            sent.reference = store(sent.values, sent.mailbox.partition("@")[0]).reference
        bulk = range(QUEUED - Message.objects.count())
        scene.others = {reader(number) for number in bulk}
        Message.objects.bulk_create(
            Message(
                kind=KIND,
                subject_id=number,
                priority=Message.Priority.BULK,
                message_id=f"newsletter.{chance.getrandbits(128):032x}@rpec.example",
            )
            for number in bulk
        )
    stage.mail.rules = [Rule("CONNECT", "421 Down", -1)]
    for _ in range(2):
        # What is put off is not tried again before its time, so few of 500 need be tried.
        stage.work(Order(strike="kill", at="claimed", nth=chance.randint(5, 30)))
        stage.pass_time(timedelta(hours=12))
    stage.mail.rules = []
    stage.finish()
    assert len(stage.mail.kept) >= QUEUED
    _assert_in_order(scene)


def _assert_in_order(scene: Scene) -> None:
    """The alarm of a late notice comes when it is found; all else goes by its priority."""
    ranks = dict(Message.objects.values_list("message_id", "priority"))
    alarms = {settings.NATIONAL_TEAM_EMAIL}
    order = [
        ranks[mail.message_id] for mail in scene.stage.mail.kept if mail.recipient not in alarms
    ]
    assert order == sorted(order), "something less urgent went first"
