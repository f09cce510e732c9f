"""The kinds of mail: which function makes each, and what follows when one does not arrive.

The queue knows a message's kind and its subject's id only. The application that queues a kind
registers it here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from outbox.envelope import Envelope

# Given a subject's id and the time, the mail to send now, or None if none is to be sent any more.
MakeEnvelope = Callable[[int, datetime], Envelope | None]


class Failure(StrEnum):
    """How a mail did not arrive, as a clause after "it". Of the last nobody can be sure."""

    REFUSED = "was refused"
    CAME_BACK = "came back"
    UNREADABLE = "was answered by a mail that may be a bounce"


# Given a subject's id, the failure and the mail server's words, does what follows.
FollowFailure = Callable[[int, Failure, str], None]

_makers: dict[str, MakeEnvelope] = {}
_followers: dict[str, FollowFailure] = {}


class UnknownKindError(LookupError):
    """No application has registered this kind of mail."""


def register(kind: str, make: MakeEnvelope, *, on_failure: FollowFailure | None = None) -> None:
    """Register how mail of `kind` is made, and what follows if it does not arrive.

    Called once, in an application's `ready()`. Raises ValueError for a second maker.
    """
    if _makers.setdefault(kind, make) is not make:
        raise ValueError(f"Two makers of mail of the kind {kind!r}.")
    if on_failure is not None:
        _followers[kind] = on_failure


def make_envelope(kind: str, subject_id: int, at: datetime) -> Envelope | None:
    """Return the mail of `kind` about the subject, or None if none is to be sent any more.

    Raises UnknownKindError.
    """
    try:
        make = _makers[kind]
    except KeyError:
        raise UnknownKindError(kind) from None
    return make(subject_id, at)


def follow_failure(kind: str, subject_id: int, failure: Failure, words: str) -> None:
    """Do what follows where mail of `kind` does not arrive, if anything does."""
    follow = _followers.get(kind)
    if follow is not None:
        follow(subject_id, failure, words)
