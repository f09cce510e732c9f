"""When an enquiry is erased. Pure: no Django."""

from __future__ import annotations

from datetime import datetime, timedelta

# Between the warning and the erasure of what nobody has closed.
WARNING_DAYS = 30


def is_expired(closed_at: datetime, at: datetime, *, retention_days: int) -> bool:
    """Say whether a closed enquiry has been kept for long enough."""
    return at - closed_at >= timedelta(days=retention_days)


def wants_warning(last_step_at: datetime, at: datetime, *, retention_days: int) -> bool:
    """Say whether one that is not closed has been left alone for as long as a closed one is kept.

    Nobody has looked at it for so long that it is kept for nothing, or was forgotten.
    """
    return at - last_step_at >= timedelta(days=retention_days)


def is_abandoned(last_step_at: datetime, warned_at: datetime, at: datetime) -> bool:
    """Say whether nothing was done in the time that the warning left."""
    return last_step_at <= warned_at and at - warned_at >= timedelta(days=WARNING_DAYS)
