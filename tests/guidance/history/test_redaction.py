"""What is taken out is read nowhere; all else stands as it stood."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guidance.content import Content, ContentSection, RegionFacts, RegionsEmbed, SessionsEmbed
from guidance.history.redaction import redact_content, redact_text
from tests.guidance.factories import make_content
from tests.guidance.history.named_content import (
    NAME,
    contents,
    named,
    others,
    section_of,
    slow,
    still_read,
)
from tests.training.factories import make_facts


def page(*bodies: str, **fields: Any) -> Content:
    """Content with a section for each piece of HTML."""
    sections = tuple(section_of(body, number) for number, body in enumerate(bodies, start=1))
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


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<p>John Smith<a href="/x/">1</a></p>', '<p>[redacted]<a href="/x/">1</a></p>'),
        ('<p>x<a href="/x/">John Smith says</a></p>', '<p>x<a href="/x/">[redacted] says</a></p>'),
        ('<p>John Smith<a href="/john-smith">it</a></p>', "<p>[redacted]it</p>"),
    ],
)
def test_a_word_ends_where_a_link_begins_or_ends(html: str, expected: str) -> None:
    assert redacted_html(html)[0] == expected


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


def page_about(name: str, *, anchor: str, booking: str, links: dict[str, str]) -> Content:
    """A page that names somebody in each of its parts."""
    session = make_facts(
        url="",
        title=f"{name} speaks",
        audience=f"{name}’s pupils",
        region_name=f"{name} land",
        registration_url=booking,
    )
    other = RegionFacts("x", "X", ())
    regions = RegionsEmbed((RegionFacts("north", f"{name} North", (name, "York")), other))
    sessions = SessionsEmbed(
        "dsl", f"With {name}", f"Who knows {name}", (session, make_facts(url=""))
    )
    return Content(
        title=f"About {name}",
        lead=f"{name} left.",
        sections=(
            ContentSection(2, name, anchor, f"<p>{name}</p>", sessions),
            ContentSection(3, "Regions", "regions", "", regions),
        ),
        links=links,
    )


def test_every_part_of_the_content_is_searched() -> None:
    content = page_about(
        NAME,
        anchor="john-smith",
        booking="https://www.eventbrite.co.uk/e/john-smith-1",
        links={"his": "https://x.example/john-smith", "john-smith": "https://y.example/", "k": "z"},
    )
    without = page_about("[redacted]", anchor="redacted", booking="", links={"his": "", "k": "z"})

    assert redact_content(content, NAME) == (without, 15)


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
