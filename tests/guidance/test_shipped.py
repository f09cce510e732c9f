"""The files that the site ships with, and how they are read."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guidance.drafts import DraftSection, DraftText
from guidance.shipped import DATA, read_edition
from tests.training.factories import uk

LEFT_OVER = re.compile(r"^(#{1,3}\s|\s*\[\[)", re.MULTILINE)
FILE = """\
+++
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
[[regions]]
name = "North-East"
areas = ["Durham", "Cleveland"]
+++
## First {#first}

Some words.

#### Inside

### Second {#second}

[[sessions:dsl]]

## Third {#third}

Before.

[[regions]]
"""


def test_a_file_holds_an_edition_s_facts_with_sessions_at_uk_time() -> None:
    edition = read_edition(FILE)

    assert (edition.number, edition.change_note) == (2, "A note.")
    assert edition.published_at == datetime(2025, 2, 12, 11, 26, tzinfo=UTC)
    assert edition.sessions == {"dsl": (uk("2025-07-03 15:30"),)}
    assert [*edition.regions.items()] == [("London", ()), ("North-East", ("Durham", "Cleveland"))]


def test_each_heading_begins_a_section_and_the_last_line_may_embed() -> None:
    assert read_edition(FILE).text == DraftText(
        "A title",
        "A lead.",
        (
            DraftSection(2, "First", "first", "Some words.\n\n#### Inside"),
            DraftSection(3, "Second", "second", "", "sessions", "dsl"),
            DraftSection(2, "Third", "third", "Before.", "regions", ""),
        ),
    )


@pytest.mark.parametrize("text", ["", "## One {#one}\n", FILE.replace("T15:30", "T15:30+01:00")])
def test_a_text_that_describes_no_edition_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"unpack|offset"):
        read_edition(text)


@pytest.mark.parametrize("file", sorted(DATA.glob("*/*.md")), ids=lambda file: file.stem)
def test_nothing_in_a_shipped_file_is_left_over(file: Path) -> None:
    before, _, body = file.read_text("utf-8").split("+++\n", 2)
    edition = read_edition(file.read_text("utf-8"))
    sections = edition.text.sections

    assert before == ""
    assert body.lstrip().startswith(f"{'#' * sections[0].level} {sections[0].heading} ")
    assert edition.published_at.utcoffset() is not None
    assert len({section.anchor for section in sections}) == len(sections)
    assert {s.track for s in sections if s.embed == "sessions"} <= edition.sessions.keys()
    # A heading without an anchor, or an embed that does not stand last, would be read as text.
    assert [s.anchor for s in sections if LEFT_OVER.search(s.markdown)] == []
