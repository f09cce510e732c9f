"""What every way of storing an edition needs: its number, its time, its sections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from guidance.drafts import DraftSection
from guidance.models import Edition, Page, Section
from training.models import Track


def next_number(page: Page) -> int:
    """Return the number of the page's next public edition."""
    newest: int = page.editions.aggregate(newest=Max("number"))["newest"] or 0
    return newest + 1


def not_before_the_last(page: Page, at: datetime) -> datetime:
    """Return the time, or that of the page's newest edition if it is later.

    Whoever waited for the lock read the clock before somebody else published.
    """
    newest = page.editions.aggregate(newest=Max("published_at"))["newest"]
    return max(at, newest) if newest else at


def copy_sections(source: Edition, target: Edition) -> None:
    """Copy the sections of one edition to another."""
    for section in source.sections.all():
        section.pk = None
        section.edition = target
        section.save()


def store_sections(*, edition: Edition, sections: Sequence[DraftSection]) -> None:
    """Store what is written in an edition, in this order.

    Raises ValidationError for a section that no draft could have, KeyError for an unknown track.
    """
    used = {section.track for section in sections if section.track}
    tracks = {track.slug: track for track in Track.objects.filter(slug__in=used)}
    for position, section in enumerate(sections, start=1):
        row = Section(
            edition=edition,
            position=position,
            level=section.level,
            heading=section.heading,
            anchor=section.anchor,
            markdown=section.markdown,
            embed=section.embed or Section.Embed.NONE,
            track=tracks[section.track] if section.track else None,
        )
        row.full_clean()
        row.save()
