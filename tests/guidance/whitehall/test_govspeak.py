from __future__ import annotations

import re

import pytest
from django.utils import timezone

from guidance.actions.loading import PAGE, load_published
from guidance.content import Embed, RegionFacts, RegionsEmbed, SessionsEmbed
from guidance.drafts import DraftSection
from guidance.govuk_formats import govspeak_of
from guidance.models import Edition
from guidance.text.ids import RESERVED_ANCHORS
from guidance.text.markdown import render
from guidance.text.normal_form import words_of
from guidance.whitehall.export import body
from guidance.whitehall.govspeak import govspeak
from guidance.whitehall.sections import canonical, convert
from tests.guidance.govuk_items import CARRIED_IN_PART, CARRIED_WHOLE
from tests.training.factories import make_facts

SITE = "https://us.example"
ITEMS = {**CARRIED_WHOLE, **{name: source for name, (source, _) in CARRIED_IN_PART.items()}}


def written(markdown: str, links: dict[str, str] | None = None) -> str:
    """One section's Govspeak, its heading left out."""
    sections = [DraftSection(2, "", "a", markdown)]
    return govspeak(sections, {}, links or {}, site_url=SITE).strip()


def words(html: str) -> list[str]:
    return [*words_of(canonical(html))]


@pytest.mark.parametrize("source", ITEMS.values(), ids=ITEMS)
def test_what_goes_to_whitehall_says_the_same_words_here(source: str) -> None:
    sections = convert(source, reserved=RESERVED_ANCHORS).sections

    text = govspeak(sections, {}, {}, site_url=SITE)

    assert words(render(text, level=1)) == words(source)
    assert re.search(r"\]\((?!https?:|mailto:|tel:|#|<https?:)", text) is None


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data")
@pytest.mark.parametrize("number", [2, 3])
def test_the_shipped_editions_go_out_without_keys_and_embeds(number: int) -> None:
    load_published()
    edition = Edition.objects.select_related("page").get(page__slug=PAGE, number=number)

    text = govspeak_of(edition, at=timezone.now())

    assert "link:" not in text
    assert "[[" not in text
    assert re.search(r"\]\(/", text) is None
    assert words(render(text, level=1)) == words(body(edition.frozen(), site_url=SITE))


def test_headings_have_their_anchors() -> None:
    sections = [DraftSection(2, "One", "one", "a"), DraftSection(3, "Two", "two", "")]

    assert govspeak(sections, {}, {}, site_url=SITE) == ("## One {#one}\n\na\n\n### Two {#two}\n")


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
    text = govspeak([DraftSection(3, "1. *All* {#x}", "a", "")], {}, {}, site_url=SITE)

    assert text == "### 1\\. \\*All\\* \\{#x} {#a}\n"


def test_what_govspeak_cannot_escape_is_a_reference() -> None:
    assert written("\\^a^\n\n\\%b%\n\n&amp;copy;") == "&#94;a^\n\n&#37;b%\n\n&amp;copy;"


def test_a_line_break_is_two_spaces() -> None:
    assert written("one\\\ntwo") == "one  \ntwo"


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

    text = govspeak(sections, embeds, {}, site_url=SITE)

    assert text == (
        "## A {#a}\n\nx\n\n- **North\\***: including Tyne & Wear, a\\|b\n\n"
        "## B {#b}\n\nx\n\n| Date | UK time | Booking |\n| --- | --- | --- |\n"
        "| Tuesday 10 February 2026 | 3:30pm to 4:45pm | "
        "[Register](<https://r.example/(a)%7Cb>) |\n"
        "| Tuesday 10 February 2026 | 3:30pm to 4:45pm | Link to follow |\n\n"
        "## C {#c}\n\nx\n\nNo dates are planned at the moment.\n"
    )
