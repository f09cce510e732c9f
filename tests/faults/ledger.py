"""Whether every enquiry of a seed is where it must be, and nowhere else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings

from contact.mail import ACKNOWLEDGEMENT, ALARM, EVENT, NOTICE, NOTICE_LIST, SUBJECTS, TO_THE_POST
from contact.models import Enquiry
from outbox.models import Message
from tests.faults.mailserver import Delivery
from tests.faults.stage import Sent

_SUBJECTS = {
    NOTICE: re.compile(r"Enquiry (\S+): "),
    ACKNOWLEDGEMENT: re.compile(r"We have your enquiry: (\S+)$"),
    ALARM: re.compile(r"Not delivered: enquiry (\S+),"),
    EVENT: re.compile(rf"(?:{'|'.join(SUBJECTS.values())}): enquiry (\S+),"),
}
_LIST = re.compile(r"\d+ more enquir(?:y|ies): ")
_LISTED = re.compile(r"^([A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}), received ", re.MULTILINE)
_TO_THE_POST = tuple(f"{SUBJECTS[kind]}: " for kind in TO_THE_POST)
_ENDED = {Message.State.ACCEPTED, Message.State.REJECTED, Message.State.CANCELLED}


@dataclass
class Verdict:
    """What one seed came to. `lost`, `wrong` and `extra` count; `faults` say it in words."""

    enquiries: int = 0
    lost: int = 0
    wrong: int = 0
    extra: int = 0
    bound: int = 0
    faults: list[str] = field(default_factory=list)


def judge(
    enquiries: Sequence[Sent], deliveries: Sequence[Delivery], *, bound: int, others: set[str]
) -> Verdict:
    """Compare what senders were told with what is stored and what the mail server has kept.

    `bound` is how many copies beyond the first the fault may cause; `others` are the recipients of
    the fault's own mail that is about no enquiry.
    """
    verdict = Verdict(enquiries=len(enquiries), bound=bound)
    arrived = _wrong_persons(verdict, enquiries, deliveries, others)
    stored = {enquiry.reference: enquiry for enquiry in Enquiry.objects.select_related("region")}
    messages = {(message.kind, message.subject_id): message for message in Message.objects.all()}
    if len(stored) != len({sent.reference for sent in enquiries}):
        verdict.faults.append(f"{len(enquiries)} were sent, {len(stored)} are stored")
    for sent in enquiries:
        enquiry = stored.get(sent.reference)
        if enquiry is None or enquiry.email != sent.values["email"]:
            verdict.lost += 1
            verdict.faults.append(f"{sent.reference or 'an enquiry'} is not stored")
            continue
        listed = messages.get((NOTICE_LIST, enquiry.notice_list_id or 0))
        if listed is not None:
            messages[NOTICE, enquiry.pk] = listed
        _mail_of(verdict, sent, enquiry.pk, messages, arrived)
    for message in messages.values():
        if message.state not in _ENDED:
            verdict.faults.append(f"{message.kind} {message.subject_id} is left {message.state}")
    copies = Counter((delivery.message_id, delivery.recipient) for delivery in deliveries)
    verdict.extra = sum(copies.values()) - len({message_id for message_id, _ in copies})
    if verdict.extra > bound:
        verdict.faults.append(f"{verdict.extra} copies, at most {bound} are allowed")
    return verdict


def _wrong_persons(
    verdict: Verdict, enquiries: Sequence[Sent], deliveries: Sequence[Delivery], others: set[str]
) -> set[tuple[str, str]]:
    """Look at each mail that arrived; return which kinds arrived of which reference."""
    by_reference = {sent.reference: sent for sent in enquiries}
    arrived = set()
    for delivery in deliveries:
        if _LIST.match(delivery.subject):
            listed = _LISTED.findall(delivery.text)
            for reference in listed:
                if delivery.recipient != by_reference[reference].mailbox:
                    verdict.wrong += 1
                    verdict.faults.append(f"{reference} was listed to {delivery.recipient}")
            arrived |= {(NOTICE, reference) for reference in listed}
            continue
        kind, reference = _about(delivery.subject)
        sent = by_reference.get(reference)
        right = set(others) if kind == "" else set()
        if sent is not None:
            right = {
                NOTICE: {sent.mailbox},
                ACKNOWLEDGEMENT: {sent.values["email"]},
                ALARM: {settings.NATIONAL_TEAM_EMAIL},
                EVENT: {
                    sent.mailbox
                    if delivery.subject.startswith(_TO_THE_POST)
                    else settings.NATIONAL_TEAM_EMAIL
                },
            }[kind]
        if delivery.recipient not in right:
            verdict.wrong += 1
            verdict.faults.append(f"{delivery.subject!r} reached {delivery.recipient}")
        arrived.add((kind, reference))
    return arrived


def _about(subject: str) -> tuple[str, str]:
    """Return the kind and the reference that a mail's subject names, blank for other mail."""
    for kind, pattern in _SUBJECTS.items():
        found = pattern.match(subject)
        if found:
            return kind, found[1]
    return "", ""


def _mail_of(
    verdict: Verdict,
    sent: Sent,
    key: int,
    messages: dict[tuple[str, int], Message],
    arrived: set[tuple[str, str]],
) -> None:
    """Check one stored enquiry's mail: notice and acknowledgement, or the alarm in its place."""
    expected = [ALARM if sent.undeliverable else NOTICE]
    if not sent.unacknowledged:
        expected.append(ACKNOWLEDGEMENT)
    for kind in expected:
        message = messages.get((kind, key))
        is_accepted = message is not None and message.state == Message.State.ACCEPTED
        if is_accepted and (kind, sent.reference) in arrived:
            continue
        verdict.lost += kind != ACKNOWLEDGEMENT
        state = message.state if message else "not there"
        verdict.faults.append(f"{kind} of {sent.reference} has not arrived: {state}")
    if not sent.undeliverable and messages[NOTICE, key].state == Message.State.REJECTED:
        verdict.faults.append(f"the notice of {sent.reference} was given up")
