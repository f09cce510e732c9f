"""Blocks as Govspeak, by the rules of its own reader: kramdown behind the govspeak gem.

It is not the writer for our renderer: the two read the same signs otherwise. What Govspeak cannot
say is written as something that it can, and noted.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final

from guidance.text.blocks import Block, Mark, Token
from guidance.text.markdown import BOXES, NOTICE, NOTICES, STEPS
from guidance.text.normal_form import normal_tokens
from guidance.whitehall.govspeak_words import PAGE_BREAK, Words, definition

_FENCES: Final = {class_name: fence for fence, class_name in BOXES.items()}
_SIGNS: Final = {f"{NOTICE} {class_name}": sign for sign, class_name in NOTICES.items()}
# Boxes that the gem reads together with the page; it reads all others each by itself.
_READ_WITH_THE_PAGE: Final = frozenset({"$CTA", "$E", "$A"})
# Kramdown makes nothing of it, but a list ends before it.
_BETWEEN_LISTS: Final = "{::comment/}"
# Where the same abbreviation stands twice in a row, it is marked as one.
_REPEATED: Final = re.compile(r"^(.+?)(?: \1)+$")
_PLAIN_SHORT: Final = re.compile(r"\w(?:[\w &/-]*\w)?")
# Kramdown's anchors begin with a letter; an attribute may be anything.
_ANCHOR: Final = re.compile(r"[a-z][a-z0-9-]*")
# The gem takes these from the edges of a quote's lines, for GOV.UK's style sheet sets its own.
_QUOTES: Final = '["\u201c\u201d\u201e\u201f\u2033\u2036]'
_QUOTE_EDGE: Final = re.compile(rf"^\s*{_QUOTES}+|{_QUOTES}+(?=\s*$)")
# A row of nothing but these is a line between rows.
_LINE_OF_TABLE: Final = re.compile(r"[-+:= ]+")

BOX_WITHIN: Final = "a box within a list, a quote or another box (its words were kept)"
STEPS_WITHIN: Final = "steps within a list, a quote or a box (kept as a numbered list)"
LONG_NOTICE: Final = "a notice of several paragraphs (each is a notice of its own)"
BLOCK_IN_NOTICE: Final = "a list, table or heading within a notice (kept after it)"
BLOCK_IN_ADDRESS: Final = "paragraphs, headings or lists within an address (kept as its lines)"
ROW_HEADING: Final = "a row's heading that is not its first cell (kept as a cell)"
HEADINGS_ONLY: Final = "a table of headings alone (kept as a row)"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where blocks stand: in what, and whether Govspeak reads that by itself (`is_apart`)."""

    is_page: bool = True
    has_steps: bool = True
    is_apart: bool = False


@dataclass
class Writer:
    """Writes blocks; `notes` name what could not be carried, each thing once, in order."""

    notes: dict[str, None] = field(default_factory=dict)
    _words: Words = field(init=False)

    def write(self, blocks: Sequence[Block]) -> str:
        """Return blocks as Govspeak, the abbreviations they use defined at its end."""
        defined = _defined(blocks)
        self._words = Words(defined)
        parts = [*self._blocks(blocks, _Place())]
        parts.append("\n".join(definition(*pair) for pair in defined.items()))
        return "\n\n".join(filter(None, parts))

    def _blocks(self, blocks: Iterable[Block], place: _Place) -> Iterator[str]:
        """Yield each block's Govspeak, lists of one kind kept from melting into one."""
        before = ""
        for block in blocks:
            written = self._block(block, place)
            if not written:
                continue
            kind = "" if _is_steps(block) else block.tag
            if kind in {"ul", "ol"} and kind == before:
                yield _BETWEEN_LISTS
            yield written
            before = kind

    def _block(self, block: Block, place: _Place) -> str:
        attributes = dict(block.attributes)
        match block.tag:
            case "h2" | "h3" | "h4":
                return self._heading(block, attributes.get("id", ""), place)
            case "ul" | "ol":
                return self._list(block, attributes, place)
            case "blockquote":
                return self._quote(block, place)
            case "hr":
                return "___"
            case "table":
                return self._table(block, place)
            case "div":
                return self._box(block, attributes.get("class", ""), place)
            case _:
                if block.tokens:
                    return self._words.lines(_plain(block.tokens), is_apart=place.is_apart)
                return "\n\n".join(self._blocks(block.children, place))

    def _heading(self, block: Block, anchor: str, place: _Place) -> str:
        line = f"{'#' * int(block.tag[1])} {self._line(_plain(block.tokens), place)}"
        if not anchor:
            return line
        return (
            f"{line} {{#{anchor}}}" if _ANCHOR.fullmatch(anchor) else f'{line}\n{{: id="{anchor}"}}'
        )

    def _quote(self, block: Block, place: _Place) -> str:
        inner = "\n\n".join(
            self._blocks(_content(block), replace(place, is_page=False, has_steps=False))
        )
        lines = (_QUOTE_EDGE.sub(_as_references, line) for line in inner.split("\n"))
        return "\n".join(f"> {line}" if line else ">" for line in lines)

    def _list(self, block: Block, attributes: dict[str, str], place: _Place) -> str:
        if _is_steps(block):
            if place.has_steps:
                return self._steps(block)
            self.notes[STEPS_WITHIN] = None
        within = replace(place, is_page=False, has_steps=False)
        gap = "\n" if all(map(_is_tight, block.children)) else "\n\n"
        start = int(attributes.get("start", "1"))
        items = []
        for number, item in enumerate(block.children, start=start):
            sign = "-" if block.tag == "ul" else f"{number}."
            inner = gap.join(self._blocks(_content(item), within))
            # A rule that is not indented so far would end the list.
            has_rule = any(child.tag == "hr" for child in item.children)
            width = max(len(sign) + 1, 4 if has_rule else 0)
            indented = re.sub(r"\n(?=[^\n])", f"\n{' ' * width}", inner)
            items.append(f"{sign:<{width}}{indented}")
        written = gap.join(items)
        return written if start == 1 else f'{written}\n{{: start="{start}"}}'

    def _steps(self, block: Block) -> str:
        lines = (self._words.lines(_gathered(item), is_apart=False) for item in block.children)
        steps = (line.replace(PAGE_BREAK, " ") for line in lines)
        return "\n".join(f"s{number}. {step}" for number, step in enumerate(steps, start=1))

    def _line(self, tokens: Sequence[Token], place: _Place) -> str:
        return self._words.one_line(tokens, is_apart=place.is_apart)

    def _box(self, block: Block, class_name: str, place: _Place) -> str:
        content = _content(block)
        sign, fence = _SIGNS.get(class_name), _FENCES.get(class_name)
        if not place.is_page:
            self.notes[BOX_WITHIN] = None
            return "\n\n".join(self._blocks(content, place))
        if sign:
            return "\n\n".join(self._notice(content, sign))
        if fence == "$A":
            inner = self._address(content)
        else:
            within = _Place(
                is_page=False,
                has_steps=fence == "$CTA",
                is_apart=fence not in _READ_WITH_THE_PAGE,
            )
            inner = "\n\n".join(self._blocks(content, within))
        return f"{fence}\n{inner}\n{fence}"

    def _notice(self, content: Sequence[Block], sign: str) -> Iterator[str]:
        """Yield a notice of one line for each paragraph: the next line's end would end it."""
        paragraphs = [block for block in content if block.tokens and block.tag in {"", "p"}]
        if len(paragraphs) > 1:
            self.notes[LONG_NOTICE] = None
        if len(paragraphs) < len(content):
            self.notes[BLOCK_IN_NOTICE] = None
        for is_paragraph, run in groupby(content, key=lambda block: block in paragraphs):
            if not is_paragraph:
                yield from self._blocks(run, _Place())
                continue
            for block in run:
                line = self._words.lines(_plain(block.tokens), is_apart=True)
                if line.endswith(sign):
                    line = f"{line[:-1]}&#{ord(sign)};"
                yield f"{sign}{line}{sign}"

    def _address(self, content: Sequence[Block]) -> str:
        """Return an address: GOV.UK shows one paragraph, line by line."""
        if [block.tag for block in content] not in (["p"], [""]):
            self.notes[BLOCK_IN_ADDRESS] = None
        lines = (self._words.lines(_plain(tokens)) for tokens in _leaves(content))
        return "\n".join(lines).replace(PAGE_BREAK, "\n")

    def _table(self, block: Block, place: _Place) -> str:
        is_headed = block.children[0].tag == "thead"
        rows = [row for part in block.children for row in part.children]
        lines = [self._row(row, place, is_head=is_headed and row is rows[0]) for row in rows]
        if is_headed and len(rows) == 1:
            self.notes[HEADINGS_ONLY] = None
        elif is_headed:
            lines.insert(1, f"|{' --- |' * len(rows[0].children)}")
        return "\n".join(lines)

    def _row(self, row: Block, place: _Place, *, is_head: bool) -> str:
        cells = []
        for number, cell in enumerate(row.children):
            words = self._line(_gathered(cell), place)
            if _LINE_OF_TABLE.fullmatch(words):
                words = f"\\{words}"
            elif re.match(r"\\#(?=\s|$)", words):
                # GOV.UK looks for the sign of a row's heading in what is rendered.
                words = f"<span>\\#</span>{words[2:]}"
            if dict(cell.attributes).get("scope") == "row" and not is_head:
                if number:
                    self.notes[ROW_HEADING] = None
                else:
                    words = f"# {words}"
            cells.append(f" {words} |")
        return f"|{''.join(cells)}"


def _is_steps(block: Block) -> bool:
    return dict(block.attributes).get("class") == STEPS


def _defined(blocks: Iterable[Block]) -> dict[str, str]:
    """Return the abbreviations that one definition explains wherever they stand."""
    meanings: defaultdict[str, set[str]] = defaultdict(set)
    for short, long in _abbreviations(blocks):
        meanings[short].add(long)
    return {
        short: next(iter(longs))
        for short, longs in meanings.items()
        if len(longs) == 1 and _PLAIN_SHORT.fullmatch(short)
    }


def _abbreviations(blocks: Iterable[Block]) -> Iterator[tuple[str, str]]:
    for block in blocks:
        for mark, run in groupby(block.tokens, key=_abbreviation):
            if mark:
                text = "".join(token.text for token in run)
                yield _REPEATED.sub(r"\1", text), dict(mark[1])["title"]
        yield from _abbreviations(block.children)


def _abbreviation(token: Token) -> Mark | None:
    return next((mark for mark in token.marks if mark[0] == "abbr"), None)


def _content(block: Block) -> tuple[Block, ...]:
    return (*([Block("", tokens=block.tokens)] if block.tokens else []), *block.children)


def _plain(tokens: Iterable[Token]) -> tuple[Token, ...]:
    """Return words in their normal form, links without an address (here or there) as words."""
    return normal_tokens(
        Token(
            token.text,
            tuple(mark for mark in token.marks if mark[0] != "a" or dict(mark[1]).get("href")),
            token.void,
        )
        for token in tokens
    )


def _leaves(blocks: Iterable[Block]) -> Iterator[tuple[Token, ...]]:
    for block in blocks:
        if block.tokens:
            yield block.tokens
        yield from _leaves(block.children)


def _gathered(block: Block) -> tuple[Token, ...]:
    """Return all words below a block as one line's."""
    tokens: list[Token] = []
    for leaf in _leaves([block]):
        tokens += [*([Token(" ")] if tokens else []), *leaf]
    return _plain(tokens)


def _is_tight(item: Block) -> bool:
    """Whether an item is words and lists that need no blank line around them."""
    lists = item.children[1:] if item.children and not item.children[0].tag else item.children
    return len(lists) < 2 and all(
        child.tag in {"ul", "ol"} and not child.attributes and all(map(_is_tight, child.children))
        for child in lists
    )


def _as_references(signs: re.Match[str]) -> str:
    return "".join(sign if sign.isspace() else f"&#{ord(sign)};" for sign in signs[0])
