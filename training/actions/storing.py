"""The one way in which new sessions are stored."""

from __future__ import annotations

from collections.abc import Sequence

from simple_history.utils import bulk_create_with_history

from accounts.models import User
from training.models import Session


def store(sessions: Sequence[Session], *, by: User | None) -> list[Session]:
    """Save new sessions once each is sound; their history says who made them."""
    for session in sessions:
        session.full_clean()
    return list(bulk_create_with_history(sessions, Session, default_user=by))
