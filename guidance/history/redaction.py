"""Takes words out of what a page says: a name that must not stand there. No Django.

Only whole words are found, in whatever case and with or without accents. Any white space between
them is the same, and so are straight and typographic apostrophes and hyphens. Addresses put signs
where people put spaces ("john.smith@", "/john-smith"), so between words those are the same too. A
hyphen or an apostrophe makes one longer word ("Smith-Jones"); only the possessive 's does not.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count, groupby
from typing import Final
from urllib.parse import unquote

from guidance.content import Content, ContentSection, Embed, RegionFacts, RegionsEmbed
from guidance.text.blocks import Block, Mark, Token, parse, write
from guidance.text.markdown import render
from training.facts import SessionFacts

MARK: Final = "[redacted]"
# Letters or digits that the words must hold, so that nobody blanks every "a".
SHORTEST: Final = 3

# What stands for the words in an anchor. Words that hold it could never be gone.
_ANCHOR: Final = MARK.strip("[]")
# How often an address is decoded to be read: it may have been encoded more than once.
_DECODINGS: Final = 5
_LETTER: Final = r"[^\W_]"
_LIKE: Final = {"’": "'", "\u02bc": "'", "\u2010": "-", "\u2011": "-"}

# Elements that say something of the words within them, in an attribute.
_TELLING: Final = ("a", "abbr")
# As the cleaner writes them. Blocks would not tell of a link that has no words.
_TELLING_TAG: Final = re.compile(r'<(?:a|abbr)(?P<attributes>(?: [a-z]+="[^"]*")+)>')
_ID: Final = re.compile(r' id="([^"]*)"')
_MARKED: Final = re.compile(rf"{re.escape(MARK)}(?:['’]s\b)?", re.IGNORECASE)

_TITLE: Final = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\))"""
_ADDRESS: Final = r"(?:<[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*)"
_TARGET: Final = rf"\(\s*{_ADDRESS}(?:\s+{_TITLE})?\s*\)"
_LINK: Final = re.compile(
    rf"\[(?P<words>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\](?P<target>{_TARGET})", re.DOTALL
)
_AUTOLINK: Final = re.compile(r"<(?P<target>[^<>\s:@]++[:@][^<>\s]*+)>")
_DEFINITION: Final = re.compile(
    rf"^[ \t>]*\[[^\[\]\n]+\]:[ \t]*\n?[ \t]*(?P<target>(?:<[^<>\n]*>|\S+)(?:[ \t]+{_TITLE})?)"
    r"[ \t]*(?:\n|\Z)",
    re.MULTILINE,
)
_ABBREVIATION: Final = re.compile(r"^[ \t>]*\*\[(?P<target>[^\]\n]+)\]:.*(?:\n|\Z)", re.MULTILINE)
_OWN_ANCHOR: Final = re.compile(r"(?<=\{#)[a-z0-9-]+(?=\})")
_PIECE: Final = re.compile(
    r"(?P<gap>\n[ \t>]*(?:\n[ \t>]*)+)|(?P<line>\n[ \t>]*)"
    rf"|(?P<target>\]{_TARGET})|(?P<bracket>[\[\]])|(?P<sign>\*+|`+|(?<!\w)_++|_++(?!{_LETTER}))"
    r"|(?P<escape>\\(?=[^\w\s]|\n))|(?P<entity>&(?:\#\w+|\w+);)|(?P<letter>.)",
    re.DOTALL,
)
# The pieces that are not read as they are written: none, and more and more. A bracket may stand
# for itself ("Smith[1]"), or be a link's.
_READINGS: Final = (
    frozenset[str](),
    frozenset({"sign", "escape", "entity"}),
    frozenset({"sign", "escape", "entity", "bracket", "target"}),
)

# What a reader reads in a place, and from where to where it is written.
Piece = tuple[str, int, int]


def redact_text(text: str, words: str) -> tuple[str, int]:
    """Return plain text without the words, and in how many places they stood.

    Raises ValueError for words that are too short, or that hold the mark's own.
    """
    redactor = _Redactor(words)
    return redactor.text(text), redactor.places


def redact_markdown(source: str, words: str) -> tuple[str, int]:
    """Return Markdown without the words, and in how many places they stood.

    Markup may stand between the words and within them; a link to an address that holds them
    becomes its text. Where they would still be read (in markup that this does not know), the mark
    is all that is left. Raises ValueError as `redact_text` does.
    """
    redactor, proof = _Redactor(words), _Redactor(words)
    written = redactor.markdown(source)
    proof.markdown(written)
    proof.html(render(written))
    if proof.places:
        return MARK, max(redactor.places, 1)
    return written, redactor.places


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
        return Content(
            title=self.text(content.title),
            lead=self.text(content.lead),
            sections=tuple(
                ContentSection(
                    level=section.level,
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
        return _replaced(text, self._found(self._in_text, _letters(text)), MARK)

    def html(self, source: str) -> str:
        """Return clean HTML without the words, or the very same where they are not in it."""
        before = self.places
        for tag in _TELLING_TAG.finditer(source):
            values = re.findall(r'"([^"]*)"', tag["attributes"])
            self.places += any(self._is_in(html.unescape(value)) for value in values)
        blocks = [self._block(block) for block in parse(source)]
        return source if self.places == before else write(blocks)

    def markdown(self, source: str) -> str:
        """Return Markdown without the words, as far as its markup is known."""
        before = self.places
        self._anchors.update(_OWN_ANCHOR.findall(source))
        written = _OWN_ANCHOR.sub(lambda found: self._anchor(found[0]), source)
        for definition in (_ABBREVIATION, _DEFINITION):
            written = definition.sub(lambda found: self._unless_told(found, ""), written)
        written = _AUTOLINK.sub(lambda found: self._unless_told(found, MARK), written)
        written = _LINK.sub(lambda found: self._unless_told(found, found["words"]), written)
        for silent in _READINGS:
            spans = self._found(self._in_text, _pieces(written, silent))
            for start, end in reversed(spans):
                opened, closed = _unpaired(written, start, end)
                mark = _shielded(f"{opened}{MARK}{closed}", written, end)
                written = f"{written[:start]}{mark}{written[end:]}"
        return source if self.places == before else _LINK.sub(_unless_blank, written)

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
        for token in tokens:
            marks = tuple(self._marks(token.marks))
            letters += [Token(letter, marks) for letter in token.text]
            letters += [Token("", marks, token.void)] if token.void else []
        # A line break parts words as white space does.
        text = "".join(letter.text or "\n" for letter in letters)
        for start, end in reversed(self._found(self._in_text, _letters(text))):
            letters[start:end] = [Token(MARK, _common_marks(letters[start:end]))]
        for tag in _TELLING:
            letters = list(_without_blank(tag, letters))
        return tuple(letters)

    def _marks(self, marks: Iterable[Mark]) -> Iterator[Mark]:
        """Give the marks without links that tell the words, and titles without the words."""
        for tag, attributes in marks:
            told = tag in _TELLING and any(self._is_in(value) for _, value in attributes)
            if not told:
                yield tag, attributes
            elif tag != "a":
                yield (
                    tag,
                    tuple(
                        (name, MARK if self._is_in(value) else value) for name, value in attributes
                    ),
                )

    def _embed(self, embed: Embed) -> Embed:
        if isinstance(embed, RegionsEmbed):
            return RegionsEmbed(
                tuple(
                    RegionFacts(
                        slug=region.slug,
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
        kept = {key: self._address(address) for key, address in links.items()}
        told = [key for key in kept if self._is_in(key)]
        self.places += len(told)
        for key in told:
            del kept[key]
        return kept

    def _address(self, address: str) -> str:
        """Return an address, or "" for one that holds the words."""
        told = self._is_in(address)
        self.places += told
        return "" if told else address

    def _anchor(self, anchor: str) -> str:
        """Return an anchor without the words, one that the page does not have yet."""
        spans = self._found(self._in_address, _letters(anchor))
        if not spans:
            return anchor
        name = _replaced(anchor, spans, _ANCHOR)
        numbered = chain([name], (f"{name}-{number}" for number in count(2)))
        free = next(n for n in numbered if n not in self._anchors and not self._is_in(n))
        self._anchors.add(free)
        return free

    def _unless_told(self, found: re.Match[str], otherwise: str) -> str:
        """Return what was found in Markdown, or something else where its target tells the words."""
        if not self._is_in(html.unescape(found["target"]).replace("\\", "")):
            return found[0]
        self.places += 1
        return _shielded(otherwise, found.string, found.end())

    def _is_in(self, value: str) -> bool:
        """Whether an address, or what else stands in an attribute, holds the words."""
        for _ in range(_DECODINGS):
            if self._in_address.search(_folded(_letters(value))[0]):
                return True
            decoded = unquote(value)
            if decoded == value:
                return False
            value = decoded
        # Nobody writes an address like that but to hide something in it.
        return True

    def _found(self, pattern: re.Pattern[str], pieces: Iterable[Piece]) -> list[tuple[int, int]]:
        """Return from where to where the words stand, in order, and count the places."""
        folded, places = _folded(pieces)
        spans: list[tuple[int, int]] = []
        for found in pattern.finditer(folded):
            # A sign such as "½" is several letters when folded: two places could share it.
            start = max(places[found.start()][0], spans[-1][1] if spans else 0)
            end = places[found.end() - 1][1]
            spans += [(start, end)] if start < end else []
        self.places += len(spans)
        return spans


def _patterns(words: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds the words in folded text, and what finds them in an address."""
    said = re.sub(r"^[\W_]+|[\W_]+$", "", _folded(_letters(words))[0])
    if sum(letter.isalnum() for letter in said) < SHORTEST:
        raise ValueError(f"The words must hold at least {SHORTEST} letters or digits.")
    if re.search(rf"(?<!{_LETTER}){_ANCHOR}(?!{_LETTER})", said):
        raise ValueError(f"The words must not hold {_ANCHOR!r}, which stands in their place.")
    in_text = r"(?:\s+|[-_.+]|%20)".join(re.escape(word) for word in said.split())
    in_address = re.sub(r"[\W_]+", _between, said)
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


def _letters(text: str) -> Iterator[Piece]:
    """Give plain text letter by letter."""
    return ((letter, place, place + 1) for place, letter in enumerate(text))


def _pieces(source: str, silent: Container[str]) -> Iterator[Piece]:
    """Give Markdown piece by piece; those of the `silent` kinds are only what they stand for."""
    for found in _PIECE.finditer(source):
        text = found[0]
        if found.lastgroup == "gap":
            text = "\0"
        elif found.lastgroup == "line":
            text = "\n"
        elif found.lastgroup in silent:
            text = html.unescape(text) if found.lastgroup == "entity" else ""
        yield text, *found.span()


def _folded(pieces: Iterable[Piece]) -> tuple[str, list[tuple[int, int]]]:
    """Return text in the form in which it is searched, and where each letter of it is written."""
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    for text, start, end in pieces:
        for letter in unicodedata.normalize("NFKD", text).casefold():
            if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf":
                letters.append(_LIKE.get(letter, letter))
                places.append((start, end))
            elif places:
                # An accent, or a soft hyphen, belongs to the letter before it.
                places[-1] = places[-1][0], end
    return "".join(letters), places


def _replaced(text: str, spans: Sequence[tuple[int, int]], mark: str) -> str:
    for start, end in reversed(spans):
        text = f"{text[:start]}{mark}{text[end:]}"
    return text


def _common_marks(run: Sequence[Token]) -> tuple[Mark, ...]:
    """Return the first one's marks; of links and the like those alone that all stand in."""
    return tuple(
        mark
        for mark in run[0].marks
        if mark[0] not in _TELLING or all(mark in token.marks for token in run)
    )


def _without_blank(tag: str, letters: Iterable[Token]) -> Iterator[Token]:
    """Give the letters; a link of which the mark alone is left is a link no more."""
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


def _unless_blank(found: re.Match[str]) -> str:
    """Return a link in Markdown, or its text where that is the mark alone."""
    if MARK not in found["words"] or not _is_blank(found["words"]):
        return found[0]
    return _shielded(found["words"], found.string, found.end())


def _shielded(text: str, source: str, end: int) -> str:
    """Return text that does not make a link of what follows at `end`: "[redacted](1970)"."""
    is_open = text.endswith("]") and source.startswith(("(", ":"), end)
    return f"{text}\\" if is_open else text


def _unpaired(source: str, start: int, end: int) -> tuple[str, str]:
    """Return the signs of Markdown in a run of words that open, or close, something beyond it."""
    opened: list[str] = []
    closed: list[str] = []
    for found in _PIECE.finditer(source, start, end):
        if found.lastgroup not in {"sign", "bracket", "target"}:
            continue
        sign = found[0]
        pair = "[" if sign.startswith("]") else sign
        is_closing = sign.startswith("]") or source[found.end()].isspace()
        if pair in opened and sign != "[":
            opened.remove(pair)
        elif is_closing and sign != "[":
            closed.append(sign)
        elif closed and ("[" if closed[-1].startswith("]") else closed[-1]) == pair:
            closed.pop()
        else:
            opened.append(sign)
    return "".join(opened), "".join(closed)
