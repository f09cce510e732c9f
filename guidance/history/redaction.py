"""Takes words out of what a page says: a name that must not stand there.

Only whole words are found, in whatever case and with or without accents. Any white space between
them is the same, and so are straight and typographic apostrophes and hyphens. Addresses have signs
where people type spaces ("john.smith@", "/john-smith"), so between words those are the same too. A
hyphen or an apostrophe makes one longer word ("Smith-Jones"); only the possessive 's does not.

Markdown is rendered, redacted as HTML is, and written again from what is left.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count, groupby
from typing import Final
from urllib.parse import unquote

from guidance.content import Content, Embed, RegionsEmbed
from guidance.text import markdown_writer
from guidance.text.blocks import Block, Mark, Token, parse, write
from guidance.text.markdown import render
from training.session_facts import SessionFacts

MARK: Final = "[redacted]"
# Letters or digits that the words must have, so that nobody blanks every "a".
SHORTEST: Final = 3

# What stands for the words in an anchor. Words that hold it could never be gone.
_ANCHOR: Final = MARK.strip("[]")
# How often an address is decoded to be read: it may have been encoded more than once.
_DECODINGS: Final = 5
_LETTER: Final = r"[^\W_]"
_LIKE: Final = {"’": "'", "\u02bc": "'", "\u2010": "-", "\u2011": "-"}

# Elements with attributes that say something of the words within them.
_WITH_ATTRIBUTES: Final = ("a", "abbr")
# As the cleaner writes them. Blocks leave out a link that has no words.
_TAG_WITH_ATTRIBUTES: Final = re.compile(r'<(?:a|abbr)(?P<attributes>(?: [a-z]+="[^"]*")+)>')
_ID: Final = re.compile(r' id="([^"]*)"')
_MARKED: Final = re.compile(rf"{re.escape(MARK)}(?:['’]s\b)?", re.IGNORECASE)

# From where to where words stand in a text.
Span = tuple[int, int]


def redact_text(text: str, words: str) -> tuple[str, int]:
    """Return plain text without the words, and in how many places they stood.

    Raises ValueError for words that are too short, or that hold the mark's own.
    """
    redactor = _Redactor(words)
    return redactor.text(text), redactor.places


def redact_json(value: object, words: str) -> object:
    """Return JSON's values without whatever holds the words, in a text or in an address.

    What holds them goes whole, an entry of a list or of an object: nobody reads what it leaves.
    Raises ValueError as `redact_text` does.
    """
    if isinstance(value, dict):
        return {
            key: redact_json(each, words)
            for key, each in value.items()
            if not _holds(key, words) and not _holds(each, words)
        }
    if isinstance(value, list):
        return [each for each in value if not any(_holds(t, words) for t in _texts(each))]
    return value


def _holds(value: object, words: str) -> bool:
    if not isinstance(value, str):
        return False
    # In a path, hyphens stand between words.
    readings = (value, re.sub("[-_/]", " ", value))
    return any(redact_text(reading, words)[1] for reading in readings)


def _texts(value: object) -> Iterator[object]:
    """Yield each text within JSON's values, names of fields among them."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    else:
        yield value


def redact_markdown(source: str, words: str) -> tuple[str, int]:
    """Return Markdown without the words, and in how many places they stood.

    Markdown that does not hold the words stays as it is to the letter. Any other is written again
    from what its readers see. Where the words would still be read in that, the mark is all that is
    left. Raises ValueError as `redact_text` does.
    """
    redactor, proof = _Redactor(words), _Redactor(words)
    written = redactor.markdown(source)
    if redactor.places:
        proof.markdown(written)
    return MARK if proof.places else written, redactor.places


def redact_content(content: Content, words: str) -> tuple[Content, int]:
    """Return what a page says without the words, and in how many places they stood.

    Slugs stay: they are not the page's own words. A section's HTML that does not hold the words
    stays as it is to the letter. Raises ValueError as `redact_text` does.
    """
    redactor = _Redactor(words)
    redacted = redactor.content(content)
    return (redacted if redactor.places else content), redactor.places


def redact_anchors(anchors: Sequence[str], words: str) -> list[str]:
    """Return the anchors of one page without the words, each once.

    Raises ValueError as `redact_text` does.
    """
    return _Redactor(words).anchors(anchors)


class _Redactor:
    """Takes the words out of one thing after another; `places` counts where they stood."""

    def __init__(self, words: str) -> None:
        self._in_text, self._in_address = _patterns(words)
        self._anchors: set[str] = set()
        self.places = 0

    def anchors(self, anchors: Sequence[str]) -> list[str]:
        """Return the anchors of one page without the words, each once."""
        self._anchors |= set(anchors)
        return [self._anchor(anchor) for anchor in anchors]

    def content(self, content: Content) -> Content:
        """Return the content without the words."""
        for section in content.sections:
            self._anchors |= {section.anchor, *_ID.findall(section.html)}
        return replace(
            content,
            title=self.text(content.title),
            lead=self.text(content.lead),
            sections=tuple(
                replace(
                    section,
                    heading=self.text(section.heading),
                    anchor=self._anchor(section.anchor),
                    html=self.html(section.html),
                    embed=section.embed and self._embed(section.embed),
                )
                for section in content.sections
            ),
            links=self._links(content.links),
        )

    def text(self, text: str) -> str:
        """Return plain text without the words."""
        return _replaced(text, self._spans(self._in_text, text), MARK)

    def html(self, source: str) -> str:
        """Return clean HTML without the words, or the very same where they are not in it."""
        before = self.places
        self._anchors |= set(_ID.findall(source))
        for tag in _TAG_WITH_ATTRIBUTES.finditer(source):
            values = re.findall(r'"([^"]*)"', tag["attributes"])
            self.places += any(self._is_in(html.unescape(value)) for value in values)
        blocks = [self._block(block) for block in parse(source)]
        return source if self.places == before else write(blocks)

    def markdown(self, source: str) -> str:
        """Return Markdown without the words, or the very same where they are not in it."""
        before = self.places
        rendered = render(source)
        redacted = self.html(rendered)
        if self.places == before:
            self.places += self._unseen(source, rendered)
        return source if self.places == before else markdown_writer.write(parse(redacted))

    def _unseen(self, source: str, rendered: str) -> int:
        """Return in how many places Markdown holds the words where its readers do not see them.

        They may stand in a definition that nothing uses, in a cell beyond a table's columns or in
        an address that no link may have: what is written from the rendering has none of these.
        """
        in_source = self._count(source)
        if not in_source:
            return 0
        return max(0, in_source - self._count(markdown_writer.write(parse(rendered))))

    def _count(self, source: str) -> int:
        folded, _ = _folded(unquote(html.unescape(source)))
        return len(self._in_address.findall(folded))

    def _block(self, block: Block) -> Block:
        return replace(
            block,
            attributes=tuple(
                (name, self._anchor(value) if name == "id" else value)
                for name, value in block.attributes
            ),
            tokens=self._tokens(block.tokens),
            children=tuple(self._block(child) for child in block.children),
        )

    def _tokens(self, tokens: Iterable[Token]) -> tuple[Token, ...]:
        """Return words of HTML without the words, letter by letter: these may begin anywhere."""
        letters: list[Token] = []
        # A link's first and last words are whole words, whatever touches it: "John Smith[1]".
        for _, run in groupby(tokens, lambda token: _mark_of("a", token)):
            letters += self._letters([letter for token in run for letter in self._split(token)])
        letters = self._letters(letters)
        for tag in _WITH_ATTRIBUTES:
            letters = list(_without_blank(tag, letters))
        return tuple(letters)

    def _split(self, token: Token) -> list[Token]:
        """Return a token for each letter of one; a line break is one letter."""
        marks = tuple(self._marks(token.marks))
        return [Token(letter, marks) for letter in token.text] or [Token("", marks, token.void)]

    def _letters(self, letters: list[Token]) -> list[Token]:
        """Return tokens of one letter each, the mark in the place of those that make the words."""
        # A line break parts words as white space does; what was taken out before parts them too.
        text = "".join({"": "\n", MARK: "\0"}.get(letter.text, letter.text) for letter in letters)
        for start, end in reversed(self._spans(self._in_text, text)):
            letters[start:end] = [Token(MARK, _common_marks(letters[start:end]))]
        return letters

    def _marks(self, marks: Iterable[Mark]) -> Iterator[Mark]:
        """Yield the marks without links that hold the words, and titles without the words."""
        for tag, attributes in marks:
            without = tuple(
                (name, MARK if self._is_in(value) else value) for name, value in attributes
            )
            if tag != "a" or without == attributes:
                yield tag, without

    def _embed(self, embed: Embed) -> Embed:
        if isinstance(embed, RegionsEmbed):
            return RegionsEmbed(
                tuple(
                    replace(
                        region,
                        name=self.text(region.name),
                        areas=tuple(self.text(area) for area in region.areas),
                    )
                    for region in embed.regions
                )
            )
        return replace(
            embed,
            track_name=self.text(embed.track_name),
            audience=self.text(embed.audience),
            sessions=tuple(self._session(session) for session in embed.sessions),
        )

    def _session(self, session: SessionFacts) -> SessionFacts:
        return replace(
            session,
            title=self.text(session.title),
            audience=self.text(session.audience),
            region_name=self.text(session.region_name),
            registration_url=self._address(session.registration_url),
        )

    def _links(self, links: Mapping[str, str]) -> dict[str, str]:
        """Return the addresses by key. A key that holds the words is gone, as its links are."""
        without = {
            key: self._address(address) for key, address in links.items() if not self._is_in(key)
        }
        self.places += len(links) - len(without)
        return without

    def _address(self, address: str) -> str:
        """Return an address, or "" for one that holds the words."""
        holds_words = self._is_in(address)
        self.places += holds_words
        return "" if holds_words else address

    def _anchor(self, anchor: str) -> str:
        """Return an anchor without the words, one that the page does not have yet."""
        spans = self._spans(self._in_address, anchor)
        if not spans:
            return anchor
        name = _replaced(anchor, spans, _ANCHOR)
        numbered = chain([name], (f"{name}-{number}" for number in count(2)))
        free = next(n for n in numbered if n not in self._anchors and not self._is_in(n))
        self._anchors.add(free)
        return free

    def _is_in(self, value: str) -> bool:
        """Whether an address, or what else stands in an attribute, holds the words."""
        for _ in range(_DECODINGS):
            if self._in_address.search(_folded(value)[0]):
                return True
            decoded = unquote(value)
            if decoded == value:
                return False
            value = decoded
        # Nobody writes an address like that but to hide something in it.
        return True

    def _spans(self, pattern: re.Pattern[str], text: str) -> list[Span]:
        """Return from where to where the words stand in a text, in order, and count the places."""
        folded, places = _folded(text)
        spans: list[Span] = []
        for match in pattern.finditer(folded):
            # A sign such as "½" is several letters when folded: two places could share it.
            start = max(places[match.start()][0], spans[-1][1] if spans else 0)
            end = places[match.end() - 1][1]
            spans += [(start, end)] if start < end else []
        self.places += len(spans)
        return spans


def _patterns(words: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds the words in folded text, and what finds them in an address."""
    folded = re.sub(r"^[\W_]+|[\W_]+$", "", _folded(words)[0])
    if sum(letter.isalnum() for letter in folded) < SHORTEST:
        raise ValueError(f"The words must hold at least {SHORTEST} letters or digits.")
    if re.search(rf"(?<!{_LETTER}){_ANCHOR}(?!{_LETTER})", folded):
        raise ValueError(f"The words must not hold {_ANCHOR!r}, which stands in their place.")
    in_text = r"(?:\s+|[-_.+]|%20)".join(re.escape(word) for word in folded.split())
    in_address = re.sub(r"[\W_]+", _between, folded)
    return (
        re.compile(
            rf"(?<!{_LETTER})(?<!{_LETTER}[-']){in_text}(?='s(?!{_LETTER})|(?![-']?{_LETTER}))"
        ),
        re.compile(rf"(?<!{_LETTER}){in_address}(?!{_LETTER})"),
    )


def _between(signs: re.Match[str]) -> str:
    """Return the pattern of what an address has in the place of signs between letters."""
    if signs[0].isspace():
        return r"[-_.+\s]+"
    # "sean-obrien" leaves the apostrophe out; other signs are written in many ways.
    return r"[\W_]*" if signs[0] == "'" else r"[\W_]+"


def _folded(text: str) -> tuple[str, list[Span]]:
    """Return text in the form in which it is searched, and where each letter of it is written."""
    letters: list[str] = []
    places: list[Span] = []
    for place, written in enumerate(text):
        for letter in unicodedata.normalize("NFKD", written).casefold():
            if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf":
                letters.append(_LIKE.get(letter, letter))
                places.append((place, place + 1))
            elif places:
                # An accent, or a soft hyphen, belongs to the letter before it.
                places[-1] = places[-1][0], place + 1
    return "".join(letters), places


def _replaced(text: str, spans: Sequence[Span], mark: str) -> str:
    for start, end in reversed(spans):
        text = f"{text[:start]}{mark}{text[end:]}"
    return text


def _common_marks(run: Sequence[Token]) -> tuple[Mark, ...]:
    """Return the first one's marks; of links and the like those alone that all stand in."""
    return tuple(
        mark
        for mark in run[0].marks
        if mark[0] not in _WITH_ATTRIBUTES or all(mark in token.marks for token in run)
    )


def _without_blank(tag: str, letters: Iterable[Token]) -> Iterator[Token]:
    """Yield the letters; a link of which the mark alone is left is a link no more."""
    for mark, run in groupby(letters, lambda letter: _mark_of(tag, letter)):
        group = list(run)
        is_marked = any(letter.text == MARK for letter in group)
        is_blank = is_marked and _is_blank("".join(letter.text for letter in group))
        for letter in group:
            yield (
                replace(letter, marks=tuple(m for m in letter.marks if m != mark))
                if is_blank
                else letter
            )


def _mark_of(tag: str, token: Token) -> Mark | None:
    return next((mark for mark in token.marks if mark[0] == tag), None)


def _is_blank(text: str) -> bool:
    """Whether a text says nothing but the mark."""
    return not any(letter.isalnum() for letter in _MARKED.sub("", text))
