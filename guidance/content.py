"""What an edition of a page says, as plain values: to freeze, to show, to compare."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from training.session_facts import SessionFacts

# Of the JSON that `to_json` writes. Frozen editions keep theirs, so `from_json` reads all of them.
VERSION: Final = 1

# As the cleaner writes links: attributes in any order, their values in double quotes and without
# angle brackets, and no link inside another.
_KEYED_LINK: Final = re.compile(
    r'<a(?P<before>(?: [a-z]+="[^"]*")*?) href="link:(?P<key>[^"]*)"'
    r'(?P<after>(?: [a-z]+="[^"]*")*)>(?P<text>.*?)</a>',
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class RegionFacts:
    """A region as the page lists it, with the names of the areas that it includes."""

    slug: str
    name: str
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegionsEmbed:
    """All regions, in the page's order."""

    regions: tuple[RegionFacts, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON's types."""
        return {
            "kind": "regions",
            "regions": [
                {"slug": region.slug, "name": region.name, "areas": list(region.areas)}
                for region in self.regions
            ],
        }


@dataclass(frozen=True, slots=True)
class SessionsEmbed:
    """The sessions that the page lists of one track (by its slug), soonest first."""

    track: str
    track_name: str
    audience: str
    sessions: tuple[SessionFacts, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON's types."""
        return {
            "kind": "sessions",
            "track": self.track,
            "track_name": self.track_name,
            "audience": self.audience,
            "sessions": [session.to_json() for session in self.sessions],
        }


Embed: TypeAlias = RegionsEmbed | SessionsEmbed


@dataclass(frozen=True, slots=True)
class ContentSection:
    """A heading (level 2 or 3) with its anchor, clean HTML below it, and what it embeds."""

    level: int
    heading: str
    anchor: str
    html: str
    embed: Embed | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that a page says. `links` are addresses by key; a blank one is not known."""

    title: str
    lead: str
    sections: tuple[ContentSection, ...]
    links: Mapping[str, str]

    def embeds(self) -> tuple[Embed, ...]:
        """Return what its sections embed, in their order."""
        return tuple(section.embed for section in self.sections if section.embed is not None)

    def with_embeds(self, current: Callable[[Embed], Embed]) -> Content:
        """Return the same content with each embed replaced by what `current` returns for it."""
        return replace(
            self,
            sections=tuple(
                section if section.embed is None else replace(section, embed=current(section.embed))
                for section in self.sections
            ),
        )

    def to_json(self) -> dict[str, Any]:
        """Return what an edition freezes, as JSON's types."""
        return {
            "version": VERSION,
            "title": self.title,
            "lead": self.lead,
            "sections": [
                {
                    "level": section.level,
                    "heading": section.heading,
                    "anchor": section.anchor,
                    "html": section.html,
                    "embed": section.embed and section.embed.to_json(),
                }
                for section in self.sections
            ],
            "links": dict(self.links),
        }

    @classmethod
    def from_json(cls, frozen: Mapping[str, Any]) -> Content:
        """Return the content that `to_json` froze.

        Raises ValueError for a version that this code does not know, KeyError for a missing part.
        """
        if frozen["version"] != VERSION:
            raise ValueError(f"Frozen content of version {frozen['version']} is not known.")
        return cls(
            title=frozen["title"],
            lead=frozen["lead"],
            sections=tuple(
                ContentSection(
                    level=section["level"],
                    heading=section["heading"],
                    anchor=section["anchor"],
                    html=section["html"],
                    embed=section["embed"] and _embed(section["embed"]),
                )
                for section in frozen["sections"]
            ),
            links=dict(frozen["links"]),
        )


def resolve_links(source: str, addresses: Mapping[str, str]) -> str:
    """Return clean HTML with the address of each keyed link put in.

    Where the address is blank or the key unknown, the link becomes its plain text: a reader is
    never sent to a made-up address.
    """

    def resolved(link: re.Match[str]) -> str:
        address = addresses.get(html.unescape(link["key"]), "")
        if not address:
            return link["text"]
        href = html.escape(address, quote=True)
        return f'<a{link["before"]} href="{href}"{link["after"]}>{link["text"]}</a>'

    return _KEYED_LINK.sub(resolved, source)


def _embed(frozen: Mapping[str, Any]) -> Embed:
    match frozen["kind"]:
        case "regions":
            return RegionsEmbed(
                tuple(
                    RegionFacts(region["slug"], region["name"], tuple(region["areas"]))
                    for region in frozen["regions"]
                )
            )
        case "sessions":
            return SessionsEmbed(
                track=frozen["track"],
                track_name=frozen["track_name"],
                audience=frozen["audience"],
                sessions=tuple(SessionFacts.from_json(facts) for facts in frozen["sessions"]),
            )
        case kind:
            raise ValueError(f"An embed of the kind {kind!r} is not known.")
