"""What we give to Whitehall, read by kramdown and the rules of GOV.UK's govspeak gem."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from guidance.drafts import DraftSection
from guidance.text.blocks import Block, Token
from guidance.text.ids import RESERVED_ANCHORS
from guidance.text.markdown import render
from guidance.text.normal_form import normal_tokens, words_of
from guidance.whitehall.govspeak import Govspeak, govspeak
from guidance.whitehall.sections import canonical, convert
from tests.guidance.govuk_items import CARRIED_IN_PART, CARRIED_WHOLE
from tests.guidance.whitehall.govspeak_texts import CONSTRUCTS, any_text

SITE = "https://us.example"
READER = Path(__file__).with_name("govspeak_reader.rb")
RUBY = shutil.which("ruby")
ITEMS = {**CARRIED_WHOLE, **{name: source for name, (source, _) in CARRIED_IN_PART.items()}}
SEEDS = range(120)
TEXTS = (*CONSTRUCTS, *map(any_text, SEEDS))
# Kramdown makes printers' quotation marks of typewriters', and readers read the same; the gem takes
# out what separates lines in Unicode, for which we give it a space.
STRAIGHT = str.maketrans("‘’“”\u2028", "''\"\" ")


def given(markdown: str) -> Govspeak:
    return govspeak([DraftSection(2, "", "a", markdown)], {}, {}, site_url=SITE)


def read(texts: Sequence[str]) -> list[str]:
    """Return each text as HTML, all read by one start of Ruby."""
    assert RUBY is not None
    done = subprocess.run(
        [RUBY, str(READER)], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    pages: list[str] = json.loads(done.stdout)
    return pages


@pytest.fixture(scope="module")
def _kramdown() -> None:
    """Leave the module out where there is no kramdown, but never where nothing may be."""
    has_kramdown = (
        RUBY is not None
        and subprocess.run([RUBY, "-e", "require 'kramdown'"], check=False).returncode == 0
    )
    if not has_kramdown and os.environ.get("CI") != "true":
        pytest.skip("Govspeak is read by kramdown here (Debian: apt-get install ruby-kramdown)")


@pytest.fixture(scope="module")
def pages(_kramdown: None) -> Mapping[str, str]:
    """What GOV.UK shows for each of our texts and each of its own pages."""
    written = {text: given(text).text for text in TEXTS}
    for name, source in ITEMS.items():
        sections = convert(source, reserved=RESERVED_ANCHORS).sections
        written[name] = govspeak(sections, {}, {}, site_url=SITE).text
    return dict(zip(written, read([*written.values()]), strict=True))


def shown(html: str) -> tuple[Block, ...]:
    """What readers see: no anchors that nobody chose, and abbreviations by themselves."""
    return tuple(map(_shown, canonical(html)))


def _shown(block: Block) -> Block:
    attributes = tuple(pair for pair in block.attributes if pair[0] != "id")
    tokens = normal_tokens(
        Token(
            token.text.translate(STRAIGHT),
            tuple(mark for mark in token.marks if mark[0] != "abbr"),
            token.void,
        )
        for token in block.tokens
    )
    return Block(block.tag, attributes, tokens, tuple(map(_shown, block.children)))


def explained(blocks: Sequence[Block]) -> Iterator[tuple[str, str]]:
    """Yield each word that stands for more, or for a part of it, and for what."""
    for block in blocks:
        for token in block.tokens:
            for tag, attributes in token.marks:
                if tag == "abbr" and token.text.isalnum():
                    yield token.text, dict(attributes)["title"]
        yield from explained(block.children)


def anchors(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        yield from (value for name, value in block.attributes if name == "id")
        yield from anchors(block.children)


@pytest.mark.parametrize("text", TEXTS)
def test_govuk_reads_the_same_words_in_the_same_structure_or_it_is_told(
    text: str, pages: Mapping[str, str]
) -> None:
    ours, theirs = render(text), pages[text]

    if given(text).not_carried:
        assert [*words_of(shown(theirs))] == [*words_of(shown(ours))]
    else:
        assert shown(theirs) == shown(ours)
    assert {*explained(canonical(ours))} <= {*explained(canonical(theirs))}
    assert {*anchors(canonical(ours))} <= {*anchors(canonical(theirs))}


def test_most_texts_are_carried_whole() -> None:
    assert sum(not given(text).not_carried for text in CONSTRUCTS) > len(CONSTRUCTS) * 0.8


@pytest.mark.parametrize("name", ITEMS)
def test_a_page_from_govuk_goes_back_in_the_same_words(name: str, pages: Mapping[str, str]) -> None:
    assert [*words_of(shown(pages[name]))] == [*words_of(shown(ITEMS[name]))]
