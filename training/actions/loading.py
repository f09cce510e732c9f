"""What the site ships with: the tracks, the known sessions, and examples."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from accounts.models import User
from govuk.dates import uk_moment
from regions.models import Region
from training.actions.entering import store
from training.examples import examples_for_the_year
from training.models import Session, Track

DATA: Final = Path(__file__).resolve().parent.parent / "data"


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
    """Store each known session that was never there, by track and start; return how many.

    One that somebody moved or deleted stays as they left it. Raises LookupError if a track has not
    been loaded.
    """
    tracks = _tracks()
    known = _ever("track__slug", "starts_at")
    missing = [
        Session(
            track=_track(tracks, track),
            starts_at=starts_at,
            ends_at=ends_at,
        )
        for (track, starts_at), ends_at in shipped_sessions().items()
        if (track, starts_at) not in known
    ]
    return len(store(missing, by=by))


def shipped_sessions() -> dict[tuple[str, datetime], datetime]:
    """Return when each known session ends, by its track's slug and its start.

    From the shipped file, whose times are the UK's: what editors made of them is in the table.
    """
    return {
        (row["track"], uk_moment(row["starts_at"])): uk_moment(row["ends_at"])
        for row in _rows("sessions.csv")
    }


@transaction.atomic
def load_example_sessions(*, at: datetime) -> int:
    """Store the example sessions of the year after `at` that were never there; return how many.

    What is there already stays as it is, also where somebody moved it. Raises LookupError if a
    track or a region has not been loaded.
    """
    tracks = _tracks()
    regions = {region.slug: region for region in Region.objects.all()}
    known = _ever("track__slug", "title", "starts_at", "region__slug")
    # What moved to another title or region still has its link, which no two sessions may share.
    links = set(Session.objects.values_list("registration_url", flat=True)) - {""}
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
        if (example.track, example.title, example.starts_at, example.region or None) not in known
        and example.registration_url not in links
    ]
    return len(store(missing, by=None))


def _ever(*columns: str) -> set[tuple[Any, ...]]:
    """Return these columns of every session as it is, as it moved, and as it ever was."""
    moved = [column.replace("starts_at", "previous_starts_at") for column in columns]
    return {
        *Session.objects.values_list(*columns),
        *Session.objects.values_list(*moved),
        *Session.history.values_list(*columns),
    }


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


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
