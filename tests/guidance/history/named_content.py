"""Texts and pages that name somebody, and where the name is still read in them.

Of the rules only what they promise is used: the reading is written a second time, more simply.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import unquote

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from guidance.content import Content, ContentSection, RegionFacts, RegionsEmbed, SessionsEmbed
from guidance.text.blocks import INLINE
from guidance.text.markdown import render
from tests.training.factories import make_facts

NAME: Final = "John Smith"

slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def section_of(html: str, number: int = 1) -> ContentSection:
    return ContentSection(2, f"Section {number}", f"section-{number}", html)


class Reader(HTMLParser):
    """Reads what HTML says: its text, parted by blocks, and its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.values: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.text += " " if tag == "br" else "" if tag in INLINE else " ¶ "
        self.values += [value or "" for _, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        self.text += "" if tag in INLINE else " ¶ "

    def handle_data(self, data: str) -> None:
        self.text += data


IN_TEXT = re.compile(r"(?<!\w)(?<!\w[-'])john\s+smith(?!\w)(?!-\w)(?!'(?!s(?!\w))\w)")
IN_ADDRESS = re.compile(r"(?<![^\W_])john(\s|[-_+.])+smith(?![^\W_])")


def plain(text: str) -> str:
    return text.translate({ord("’"): "'", ord("\u2011"): "-", 0xAD: None}).casefold()


def is_address_of_him(address: str) -> bool:
    return IN_ADDRESS.search(plain(unquote(address))) is not None


def read(html: str) -> list[str]:
    """Where the name is still read in HTML."""
    reader = Reader(html)
    addresses = [value for value in reader.values if is_address_of_him(value)]
    return addresses + ([reader.text] if IN_TEXT.search(plain(reader.text)) else [])


def strings(frozen: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Give each text in JSON with the name that it goes by."""
    match frozen:
        case str():
            yield name, frozen
        case dict():
            for key, value in frozen.items():
                yield from strings(value, key)
        case list():
            for value in frozen:
                yield from strings(value, name)


def still_read(content: Content) -> list[str]:
    """Where the name is still read in what an edition would freeze."""
    frozen = json.loads(json.dumps(content.to_json()))
    links = frozen.pop("links")
    found = [address for address in [*links, *links.values()] if is_address_of_him(address)]
    for name, text in strings(frozen):
        if name == "html":
            found += read(text)
        elif name in {"anchor", "registration_url"}:
            found += [text] if is_address_of_him(text) else []
        elif IN_TEXT.search(plain(text)):
            found.append(text)
    return found


signs = st.sampled_from(
    ["", " ", " ", "\n", "\u00a0", "\u00ad", "-", ".", ",", "’s", "’", "_", "**"]
)
names = st.sampled_from(
    [
        *("John Smith", "JOHN\u00a0\nsmith", "John", "Smith", "john", "smith", "Smithson"),
        *("**John** Smith", "John *Smith*", "J**oh**n Smith", "`John Smith`", "John\\\nSmith"),
        *("[John](/a/) Smith", "[Mr John](/a/) [Smith](/b/)", "[John Smith](link:key)"),
        *(
            "[it](/john-smith)",
            "[it](</x> 'John Smith')",
            "<john.smith@x.example>",
            "John&#32;Smith",
        ),
        *("[it](link:john%20smith)", "[](/john+smith)", "[1]: /john-smith", "[it][1]", "\n\n"),
        *("> John\n> Smith", "| John Smith | John |\n|--|--|\n| Smith | x |", "# John Smith", "- "),
        *("# He {#john-smith}\n", "*[John Smith]: x", "*[John]: y", "*[x]: John Smith", "s1. "),
        *("$CTA\n", "^", "%", "| # John Smith | x |"),
        *("[", "]", "](", "(", ")", "<", ">", "*", "&", "\\", ":", "!", "&amp;", "’", "x"),
    ]
)
named = st.lists(st.one_of(names, signs, st.text(max_size=3)), max_size=12).map("".join)
# What comes close to the name and does not hold it.
others = st.lists(
    st.sampled_from(
        [
            *(
                "John",
                "*John Smithson*",
                "Johnny Smith",
                "**Smith John**",
                "&amp;",
            ),
            *("[John](/john/a/smith)", "Black**smith**", "[x](/smith-john)", "<b>"),
            *(
                "`john` a smith",
                "\n\n",
                "- x\n",
                "> y",
                "[redacted]",
                "[[redacted]](/x/)",
                "O’John",
            ),
        ]
    ),
    max_size=8,
).map(" and ".join)


@st.composite
def contents(draw: st.DrawFn, words: st.SearchStrategy[str]) -> Content:
    """Pages of up to three sections that say `words` in every part."""
    slugs = words.map(lambda text: re.sub(r"\W+", "-", text).strip("-"))
    embeds = st.one_of(
        st.none(),
        st.builds(
            lambda name, area: RegionsEmbed((RegionFacts("x", name, (area,)),)), words, words
        ),
        st.builds(
            lambda name, title, url: SessionsEmbed(
                "dsl", name, name, (make_facts(url="", title=title, registration_url=url),)
            ),
            words,
            words,
            words,
        ),
    )
    sections = st.builds(ContentSection, st.integers(2, 3), words, slugs, words.map(render), embeds)
    return Content(
        title=draw(words),
        lead=draw(words),
        sections=tuple(draw(st.lists(sections, max_size=3))),
        links=draw(st.dictionaries(slugs, words, max_size=2)),
    )
