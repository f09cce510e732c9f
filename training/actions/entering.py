"""A year's dates at once: judged against what is stored, and stored all or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from simple_history.utils import bulk_create_with_history

from accounts.models import User
from govuk.dates import weekday_date_words
from regions.models import Region
from training.models import Session, SessionQuerySet, Track
from training.pasting import Known, Row, TrackWords, judge, read


class RowsRefusedError(Exception):
    """Some rows must be mended first, so none was stored. `rows` are all of them, as judged."""

    def __init__(self, rows: Sequence[Row]) -> None:
        super().__init__("Nothing was saved.")
        self.rows = rows


def read_paste(
    text: str, *, track: Track | None, region: Region | None, title: str, at: datetime
) -> list[Row]:
    """Return the lines as sessions, with what is wrong in each, compared with what is stored.

    Track, region and title are for the lines that say none.
    """
    rows = read(
        text,
        tracks=track_words(),
        track=track.slug if track else "",
        title=title,
        region=region.slug if region else "",
        regions={
            name: each.slug for each in Region.objects.all() for name in (each.name, each.slug)
        },
    )
    return judge_rows(rows, at=at)


def track_words() -> list[TrackWords]:
    """Return what a line may call each track."""
    return [TrackWords(each.slug, each.name, each.audience) for each in Track.objects.all()]


def judge_rows(rows: Sequence[Row], *, at: datetime, without: Iterable[int] = ()) -> list[Row]:
    """Return the rows with what is wrong in them, compared with all stored sessions.

    Those whose keys are in `without` are left out: the rows take their place.
    """
    known = _known(Session.objects.exclude(pk__in=without))
    return judge(rows, known=known, hosts=settings.REGISTRATION_HOSTS, at=at)


@transaction.atomic
def store_rows(rows: Sequence[Row], *, at: datetime, by: User) -> list[Session]:
    """Store a session for each row, all or none; return them.

    They are judged once more, for others may have stored some meanwhile. Raises RowsRefusedError
    if any has a mistake, ValidationError if the database knows better.
    """
    judged = judge_rows(rows, at=at)
    if any(row.mistakes for row in judged):
        raise RowsRefusedError(judged)
    tracks = {track.slug: track for track in Track.objects.all()}
    regions = {region.slug: region for region in Region.objects.all()}
    return store([_session(row, tracks, regions) for row in judged], by=by)


def store(sessions: Sequence[Session], *, by: User | None) -> list[Session]:
    """Save new sessions once each is sound; their history says who made them."""
    for session in sessions:
        session.full_clean()
    return list(bulk_create_with_history(sessions, Session, default_user=by))


def _session(row: Row, tracks: dict[str, Track], regions: dict[str, Region]) -> Session:
    if row.starts_at is None or row.ends_at is None:
        raise RowsRefusedError([row])
    return Session(
        track=tracks[row.track],
        title=row.title,
        region=regions.get(row.region),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        registration_url=row.registration_url,
    )


def _known(sessions: SessionQuerySet) -> list[Known]:
    return [
        Known(
            track=session.track.slug,
            title=session.title,
            region=session.region.slug if session.region else "",
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            registration_url=session.registration_url,
            words=weekday_date_words(session.starts_at),
        )
        for session in sessions.with_relations()
    ]
