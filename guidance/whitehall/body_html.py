"""GOV.UK's HTML as the blocks that our Markdown has, with notes of what else it held."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin

import nh3
from markdown_it.common.normalize_url import normalizeLink

from guidance.text.blocks import Attributes, Block, Mark, Token, parse
from guidance.text.markdown import BOXES, NOTICE, NOTICES, STEPS
from guidance.text.normal_form import normal_block, normal_tokens

GOVUK: Final = "https://www.gov.uk"
HEADINGS: Final = ("h2", "h3", "h4", "h5", "h6")

_TAGS: Final = {
    *("p", "br", "hr", "blockquote", *HEADINGS, "div", "section", "figure", "figcaption"),
    *("ul", "ol", "li", "dl", "dt", "dd", "pre", "details", "summary", "address"),
    *("a", "strong", "b", "em", "i", "abbr", "code", "sup", "sub", "span", "img"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
}
_ATTRIBUTES: Final = {
    "*": {"class", "id"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"alt"},
    "ol": {"start"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}
_SCHEMES: Final = {"http", "https", "mailto", "tel"}
_INLINE: Final = {"strong", "em", "code"}
# Elements that another one stands for, and raised or lowered letters, which are noted.
_SAME: Final = {"b": "strong", "i": "em", "sup": "span", "sub": "span"}
_ANOTHER_NAME: Final = re.compile(r"<(?P<end>/?)(?P<tag>b|i|sup|sub)(?=[ >])")
_IMAGE: Final = re.compile(r'<img(?: [a-z]+="[^"]*")*>')
_ALT: Final = re.compile(r' alt="(?P<alt>[^"]*)"')
_NAME: Final = re.compile(r"<([a-z][a-z0-9-]*)", re.IGNORECASE)
_WRAPPERS: Final = {"div", "section", "address", "figure", "figcaption", "dl", "details"}
_ROWS: Final = {"thead", "tbody", "tfoot"}
# Noted in these words, wherever they stand; what they say is carried.
_NOTES_OF_ELEMENTS: Final = {
    "dl": "a list of terms (kept as paragraphs)",
    "pre": "preformatted text (kept as a paragraph)",
    "details": "a part that folds (kept open)",
    "sup": "raised letters (kept as plain ones)",
    "sub": "lowered letters (kept as plain ones)",
    "caption": "a table's caption (kept as a paragraph before it)",
    "h5": "a heading of level 5 (kept as level 4)",
    "h6": "a heading of level 6 (kept as level 4)",
}
_NOTES_OF_CLASSES: Final = (
    (re.compile("attachment|gem-c-attachment"), "an attachment (its words and links were kept)"),
    (re.compile("attachment-inline|inline-attachment"), "an attachment within the text (a link)"),
    (re.compile(".*barchart.*"), "a bar chart (kept as its table)"),
    (re.compile("button|govuk-button"), "a button (kept as a link)"),
    (re.compile("footnotes"), "footnotes (kept as a list, without links to and fro)"),
    (re.compile("legislative-list"), "a legal text's own numbering (kept as words)"),
    (re.compile("advisory"), "a heading set apart (kept as a heading)"),
    (re.compile("devolved-content"), "a part for one nation (its words were kept)"),
    (re.compile("stat-headline"), "a headline figure (its words were kept)"),
)
_NOTES_OF_ATTRIBUTES: Final = (
    (re.compile(r"<[^<>]*\sstyle=[\"']?[^<>\"']*text-align"), "how a table's cells are aligned"),
    (re.compile(r"<[^<>]*\s(?:lang|dir)="), "which language words are in"),
    (re.compile(r"<ol\s[^<>]*(?:type|reversed)\b"), "a list's own kind of numbers (1, 2, 3 here)"),
)


def canonical(body: str) -> tuple[Block, ...]:
    """Return what a body says and how it is built, for holding two against each other.

    Classes, line breaks in the source and the like make no difference; words, links, headings
    with their anchors, lists, tables and boxes do.
    """
    return tuple(map(normal_block, Reader().read(body)))


@dataclass
class Reader:
    """Reads GOV.UK's HTML; `notes` name what could not be carried, each thing once, in order."""

    notes: dict[str, None] = field(default_factory=dict)

    def note(self, words: str) -> None:
        """Note something that cannot be carried as it was."""
        self.notes[words] = None

    def read(self, body: str) -> tuple[Block, ...]:
        """Return a body's blocks."""
        for name in dict.fromkeys(map(str.lower, _NAME.findall(body))):
            if name in _NOTES_OF_ELEMENTS:
                self.note(_NOTES_OF_ELEMENTS[name])
            elif name not in _TAGS:
                self.note(f"the element “{name}” (its words were kept)")
        for pattern, words in _NOTES_OF_ATTRIBUTES:
            if pattern.search(body):
                self.note(words)
        clean = nh3.clean(
            body, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None
        )
        clean = _IMAGE.sub(self._image, clean)
        clean = _ANOTHER_NAME.sub(lambda tag: f"<{tag['end']}{_SAME[tag['tag']]}", clean)
        return tuple(self._blocks(parse(clean)))

    def _image(self, image: re.Match[str]) -> str:
        alt = _ALT.search(image[0])
        text = html.unescape(alt["alt"]).strip() if alt else ""
        self.note(f"a picture (its text: “{text}”)" if text else "a picture")
        return ""

    def _blocks(self, blocks: Iterable[Block]) -> Iterator[Block]:
        for block in blocks:
            yield from self._block(block)

    def _block(self, block: Block) -> Iterator[Block]:
        attributes = dict(block.attributes)
        classes = set(attributes.get("class", "").split())
        self._note_classes(classes)
        if block.tag in HEADINGS and "attachment-title" not in classes:
            yield from self._heading(block, attributes)
        elif block.tag == "hr":
            yield Block("hr")
        elif block.tag == "table":
            yield from self._table(block)
        elif block.tag in {"ul", "ol"}:
            yield from self._list(block, attributes, classes)
        elif block.tag == "blockquote":
            inner = tuple(self._plain(block))
            if inner:
                yield Block("blockquote", children=inner)
        elif block.tag in _WRAPPERS:
            yield from self._wrapper(block, classes)
        else:
            yield from self._plain(block)

    def _wrapper(self, block: Block, classes: set[str]) -> Iterator[Block]:
        """Yield a box as a box, and of anything else what it holds."""
        inner = tuple(self._plain(block))
        box = next((name for name in BOXES.values() if name in classes), "")
        notice = next((name for name in NOTICES.values() if name in classes), "")
        if block.tag == "div" and (box or notice) and inner:
            name = f"{NOTICE} {notice}" if notice else box
            yield Block("div", (("class", name),), children=inner)
        elif classes & {"attachment", "gem-c-attachment"}:
            yield from (Block("p", tokens=b.tokens) if b.tag in HEADINGS else b for b in inner)
        else:
            yield from inner

    def _plain(self, block: Block) -> Iterator[Block]:
        """Yield what a block holds, its own words as a paragraph."""
        tokens = self._tokens(block.tokens)
        if tokens:
            yield Block("p", tokens=tokens)
        yield from self._blocks(block.children)

    def _heading(self, block: Block, attributes: dict[str, str]) -> Iterator[Block]:
        tokens = list(self._tokens(block.tokens or _gathered(block)))
        if any(token.void for token in tokens):
            self.note("a line break in a heading (kept as a space)")
            tokens = [Token(" ", t.marks) if t.void else t for t in tokens]
        if tokens:
            anchor = attributes.get("id", "")
            own: Attributes = (("id", anchor),) if anchor else ()
            yield Block(f"h{min(int(block.tag[1]), 4)}", own, normal_tokens(tokens))

    def _list(self, block: Block, attributes: dict[str, str], classes: set[str]) -> Iterator[Block]:
        own: Attributes = ()
        start = attributes.get("start", "1")
        if block.tag == "ol" and STEPS in classes:
            own = (("class", STEPS),)
        elif block.tag == "ol" and start != "1" and re.fullmatch("[0-9]{1,8}", start):
            own = (("start", str(int(start))),)
        items = []
        for child in block.children:
            item = self._item(child)
            if item.tokens or item.children:
                items.append(item)
        if items:
            yield Block(block.tag, own, children=tuple(items))

    def _item(self, block: Block) -> Block:
        self._note_classes(set(dict(block.attributes).get("class", "").split()))
        children: list[Block] = []
        for child in block.children:
            if child.tag:
                children += self._block(child)
            elif tokens := self._tokens(child.tokens):
                children.append(Block("", tokens=tokens))
        return Block("li", (), self._tokens(block.tokens), tuple(children))

    def _table(self, block: Block) -> Iterator[Block]:
        """Yield a table with one row of headings, or none; what is no row stands before it."""
        heads: list[Block] = []
        rows: list[Block] = []
        for part in block.children:
            if part.tag not in _ROWS:
                yield from self._block(part)
                continue
            own_rows = [row for row in part.children if row.tag == "tr"]
            if part.tag == "tfoot":
                self.note("a table's foot (kept as rows)")
            (heads if part.tag == "thead" and not heads and not rows else rows).extend(own_rows)
        if len(heads) > 1:
            self.note("a table's second row of headings (kept as a row)")
        head = [self._cell(cell, "col") for cell in heads[0].children] if heads else []
        body = [[self._cell(cell, "row") for cell in row.children] for row in [*heads[1:], *rows]]
        width = max(map(len, [head, *body]))
        parts = []
        if any(cell.tokens for cell in head):
            blank = Block("th", (("scope", "col"),))
            cells = (*head, *[blank] * (width - len(head)))
            parts.append(Block("thead", children=(Block("tr", children=cells),)))
        padded = [
            Block("tr", children=(*row, *[Block("td")] * (width - len(row)))) for row in body if row
        ]
        if padded:
            parts.append(Block("tbody", children=tuple(padded)))
        if parts:
            yield Block("table", children=tuple(parts))

    def _cell(self, cell: Block, scope: str) -> Block:
        """Return a cell as one line of words."""
        attributes = dict(cell.attributes)
        if {attributes.get("colspan", "1"), attributes.get("rowspan", "1")} != {"1"}:
            self.note("cells that span several (each is one cell now)")
        tokens = list(self._tokens(cell.tokens))
        inner = tuple(self._blocks(cell.children))
        for part in _leaves(inner):
            tokens += [*([Token("", void="br")] if tokens else []), *part]
        if any(token.void for token in tokens):
            self.note("lines within a table's cell (kept as one)")
            tokens = [Token(" ", t.marks) if t.void else t for t in tokens]
        words = normal_tokens(tokens)
        is_heading = scope == "col" or (cell.tag == "th" and words)
        return Block("th", (("scope", scope),), words) if is_heading else Block("td", (), words)

    def _tokens(self, tokens: Iterable[Token]) -> tuple[Token, ...]:
        carried = []
        for token in tokens:
            classes = {
                name
                for _, attributes in token.marks
                for name in dict(attributes).get("class", "").split()
            }
            self._note_classes(classes)
            if "reversefootnote" not in classes:
                carried.append(Token(token.text, tuple(self._marks(token.marks)), token.void))
        return normal_tokens(carried)

    def _marks(self, marks: Iterable[Mark]) -> Iterator[Mark]:
        """Yield the inline elements that Markdown has, each once, links with a whole address."""
        seen: set[str] = set()
        innermost: dict[str, Mark] = {}
        for tag, attributes in marks:
            values = {name: " ".join(value.split()) for name, value in attributes}
            title = (("title", values["title"]),) if values.get("title") else ()
            if tag in seen:
                continue
            if tag == "a" and (address := self._address(values.get("href", ""))):
                yield tag, (("href", address), *title)
            elif tag == "abbr" and title:
                innermost[tag] = (tag, title)
            elif tag == "code":
                innermost[tag] = (tag, ())
            elif tag in _INLINE:
                yield tag, ()
            else:
                continue
            seen.add(tag)
        yield from (innermost[tag] for tag in ("abbr", "code") if tag in innermost)

    def _address(self, href: str) -> str:
        """Return a link's whole address, "" where it leads nowhere here."""
        if href.startswith(("#fn:", "#fnref:")):
            return ""
        try:
            whole = href if href.startswith("#") else urljoin(GOVUK, href)
        except ValueError:
            whole = ""
        if not href or not whole:
            self.note("a link without an address that can be kept (kept as words)")
            return ""
        return str(normalizeLink(whole))

    def _note_classes(self, classes: set[str]) -> None:
        if not classes:
            return
        for pattern, words in _NOTES_OF_CLASSES:
            if any(map(pattern.fullmatch, classes)):
                self.note(words)


def _leaves(blocks: Iterable[Block]) -> Iterator[tuple[Token, ...]]:
    for block in blocks:
        if block.tokens:
            yield block.tokens
        yield from _leaves(block.children)


def _gathered(block: Block) -> Iterator[Token]:
    """Yield all words below a block as if they were its own."""
    yield from block.tokens
    for child in block.children:
        yield from _gathered(child)
