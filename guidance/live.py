"""What a page says today: the text that its edition froze, over today's regions and sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from django.db.models import Prefetch

from guidance.content import (
    Content,
    ContentSection,
    Embed,
    RegionFacts,
    RegionsEmbed,
    SessionsEmbed,
)
from guidance.drafts import DraftSection, DraftText
from guidance.models import Edition, Link, Section
from guidance.text import markdown
from guidance.text.markdown import UnrenderableError
from regions.models import Area, Region
from training.models import Session, SessionQuerySet, Track


def as_it_stands(content: Content, *, at: datetime, with_examples: bool = True) -> Content:
    """Return the content with the regions, the sessions to come and the links as they are at `at`.

    Examples are shown to readers of an example site, but have no place in the page's history.

    A track that is gone keeps the name that was frozen, and has no sessions. The number of
    queries depends only on which kinds of things the page shows.
    """
    embeds = content.embeds()
    slugs = [embed.track for embed in embeds if isinstance(embed, SessionsEmbed)]
    regions = _regions() if any(isinstance(embed, RegionsEmbed) for embed in embeds) else None
    sessions = Session.objects.public() if with_examples else Session.objects.without_examples()
    tracks = _sessions(sessions, slugs, at=at) if slugs else {}

    def current(embed: Embed) -> Embed:
        if isinstance(embed, RegionsEmbed):
            return regions or embed
        return tracks.get(embed.track) or replace(embed, sessions=())

    return replace(content.with_embeds(current), links=Link.objects.addresses())


def draft_content(edition: Edition, *, at: datetime, with_examples: bool = True) -> Content:
    """Return what readers would see if this edition's sections were published at `at`."""
    return content_of(edition.text(), at=at, with_examples=with_examples)


def content_of(text: DraftText, *, at: datetime, with_examples: bool = True) -> Content:
    """Return what readers would see if this text were published at `at`."""
    return as_it_stands(rendered(text, _empty_embed), at=at, with_examples=with_examples)


def render_whole(text: DraftText) -> None:
    """Render all of a text, so that nothing of it need be rendered again soon.

    Raises UnrenderableError, in words for editors, for what no page can show.
    """
    if sum(len(section.markdown) for section in text.sections) > markdown.LONGEST_SOURCE:
        raise UnrenderableError(
            f"All sections together are longer than {markdown.LONGEST_SOURCE:,} characters."
        )
    for section in text.sections:
        try:
            markdown.render(section.markdown, level=section.level)
        except UnrenderableError as error:
            raise UnrenderableError(f"The section “{section.heading}”: {error}") from error


def rendered(
    text: DraftText,
    embed_of: Callable[[DraftSection], Embed | None] = lambda _: None,
    links: Mapping[str, str] = MappingProxyType({}),
) -> Content:
    """Return a text as readers see it; `embed_of` returns what a section shows below its words.

    `links` are addresses by key. A section that no page can show is a sentence that says so:
    whoever works on the text can still open, mend or discard it.
    """
    return Content(
        title=text.title,
        lead=text.lead,
        sections=tuple(
            ContentSection(
                level=section.level,
                heading=section.heading,
                anchor=section.anchor,
                html=html,
                embed=embed_of(section),
            )
            for section, html in zip(text.sections, _shown(text.sections), strict=True)
        ),
        links=links,
    )


def _shown(sections: Sequence[DraftSection]) -> Iterator[str]:
    left = markdown.LONGEST_SOURCE
    for section in sections:
        left -= len(section.markdown)
        try:
            if left < 0:
                raise UnrenderableError("The text is too long up to here.")
            yield markdown.render(section.markdown, level=section.level)
        except UnrenderableError as error:
            yield f"<p>This section cannot be shown. {error}</p>"


def _empty_embed(section: DraftSection) -> Embed | None:
    """Return what a section shows below its text, still without the facts of the day."""
    if section.embed == Section.Embed.REGIONS:
        return RegionsEmbed(())
    if section.embed == Section.Embed.SESSIONS:
        return SessionsEmbed(section.track, "", "", ())
    return None


def _regions() -> RegionsEmbed:
    return RegionsEmbed(
        tuple(
            RegionFacts(
                slug=region.slug,
                name=region.name,
                areas=tuple(area.name for area in region.areas.all()),
            )
            for region in Region.objects.prefetch_related(Prefetch("areas", Area.objects.listed()))
        )
    )


def _sessions(
    sessions: SessionQuerySet, slugs: list[str], *, at: datetime
) -> dict[str, SessionsEmbed]:
    upcoming = [
        session.facts()
        for session in sessions.upcoming(at=at).filter(track__slug__in=slugs).with_relations()
    ]
    return {
        track.slug: SessionsEmbed(
            track=track.slug,
            track_name=track.name,
            audience=track.audience,
            sessions=tuple(facts for facts in upcoming if facts.track == track.slug),
        )
        for track in Track.objects.filter(slug__in=slugs)
    }
