"""Editors' Markdown as clean HTML: rendered when it is published, not when it is read.

Twice guarded: raw HTML is text to the renderer, and what it makes passes an allow-list. The only
classes are those of the boxes below (the names that GOV.UK's own pages use), so that what an
edition froze does not age with the style sheet.

Beyond CommonMark and tables it knows what editors know from Govspeak, GOV.UK's Markdown: boxes
(`$CTA` … `$CTA`), `^information^` and `%advice%`, steps (`s1. First`), a row's heading in a table
(`| # Heading | cell |`), abbreviations (`*[DSL]: designated safeguarding lead`) and a heading's
own anchor (`#### Heading {#anchor}`).

Nothing that stands in a text makes it take long or become much longer than it is: what would, stays
the text that it is. A text that is too long for any page is none (`UnrenderableError`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType

# Links to the outside go by key (link:prevent-referral): editors keep the addresses as data.
LINK_SCHEME: Final = "link"

# What stands alone on the lines around a box, and the class of the box.
BOXES: Final = {
    "$CTA": "call-to-action",
    "$C": "contact",
    "$A": "address",
    "$E": "example",
    "$I": "information",
    "$P": "place",
    "$D": "form-download",
}
NOTICE: Final = "application-notice"
# What stands at both ends of a paragraph that is set apart, and the class that its box has beside
# NOTICE.
NOTICES: Final = {"^": "info-notice", "%": "help-notice"}
STEPS: Final = "steps"
STEP: Final = re.compile(r"s\d{1,3}\. +(?P<text>\S.*)")

_TAGS: Final = {
    *("p", "br", "hr", "blockquote", "h3", "h4", "div"),
    *("ul", "ol", "li"),
    *("a", "strong", "em", "abbr", "code"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "h3": {"id"},
    "h4": {"id"},
    "ol": {"start"},
    "th": {"scope"},
}
_CLASSES: Final = {"div": {*BOXES.values(), NOTICE, *NOTICES.values()}, "ol": {STEPS}}
_SCHEMES: Final = {"http", "https", "mailto", "tel", LINK_SCHEME}
LOWEST_HEADING: Final = 4
_ABBREVIATION: Final = re.compile(r"\*\[(?P<short>[^\]\n]+)\]: *(?P<long>\S.*)")
_OWN_ANCHOR: Final = re.compile(r"(?<!\\)\{#(?P<anchor>[a-z0-9-]+)\}\Z")

# Characters of a text, and of the HTML that it may become.
LONGEST_SOURCE: Final = 250_000
LONGEST_HTML: Final = 1_500_000
# Characters that a text gets by what it says once and means often: the long forms of its
# abbreviations, and the addresses of links that are defined apart.
_MOST_ADDED: Final = 200_000
# Lines that are looked at, in all, for the ends of boxes.
_MOST_LINES_SOUGHT: Final = 50_000


class UnrenderableError(ValueError):
    """A text is too long for any page, or more than its renderer can take; in words for editors."""


def _nest_headings(state: StateCore) -> None:
    """Put a body's headings beneath its section's own, the most important one next to it."""
    headings = [token for token in state.tokens if token.type in {"heading_open", "heading_close"}]
    if not headings:
        return
    shift = state.env["level"] + 1 - min(int(token.tag[1:]) for token in headings)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1:]) + shift, LOWEST_HEADING)}"


def _head_columns(state: StateCore) -> None:
    """Mark each cell in a table's head as the heading of its column."""
    for token in state.tokens:
        if token.type == "th_open":
            token.attrSet("scope", "col")


def _headless_tables(state: StateCore) -> None:
    """Leave out a table's head where it is blank: Markdown has no table without one."""
    places = range(len(state.tokens))
    opened = [place for place in places if state.tokens[place].type == "thead_open"]
    closed = [place for place in places if state.tokens[place].type == "thead_close"]
    for first, last in reversed([*zip(opened, closed, strict=True)]):
        if not any(token.content for token in state.tokens[first:last]):
            del state.tokens[first : last + 1]


def _head_rows(state: StateCore) -> None:
    """Make a cell that begins with "# " the heading of its row."""
    for place, token in enumerate(state.tokens):
        text = state.tokens[place + 1] if token.type == "td_open" else None
        if text is None or not text.content.startswith("# "):
            continue
        text.content = text.content[2:]
        token.tag = state.tokens[place + 2].tag = "th"
        token.attrSet("scope", "row")


def _own_anchors(state: StateCore) -> None:
    """Set the anchor of each heading that ends with {#anchor}."""
    for place, token in enumerate(state.tokens):
        if token.type != "heading_open":
            continue
        text = state.tokens[place + 1]
        match = _OWN_ANCHOR.search(text.content)
        if match:
            text.content = text.content[: match.start()].rstrip(" ")
            token.attrSet("id", match["anchor"])


def _bound_links(state: StateCore) -> None:
    """Leave the words alone of links that would add too much: an address defined once, meant often.

    What stands in the text itself is never too much.
    """
    left = _MOST_ADDED + len(state.src)
    for token in state.tokens:
        plain = 0
        kept: list[Token] = []
        for child in token.children or []:
            if child.type == "link_open":
                left -= sum(len(str(value)) for value in child.attrs.values())
                plain += left < 0
            if not plain or child.type not in {"link_open", "link_close"}:
                kept.append(child)
            elif child.type == "link_close":
                plain -= 1
        if token.children:
            token.children = kept


def _abbreviate(state: StateCore) -> None:
    """Mark each abbreviation that the text defines with what it stands for."""
    known: dict[str, str] = state.env.get("abbreviations", {})
    if not known:
        return
    longest_first = sorted(known, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    state.env["left"] = _MOST_ADDED
    for token in state.tokens:
        if token.children:
            token.children = [
                piece
                for child in token.children
                for piece in _abbreviated(child, pattern, known, state.env)
            ]


def _abbreviated(
    token: Token, pattern: re.Pattern[str], known: dict[str, str], env: EnvType
) -> list[Token]:
    if token.type != "text" or not pattern.search(token.content):
        return [token]
    pieces: list[Token] = []
    place = 0
    for match in pattern.finditer(token.content):
        env["left"] -= len(known[match[0]])
        if env["left"] < 0:
            break
        pieces += [
            Token("text", "", 0, content=token.content[place : match.start()]),
            Token("abbr_open", "abbr", 1, attrs={"title": known[match[0]]}),
            Token("text", "", 0, content=match[0]),
            Token("abbr_close", "abbr", -1),
        ]
        place = match.end()
    return [*pieces, Token("text", "", 0, content=token.content[place:])]


def _line(state: StateBlock, number: int) -> str:
    """Return a line of what is parsed, without indentation; "" for one indented as code."""
    if state.is_code_block(number):
        return ""
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip()


def _lines(state: StateBlock, start: int, end: int) -> Iterator[int]:
    """Yield the numbers of the lines from `start` that the same quote or list's item holds.

    Where a text has had very many of its lines looked at for the ends of boxes, none any more.
    """
    for number in range(start, end):
        if state.sCount[number] < state.blkIndent and not state.isEmpty(number):
            return
        state.env["sought"] = state.env.get("sought", 0) + 1
        if state.env["sought"] > _MOST_LINES_SOUGHT:
            return
        yield number


def _box(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a box: what stands between two lines that name it."""
    fence = _line(state, start)
    if fence not in BOXES:
        return False
    close = next((n for n in _lines(state, start + 1, end) if _line(state, n) == fence), None)
    if close is None:
        return False
    if not silent:
        _push_box(state, BOXES[fence], start + 1, close)
        state.line = close + 1
    return True


def _notice(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read what is set apart, from a sign at a line's start to the next at one's end: ^so^."""
    first = _line(state, start)
    sign = first[:1]
    if sign not in NOTICES:
        return False
    lines = _lines(state, start, end)
    last = next((n for n in lines if _ends(_line(state, n), sign, own=n == start)), None)
    if last is None:
        return False
    if not silent:
        before = (state.bMarks[start], state.tShift[start], state.sCount[start], state.eMarks[last])
        begin = state.bMarks[start] + state.tShift[start] + 1
        state.eMarks[last] = (
            state.bMarks[last] + state.tShift[last] + len(_line(state, last)) - len(sign)
        )
        state.bMarks[start] = begin
        state.tShift[start] = state.skipSpaces(begin) - begin
        state.sCount[start] = state.blkIndent
        _push_box(state, f"{NOTICE} {NOTICES[sign]}", start, last + 1)
        state.bMarks[start], state.tShift[start], state.sCount[start], state.eMarks[last] = before
        state.line = last + 1
    return True


def _ends(line: str, sign: str, *, own: bool) -> bool:
    """Whether a line ends a notice; `own` is that of the one that begins it."""
    if not line.endswith(sign) or (own and len(line) < 3):
        return False
    before = line[:-1]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 0


def _push_box(state: StateBlock, class_name: str, start: int, end: int) -> None:
    state.push("box_open", "div", 1).attrSet("class", class_name)
    whole, state.lineMax = state.lineMax, end
    state.md.block.tokenize(state, start, end)
    state.lineMax = whole
    state.push("box_close", "div", -1)


def _steps(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read lines such as "s1. First" as steps."""
    if not STEP.fullmatch(_line(state, start)):
        return False
    if not silent:
        state.push("steps_open", "ol", 1).attrSet("class", STEPS)
        number = start
        while number < end and (step := STEP.fullmatch(_line(state, number))):
            state.push("list_item_open", "li", 1)
            _push_paragraph(state, step["text"], number)
            state.push("list_item_close", "li", -1)
            number += 1
        state.push("steps_close", "ol", -1)
        state.line = number
    return True


def _define(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read the definition of an abbreviation; nothing of it is shown."""
    match = _ABBREVIATION.fullmatch(_line(state, start))
    if match is None:
        return False
    if not silent:
        state.env.setdefault("abbreviations", {})[match["short"]] = match["long"]
        state.line = start + 1
    return True


def _push_paragraph(state: StateBlock, text: str, line: int) -> None:
    state.push("paragraph_open", "p", 1)
    inline = state.push("inline", "", 0)
    inline.content = text
    inline.map = [line, line + 1]
    inline.children = []
    state.push("paragraph_close", "p", -1)


def _renderer() -> MarkdownIt:
    # Indented and fenced code is left out: what an editor indents is meant to be text.
    renderer = (
        MarkdownIt("commonmark", {"html": False})
        .enable("table")
        .disable(["image", "code", "fence", "html_block", "html_inline"])
    )
    interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    for name, rule in (("box", _box), ("notice", _notice), ("steps", _steps)):
        renderer.block.ruler.before("table", name, rule, interrupts)
    renderer.block.ruler.before("reference", "abbreviation", _define, interrupts)
    renderer.core.ruler.before("inline", "headless_tables", _headless_tables)
    renderer.core.ruler.before("inline", "head_rows", _head_rows)
    renderer.core.ruler.before("inline", "own_anchors", _own_anchors)
    renderer.core.ruler.push("bound_links", _bound_links)
    renderer.core.ruler.push("nest_headings", _nest_headings)
    renderer.core.ruler.push("head_columns", _head_columns)
    renderer.core.ruler.push("abbreviate", _abbreviate)
    return renderer


_RENDERER: Final = _renderer()


def render(source: str, *, level: int = 2) -> str:
    """Return the HTML of a section's body; `level` (2 or 3) is that of the section's heading.

    Links keep their key (`href="link:…"`): `content.resolve_links` puts the addresses in. Raises
    UnrenderableError. The last few texts are not rendered again: a draft is looked at many times.
    """
    return _rendered(source, level)


@lru_cache(maxsize=32)
def _rendered(source: str, level: int) -> str:
    if len(source) > LONGEST_SOURCE:
        raise UnrenderableError(f"It is longer than {LONGEST_SOURCE:,} characters.")
    try:
        html = _RENDERER.render(source, {"level": level})
    except RecursionError as error:
        raise UnrenderableError("Its parts stand too deep within each other.") from error
    if len(html) > LONGEST_HTML:
        raise UnrenderableError("As a web page it would be too long.")
    return _clean(html)


render_info: Final = _rendered.cache_info
"""How many texts were rendered (`misses`), and how many stood rendered already."""


def _clean(html: str) -> str:
    try:
        return nh3.clean(
            html,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            allowed_classes=_CLASSES,
            url_schemes=_SCHEMES,
            link_rel=None,
        ).strip()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # A panic of the cleaner's is none of Python's exceptions.
        raise UnrenderableError("It cannot be made into a web page.") from error
