from __future__ import annotations

import re

import pytest
from django.utils import timezone

from guidance.actions.loading import PAGE, load_published
from guidance.content import Embed, RegionFacts, RegionsEmbed, SessionsEmbed
from guidance.drafts import DraftSection
from guidance.govuk_formats import govspeak_of
from guidance.models import Edition
from guidance.text.markdown import render
from guidance.text.normal_form import words_of
from guidance.whitehall.export import body
from guidance.whitehall.govspeak import govspeak
from guidance.whitehall.govspeak_blocks import (
    BLOCK_IN_ADDRESS,
    BLOCK_IN_NOTICE,
    BOX_WITHIN,
    HEADINGS_ONLY,
    LONG_NOTICE,
    ROW_HEADING,
    STEPS_WITHIN,
)
from guidance.whitehall.sections import canonical
from tests.training.factories import make_facts

SITE = "https://us.example"


def written(markdown: str, links: dict[str, str] | None = None) -> str:
    """One section's Govspeak, its heading left out."""
    sections = [DraftSection(2, "", "a", markdown)]
    return govspeak(sections, {}, links or {}, site_url=SITE).text.strip()


def words(html: str) -> list[str]:
    return [*words_of(canonical(html))]


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data")
@pytest.mark.parametrize("number", [2, 3])
def test_the_shipped_editions_go_out_without_keys_and_embeds(number: int) -> None:
    load_published()
    edition = Edition.objects.select_related("page").get(page__slug=PAGE, number=number)

    text = govspeak_of(edition, at=timezone.now()).text

    assert "link:" not in text
    assert "[[" not in text
    assert re.search(r"\]\(/", text) is None
    assert words(render(text, level=1)) == words(body(edition.frozen(), site_url=SITE))


def test_headings_have_their_anchors() -> None:
    sections = [DraftSection(2, "One", "one", "a"), DraftSection(3, "Two", "two", "")]

    assert govspeak(sections, {}, {}, site_url=SITE).text == (
        "## One {#one}\n\na\n\n### Two {#two}\n"
    )


@pytest.mark.parametrize(
    "markdown",
    [
        "$CTA\nAsk.\n$CTA",
        "^Closed.^",
        "%Mind it.%",
        "s1. One\ns2. Two",
        "The GO digs.\n\n*[GO]: Garden Office",
        "| A | B |\n| --- | --- |\n| # x | y |",
        "### Three {#three}\n\n#### Four {#four}",
    ],
)
def test_what_govspeak_knows_is_written_as_it_is(markdown: str) -> None:
    assert written(markdown) == markdown


def test_headings_in_a_text_have_the_level_that_readers_see() -> None:
    assert written("# One\n\n## Two") == "### One\n\n#### Two"


def test_a_heading_s_own_signs_are_words() -> None:
    text = govspeak([DraftSection(3, "1. *All* {#x}", "a", "")], {}, {}, site_url=SITE).text

    assert text == "### 1. \\*All\\* &#123;\\#x} {#a}\n"


def test_what_govspeak_cannot_escape_is_a_reference() -> None:
    assert written("\\^a^\n\n\\%b%\n\n&amp;copy;") == "&#94;a^\n\n&#37;b%\n\n&amp;copy;"


def test_a_line_break_is_two_spaces() -> None:
    assert written("one\\\ntwo") == "one  \ntwo"


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("^Book\\\nearly.^", "^Book<br />early.^"),
        ("%5 % or 10%%", "%5 % or 10&#37;%"),
        ("3. a\n4. b", '3. a\n4. b\n{: start="3"}'),
        ("1) a", "1. a"),
        ("1. a\n\n1) b", "1. a\n\n{::comment/}\n\n1. b"),
        ("s1. a\n\n1) b", "s1. a\n\n1. b"),
        ("- a\n\n* b", "- a\n\n{::comment/}\n\n- b"),
        ("- a\n\n  ___", "-   a\n\n    ___"),
        ('> "Be kind"', "> &#34;Be kind&#34;"),
        ("> “a\\\n> b”", "> &#8220;a  \n> b&#8221;"),
        ("> - ”", "> - &#8221;"),
        ("Phone\n\n: 0123", "Phone\n\n\\: 0123"),
        ("[Contact: x]", "\\[Contact<span>:</span> x\\]"),
        ("[AttachmentLink: x]", "\\[AttachmentLink<span>:</span> x\\]"),
        ("[Contact: x](https://a.example/)", "[Contact<span>:</span> x](https://a.example/)"),
        (":london: a", "\\:london<span>:</span> a"),
        ("{barchart} {: .a}", "&#123;barchart} &#123;: .a}"),
        ("$5 is $CTA", "$5 is &#36;CTA"),
        ("![a](https://a.example/)", "\\![a](https://a.example/)"),
        ("a -- b ... c", "a \\-- b \\... c"),
        ("a | b", "a \\| b"),
        ("`a | b`", "<code>a &#124; b</code>"),
        ("**a**b", "<strong>a</strong>b"),
        ("**a *b***", "**a <em>b</em>**"),
        ("s1\\. a", "s1\\. a"),
        ("x[a](https://a.example/)", "&#120;[a](https://a.example/)"),
        ("# C#", "### C\\#"),
        ("# 2024 {#2024}", '### 2024\n{: id="2024"}'),
        ("|  |  |\n| --- | --- |\n| - | - |", "| \\- | \\- |"),
        ("| a |\n| --- |\n| \\# b |", "| a |\n| --- |\n| <span>\\#</span> b |"),
        ("$A\na\\\nb\n$A", "$A\na\nb\n$A"),
        ("^The GO.^\n\n*[GO]: Office", '^The <abbr title="Office">GO</abbr>.^\n\n*[GO]: Office'),
    ],
)
def test_signs_are_written_as_govuk_reads_them(markdown: str, expected: str) -> None:
    result = govspeak([DraftSection(2, "", "a", markdown)], {}, {}, site_url=SITE)

    assert (result.text.strip(), result.not_carried) == (expected, ())


@pytest.mark.parametrize(
    ("markdown", "expected", "told"),
    [
        ("^a\n\nb^", "^a^\n\n^b^", LONG_NOTICE),
        ("%a\n\nb%", "%a%\n\n%b%", LONG_NOTICE),
        ("^a\n\n- b^", "^a^\n\n- b", BLOCK_IN_NOTICE),
        ("- $C\n  a\n  $C", "- a", BOX_WITHIN),
        ("> ^a^", "> a", BOX_WITHIN),
        ("> s1. a", "> 1. a", STEPS_WITHIN),
        ("$C\ns1. a\n$C", "$C\n1. a\n$C", STEPS_WITHIN),
        ("$A\na\n\nb\n$A", "$A\na\nb\n$A", BLOCK_IN_ADDRESS),
        (
            "| a | b |\n| --- | --- |\n| c | # d |",
            "| a | b |\n| --- | --- |\n| c | d |",
            ROW_HEADING,
        ),
        ("| a |\n| --- |", "| a |", HEADINGS_ONLY),
    ],
)
def test_what_govspeak_cannot_say_is_told(markdown: str, expected: str, told: str) -> None:
    result = govspeak([DraftSection(2, "", "a", markdown)], {}, {}, site_url=SITE)

    assert (result.text.strip(), result.not_carried) == (expected, (told,))


def test_an_abbreviation_of_two_meanings_says_each_where_it_stands() -> None:
    sections = [
        DraftSection(2, "", "a", "GO\n\n*[GO]: Garden Office"),
        DraftSection(2, "", "b", "GO\n\n*[GO]: Go out"),
    ]

    assert govspeak(sections, {}, {}, site_url=SITE).text == (
        '<abbr title="Garden Office">GO</abbr>\n\n<abbr title="Go out">GO</abbr>\n'
    )


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("[a](link:k)", "[a](https://k.example/)"),
        ("[a **b** \\[c\\]](link:k)", "[a **b** \\[c\\]](https://k.example/)"),
        ('[a](link:k "Title")', '[a](https://k.example/ "Title")'),
        ("[a](<link:k>)", "[a](https://k.example/)"),
        ("[a [b] c](link:k)", "[a \\[b\\] c](https://k.example/)"),
        ("[a](link:none)", "a"),
        ('[a](link:none "Title")', "a"),
        ("[a](/contact/)", "[a](https://us.example/contact/)"),
        ("[a](</contact/>)", "[a](https://us.example/contact/)"),
        ("[a](//a.example/)", "[a](https://a.example/)"),
        ("[a](#b)", "[a](#b)"),
        ("[a][r]\n\n[r]: link:k", "[a](https://k.example/)"),
        ("[a][r]\n\n[r]: /contact/", "[a](https://us.example/contact/)"),
        ("a^b 5% AT&T", "a^b 5% AT&T"),
    ],
)
def test_links_have_their_address(markdown: str, expected: str) -> None:
    assert written(markdown, {"k": "https://k.example/", "none": ""}) == expected


def test_embeds_are_written_out_as_they_stand() -> None:
    sections = [DraftSection(2, n, n.lower(), "x", embed="y") for n in ("A", "B", "C")]
    embeds: dict[str, Embed] = {
        "a": RegionsEmbed((RegionFacts("n", "North*", ("Tyne & Wear", "a|b")),)),
        "b": SessionsEmbed(
            "dsl",
            "DSLs",
            "DSLs",
            (
                make_facts(registration_url="https://r.example/(a)|b"),
                make_facts(registration_url=""),
            ),
        ),
        "c": SessionsEmbed("dsl", "DSLs", "DSLs", ()),
    }

    text = govspeak(sections, embeds, {}, site_url=SITE).text

    assert text == (
        "## A {#a}\n\nx\n\n- <strong>North\\*</strong>: including Tyne & Wear, a\\|b\n\n"
        "## B {#b}\n\nx\n\n| Date | UK time | Booking |\n| --- | --- | --- |\n"
        "| Tuesday 10 February 2026 | 3:30pm to 4:45pm | "
        "[Register](<https://r.example/(a)%7Cb>) |\n"
        "| Tuesday 10 February 2026 | 3:30pm to 4:45pm | Link to follow |\n\n"
        "## C {#c}\n\nx\n\nNo dates are planned at the moment.\n"
    )
