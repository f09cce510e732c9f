from __future__ import annotations

from datetime import UTC, datetime

import pytest

from guidance.drafts import DraftSection
from guidance.shipped import SourceError, SourceRegion, read_edition

FACTS = """\
number = 2
title = "A title"
lead = "A lead."
change_note = "A note."
published_at = 2025-02-12T11:26:00+00:00
[sessions]
dsl = ["2025-07-03T15:30"]
[[regions]]
name = "London"
areas = []
"""
BODY = """\
## First {#first}

Some words.

### Second {#second}

[[sessions:dsl]]

## Third {#third}

Before.

[[regions]]
"""


def file(facts: str = FACTS, body: str = BODY) -> str:
    return f"+++\n{facts}+++\n{body}"


def fault(text: str) -> str:
    with pytest.raises(SourceError) as caught:
        read_edition(text)
    return str(caught.value)


def test_a_file_tells_an_edition_s_facts() -> None:
    edition = read_edition(file())

    assert (edition.number, edition.title, edition.lead) == (2, "A title", "A lead.")
    assert edition.change_note == "A note."
    assert edition.published_at == datetime(2025, 2, 12, 11, 26, tzinfo=UTC)
    assert edition.regions == (SourceRegion("London", ()),)


def test_the_sessions_start_at_uk_time() -> None:
    (start,) = read_edition(file()).sessions["dsl"]

    assert start == datetime(2025, 7, 3, 14, 30, tzinfo=UTC)


def test_each_heading_begins_a_section_and_the_last_line_may_embed() -> None:
    assert read_edition(file()).sections == (
        DraftSection(2, "First", "first", "Some words."),
        DraftSection(3, "Second", "second", "", "sessions", "dsl"),
        DraftSection(2, "Third", "third", "Before.", "regions", ""),
    )


def test_a_heading_below_level_3_belongs_to_the_text() -> None:
    (section,) = read_edition(file(body="## One {#one}\n\n#### Inside\n")).sections

    assert section.markdown == "#### Inside"


# The facts of FACTS are lines 2 to 11, so a body begins on line 13.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "Line 1: the file has to begin with +++."),
        ("## One {#one}\n", "Line 1: the file has to begin with +++."),
        ("+++\nnumber = 2\n", "Line 1: the facts that begin here have no closing +++."),
        (file(body=""), "Line 13: there is no section."),
        (file(body="\nWords.\n## A {#a}\n"), "Line 14: there is text before the first heading."),
        (
            file(body="## One\n"),
            "Line 13: a heading has to be ## or ### and end with {#anchor}.",
        ),
        (
            file(body="## One {#one}\n\n# Two {#two}\n"),
            "Line 15: a heading has to be ## or ### and end with {#anchor}.",
        ),
        (
            file(body="## One {#one}\n\n## Two {#one}\n"),
            "Line 15: the anchor 'one' is there twice.",
        ),
        (
            file(body="## One {#one}\n\n[[regions]]\n\nMore.\n"),
            "Line 15: an embed stands last in its section, alone on its line: "
            "[[regions]] or [[sessions:track]].",
        ),
        (
            file(body="## One {#one}\n\n[[weather]]\n"),
            "Line 15: an embed stands last in its section, alone on its line: "
            "[[regions]] or [[sessions:track]].",
        ),
        (
            file(body="## One {#one}\n\n[[sessions]]\n"),
            "Line 15: sessions are embedded with their track, regions without.",
        ),
        (
            file(facts=FACTS.replace('title = "A title"\n', "")),
            "Line 2: the facts say nothing of 'title'.",
        ),
        (
            file(facts=FACTS.replace("number = 2", 'number = "two"')),
            "Line 2: the facts are not of the kind that they should be: 'two' is not int.",
        ),
        (
            file(facts=FACTS.replace("2025-07-03T15:30", "soon")),
            "Line 2: the facts are not of the kind that they should be: "
            "'soon' is not a date and time.",
        ),
        (
            file(facts=FACTS.replace("2025-07-03T15:30", "2025-07-03T15:30+02:00")),
            "Line 2: the facts are not of the kind that they should be: "
            "'2025-07-03T15:30+02:00' has an offset, where UK time is meant.",
        ),
    ],
)
def test_a_fault_is_told_with_its_line(text: str, expected: str) -> None:
    assert fault(text) == expected


def test_a_fault_in_the_toml_is_told_with_the_file_s_own_line() -> None:
    assert fault(file(facts=FACTS.replace('lead = "A lead."', "lead = "))).startswith("Line 4: ")
