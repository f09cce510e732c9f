"""The body of a GOV.UK page, HTML made from Govspeak, as our own sections.

What our Markdown cannot express is noted, never dropped in silence: each section is rendered again
and compared with what it came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, count
from typing import Final

from guidance.drafts import DraftSection
from guidance.text.blocks import Block, Mark, Token
from guidance.text.markdown import LOWEST_HEADING, UnrenderableError, render
from guidance.text.markdown_writer import abbreviations, write
from guidance.text.normal_form import normal_block, words_of
from guidance.whitehall.body_html import HEADINGS, Reader, canonical

__all__ = ["ConversionError", "Converted", "as_markdown", "canonical", "convert"]

# GOV.UK's longest guides have about 200,000 characters.
LONGEST_BODY: Final = 250_000
MOST_SECTIONS: Final = 300
# And some thousands of tags, a dozen within each other; each costs more than the words between.
_MOST_TAGS: Final = 15_000
_DEEPEST: Final = 100
_NESTS: Final = re.compile(
    r"<(?P<end>/?)(?:div|section|ul|ol|dl|blockquote|table|span|strong|em|figure|details)\b",
    re.IGNORECASE,
)
# What never comes from Govspeak: a body that holds it is not taken at all.
_REFUSED: Final = re.compile(
    r"<\s*(?P<name>script|iframe|style|svg|object|embed|form|template)\b"
    r"|<[^<>]*[\s/\"'](?P<event>on[a-z]+)\s*=",
    re.IGNORECASE,
)
_ANCHOR: Final = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*")
LONGEST_ANCHOR: Final = 200
LONGEST_HEADING: Final = 200


class ConversionError(ValueError):
    """A body that cannot be taken at all; the message says why in a sentence."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A page's sections, and in words what could not be carried as it was."""

    sections: tuple[DraftSection, ...]
    not_carried: tuple[str, ...]


def convert(body: str, *, reserved: Iterable[str] = ()) -> Converted:
    """Return the sections of a body. `reserved` anchors are the frame's own: others are chosen.

    What stands before the first heading becomes a section without one. Raises ConversionError.
    """
    _refuse_too_much(body)
    refused = _REFUSED.search(body)
    if refused:
        name = refused["event"] or refused["name"]
        raise ConversionError(
            f"The body holds “{name.lower()}”, which no page of guidance has: it was not taken."
        )
    reader = Reader()
    try:
        sections = tuple(_Sections(reader, set(reserved)).of(reader.read(body)))
    except RecursionError as error:
        raise ConversionError("The body's parts stand too deep within each other.") from error
    except UnrenderableError as error:
        raise ConversionError(f"The body cannot be shown as a page. {error}") from error
    if not sections:
        raise ConversionError("The body holds no words.")
    if len(sections) > MOST_SECTIONS:
        raise ConversionError(f"The body has more than {MOST_SECTIONS} headings.")
    return Converted(sections, tuple(reader.notes))


def _refuse_too_much(body: str) -> None:
    """Raise ConversionError for more than any page holds, before anything is built of it."""
    if len(body) > LONGEST_BODY:
        raise ConversionError(f"The body is longer than {LONGEST_BODY:,} characters.")
    if body.count("<") > _MOST_TAGS:
        raise ConversionError(f"The body has more than {_MOST_TAGS:,} tags.")
    if _depth(body) > _DEEPEST:
        raise ConversionError("The body's parts stand too deep within each other.")


def _depth(body: str) -> int:
    """Return how deep elements stand within each other."""
    steps = (-1 if tag["end"] else 1 for tag in _NESTS.finditer(body))
    return max(accumulate(steps), default=0)


def as_markdown(body: str) -> str:
    """Return a short text of GOV.UK's, such as why a page was withdrawn, as Markdown.

    Raises ConversionError for one that no Markdown can be made of.
    """
    _refuse_too_much(body)
    try:
        return write(Reader().read(body))
    except RecursionError as error:
        raise ConversionError("Its parts stand too deep within each other.") from error


class _Sections:
    """Makes sections of blocks, and has the reader note what that changes."""

    def __init__(self, reader: Reader, reserved: set[str]) -> None:
        self._note = reader.note
        self._taken = reserved
        self._anchors: dict[str, str] = {}

    def of(self, blocks: Iterable[Block]) -> Iterator[DraftSection]:
        """Yield the sections that headings of level 2 and 3 begin."""
        parts: list[tuple[Block | None, list[Block]]] = [(None, [])]
        for block in blocks:
            if block.tag in {"h2", "h3"}:
                parts.append((block, []))
            else:
                parts[-1][1].append(block)
        if not parts[0][1]:
            del parts[0]
        # All anchors come first: links to them may stand above.
        anchored = []
        for heading, body in parts:
            asked = _id(heading) if heading else "introduction"
            anchor = self._anchor(asked, _words(heading))
            anchored.append((heading, anchor, [self._with_anchor(block) for block in body]))
        for heading, anchor, body in anchored:
            yield self._section(heading, anchor, [self._with_links(block) for block in body])
        self._hold_headings(anchored)

    def _section(self, heading: Block | None, anchor: str, body: list[Block]) -> DraftSection:
        words = _words(heading)
        if len(words) > LONGEST_HEADING:
            raise ConversionError(f"The heading “{words[:60]}…” is longer than 200 characters.")
        level = int(heading.tag[1]) if heading else 2
        name = words or "The part before the first heading"
        if heading and any(tag != "abbr" for token in heading.tokens for tag, _ in token.marks):
            self._note(f"{name}: emphasis or a link in the heading (kept as words)")
        nested = _nested(body, level)
        if nested != body:
            self._note(f"{name}: headings below it (they are of another level here)")
        markdown = write(nested)
        self._hold_against(name, render(markdown, level=level), nested)
        return DraftSection(level=level, heading=words, anchor=anchor, markdown=markdown)

    def _hold_against(self, name: str, html: str, body: list[Block]) -> None:
        """Note what the way into Markdown and back has changed."""
        wanted, got = tuple(map(normal_block, body)), canonical(html)
        if [*words_of(wanted)] != [*words_of(got)]:
            self._note(f"{name}: some words differ, compare them with the source")
        elif wanted != got:
            self._note(f"{name}: the words are the same, some markup differs")

    def _hold_headings(self, parts: Iterable[tuple[Block | None, str, list[Block]]]) -> None:
        """Note abbreviations that headings alone use, for there Markdown says none."""
        parts = tuple(parts)
        defined = {pair for _, _, body in parts for pair in abbreviations(body)}
        for heading, _, _ in parts:
            for short, long in abbreviations([heading] if heading else []):
                if (short, long) not in defined:
                    self._note(f"{_words(heading)}: what {short} stands for ({long})")

    def _with_anchor(self, block: Block) -> Block:
        """Return a block with the anchors of headings in it made ours."""
        attributes = block.attributes
        if block.tag in HEADINGS and attributes:
            attributes = (("id", self._anchor(_id(block), _words(block))),)
        children = tuple(map(self._with_anchor, block.children))
        return Block(block.tag, attributes, block.tokens, children)

    def _with_links(self, block: Block) -> Block:
        """Return a block with its links within the page pointing at our anchors."""
        tokens = tuple(
            Token(token.text, tuple(map(self._led, token.marks)), token.void)
            for token in block.tokens
        )
        children = tuple(map(self._with_links, block.children))
        return Block(block.tag, block.attributes, tokens, children)

    def _led(self, mark: Mark) -> Mark:
        tag, attributes = mark
        href = dict(attributes).get("href", "")
        if tag != "a" or not href.startswith("#"):
            return mark
        if href[1:] not in self._anchors:
            self._note(f"the link to {href} (no heading here has that anchor)")
            return mark
        return tag, (("href", f"#{self._anchors[href[1:]]}"), *attributes[1:])

    def _anchor(self, asked: str, heading: str) -> str:
        """Return the anchor that was asked for, or the nearest free one."""
        wanted = asked
        if not _ANCHOR.fullmatch(wanted) or len(wanted) > LONGEST_ANCHOR:
            wanted = "-".join(re.findall(r"[a-z0-9]+", heading.lower()))[:100].strip("-") or "part"
        names = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
        anchor = next(name for name in names if name not in self._taken)
        if not asked:
            self._note(f"{heading}: it had no anchor (it has #{anchor} here)")
        elif anchor != asked:
            self._note(f"the anchor #{asked} (it is #{anchor} here)")
        self._anchors.setdefault(asked, anchor)
        self._taken.add(anchor)
        return anchor


def _nested(body: list[Block], level: int) -> list[Block]:
    """Return blocks with their headings as `markdown.render` nests them beneath a section's."""
    levels = [int(tag[1]) for tag in _tags(body) if tag in HEADINGS]
    shift = level + 1 - min(levels) if levels else 0

    def moved(block: Block) -> Block:
        tag = block.tag
        if tag in HEADINGS:
            tag = f"h{min(int(tag[1]) + shift, LOWEST_HEADING)}"
        return Block(tag, block.attributes, block.tokens, tuple(map(moved, block.children)))

    return [moved(block) for block in body]


def _tags(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        yield block.tag
        yield from _tags(block.children)


def _id(heading: Block) -> str:
    return dict(heading.attributes).get("id", "")


def _words(heading: Block | None) -> str:
    return "".join(token.text for token in heading.tokens) if heading else ""
