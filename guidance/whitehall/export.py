"""A page in GOV.UK's own format, for programs that read content items."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from guidance.content import (
    Content,
    ContentSection,
    Embed,
    RegionsEmbed,
    SessionsEmbed,
    resolve_links,
)
from guidance.whitehall.content_item import NATIONS, SCHEMA, Update, Withdrawn
from training.session_facts import CANCELLED, FULL, SessionFacts

_ABBREVIATION: Final = re.compile(r'<abbr title="(?P<long>[^"]*)">(?P<short>[^<]*)</abbr>')
_HREF: Final = re.compile(r'(?<= href=")(?=/(?!/))')


@dataclass(frozen=True, slots=True)
class Exported:
    """What a content item says of a page at one edition. `history` is oldest first.

    `rest` is what else its own content item said, if it was imported (see `Origin`); `nations` is
    None where it applies to all of them; `first_published_at` is None where nobody knows.
    """

    content_id: str
    base_path: str
    content: Content
    history: Sequence[Update]
    first_published_at: datetime | None
    public_updated_at: datetime
    updated_at: datetime
    nations: Mapping[str, Any] | None
    withdrawn: Withdrawn | None
    rest: Mapping[str, Any]


def content_item(page: Exported, *, site_url: str) -> dict[str, Any]:
    """Return a page as JSON's types, by the frontend schema of a `detailed_guide`."""
    details: dict[str, Any] = {
        "political": False,
        **page.rest.get("details", {}),
        "body": body(page.content, site_url=site_url),
        "change_history": [
            {"public_timestamp": update.at.isoformat(), "note": update.note}
            for update in reversed(page.history)
        ],
    }
    if page.first_published_at is not None:
        details["first_public_at"] = page.first_published_at.isoformat()
    if headers := _headers(page.content.sections):
        details["headers"] = headers
    if page.nations is not None:
        details["national_applicability"] = dict(page.nations)
    item: dict[str, Any] = {
        **page.rest.get("item", {}),
        "base_path": page.base_path,
        "content_id": page.content_id,
        "description": page.content.lead,
        "details": details,
        "document_type": SCHEMA,
        "links": page.rest.get("links", {}),
        "locale": "en",
        "public_updated_at": page.public_updated_at.isoformat(),
        "schema_name": SCHEMA,
        "title": page.content.title,
        "updated_at": page.updated_at.isoformat(),
    }
    if page.first_published_at is not None:
        item["first_published_at"] = page.first_published_at.isoformat()
    if page.withdrawn is not None:
        item["withdrawn_notice"] = {"explanation": page.withdrawn.explanation}
        if page.withdrawn.at:
            item["withdrawn_notice"]["withdrawn_at"] = page.withdrawn.at.isoformat()
    return item


def nations_of(applies_to: str) -> dict[str, Any] | None:
    """Return in the schema's terms where a page applies, from its words; None for everywhere."""
    if not applies_to:
        return None
    return {key: {"label": name, "applicable": name in applies_to} for key, name in NATIONS.items()}


def body(content: Content, *, site_url: str) -> str:
    """Return all that a page says as one HTML text, links to this site with its address."""
    abbreviations = {
        html.unescape(match["short"]): match[0]
        for section in content.sections
        for match in _ABBREVIATION.finditer(section.html)
    }
    parts = [
        part
        for section in content.sections
        for part in _section(section, content.links, abbreviations)
    ]
    inner = "\n\n".join(part for part in parts if part)
    return f'<div class="govspeak">{with_addresses(inner, site_url)}</div>'


def with_addresses(source: str, site_url: str) -> str:
    """Return clean HTML, its links within this site with the site's address."""
    return _HREF.sub(site_url, source)


def _section(
    section: ContentSection, links: Mapping[str, str], abbreviations: Mapping[str, str]
) -> Iterator[str]:
    if section.heading:
        tag = f"h{section.level}"
        heading = _abbreviated(section.heading, abbreviations)
        yield f'<{tag} id="{section.anchor}">{heading}</{tag}>'
    yield resolve_links(section.html, links)
    if section.embed is not None:
        yield embed_html(section.embed)


def _abbreviated(text: str, abbreviations: Mapping[str, str]) -> str:
    """Return a heading, what its page abbreviates marked in it as in the text."""
    if not abbreviations:
        return html.escape(text, quote=False)
    longest_first = sorted(abbreviations, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)")
    pieces = pattern.split(text)
    return "".join(
        abbreviations[piece] if place % 2 else html.escape(piece, quote=False)
        for place, piece in enumerate(pieces)
    )


def embed_html(embed: Embed) -> str:
    """Return what a section shows below its text."""
    if isinstance(embed, RegionsEmbed):
        return _list(
            f"<strong>{html.escape(region.name)}</strong>"
            + (f": including {html.escape(', '.join(region.areas))}" if region.areas else "")
            for region in embed.regions
        )
    return _sessions(embed)


def _sessions(embed: SessionsEmbed) -> str:
    if not embed.sessions:
        return "<p>No dates are planned at the moment.</p>"
    rows = "".join(
        f"<tr><td>{session.weekday_date}</td><td>{session.time_range}</td>"
        f"<td>{_booking(session)}</td></tr>"
        for session in embed.sessions
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Date", "UK time", "Booking"))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _booking(session: SessionFacts) -> str:
    if session.status in (CANCELLED, FULL):
        return session.status.capitalize()
    if not session.registration_url:
        return session.no_link
    return f'<a href="{html.escape(session.registration_url)}">Register</a>'


def _list(items: Iterator[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _headers(sections: Sequence[ContentSection]) -> list[dict[str, Any]]:
    """Return the headings, those of level 3 below theirs of level 2."""
    headers: list[dict[str, Any]] = []
    for section in sections:
        if not section.heading:
            continue
        header = {"text": section.heading, "level": section.level, "id": section.anchor}
        if section.level == 2 or not headers:
            headers.append(header)
        else:
            headers[-1].setdefault("headers", []).append(header)
    return headers
