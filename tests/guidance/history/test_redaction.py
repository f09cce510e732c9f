"""What is taken out is read nowhere; all else stands as it stood."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from guidance.content import Content, ContentSection, RegionFacts, RegionsEmbed, SessionsEmbed
from guidance.history.redaction import redact_content, redact_markdown, redact_text
from guidance.text.blocks import INLINE
from guidance.text.markdown import render
from tests.guidance.factories import make_content
from tests.training.factories import make_facts

NAME = "John Smith"


def page(*bodies: str, **fields: Any) -> Content:
    """Content with a section for each piece of HTML."""
    sections = tuple(
        ContentSection(2, f"Section {number}", f"section-{number}", body)
        for number, body in enumerate(bodies, start=1)
    )
    return make_content(**{"sections": sections, **fields})


def redacted_html(html: str, words: str = NAME) -> tuple[str, int]:
    content, places = redact_content(page(html), words)
    return content.sections[0].html, places


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Ask John Smith now.", "John Smith", "Ask [redacted] now."),
        ("Ask JOHN smith now.", "john SMITH", "Ask [redacted] now."),
        ("John \t\n Smith", "John Smith", "[redacted]"),
        ("John\u00a0Smith", "John Smith", "[redacted]"),
        ("John Smith", " John  \n Smith ", "[redacted]"),
        ("“John Smith”, (John Smith).", "John Smith", "“[redacted]”, ([redacted])."),
        ("Sean O’Brien", "O'Brien", "Sean [redacted]"),
        ("Sean O'Brien", "o’brien", "Sean [redacted]"),
        ("Mary\u2011Ann spoke", "Mary-Ann", "[redacted] spoke"),
        ("Mary-Ann spoke", "Mary\u2011Ann", "[redacted] spoke"),
        ("Zoë and Zoe\u0308 and ZOE", "Zoë", "[redacted] and [redacted] and [redacted]"),
        ("Jo\u00adhn Smi\u00adth\u00ad!", "John Smith", "[redacted]!"),
        ("Ask Straße or STRASSE", "Straße", "Ask [redacted] or [redacted]"),
        ("john.smith@x.example", "John Smith", "[redacted]@x.example"),
        ("x.example/people/John%20Smith", "John Smith", "x.example/people/[redacted]"),
    ],
)
def test_the_words_are_found_however_they_are_written(text: str, words: str, expected: str) -> None:
    assert redact_text(text, words) == (expected, expected.count("[redacted]"))


@pytest.mark.parametrize(
    "text",
    [
        "Smithson",
        "Blacksmith",
        "Smith-Jones",
        "Smith\u2011Jones",
        "Armstrong-Smith",
        "D'Smith",
        "Smith'Ali",
        "Smith2",
        "Smi th",
        "",
    ],
)
def test_a_longer_word_is_another_word(text: str) -> None:
    assert redact_text(text, "Smith") == (text, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Smith’s office", "[redacted]’s office"),
        ("Smith’s-type", "[redacted]’s-type"),
        ("SMITH'S office", "[redacted]'S office"),
        ("the Smiths’ and Smith’ office", "the Smiths’ and [redacted]’ office"),
        ("‘Smith’ said ‘Smith’s’", "‘[redacted]’ said ‘[redacted]’s’"),
    ],
)
def test_a_possessive_ends_the_word_before_it(text: str, expected: str) -> None:
    assert redact_text(text, "Smith") == (expected, expected.count("[redacted]"))


@pytest.mark.parametrize("words", ["", "a", "ab", " a b ", "-- a.b --", "’s’"])
def test_words_of_fewer_than_three_letters_are_refused(words: str) -> None:
    with pytest.raises(ValueError, match="at least 3 letters"):
        redact_text("a b", words)


def test_three_letters_are_enough() -> None:
    assert redact_text("A B C, abc", "a b c") == ("[redacted], abc", 1)


@pytest.mark.parametrize("words", ["redacted", "[Redacted]", "was redacted by"])
def test_words_that_hold_the_mark_s_own_are_refused(words: str) -> None:
    with pytest.raises(ValueError, match="must not hold 'redacted'"):
        redact_content(page("<p>x</p>"), words)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Ask John Smith.</p>", "<p>Ask [redacted].</p>"),
        ("<p>Ask John <em>Smith</em>.</p>", "<p>Ask [redacted].</p>"),
        ("<p><em>John</em> Smith said</p>", "<p><em>[redacted]</em> said</p>"),
        (
            "<p>Jo<strong>hn Sm</strong>ith <em>&amp; co</em></p>",
            "<p>[redacted] <em>&amp; co</em></p>",
        ),
        ("<p>John<br>Smith</p>", "<p>[redacted]</p>"),
        ("<ul><li>John Smith’s</li><li>x</li></ul>", "<ul><li>[redacted]’s</li><li>x</li></ul>"),
        (
            "<table><tr><td>John Smith</td></tr></table>",
            "<table><tr><td>[redacted]</td></tr></table>",
        ),
        ("<p>John&nbsp;Smith &lt;b&gt;</p>", "<p>[redacted] &lt;b&gt;</p>"),
    ],
)
def test_the_words_are_found_across_inline_elements(html: str, expected: str) -> None:
    assert redacted_html(html) == (expected, 1)


@pytest.mark.parametrize(
    "html",
    ["<p>John</p><p>Smith</p>", "<p>Mr John,<em> Smith</em></p>", "<p>John <em>Smith</em>son</p>"],
)
def test_blocks_and_signs_part_the_words(html: str) -> None:
    assert redacted_html(html) == (html, 0)


def test_one_apostrophe_in_an_element_of_its_own_does_not_hide_a_name() -> None:
    assert redacted_html("<p>O<em>’</em>Brien’s</p>", "O'Brien") == ("<p>[redacted]’s</p>", 1)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<p><a href="/x/">John Smith</a></p>', "<p>[redacted]</p>"),
        (
            '<p><a href="/x/"><em>John Smith</em>’s</a> page</p>',
            "<p><em>[redacted]</em>’s page</p>",
        ),
        ('<p><a href="/x/">John</a> Smith</p>', "<p>[redacted]</p>"),
        ('<p><a href="/x/">Ask John</a> Smith</p>', '<p><a href="/x/">Ask </a>[redacted]</p>'),
        (
            '<p><a href="/x/">Ask John Smith now</a></p>',
            '<p><a href="/x/">Ask [redacted] now</a></p>',
        ),
        (
            '<p>John <a href="/x/">Smith writes</a></p>',
            '<p>[redacted]<a href="/x/"> writes</a></p>',
        ),
    ],
)
def test_a_link_stays_only_while_it_has_other_words(html: str, expected: str) -> None:
    assert redacted_html(html) == (expected, 1)


def test_what_an_abbreviation_stands_for_does_not_tell_what_was_taken_out() -> None:
    html = '<p><abbr title="Designated safeguarding lead">DSL</abbr></p>'

    assert redacted_html(html, "DSL") == ("<p>[redacted]</p>", 1)


@pytest.mark.parametrize(
    "address",
    [
        "https://x.example/people/john-smith",
        "https://x.example/John_Smith.html",
        "https://x.example/?q=John+Smith",
        "https://x.example/john%20smith/",
        "https://x.example/%4aohn%2Dsmith",
        "https://x.example/?to=john%2520smith",
        "mailto:john.smith@x.example",
        "link:john-smith",
        "#john-smith",
    ],
)
def test_a_link_to_an_address_that_holds_the_words_is_its_text(address: str) -> None:
    html = f'<p>See <a href="{address}">her <em>page</em></a> or <a href="/x/">this</a>.</p>'

    assert redacted_html(html) == ('<p>See her <em>page</em> or <a href="/x/">this</a>.</p>', 1)


@pytest.mark.parametrize(
    "address",
    ["/johnny-smith", "/john-smithson", "/john-a-smith", "/john/smith", "/smith-john", "/x?john=1"],
)
def test_an_address_that_only_resembles_the_words_stays(address: str) -> None:
    html = f'<p><a href="{address}">x</a></p>'

    assert redacted_html(html) == (html, 0)


@pytest.mark.parametrize(
    "slug", ["sean-obrien", "sean-o-brien", "sean.o%27brien", "se%C3%A1n-obrien"]
)
def test_an_address_may_leave_out_apostrophes_and_accents(slug: str) -> None:
    html = f'<p><a href="/people/{slug}">x</a></p>'

    assert redacted_html(html, "Seán O’Brien") == ("<p>x</p>", 1)


def test_a_link_without_words_goes_too() -> None:
    assert redacted_html('<p><a href="/john-smith"></a>x</p>') == ("<p>x</p>", 1)


def test_titles_do_not_tell_the_words() -> None:
    html = '<p><abbr title="John Smith">JS</abbr> <a href="/x/" title="By John Smith">it</a></p>'

    assert redacted_html(html) == ('<p><abbr title="[redacted]">JS</abbr> it</p>', 2)


def test_each_place_is_counted() -> None:
    html = '<p>John Smith <a href="mailto:john.smith@x.example">john.smith@x.example</a></p>'

    assert redacted_html(html) == ("<p>[redacted] [redacted]@x.example</p>", 3)


def test_only_the_sections_that_hold_the_words_are_written_anew() -> None:
    untidy = "<p>One</p>\n\n<ul>\n<li>&#39;two&#39;</li>\n</ul>"

    content, places = redact_content(page(untidy, "<p>John Smith</p>\n<p>x</p>"), NAME)

    assert [section.html for section in content.sections] == [untidy, "<p>[redacted]</p><p>x</p>"]
    assert places == 1


def test_every_part_of_the_content_is_searched() -> None:
    named = SessionsEmbed(
        "dsl",
        "With John Smith",
        "Who knows John Smith",
        (
            make_facts(
                url="",
                title="John Smith speaks",
                audience="John Smith’s pupils",
                region_name="John Smith land",
                registration_url="https://www.eventbrite.co.uk/e/john-smith-1",
            ),
            make_facts(url=""),
        ),
    )
    regions = RegionsEmbed(
        (
            RegionFacts("north", "John Smith North", ("John Smith", "York")),
            RegionFacts("x", "X", ()),
        )
    )
    content = Content(
        title="About John Smith",
        lead="John Smith left.",
        sections=(
            ContentSection(2, "John Smith", "john-smith", "<p>John Smith</p>", named),
            ContentSection(3, "Regions", "regions", "", regions),
        ),
        links={"his": "https://x.example/john-smith", "john-smith": "https://y.example/", "k": "z"},
    )

    assert redact_content(content, NAME) == (
        Content(
            title="About [redacted]",
            lead="[redacted] left.",
            sections=(
                ContentSection(
                    2,
                    "[redacted]",
                    "redacted",
                    "<p>[redacted]</p>",
                    SessionsEmbed(
                        "dsl",
                        "With [redacted]",
                        "Who knows [redacted]",
                        (
                            make_facts(
                                url="",
                                title="[redacted] speaks",
                                audience="[redacted]’s pupils",
                                region_name="[redacted] land",
                                registration_url="",
                            ),
                            make_facts(url=""),
                        ),
                    ),
                ),
                ContentSection(
                    3,
                    "Regions",
                    "regions",
                    "",
                    RegionsEmbed(
                        (
                            RegionFacts("north", "[redacted] North", ("[redacted]", "York")),
                            RegionFacts("x", "X", ()),
                        )
                    ),
                ),
            ),
            links={"his": "", "k": "z"},
        ),
        15,
    )


def test_anchors_lose_the_words_and_stay_apart() -> None:
    anchors = ["john-smith", "redacted", "ask-john-smith", "ask-John_Smith-now", "john-smith-2"]
    sections = tuple(
        ContentSection(2, "Heading", anchor, "") for anchor in [*anchors, "john-smith"]
    )

    content, places = redact_content(page(sections=sections), NAME)

    assert [section.anchor for section in content.sections] == [
        "redacted-2",
        "redacted",
        "ask-redacted",
        "ask-redacted-now",
        "redacted-2-2",
        "redacted-3",
    ]
    assert places == 5


def test_headings_within_a_section_have_anchors_too() -> None:
    content = page('<h3 id="john-smith">He</h3>', '<h3 id="redacted">x</h3>', "<h3>John Smith</h3>")

    redacted, places = redact_content(content, NAME)

    assert [section.html for section in redacted.sections] == [
        '<h3 id="redacted-2">He</h3>',
        '<h3 id="redacted">x</h3>',
        "<h3>[redacted]</h3>",
    ]
    assert places == 2


def test_a_number_that_keeps_anchors_apart_does_not_make_the_words_again() -> None:
    sections = tuple(ContentSection(2, "H", a, "") for a in ["abc-2-abc", "redacted-abc"])

    content, _ = redact_content(page(sections=sections), "abc 2")

    assert [section.anchor for section in content.sections] == ["redacted-abc-3", "redacted-abc"]


def test_content_without_the_words_comes_back_itself() -> None:
    content = page("<p>Somebody else.</p>\n", links={"key": "https://a.example/"})

    assert redact_content(content, NAME) == (content, 0)
    assert redact_content(content, NAME)[0] is content


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Ask John Smith.", "Ask [redacted]."),
        ("John **Smith** said", "**[redacted]** said"),
        ("**John** *Smith*", "***[redacted]***"),
        ("**John** **Smith**", "**[redacted]**"),
        ("John **Smith said**", "**[redacted] said**"),
        ("**Mr John** Smith", "**Mr [redacted]**"),
        ("Jo**hn** Smith’s", "[redacted]’s"),
        ("`John` Smith", "`[redacted]`"),
        ("_John Smith_, john_smith", "_[redacted]_, [redacted]"),
        ("John\\\nSmith  \nx", "[redacted]  \nx"),
        ("> John\n> Smith\n> said", "> [redacted]\n> said"),
        ("John&nbsp;Smith or &#74;ohn Smith", "[redacted] or [redacted]"),
        ("John **Smith**[1] and Smith", "**[redacted]**[1] and Smith"),
        ("### He {#john-smith}\n\n### x {#redacted}", "### He {#redacted-2}\n\n### x {#redacted}"),
        ("*[John Smith]: our head\n*[JS]: John Smith\n", "*[JS]: [redacted]\n"),
        ("[see John Smith](/x/)", "[see [redacted]](/x/)"),
        ("[John Smith](/x/)", "[redacted]"),
        ("[John](/x/) [Smith](/y/) x", "[redacted] x"),
        ("John [Smith](/x/)", "[redacted]"),
        ("[her page](https://x.example/john-smith)", "her page"),
        ('[it](link:guide "By John Smith")', "it"),
        ("[it](</john smith>), ![it](/john-smith.png), [it](/john\\_smith)", "it, !it, it"),
        ("<mailto:john.smith@x.example> <john.smith@x.example>", "[redacted] [redacted]"),
        ("[it][1]\n\n[1]: https://x.example/john-smith\n[2]: /x/\n", "[it][1]\n\n[2]: /x/\n"),
    ],
)
def test_the_words_are_taken_out_of_markdown_with_their_markup(source: str, expected: str) -> None:
    written, places = redact_markdown(source, NAME)

    assert written == expected
    assert places > 0


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("John Smith: /head", "<p>[redacted]: /head</p>"),
        ("[John Smith](/x/): /head", "<p>[redacted]: /head</p>"),
        ("John Smith(/x/)", "<p>[redacted](/x/)</p>"),
        ("John Smith[x](/y/)", '<p>[redacted]<a href="/y/">x</a></p>'),
    ],
)
def test_the_mark_makes_no_link_of_what_follows_it(source: str, expected: str) -> None:
    assert render(redact_markdown(source, NAME)[0]) == expected


@pytest.mark.parametrize(
    "source",
    [
        "John\n\nSmith",
        "- John\n- Smith",
        "John Smithson and [Johnny](/x/) *Smith*-Jones",
        "> John\n>\n> Smith",
        "[x](/john) __Smith__\\\n[redacted](/x/)",
    ],
)
def test_markdown_without_the_words_is_left_alone(source: str) -> None:
    assert redact_markdown(source, NAME) == (source, 0)


@pytest.mark.parametrize(
    "source", ["Words.\n\n[her page](/x(y(john%2Dsmith)))", "Words.\n\n- [1]: /john%2dsmith\n\n[1]"]
)
def test_nothing_is_left_of_markdown_that_would_still_tell_the_words(source: str) -> None:
    assert redact_markdown(source, NAME) == ("[redacted]", 1)


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
    told = [value for value in reader.values if is_address_of_him(value)]
    return told + ([reader.text] if IN_TEXT.search(plain(reader.text)) else [])


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


slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@slow
@given(contents(named))
def test_what_was_taken_out_is_read_nowhere_in_what_is_frozen(content: Content) -> None:
    redacted, places = redact_content(content, NAME)

    assert still_read(redacted) == []
    assert (places == 0) == (redacted == content)
    assert Content.from_json(json.loads(json.dumps(redacted.to_json()))) == redacted


@slow
@given(contents(named))
def test_taking_out_twice_is_taking_out_once(content: Content) -> None:
    once, _ = redact_content(content, NAME)

    assert redact_content(once, NAME) == (once, 0)


@slow
@given(contents(others))
def test_content_that_comes_close_to_the_words_is_unchanged(content: Content) -> None:
    assert redact_content(content, NAME) == (content, 0)


@slow
@given(contents(named))
def test_anchors_that_were_apart_stay_apart(content: Content) -> None:
    before = [section.anchor for section in content.sections]
    after = [section.anchor for section in redact_content(content, NAME)[0].sections]

    assert len(set(after)) >= len(set(before))


@given(st.one_of(named, st.text()), st.text(min_size=3, max_size=12))
@example("ab½", "ab1")
@example("aba aba aba", "aba aba")
def test_any_words_are_gone_from_any_text_the_first_time(text: str, words: str) -> None:
    try:
        once, places = redact_text(f"{text} {words}", words)
    except ValueError:
        return

    assert places >= 1
    assert redact_text(once, words) == (once, 0)


@slow
@given(named)
def test_what_was_taken_out_of_markdown_is_read_nowhere(source: str) -> None:
    once, places = redact_markdown(source, NAME)

    assert read(render(once)) == []
    assert (places == 0) == (once == source)
    assert redact_markdown(once, NAME) == (once, 0)


@slow
@given(others)
def test_markdown_that_comes_close_to_the_words_is_unchanged(source: str) -> None:
    assert redact_markdown(source, NAME) == (source, 0)
