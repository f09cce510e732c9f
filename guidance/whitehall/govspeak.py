"""An edition's text as Govspeak, GOV.UK's Markdown, to paste into Whitehall."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from guidance.content import Embed, resolve_links
from guidance.drafts import DraftSection
from guidance.text.blocks import Block, tokens_of
from guidance.text.markdown import render
from guidance.whitehall.body_html import Reader
from guidance.whitehall.export import embed_html, with_addresses
from guidance.whitehall.govspeak_blocks import Writer


@dataclass(frozen=True, slots=True)
class Govspeak:
    """A text for Whitehall, and in words what could not be carried as it was."""

    text: str
    not_carried: tuple[str, ...]


def govspeak(
    sections: Sequence[DraftSection],
    embeds: Mapping[str, Embed],
    links: Mapping[str, str],
    *,
    site_url: str,
) -> Govspeak:
    """Return sections as one Govspeak text.

    `embeds` are what sections show below their text, by anchor, and `links` the addresses by key:
    a link whose address is not known becomes its words. Links within this site get its address.

    It is written from what readers see, for there a body's headings have their level, and
    no key is left.
    """
    writer = Writer()
    blocks = [block for section in sections for block in _blocks(section, embeds, links, site_url)]
    return Govspeak(writer.write(blocks) + "\n", tuple(writer.notes))


def _blocks(
    section: DraftSection, embeds: Mapping[str, Embed], links: Mapping[str, str], site_url: str
) -> Iterator[Block]:
    if section.heading:
        anchor = (("id", section.anchor),)
        yield Block(f"h{section.level}", anchor, tokens_of(section.heading))
    html = resolve_links(render(section.markdown, level=section.level), links)
    embed = embeds.get(section.anchor)
    if embed is not None:
        html += embed_html(embed)
    yield from Reader().read(with_addresses(html, site_url))
