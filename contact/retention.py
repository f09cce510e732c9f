"""When an enquiry is erased, and when the national team is warned first."""

from __future__ import annotations

from datetime import datetime, timedelta

# Between the warning and the erasure of what nobody has closed.
WARNING_DAYS = 30


def is_expired(closed_at: datetime, at: datetime, *, retention_days: int) -> bool:
    """Whether a closed enquiry has been stored for as long as it may be."""
    return at - closed_at >= timedelta(days=retention_days)


def wants_warning(last_step_at: datetime, at: datetime, *, retention_days: int) -> bool:
    """Whether nobody has touched an open enquiry for as long as a closed one is stored.

    It may have been forgotten, so it is not erased without a warning.
    """
    return at - last_step_at >= timedelta(days=retention_days)


def is_abandoned(last_step_at: datetime, warned_at: datetime, at: datetime) -> bool:
    """Whether nobody has touched an enquiry since the warning, and the time it left is over."""
    return last_step_at <= warned_at and at - warned_at >= timedelta(days=WARNING_DAYS)
