"""A session as search engines read it: schema.org's `Event`, as JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from govuk.dates import in_london
from training.session_facts import CANCELLED, FULL, SessionFacts

SCHEMA: Final = "https://schema.org"
# So that no text can close the script element that holds it, or open a comment in it.
_ESCAPES: Final = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def event(
    facts: SessionFacts,
    *,
    name: str,
    description: str,
    page_url: str,
    at: datetime,
) -> dict[str, Any]:
    """Return the session as an `Event`; `page_url` is absolute, times carry their UK offset.

    One that was moved is rescheduled, with when it began before.

    There is an offer only of what can still be asked for: not of a session that has ended, is
    cancelled or has no registration address.
    """
    data: dict[str, Any] = {
        "@context": SCHEMA,
        "@type": "Event",
        "name": name,
        "description": description,
        "url": page_url,
        "startDate": in_london(facts.starts_at).isoformat(),
        "endDate": in_london(facts.ends_at).isoformat(),
        "eventStatus": f"{SCHEMA}/{_event_status(facts)}",
        "eventAttendanceMode": f"{SCHEMA}/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": facts.registration_url or page_url},
        "organizer": {"@type": "Organization", "name": "Department for Education"},
        "audience": {"@type": "Audience", "audienceType": facts.audience},
    }
    if facts.moved_from:
        data["previousStartDate"] = in_london(facts.moved_from).isoformat()
    if facts.registration_url and facts.status != CANCELLED and not facts.is_past(at):
        availability = "SoldOut" if facts.status == FULL else "InStock"
        data["offers"] = {
            "@type": "Offer",
            "url": facts.registration_url,
            "availability": f"{SCHEMA}/{availability}",
        }
    return data


def _event_status(facts: SessionFacts) -> str:
    if facts.status == CANCELLED:
        return "EventCancelled"
    return "EventRescheduled" if facts.moved_from else "EventScheduled"


def script_text(data: Mapping[str, Any]) -> str:
    """Return JSON that is safe inside a script element, whatever its strings hold."""
    return json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
