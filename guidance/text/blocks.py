"""Clean HTML as blocks of words: to compare, and to write again.

It reads what `markdown.render` writes. Two texts that readers could not tell apart (a link in two
touching halves, white space between blocks) have the same blocks.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

VOID: Final = frozenset({"br", "hr"})
INLINE: Final = frozenset({"a", "abbr", "br", "code", "del", "em", "ins", "span", "strong"})

# A word keeps its hyphens and apostrophes, so that "co-ordinator" is changed as a whole.
_WORDS: Final = re.compile(r"\w+(?:[-'\u2019\u2011]\w+)*|\s+|[^\w\s]")

# White space that browsers fold into one space; a no-break space is none of it.
_FOLDED: Final = re.compile(r"[ \t\r\n\f]+")

Attributes = tuple[tuple[str, str], ...]
Mark = tuple[str, Attributes]


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a space or a sign, within inline elements (`marks`, the outermost first).

    A line break has the text "" and `void` "br".
    """

    text: str
    marks: tuple[Mark, ...] = ()
    void: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A block element: either words (`tokens`), or further blocks (`children`).

    The tag is "" for words that stand beside blocks without an element of their own.
    """

    tag: str
    attributes: Attributes = ()
    tokens: tuple[Token, ...] = ()
    children: tuple[Block, ...] = ()

    def words(self) -> Iterator[str]:
        """Yield every word below it, in order; no spaces and no signs."""
        for token in self.tokens:
            if token.text[:1].isalnum():
                yield token.text
        for child in self.children:
            yield from child.words()


def tokens_of(text: str, marks: tuple[Mark, ...] = ()) -> tuple[Token, ...]:
    """Return plain text as tokens."""
    return tuple([Token(word, marks) for word in _WORDS.findall(text)])


def parse(source: str) -> tuple[Block, ...]:
    """Return the blocks of clean HTML."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return _blocks(reader.root)


def write(blocks: Iterable[Block]) -> str:
    """Return blocks as HTML: what `parse` reads back as the same blocks."""
    return "".join(_block(block) for block in blocks)


def write_tokens(tokens: Iterable[Token]) -> str:
    """Return tokens as inline HTML, each element opened and closed as seldom as may be."""
    written = []
    opened: tuple[Mark, ...] = ()
    for token in tokens:
        shared = common(opened, token.marks)
        written += [f"</{tag}>" for tag, _ in reversed(opened[shared:])]
        written += [open_tag(tag, attributes) for tag, attributes in token.marks[shared:]]
        opened = token.marks
        written.append(f"<{token.void}>" if token.void else html.escape(token.text, quote=False))
    written += [f"</{tag}>" for tag, _ in reversed(opened)]
    return "".join(written)


def open_tag(tag: str, attributes: Attributes) -> str:
    """Return an element's opening tag."""
    written = "".join(f' {name}="{html.escape(value)}"' for name, value in attributes)
    return f"<{tag}{written}>"


def _block(block: Block) -> str:
    inner = write_tokens(block.tokens) + write(block.children)
    if not block.tag:
        return inner
    opening = open_tag(block.tag, block.attributes)
    return opening if block.tag in VOID else f"{opening}{inner}</{block.tag}>"


def tidied(tokens: Iterable[Token]) -> list[Token]:
    """Return words with single spaces between them and none at an end of an element or line.

    A reader sees no difference. A no-break space between words stays.
    """
    single: list[Token] = []
    for token in tokens:
        text = token.text if token.text.isalnum() else _FOLDED.sub(" ", token.text)
        if token.void or text != " ":
            single.append(Token(text, token.marks, token.void))
        elif single and not single[-1].void and single[-1].text != " ":
            single.append(Token(" ", token.marks))
    while single and (single[-1].text.isspace() or single[-1].void):
        single.pop()
    while single and (single[0].text.isspace() or single[0].void):
        single.pop(0)
    written = []
    for place, token in enumerate(single):
        if token.text != " ":
            written.append(token)
        elif not single[place + 1].void:
            following = single[place + 1].marks
            written.append(Token(" ", following[: common(single[place - 1].marks, following)]))
    return written


def common(first: tuple[Mark, ...], second: tuple[Mark, ...]) -> int:
    """Return how many of the outermost marks are the same."""
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return count


@dataclass(slots=True)
class _Element:
    tag: str
    attributes: Attributes
    children: list[_Element | str]


class _Reader(HTMLParser):
    """Reads well-formed HTML into a tree."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Element("", (), [])
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _Element(tag, tuple((name, value or "") for name, value in attrs), [])
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if len(self._open) > 1 and self._open[-1].tag == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def _blocks(parent: _Element) -> tuple[Block, ...]:
    """Return an element's content as blocks; words that stand free become blocks without a tag."""
    blocks: list[Block] = []
    free: list[_Element | str] = []

    def close_run() -> None:
        tokens = _tokens(free)
        if any(token.void or not token.text.isspace() for token in tokens):
            blocks.append(Block("", tokens=tokens))
        free.clear()

    for child in parent.children:
        if isinstance(child, str) or child.tag in INLINE:
            free.append(child)
            continue
        close_run()
        if any(isinstance(c, _Element) and c.tag not in INLINE for c in child.children):
            blocks.append(Block(child.tag, child.attributes, children=_blocks(child)))
        else:
            blocks.append(Block(child.tag, child.attributes, tokens=_tokens(child.children)))
    close_run()
    return tuple(blocks)


def _tokens(nodes: Iterable[_Element | str], marks: tuple[Mark, ...] = ()) -> tuple[Token, ...]:
    """Return inline nodes as tokens. Touching texts of the same marks are one text."""
    pieces: list[tuple[str, tuple[Mark, ...], str]] = []

    def gather(nodes: Iterable[_Element | str], marks: tuple[Mark, ...]) -> None:
        for node in nodes:
            if isinstance(node, str):
                if pieces and pieces[-1][1] == marks and not pieces[-1][2]:
                    pieces[-1] = (pieces[-1][0] + node, marks, "")
                else:
                    pieces.append((node, marks, ""))
            elif node.tag in VOID:
                pieces.append(("", marks, node.tag))
            else:
                gather(node.children, (*marks, (node.tag, node.attributes)))

    gather(nodes, marks)
    tokens: list[Token] = []
    for text, where, void in pieces:
        if void:
            tokens.append(Token("", where, void))
        else:
            tokens.extend(tokens_of(text, where))
    return tuple(tokens)
