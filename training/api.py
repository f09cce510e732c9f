"""Sessions as JSON, for any site to use."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db.models import Value
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.generic import View

from govuk.dates import in_london
from regions.models import Region
from training.academic_years import AcademicYear
from training.models import Session, SessionQuerySet, Track
from training.session_facts import SessionFacts

# Characters of what was asked that an answer repeats.
LONGEST_QUOTE: Final = 100


class RefusedError(ValueError):
    """What was asked is not known; why, in a sentence for whoever asked."""


class Sessions(View):
    """The sessions to come, soonest first; with `?past=1` those that have ended, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            return JsonResponse(
                {
                    "sessions": [
                        session_item(
                            session.facts(),
                            title=session.display_title,
                            site_url=settings.SITE_URL,
                        )
                        for session in _asked_for(
                            track=request.GET.get("track", ""),
                            region=request.GET.get("region", ""),
                            past=request.GET.get("past", ""),
                        )
                    ]
                }
            )
        except RefusedError as refusal:
            return JsonResponse({"error": str(refusal)}, status=400)


def session_item(facts: SessionFacts, *, title: str, site_url: str) -> dict[str, object]:
    """Return the session as JSON's types; its names are promised to other programs.

    `title` is the one that readers see. Times are ISO 8601 with their UK offset, which tells apart
    the two hours of the same name when the clocks go back.
    """
    return {
        "id": facts.id,
        "url": site_url + facts.url,
        "track": facts.track,
        "title": title,
        "region": facts.region_slug or None,
        "starts_at": in_london(facts.starts_at).isoformat(),
        "ends_at": in_london(facts.ends_at).isoformat(),
        "status": facts.status,
        "registration_url": facts.registration_url or None,
        "academic_year": AcademicYear.of(facts.starts_at).label,
    }


def _asked_for(*, track: str, region: str, past: str) -> SessionQuerySet:
    """Return the sessions of a track, a region and a time, "" for any. Raises RefusedError."""
    if past not in ("", "0", "1"):
        raise RefusedError(f"“past” must be 0 or 1, not {_quoted(past)}.")
    if track or region:
        known = _known_slugs()
        if track and ("track", track) not in known:
            raise RefusedError(f"There is no track {_quoted(track)}.")
        if region and ("region", region) not in known:
            raise RefusedError(f"There is no region {_quoted(region)}.")
    public = Session.objects.public().with_relations()
    if track:
        public = public.filter(track__slug=track)
    if region:
        public = public.for_region(region)
    at = timezone.now()
    return public.past(at=at) if past == "1" else public.upcoming(at=at)


def _known_slugs() -> set[tuple[str, str]]:
    """Return every track and region by kind and slug, in one query.

    They are compared here: not every database takes every text that is sent.
    """
    tracks = Track.objects.order_by().annotate(kind=Value("track")).values_list("kind", "slug")
    regions = Region.objects.order_by().annotate(kind=Value("region")).values_list("kind", "slug")
    return set(tracks.union(regions))


def _quoted(text: str) -> str:
    """Return what was sent in quotation marks, cut where it is long."""
    shown = text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"
    return f"“{shown}”"
