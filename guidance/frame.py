"""What stands around a page's words for its readers: its dates, its log, what happened to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.urls import reverse

from govuk.dates import date_words
from guidance.content import Content
from guidance.layout import chapters
from guidance.log import explanation_html, log_lines, publication_day, redaction_marks, successor
from guidance.models import Edition, Withdrawal

_UPDATES: Final = {"heading": "Updates to this page", "anchor": "updates", "level": 2}


def page_context(edition: Edition, content: Content, *, at: datetime) -> dict[str, Any]:
    """Return what the page's template shows: the content under the dates and log of the page."""
    editions = list(edition.page.editions.public().without_content().with_note().newest_first())
    updates = [e for e in editions if e.update_type == Edition.UpdateType.MAJOR]
    # The same edition with what happened to it; a draft is not among them.
    shown = next((e for e in editions if e == edition), None)
    withdrawal = shown.withdrawn if shown else None
    earlier_notes = list(edition.page.earlier_notes.all())
    # Before the oldest edition there were updates whose days nobody knows, its publication too.
    published = publication_day(editions[-1]) if editions and not earlier_notes else ""
    updated = publication_day(updates[0]) if updates else ""
    return {
        "content": content,
        "chapters": chapters(content, at=None if withdrawal else at),
        "contents": [*content.sections, _UPDATES],
        "published": published,
        "updated": updated if updated != published else "",
        "updates": log_lines(edition.page, editions[::-1]),
        "earlier_notes": earlier_notes,
        **withdrawal_context(withdrawal),
        "redactions": redaction_marks(shown, of="this page") if shown and shown.is_redacted else [],
        "has_restated": any(known.is_restated for known in editions),
        "minor_changes": len(editions) - len(updates),
        # What is withdrawn promises no dates.
        "instead_of_dates": [] if withdrawal else _instead_of_dates(),
        "history_url": edition.page.get_history_url(),
        "feed_url": reverse("guidance:updates", args=[edition.page.slug]),
    }


def withdrawal_context(withdrawal: Withdrawal | None) -> dict[str, Any]:
    """Return what `guidance/_withdrawn.html` shows."""
    return {
        "withdrawal": withdrawal,
        "withdrawn_on": _withdrawal_day(withdrawal),
        "explanation": explanation_html(withdrawal),
        "instead": successor(withdrawal),
    }


def _withdrawal_day(withdrawal: Withdrawal | None) -> str:
    """Return the UK day of a withdrawal in words; of some nobody knows it."""
    if withdrawal is None:
        return ""
    at = withdrawal.withdrawn_at
    return date_words(at) if at else "date not known"


def _instead_of_dates() -> list[dict[str, str]]:
    """Return what a reader can do while no date is planned: text and url, the likeliest first."""
    return [
        {
            "text": "Ask your co-ordinator about training",
            "url": reverse("contact:form") + "?topic=training",
        },
        {"text": "See past dates", "url": reverse("training:past")},
    ]
