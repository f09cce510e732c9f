"""However odd a text, it takes about as many steps as it is long, and becomes little longer."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from guidance.text.markdown import LONGEST_HTML, LONGEST_SOURCE, UnrenderableError, render


def steps(work: Callable[[], Any]) -> int:
    """Return how many functions were called and left."""
    counted = 0

    def count(*_: Any) -> None:
        nonlocal counted
        counted += 1

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize(
    "unit", ["^a\n", "%a\n\n", "> ^a\n", "- ^a\n", "$C\n\n$A\n$E\n", "s1. a\n", "*[a]: b\n"]
)
def test_twice_the_text_takes_about_twice_the_steps(unit: str) -> None:
    times = 3000  # Beyond what may be sought for the ends of boxes, in each of them.
    once = steps(lambda: render(unit * times))
    twice = steps(lambda: render(unit * 2 * times))
    assert twice < 2.5 * once


@pytest.mark.parametrize("unit", ["^a\n", "%a\n\n"])
def test_a_text_of_boxes_without_an_end_does_not_look_on_from_each(unit: str) -> None:
    assert steps(lambda: render(unit * 4000)) < 4_000_000


def test_boxes_among_many_words_are_found_as_ever() -> None:
    html = render("^know this^\n\n$CTA\n\nDo this.\n\n$CTA\n\nWords.\n\n" * 800)
    assert html.count("info-notice") == html.count("call-to-action") == 800


def test_an_own_anchor_ends_a_heading_however_many_blanks_stand_before_it() -> None:
    assert render("#### a   {#b}") == '<h3 id="b">a</h3>'
    assert render("#### a" + " " * 50_000 + "{#") == "<h3>a" + " " * 50_000 + "{#</h3>"


def test_an_abbreviation_that_is_meant_too_often_is_not_written_out_any_more() -> None:
    html = render("*[a]: " + "y" * 20_000 + "\n\n" + "a " * 35_000)
    assert len(html) < 300_000
    assert html.count("<abbr") == 10
    assert html.endswith("a a</p>")


def test_a_link_that_is_defined_once_and_meant_too_often_is_its_words_alone() -> None:
    html = render("[a]: /" + "y" * 20_000 + "\n\n" + "[a] " * 18_000)
    assert len(html) < 400_000
    assert 0 < html.count("<a ") == html.count("</a>") < 20
    assert html.endswith("a a</p>")


def test_links_that_stand_in_the_text_are_never_too_many() -> None:
    source = "[a](https://www.example.org/a/page/of/some/length) " * 4_000
    assert render(source).count("<a ") == 4_000


def test_a_text_that_no_page_could_show_is_none() -> None:
    with pytest.raises(UnrenderableError, match="longer than 250,000 characters"):
        render("a" * (LONGEST_SOURCE + 1))
    table = "|a" * 200 + "|\n" + "|-" * 200 + "|\n" + "|" * 90_000
    for source in ("&" * LONGEST_SOURCE, "[a](b)" * 40_000, table):
        assert len(render(source)) < 1.2 * LONGEST_HTML
    with pytest.raises(UnrenderableError, match="too long"):
        render('"' * LONGEST_SOURCE)
