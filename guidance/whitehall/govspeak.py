"""An edition's text as Govspeak, GOV.UK's Markdown, to paste into Whitehall."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from guidance.content import Embed, resolve_links
from guidance.drafts import DraftSection
from guidance.text.blocks import Block, tokens_of
from guidance.text.markdown import render
from guidance.text.markdown_writer import write
from guidance.whitehall.body_html import Reader
from guidance.whitehall.export import embed_html, with_addresses

_BREAK: Final = re.compile(r"\\\n")


def govspeak(
    sections: Sequence[DraftSection],
    embeds: Mapping[str, Embed],
    links: Mapping[str, str],
    *,
    site_url: str,
) -> str:
    """Return sections as one Govspeak text.

    `embeds` are what sections show below their text, by anchor, and `links` the addresses by key:
    a link whose address is not known becomes its words. Links within this site get its address.

    It is written from what readers see, for there a body's headings have their level, and
    no key is left.
    """
    blocks = [block for section in sections for block in _blocks(section, embeds, links, site_url)]
    # Kramdown breaks a line at two spaces.
    return _BREAK.sub("  \n", write(blocks)) + "\n"


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
