"""How a page's content is laid out for its reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from guidance.content import (
    Content,
    ContentSection,
    RegionFacts,
    RegionsEmbed,
    SessionsEmbed,
    resolve_links,
)
from guidance.text.ids import Ids
from training.session_facts import SessionRow

# What people may need in a hurry: set apart wherever a page has a section of this anchor.
URGENT_ANCHOR: Final = "report-a-concern"


@dataclass(frozen=True, slots=True)
class SessionLines:
    """The sessions of one track as lines of a table; there may be none."""

    track: str
    track_name: str
    audience: str
    rows: tuple[SessionRow, ...]


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section with its links' addresses put in, and what is shown below its text.

    `html` is what the cleaner let through (see `markdown.render`), so a template may print it as
    it is.
    """

    level: int
    heading: str
    anchor: str
    html: str
    regions: tuple[RegionFacts, ...]
    sessions: SessionLines | None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section of level 2 with the sections of level 3 that follow it."""

    is_urgent: bool
    sections: tuple[ShownSection, ...]


def chapters(content: Content, *, at: datetime | None) -> list[Chapter]:
    """Return the content in chapters; sessions are over, or not, as things stand at `at`.

    None: as they were when the content was frozen, whatever the day is today.
    """
    groups: list[list[ContentSection]] = []
    ids = Ids(section.anchor for section in content.sections)
    for section in content.sections:
        if section.level == 2 or not groups:
            groups.append([])
        groups[-1].append(section)
    return [
        Chapter(
            is_urgent=group[0].anchor == URGENT_ANCHOR,
            sections=tuple(_shown(section, content, ids, at) for section in group),
        )
        for group in groups
    ]


def _shown(
    section: ContentSection, content: Content, ids: Ids, at: datetime | None
) -> ShownSection:
    embed = section.embed
    return ShownSection(
        level=section.level,
        heading=section.heading,
        anchor=section.anchor,
        html=_with_scrolling_tables(ids.of_headings(resolve_links(section.html, content.links))),
        regions=embed.regions if isinstance(embed, RegionsEmbed) else (),
        sessions=_lines(embed, at) if isinstance(embed, SessionsEmbed) else None,
    )


def _lines(embed: SessionsEmbed, at: datetime | None) -> SessionLines:
    return SessionLines(
        track=embed.track,
        track_name=embed.track_name,
        audience=embed.audience,
        # At its own start no session has ended.
        rows=tuple(
            session.row(at or session.starts_at, under_track=True) for session in embed.sessions
        ),
    )


def _with_scrolling_tables(html: str) -> str:
    """Return clean HTML in which a wide table scrolls by itself, by the keyboard too.

    A table stands in no other, and the cleaner gives it no attributes.
    """
    around = '<div class="rpec-table" role="group" aria-label="Table" tabindex="0"><table>'
    return html.replace("<table>", around).replace("</table>", "</table></div>")
