"""What editors do to sessions that are there: copy, mark as full, cancel, take that back."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction
from simple_history.utils import bulk_update_with_history

from accounts.models import User
from govuk.lines import on_one_line
from training.actions.entering import store
from training.models import Session, SessionQuerySet


@transaction.atomic
def copy_session(
    *, session: Session, starts_at: datetime, registration_url: str = "", by: User
) -> Session:
    """Store and return the same session at another time: as long, scheduled, with its own link.

    Raises ValidationError if it is there already. A copy of an example is an example.
    """
    # Between moments of the UK's clock Python would subtract what the clock shows, which is an
    # hour out where the session runs over its change.
    lasts = session.ends_at.astimezone(UTC) - session.starts_at.astimezone(UTC)
    copy = Session(
        track=session.track,
        title=on_one_line(session.title),
        region=session.region,
        starts_at=starts_at,
        ends_at=starts_at.astimezone(UTC) + lasts,
        registration_url=registration_url,
        is_example=session.is_example,
    )
    return store([copy], by=by)[0]


@transaction.atomic
def cancel_sessions(*, sessions: SessionQuerySet, by: User) -> int:
    """Cancel those that are not cancelled yet; return how many. Each change is in its history."""
    return _set_status(sessions.going_ahead(), Session.Status.CANCELLED, by)


@transaction.atomic
def mark_sessions_full(*, sessions: SessionQuerySet, by: User) -> int:
    """Mark the scheduled ones as full; return how many. Cancelled ones stay cancelled."""
    return _set_status(sessions.filter(status=Session.Status.SCHEDULED), Session.Status.FULL, by)


def status_before(session: Session) -> str:
    """Return what it is again when its status is taken back.

    A full one has places again. A cancelled one is what it was before by its history: full, or
    scheduled.
    """
    if session.status != Session.Status.CANCELLED:
        return Session.Status.SCHEDULED
    earlier = session.history.exclude(status=session.status)
    newest = earlier.order_by("-history_date", "-history_id")
    return newest.values_list("status", flat=True).first() or Session.Status.SCHEDULED


@transaction.atomic
def take_back_status(*, session: Session, by: User) -> bool:
    """Set it to the status that it had before; return whether it was still as `session` was read.

    What somebody else has changed since stays as it is.
    """
    unchanged = Session.objects.filter(pk=session.pk, sequence=session.sequence)
    return bool(_set_status(unchanged, status_before(session), by))


def _set_status(sessions: SessionQuerySet, status: str, by: User) -> int:
    """Set the status of each session, with a line in its history that says who did it."""
    changed = list(sessions.select_for_update(of=("self",)))
    for session in changed:
        session.status = status
    if changed:
        bulk_update_with_history(changed, Session, ["status"], default_user=by)
    return len(changed)
