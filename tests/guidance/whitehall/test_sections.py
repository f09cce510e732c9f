from __future__ import annotations

import pytest

from guidance.content import Content, ContentSection
from guidance.text.ids import RESERVED_ANCHORS
from guidance.text.markdown import render
from guidance.text.normal_form import words_of
from guidance.whitehall.export import body
from guidance.whitehall.sections import ConversionError, Converted, as_markdown, canonical, convert
from tests.guidance.govuk_items import CARRIED_IN_PART, CARRIED_WHOLE


def exported(converted: Converted) -> str:
    """What an import's sections say when they go out again."""
    sections = tuple(
        ContentSection(s.level, s.heading, s.anchor, render(s.markdown, level=s.level))
        for s in converted.sections
    )
    return body(Content("T", "L", sections, {}), site_url="https://site.example")


def words(html: str) -> list[str]:
    return [*words_of(canonical(html))]


@pytest.mark.parametrize("source", CARRIED_WHOLE.values(), ids=CARRIED_WHOLE)
def test_it_comes_out_with_the_same_words_in_the_same_structure(source: str) -> None:
    converted = convert(source, reserved=RESERVED_ANCHORS)

    assert converted.not_carried == ()
    assert canonical(exported(converted)) == canonical(source)


@pytest.mark.parametrize(("source", "told"), CARRIED_IN_PART.values(), ids=CARRIED_IN_PART)
def test_what_cannot_be_carried_is_told_and_its_words_are_kept(
    source: str, told: tuple[str, ...]
) -> None:
    converted = convert(source, reserved=RESERVED_ANCHORS)

    assert converted.not_carried == told
    assert words(exported(converted)) == words(source)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a call to action", "$CTA\nAsk [the helpline](https://www.gov.uk/contact/education).\n\n"),
        ("an information notice", "^Closed in 5% of weeks.^"),
        ("a warning of several paragraphs", "%Mind the pond^\n\nAnd 100&#37;%"),
        ("an example", "$E\n### At Elm {#b}\n\nThey grew beans.\n$E"),
        ("an address", "$A\nGO\\\n1 High Street\\\nLS1 1AA\n$A\n\nThe GO answers.\n\n*[GO]: Gar"),
        (
            "places and forms",
            "$P\nFind a garden\n$P\n\n$D\n[Form G1](https://www.gov.uk/f.pdf)\n$D",
        ),
        ("steps", "s1. Dig.\ns2. Sow **beans**."),
        (
            "a table with row headings",
            "|  | May |\n| --- | --- |\n| # Beans \\| peas | `a\\|b` 4 |\n",
        ),
        ("a table without headings", "|  |  |\n| --- | --- |\n| x | y |"),
        ("a quotation", "> Beans.\n>\n> Peas."),
        ("headings of four levels", "1\\. x"),
    ],
)
def test_editors_find_it_as_they_would_have_written_it(name: str, written: str) -> None:
    assert convert(CARRIED_WHOLE[name]).sections[0].markdown.startswith(written)


def test_what_comes_out_goes_in_again_and_tells_nothing() -> None:
    for source, _ in CARRIED_IN_PART.values():
        out = exported(convert(source, reserved=RESERVED_ANCHORS))
        again = exported(convert(out, reserved=RESERVED_ANCHORS))

        assert canonical(again) == canonical(out)


def test_words_in_bold_within_a_word_next_to_a_sign_lose_the_bold_alone() -> None:
    source, _ = CARRIED_IN_PART["bold that Markdown cannot say"]

    (section,) = convert(source).sections

    assert section.markdown == "x“y”z and **bold**"


def test_links_within_the_page_follow_an_anchor_that_had_to_change() -> None:
    source, _ = CARRIED_IN_PART["anchors that are taken"]

    first = convert(source, reserved=RESERVED_ANCHORS).sections[0]

    assert first.markdown == "[Down](#updates-2), [up](#main-content-2), [out](#nowhere)"


def test_a_link_without_a_host_leads_to_gov_uk() -> None:
    (section,) = convert('<h2 id="a">A</h2><p><a href="/b">b</a></p>').sections

    assert section.markdown == "[b](https://www.gov.uk/b)"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>x</p><script>x()</script>", "script"),
        ('<iframe src="https://a.example"></iframe>', "iframe"),
        ("<style>p{}</style>", "style"),
        ("<svg><text>x</text></svg>", "svg"),
        ('<p class="a" onclick="x()">y</p>', "onclick"),
        ("<template>x</template>", "template"),
        ("<form><p>x</p></form>", "form"),
    ],
)
def test_a_body_that_would_run_something_is_not_taken(source: str, found: str) -> None:
    with pytest.raises(ConversionError) as refusal:
        convert(source)

    assert str(refusal.value) == (
        f"The body holds “{found}”, which no page of guidance has: it was not taken."
    )


@pytest.mark.parametrize(
    "source", ["", "  ", "<p></p>", "<h2></h2>", '<div class="contact"></div>']
)
def test_a_body_without_words_is_not_taken(source: str) -> None:
    with pytest.raises(ConversionError, match=r"^The body holds no words\.$"):
        convert(source)


def test_a_body_that_is_nested_too_deep_is_not_taken() -> None:
    with pytest.raises(ConversionError, match=r"^The body's parts stand too deep"):
        convert("<blockquote>" * 3000 + "x" + "</blockquote>" * 3000)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("<p>a b</p>" * 10_000, "has more than 15,000 tags"),
        ("<ul><li>" * 5_000, "parts stand too deep within each other"),
        ('<h2 id="a">A</h2><p>' + "a * b_c " * 30_000 + "</p>", "cannot be shown as a page"),
        ("x" * 250_001, "is longer than 250,000 characters"),
    ],
    ids=range(4),
)
def test_a_body_that_holds_more_than_any_page_is_not_taken(source: str, why: str) -> None:
    with pytest.raises(ConversionError, match=why):
        convert(source)


def test_a_heading_that_is_too_long_is_not_taken() -> None:
    with pytest.raises(ConversionError, match=r"^The heading “x+…” is longer than 200 characters"):
        convert(f"<h2>{'x' * 201}</h2>")


def test_a_short_text_becomes_markdown() -> None:
    assert as_markdown('<div class="govspeak"><p>See <a href="/x">x</a>.</p></div>') == (
        "See [x](https://www.gov.uk/x)."
    )
