"""A session as other programs read it: the values of `/api/training/sessions`. No Django."""

from __future__ import annotations

from govuk.dates import in_london
from training.academic_years import AcademicYear
from training.sessions import SessionFacts


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
