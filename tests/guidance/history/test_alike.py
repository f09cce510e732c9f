"""What readers cannot see is no change; what words mean is one, and is said."""

from __future__ import annotations

import pytest

from guidance.history.comparison import compare
from guidance.text.markdown import render
from tests.guidance.factories import make_content
from tests.guidance.history.named_content import section_of


def summary(old: str, new: str) -> tuple[str, ...]:
    before, after = (make_content(sections=(section_of(render(text)),)) for text in (old, new))
    return compare(before, after).summary


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("10\u00a0February", "10 February"),
        ("10 February", "10&nbsp;February"),
        ("10\u202f000", "10 000"),
        ("caf\u00e9", "cafe\u0301"),
        ("Si\u00f4n \u0174", "Sio\u0302n W\u0302"),
        ("**caf\u00e9**, [caf\u00e9](/a)", "**cafe\u0301**, [cafe\u0301](/a)"),
        ("| caf\u00e9 |\n| - |\n| a\u00a0b |", "| cafe\u0301 |\n| - |\n| a b |"),
    ],
)
def test_signs_that_look_the_same_are_no_change(old: str, new: str) -> None:
    assert summary(old, new) == ()
    assert summary(new, old) == ()


def test_nor_are_they_in_the_title_the_lead_and_a_heading() -> None:
    old = make_content(title="Caf\u00e9\u00a01", lead="Caf\u00e9\u00a01")
    new = make_content(title="Cafe\u0301 1", lead="Cafe\u0301 1")

    assert compare(old, new).summary == ()


def test_an_accent_at_the_start_of_a_paragraph_breaks_no_tag() -> None:
    content = make_content(sections=(section_of("<p>\u0338a</p>"),))

    assert compare(content, content).sections[0].html == "<p>\u0338a</p>"


def test_another_letter_or_no_space_is_a_change() -> None:
    assert summary("A cafe here", "A caf\u00e9 here") == ("Section 1: 1 edit to the text.",)
    assert summary("On 10\u00a0February", "On 10February") != ()


def test_an_abbreviation_of_another_meaning_says_both() -> None:
    old, new = (
        make_content(sections=(section_of(render(f"Ask the DSL.\n\n*[DSL]: {meaning}")),))
        for meaning in ("designated safeguarding lead", "deputy safeguarding lead")
    )

    html = compare(old, new).sections[0].html

    assert '<span class="rpec-address"> (designated safeguarding lead)</span></del>' in html
    assert '<span class="rpec-address"> (deputy safeguarding lead)</span></ins>' in html
