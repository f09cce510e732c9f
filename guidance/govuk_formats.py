"""Our editions in GOV.UK's formats: from rows to plain values."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db.models import Min

from guidance.content import Content, resolve_links
from guidance.drafts import DraftText
from guidance.live import as_it_stands, content_of
from guidance.models import Edition, Link, Origin
from guidance.text import markdown
from guidance.text.ids import RESERVED_ANCHORS
from guidance.whitehall.content_item import ContentItem, Update, Withdrawn
from guidance.whitehall.export import Exported, content_item, nations_of
from guidance.whitehall.govspeak import Govspeak, govspeak
from guidance.whitehall.sections import convert


def item_of(edition: Edition, *, at: datetime) -> dict[str, Any]:
    """Return a public edition as a content item; the live one as it stands at `at`.

    Needs `with_note()`. Raises ValueError where its text is not held.
    """
    frozen = edition.frozen()
    is_live = edition.state == Edition.State.PUBLISHED
    history = [
        Update(update.published_at, update.note)
        for update in edition.page.editions.public()
        .major()
        .filter(number__lte=edition.number)
        .with_note()
        .without_content()
        .oldest_first()
        if update.published_at
    ]
    first = _first_published(edition)
    published = edition.published_at or at
    origin = Origin.objects.filter(edition=edition).first()
    path = edition.page.get_absolute_url().rstrip("/")
    return content_item(
        Exported(
            content_id=str(origin.content_id if origin else _content_id(edition, path)),
            base_path=origin.base_path if origin else path,
            content=as_it_stands(frozen, at=at) if is_live else frozen,
            history=history,
            first_published_at=(origin and origin.first_published_at) or first,
            public_updated_at=(origin and origin.public_updated_at)
            or (history[-1].at if history else published),
            updated_at=origin.updated_at if origin else published,
            nations=origin.kept["nations"] if origin else nations_of(edition.page.applies_to),
            withdrawn=_withdrawn(edition),
            rest=origin.kept if origin else {},
        ),
        site_url=settings.SITE_URL,
    )


def govspeak_of(edition: Edition, *, at: datetime) -> Govspeak:
    """Return an edition's text as Govspeak: a draft's as it would be published at `at`."""
    text = edition.text()
    content = edition.frozen() if edition.is_public else content_of(text, at=at)
    return govspeak(
        text.sections,
        {section.anchor: section.embed for section in content.sections if section.embed},
        content.links,
        site_url=settings.SITE_URL,
    )


def content_of_item(item: ContentItem, *, at: datetime) -> Content:
    """Return what a content item says in our terms, to compare. Raises ConversionError."""
    sections = convert(item.body, reserved=RESERVED_ANCHORS).sections
    return content_of(DraftText(item.title, item.description, sections), at=at)


def _first_published(edition: Edition) -> datetime | None:
    """Return when the page was first published; None where updates came before that have no day."""
    if edition.page.earlier_notes.exists():
        return None
    first: datetime = edition.page.editions.public().aggregate(first=Min("published_at"))["first"]
    return first


def _content_id(edition: Edition, path: str) -> str:
    """Return the page's own identity: that of GOV.UK's if it came from there, else by address."""
    origin = Origin.objects.filter(edition__page=edition.page_id).order_by("-updated_at").first()
    return str(origin.content_id if origin else uuid5(NAMESPACE_URL, settings.SITE_URL + path))


def _withdrawn(edition: Edition) -> Withdrawn | None:
    withdrawal = edition.withdrawn
    if withdrawal is None:
        return None
    html = resolve_links(markdown.render(withdrawal.explanation), Link.objects.addresses())
    return Withdrawn(withdrawal.withdrawn_at, f'<div class="govspeak">{html}</div>')
