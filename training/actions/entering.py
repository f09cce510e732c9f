"""A year's dates at once: judged against what is stored, and stored all or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from simple_history.utils import bulk_create_with_history

from accounts.models import User
from govuk.dates import weekday_date_words
from govuk.lines import on_one_line
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

    Track, region and title are for the lines that name none.
    """
    rows = read(
        text,
        tracks=track_words(),
        track=track.slug if track else "",
        title=title,
        region=region.slug if region else "",
        regions=region_names(),
    )
    return judge_rows(rows, at=at)


def track_words() -> list[TrackWords]:
    """Return what a line may call each track."""
    return [TrackWords(each.slug, each.name, each.audience) for each in Track.objects.all()]


def region_names() -> dict[str, str]:
    """Return each region's slug by the names that a line may give it."""
    return {name: each.slug for each in Region.objects.all() for name in (each.name, each.slug)}


def judge_rows(rows: Sequence[Row], *, at: datetime, noun: str = "line") -> list[Row]:
    """Return the rows with what is wrong in them, compared with all stored sessions.

    Those that the rows change are left out: the rows take their place. `noun` is what to call one.
    """
    replaced = [row.session_id for row in rows if row.session_id]
    known = _known(Session.objects.exclude(pk__in=replaced))
    return judge(rows, known=known, hosts=settings.REGISTRATION_HOSTS, at=at, noun=noun)


@transaction.atomic
def store_rows(rows: Sequence[Row], *, at: datetime, by: User) -> list[Session]:
    """Store a session for each row, all or none; return them.

    They are judged once more, for others may have stored some meanwhile. Raises RowsRefusedError
    if any has a mistake, ValidationError if a session breaks a constraint.
    """
    judged = judge_rows(rows, at=at)
    if any(row.mistakes for row in judged):
        raise RowsRefusedError(judged)
    return store(filled(judged, [Session() for _ in judged]), by=by)


def store(sessions: Sequence[Session], *, by: User | None) -> list[Session]:
    """Save new sessions once each is sound; their history says who made them."""
    for session in sessions:
        session.full_clean()
    return list(bulk_create_with_history(sessions, Session, default_user=by))


def filled(rows: Sequence[Row], sessions: Sequence[Session]) -> list[Session]:
    """Return the sessions, each with what its row says; none is saved.

    Raises RowsRefusedError for a row without its moments.
    """
    tracks = {track.slug: track for track in Track.objects.all()}
    regions = {region.slug: region for region in Region.objects.all()}
    for row, session in zip(rows, sessions, strict=True):
        if row.starts_at is None or row.ends_at is None:
            raise RowsRefusedError(rows)
        session.track = tracks[row.track]
        session.title = on_one_line(row.title)
        session.region = regions.get(row.region)
        session.starts_at = row.starts_at
        session.ends_at = row.ends_at
        session.registration_url = row.registration_url
        session.status = row.status
    return list(sessions)


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
