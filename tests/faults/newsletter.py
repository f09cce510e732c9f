"""A test-only kind of mail that may wait: a newsletter to readers."""

from datetime import datetime

from outbox.envelope import Envelope
from outbox.kinds import register

KIND = "faults-newsletter"


def reader(number: int) -> str:
    return f"reader-{number}@readers.example"


def _make(subject_id: int, at: datetime) -> Envelope:
    return Envelope(reader(subject_id), "The regional newsletter", "News.\n")


def register_newsletter() -> None:
    register(KIND, _make)
