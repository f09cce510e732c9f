"""Plain factories: regions, tracks, sessions. Times are UK times."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from govuk.dates import LONDON
from regions.models import Region
from training.models import Session, Track
from training.session_facts import SCHEDULED, SessionFacts

LINK = "https://www.eventbrite.co.uk/e/123456789012"


def uk(text: str) -> datetime:
    """The moment that a UK clock shows as `text`: 2025-07-03 15:30."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def make_region(slug: str = "north-east", name: str = "North-East", position: int = 2) -> Region:
    return Region.objects.get_or_create(slug=slug, defaults={"name": name, "position": position})[0]


def make_track(slug: str = "dsl", **fields: Any) -> Track:
    names = {
        "dsl": "Training for designated safeguarding leads (DSLs)",
        "governors": "Training for governors and trustees in schools",
    }
    audiences = {
        "dsl": "Designated safeguarding leads (DSLs)",
        "governors": "Governors and trustees in schools",
    }
    values: dict[str, Any] = {
        "name": names.get(slug, f"Training: {slug}"),
        "audience": audiences.get(slug, f"People of {slug}"),
        "summary": "Your responsibilities, and why the Prevent duty matters.",
        "position": {"dsl": 1, "governors": 2}.get(slug, 3),
        **fields,
    }
    return Track.objects.get_or_create(slug=slug, defaults=values)[0]


def make_session(
    starts_at: datetime,
    *,
    track: Track | None = None,
    lasts: timedelta = timedelta(minutes=75),
    **fields: Any,
) -> Session:
    return Session.objects.create(
        track=track or make_track(),
        starts_at=starts_at,
        ends_at=fields.pop("ends_at", starts_at + lasts),
        **fields,
    )


def make_facts(**fields: Any) -> SessionFacts:
    values: dict[str, Any] = {
        "id": 7,
        "url": "/training/sessions/7/",
        "track": "dsl",
        "title": "",
        "audience": "Designated safeguarding leads (DSLs)",
        "starts_at": uk("2026-02-10 15:30"),
        "ends_at": uk("2026-02-10 16:45"),
        "status": SCHEDULED,
        "registration_url": LINK,
        "region_slug": "",
        "region_name": "",
        **fields,
    }
    return SessionFacts(**values)
