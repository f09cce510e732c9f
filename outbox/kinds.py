"""The kinds of mail: which function makes each, and what follows when one bounces.

The queue knows a message's kind and its subject's id only. The application that queues a kind
registers it here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from outbox.envelope import Envelope

# Given a subject's id and the time, the mail to send now, or None if none is to be sent any more.
MakeEnvelope = Callable[[int, datetime], Envelope | None]
# Given a subject's id and the mail server's words, does what follows from a bounce.
FollowBounce = Callable[[int, str], None]

_makers: dict[str, MakeEnvelope] = {}
_followers: dict[str, FollowBounce] = {}


class UnknownKindError(LookupError):
    """No application has registered this kind of mail."""


def register(kind: str, make: MakeEnvelope, *, on_bounce: FollowBounce | None = None) -> None:
    """Register how mail of `kind` is made, and what follows if it bounces.

    Called once, in an application's `ready()`. Raises ValueError for a second maker.
    """
    if _makers.setdefault(kind, make) is not make:
        raise ValueError(f"Two makers of mail of the kind {kind!r}.")
    if on_bounce is not None:
        _followers[kind] = on_bounce


def make_envelope(kind: str, subject_id: int, at: datetime) -> Envelope | None:
    """Return the mail of `kind` about the subject, or None if none is to be sent any more.

    Raises UnknownKindError.
    """
    try:
        make = _makers[kind]
    except KeyError:
        raise UnknownKindError(kind) from None
    return make(subject_id, at)


def follow_bounce(kind: str, subject_id: int, words: str) -> None:
    """Do what follows from a bounce of mail of `kind`, if anything does."""
    follow = _followers.get(kind)
    if follow is not None:
        follow(subject_id, words)
