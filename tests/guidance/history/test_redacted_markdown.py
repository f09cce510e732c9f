"""Markdown is judged by what it renders to: what is taken out is read nowhere."""

from __future__ import annotations

import pytest
from hypothesis import given

from guidance.history.redaction import redact_content, redact_markdown
from guidance.text import pasted_html
from guidance.text.blocks import parse
from guidance.text.markdown import render
from guidance.text.normal_form import words_of
from tests.guidance.factories import make_content
from tests.guidance.history.named_content import NAME, named, others, read, section_of, slow


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Ask John Smith.", "<p>Ask [redacted].</p>"),
        ("John **Smith** said", "<p>[redacted] said</p>"),
        ("**John** *Smith*", "<p><strong>[redacted]</strong></p>"),
        ("**John** **Smith**", "<p><strong>[redacted]</strong></p>"),
        ("John **Smith said**", "<p>[redacted] <strong>said</strong></p>"),
        ("**Mr John** Smith", "<p><strong>Mr [redacted]</strong></p>"),
        ("Jo**hn** Smith’s", "<p>[redacted]’s</p>"),
        ("`John` Smith", "<p><code>[redacted]</code></p>"),
        ("_John Smith_, john_smith", "<p><em>[redacted]</em>, [redacted]</p>"),
        ("John\\\nSmith  \nx", "<p>[redacted]<br>\nx</p>"),
        ("> John\n> Smith\n> said", "<blockquote>\n<p>[redacted] said</p>\n</blockquote>"),
        ("John&nbsp;Smith or &#74;ohn Smith", "<p>[redacted] or [redacted]</p>"),
        ("John **Smith**[1] and Smith", "<p>[redacted][1] and Smith</p>"),
        (
            "### He {#john-smith}\n\n### x {#redacted}",
            '<h3 id="redacted-2">He</h3>\n<h3 id="redacted">x</h3>',
        ),
        ("JS asks.\n\n*[JS]: John Smith", '<p><abbr title="[redacted]">JS</abbr> asks.</p>'),
        ("John Smith asks.\n\n*[John Smith]: our head", "<p>[redacted] asks.</p>"),
        ("[see John Smith](/x/)", '<p><a href="/x/">see [redacted]</a></p>'),
        ("[John Smith](/x/)", "<p>[redacted]</p>"),
        ("[John](/x/) [Smith](/y/) x", "<p>[redacted] x</p>"),
        ("John [Smith](/x/)", "<p>[redacted]</p>"),
        ("[her page](https://x.example/john-smith)", "<p>her page</p>"),
        ("[her page](/x(y(john%2Dsmith)))", "<p>her page</p>"),
        ('[it](link:guide "By John Smith")', "<p>it</p>"),
        (
            "[it](</john smith>), ![it](/john-smith.png), [it](/john\\_smith)",
            "<p>it, !it, it</p>",
        ),
        (
            "<mailto:john.smith@x.example> <john.smith@x.example>",
            "<p>mailto:[redacted]@x.example [redacted]@x.example</p>",
        ),
        ("[it][1]\n\n[1]: https://x.example/john-smith", "<p>it</p>"),
        ('[it][1]\n\n[1]: /x/ "John Smith"', "<p>it</p>"),
        ("- [1]: /john%2dsmith\n\n[1]", "<ul>\n<li></li>\n</ul>\n<p>1</p>"),
    ],
)
def test_the_words_are_taken_out_of_markdown_with_their_markup(source: str, expected: str) -> None:
    written, places = redact_markdown(source, NAME)

    assert render(written) == expected
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
    ("hidden", "shown"),
    [
        ("Words.\n\n*[John Smith]: our head", "Words."),
        ("Words.\n\n*[JS]: John Smith", "Words."),
        ("Words.\n\n*[JS]: J&#111;hn Smith", "Words."),
        ("Words.\n\n[1]: https://x.example/john-smith\n[2]: /x/", "Words."),
        ("Words.\n\n[1]: /%6aohn-smith", "Words."),
        ("Words.\n\n[1]: /x/ 'John Smith'", "Words."),
        ("Words.\n\n[John Smith]: /x/", "Words."),
        ("Words.\n\n[1]: /x/\n[1]: /john-smith", "Words."),
        ("[Words](ftp://x.example/john-smith).", "Words."),
        ("| x |\n| --- |\n| y | John Smith |", "| x |\n| --- |\n| y |"),
    ],
)
def test_the_words_go_where_readers_never_saw_them_too(hidden: str, shown: str) -> None:
    assert redact_markdown(hidden, NAME) == (shown, 1)


@pytest.mark.parametrize(
    "source",
    [
        "John\n\nSmith",
        "- John\n- Smith",
        "John Smithson and [Johnny](/x/) *Smith*-Jones",
        "John Smith\\-Jones",
        "> John\n>\n> Smith",
        "[x](/john) __Smith__\\\n[redacted](/x/)",
        "John\n\n[1]: /smith\n\n*[JS]: Smith, John",
    ],
)
def test_markdown_without_the_words_is_left_alone(source: str) -> None:
    assert redact_markdown(source, NAME) == (source, 0)


def test_nothing_is_left_of_markdown_that_would_still_hold_the_words() -> None:
    # Without the link "it" touches the name, so the definition below would explain nothing.
    source = "`John Smith`John Smith[it](/john-smith)\n\n*[John Smith]: our head"

    assert redact_markdown(source, NAME) == ("[redacted]", 1)


def test_all_else_is_said_as_it_was_said() -> None:
    source = """\
John Smith left. Ask [the team](link:team) or **the *new* DSL**.

$CTA
[Report it](https://x.example/?a=1&b=2 "A form")
$CTA

| Who | When |
|-----|------|
| # You | now \\| later |

s1. Look
s2. Ask

3. three
4. four

^Take care^

*[DSL]: designated safeguarding lead
"""

    written, places = redact_markdown(source, NAME)

    assert places == 1
    assert "(link:team)" in written
    before, after = (
        parse(render(text)) for text in (source.replace("John Smith", "[redacted]"), written)
    )
    assert after == before
    assert pasted_html.faults(written) == []
    assert pasted_html.clean(written) == pasted_html.Pasted(written, ())


@slow
@given(named)
def test_what_was_taken_out_of_markdown_is_read_nowhere(source: str) -> None:
    once, places = redact_markdown(source, NAME)

    assert read(render(once)) == []
    assert (places == 0) == (once == source)
    assert redact_markdown(once, NAME) == (once, 0)


@slow
@given(named)
def test_every_other_word_of_a_text_stays_for_its_readers(source: str) -> None:
    page = make_content(sections=(section_of(render(source)),))
    redacted = redact_content(page, NAME)[0].sections[0].html

    after = render(redact_markdown(source, NAME)[0])

    assert [*words_of(parse(after))] == [*words_of(parse(redacted))]


@slow
@given(others)
def test_markdown_that_comes_close_to_the_words_is_unchanged(source: str) -> None:
    assert redact_markdown(source, NAME) == (source, 0)
