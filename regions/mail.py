"""The mail about where a post's enquiries go from now on."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string

from outbox.envelope import Envelope
from regions.models import PostChange

POST_CHANGED = "post-changed"


def post_changed(row_id: int, at: datetime) -> Envelope | None:
    """Return the mail to one side, or the national team, about a change; None once forgotten."""
    row = PostChange.objects.filter(pk=row_id).first()
    if row is None:
        return None
    words = render_to_string(
        "regions/mail/post_changed.txt",
        {
            "title": row.title,
            "lines": row.lines.splitlines(),
            "who": row.who,
            "at": row.at,
            "is_national_team": row.recipient == settings.NATIONAL_TEAM_EMAIL,
            "national_team": settings.NATIONAL_TEAM_EMAIL,
        },
    )
    return Envelope(
        row.recipient,
        f"Changed: who gets the enquiries of {row.title}",
        "".join(words),
        reply_to=settings.NATIONAL_TEAM_EMAIL,
    )
