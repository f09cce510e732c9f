from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.training.factories import LINK, make_facts, uk
from training.session_facts import CANCELLED, FULL, SessionFacts
from training.structured_data import event, script_text

PAGE = "https://rpec.example/training/sessions/7/"


def data_of(facts: SessionFacts, at: datetime | None = None) -> dict[str, Any]:
    return event(
        facts,
        name="Training for DSLs",
        description="About the duty.",
        page_url=PAGE,
        at=at or uk("2026-01-01 09:00"),
    )


def test_a_session_is_an_online_event_of_schema_org() -> None:
    assert data_of(make_facts()) == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Training for DSLs",
        "description": "About the duty.",
        "url": PAGE,
        "startDate": "2026-02-10T15:30:00+00:00",
        "endDate": "2026-02-10T16:45:00+00:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": LINK},
        "organizer": {"@type": "Organization", "name": "Department for Education"},
        "audience": {
            "@type": "Audience",
            "audienceType": "Designated safeguarding leads (DSLs)",
        },
        "offers": {
            "@type": "Offer",
            "url": LINK,
            "availability": "https://schema.org/InStock",
        },
    }


def test_a_full_session_is_sold_out() -> None:
    offers = data_of(make_facts(status=FULL))["offers"]
    assert offers["availability"] == "https://schema.org/SoldOut"


def test_a_cancelled_session_says_so_and_offers_nothing() -> None:
    data = data_of(make_facts(status=CANCELLED))
    assert data["eventStatus"] == "https://schema.org/EventCancelled"
    assert "offers" not in data


def test_a_session_that_was_moved_is_rescheduled_and_says_from_when() -> None:
    moved = make_facts(moved_from=uk("2025-10-14 15:30"))
    data = data_of(moved)
    assert data["eventStatus"] == "https://schema.org/EventRescheduled"
    assert data["previousStartDate"] == "2025-10-14T15:30:00+01:00"
    assert data["startDate"] == "2026-02-10T15:30:00+00:00"
    cancelled = data_of(replace(moved, status=CANCELLED))
    assert cancelled["eventStatus"].endswith("/EventCancelled")


def test_there_is_no_offer_without_a_link_or_once_it_has_ended() -> None:
    without_link = data_of(make_facts(registration_url=""))
    assert "offers" not in without_link
    assert without_link["location"]["url"] == PAGE
    assert "offers" not in data_of(make_facts(), at=uk("2026-02-10 16:45"))


def test_no_text_can_end_the_script_element_that_holds_it() -> None:
    data = {"name": "</script><!-- <script> & \u2028 é"}
    text = script_text(data)
    assert not set("<>&") & set(text)
    assert json.loads(text) == data
