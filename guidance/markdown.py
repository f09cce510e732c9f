"""Editors' Markdown as clean HTML: rendered when it is published, not when it is read. No Django.

Twice guarded: raw HTML is text to the renderer, and what it makes passes an allow-list. The
result carries no classes, so that what an edition froze does not age with the style sheet.
"""

from __future__ import annotations

from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

# Links to the outside go by key (link:prevent-referral): editors keep the addresses as data.
LINK_SCHEME: Final = "link"

_TAGS: Final = {
    *("p", "br", "hr", "blockquote", "h3", "h4"),
    *("ul", "ol", "li"),
    *("a", "strong", "em", "abbr", "code"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "ol": {"start"},
    "th": {"scope"},
}
_SCHEMES: Final = {"http", "https", "mailto", "tel", LINK_SCHEME}
_LOWEST_HEADING: Final = 4


def _nest_headings(state: StateCore) -> None:
    """Put a body's headings beneath its section's own, the most important one next to it."""
    headings = [token for token in state.tokens if token.type in {"heading_open", "heading_close"}]
    if not headings:
        return
    shift = state.env["level"] + 1 - min(int(token.tag[1:]) for token in headings)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1:]) + shift, _LOWEST_HEADING)}"


def _head_columns(state: StateCore) -> None:
    """Say of each cell in a table's head that it heads its column."""
    for token in state.tokens:
        if token.type == "th_open":
            token.attrSet("scope", "col")


def _renderer() -> MarkdownIt:
    # Indented and fenced code is left out: what an editor indents is meant to be text.
    renderer = (
        MarkdownIt("commonmark", {"html": False})
        .enable("table")
        .disable(["image", "code", "fence", "html_block", "html_inline"])
    )
    renderer.core.ruler.push("nest_headings", _nest_headings)
    renderer.core.ruler.push("head_columns", _head_columns)
    return renderer


_RENDERER: Final = _renderer()


def render(source: str, *, level: int = 2) -> str:
    """Return the HTML of a section's body; `level` (2 or 3) is that of the section's heading.

    Links keep their key (`href="link:…"`): `content.resolve_links` puts the addresses in.
    """
    return nh3.clean(
        _RENDERER.render(source, {"level": level}),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
    ).strip()
