"""Writes of several rows: what the site ships with, copies, cancellations, examples."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from django.db import transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.models import User
from govuk.dates import LONDON
from regions.models import Region
from training.examples import examples_for_the_year
from training.models import Session, SessionQuerySet, Track

DATA: Final = Path(__file__).resolve().parent / "data"


@transaction.atomic
def load_tracks() -> int:
    """Store each shipped track whose slug is not there yet; return how many were stored.

    What editors have changed or added stays.
    """
    present = set(Track.objects.values_list("slug", flat=True))
    missing = [row for row in _rows("tracks.csv") if row["slug"] not in present]
    for row in missing:
        track = Track(
            slug=row["slug"],
            name=row["name"],
            audience=row["audience"],
            summary=row["summary"],
            position=int(row["position"]),
        )
        track.full_clean()
        track.save()
    return len(missing)


@transaction.atomic
def load_sessions(*, by: User | None = None) -> int:
    """Store each known session that is not there yet, by track and start; return how many.

    The file's times are the UK's. Raises LookupError if a track has not been loaded.
    """
    tracks = _tracks()
    present = set(Session.objects.values_list("track__slug", "starts_at"))
    missing = [
        Session(
            track=_track(tracks, row["track"]),
            starts_at=_uk_moment(row["starts_at"]),
            ends_at=_uk_moment(row["ends_at"]),
        )
        for row in _rows("sessions.csv")
        if (row["track"], _uk_moment(row["starts_at"])) not in present
    ]
    return len(_store(missing, by=by))


@transaction.atomic
def copy_session(*, session: Session, starts_at: datetime, by: User) -> Session:
    """Store and return the same session at another time: as long, scheduled, without a link.

    Raises ValidationError if it is there already. A copy of an example is an example.
    """
    # Between moments of the UK's clock Python would subtract what the clock shows, which is an
    # hour out where the session runs over its change.
    lasts = session.ends_at.astimezone(UTC) - session.starts_at.astimezone(UTC)
    copy = Session(
        track=session.track,
        title=session.title,
        region=session.region,
        starts_at=starts_at,
        ends_at=starts_at.astimezone(UTC) + lasts,
        is_example=session.is_example,
    )
    return _store([copy], by=by)[0]


@transaction.atomic
def cancel_sessions(*, sessions: SessionQuerySet, by: User) -> int:
    """Cancel those that are not cancelled yet; return how many. Each change is in its history."""
    return _set_status(sessions.going_ahead(), Session.Status.CANCELLED, by)


@transaction.atomic
def mark_sessions_full(*, sessions: SessionQuerySet, by: User) -> int:
    """Mark the scheduled ones as full; return how many. Cancelled ones stay cancelled."""
    return _set_status(sessions.filter(status=Session.Status.SCHEDULED), Session.Status.FULL, by)


@transaction.atomic
def load_example_sessions(*, at: datetime) -> int:
    """Store the example sessions of the year after `at` that are not there yet; return how many.

    What is there already stays as it is. Raises LookupError if a track or a region has not been
    loaded.
    """
    tracks = _tracks()
    regions = {region.slug: region for region in Region.objects.all()}
    present = set(Session.objects.values_list("track__slug", "title", "starts_at", "region__slug"))
    missing = [
        Session(
            track=_track(tracks, example.track),
            title=example.title,
            region=_region(regions, example.region),
            starts_at=example.starts_at,
            ends_at=example.ends_at,
            status=example.status,
            registration_url=example.registration_url,
            is_example=True,
        )
        for example in examples_for_the_year(at)
        if (example.track, example.title, example.starts_at, example.region or None) not in present
    ]
    return len(_store(missing, by=None))


def _set_status(sessions: SessionQuerySet, status: str, by: User) -> int:
    """Give each of the sessions the status, and its history a line that says who did it."""
    changed = list(sessions.select_for_update(of=("self",)))
    for session in changed:
        session.status = status
    if changed:
        bulk_update_with_history(changed, Session, ["status"], default_user=by)
    return len(changed)


def _store(sessions: Sequence[Session], *, by: User | None) -> list[Session]:
    """Save new sessions once each is sound; their history says who made them."""
    for session in sessions:
        session.full_clean()
    return list(bulk_create_with_history(sessions, Session, default_user=by))


def _tracks() -> dict[str, Track]:
    return {track.slug: track for track in Track.objects.all()}


def _track(tracks: dict[str, Track], slug: str) -> Track:
    if slug not in tracks:
        raise LookupError(f"There is no track {slug!r}: load the tracks first.")
    return tracks[slug]


def _region(regions: dict[str, Region], slug: str) -> Region | None:
    if slug and slug not in regions:
        raise LookupError(f"There is no region {slug!r}: run load_reference first.")
    return regions.get(slug)


def _uk_moment(text: str) -> datetime:
    """Return the moment that a UK clock shows as `text`, such as 2025-03-17T15:30."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
