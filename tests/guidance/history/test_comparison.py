"""Two states in one: nothing is lost, nothing is marked that did not change."""

from __future__ import annotations

import html
import os
import re
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guidance.content import Content, ContentSection, RegionFacts
from guidance.history.comparison import Comparison, compare
from guidance.history.marking import Change
from guidance.text.blocks import INLINE, VOID, parse, write
from guidance.text.markdown import render
from tests.guidance.factories import dates_section, regions_section
from tests.training.factories import make_facts, uk
from training.session_facts import SessionFacts

EXAMPLES = int(os.environ.get("COMPARISON_EXAMPLES", "300"))


def content(body: str) -> Content:
    section = ContentSection(level=2, heading="Section", anchor="section", html=body)
    return Content(title="Title", lead="Lead.", sections=(section,), links={})


def marked(old: str, new: str) -> str:
    """Compare two bodies of Markdown and return the marked HTML."""
    (section,) = compare(content(render(old)), content(render(new))).sections
    return section.html


def plain(marked_html: str) -> str:
    """Write the marks as [-removed-] and {+added+}, without what only some readers hear."""
    text = re.sub(r'<span class="govuk-visually-hidden">\w+: </span>', "", marked_html)
    for tag, opening, closing in (("del", "[-", "-]"), ("ins", "{+", "+}")):
        text = text.replace(f"<{tag}>", opening).replace(f"</{tag}>", closing)
    return html.unescape(re.sub(r"<[^>]+>", "", text))


class Side(HTMLParser):
    """Reads one state out of marked HTML, and checks its form on the way."""

    def __init__(self, other: str, gone: str) -> None:
        super().__init__(convert_charrefs=True)
        self.other = other
        self.gone = gone
        self.open: list[tuple[str, bool]] = []
        self.written: list[str] = []

    @property
    def is_left_out(self) -> bool:
        return any(left_out for _, left_out in self.open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        within = {name for name, _ in self.open}
        assert tag in INLINE or not within & {"ins", "del"}, f"<{tag}> within a mark"
        said = dict(attrs)
        left_out = (
            tag == self.other
            or said.get("data-change") == self.gone
            or said.get("class") in {"govuk-visually-hidden", "rpec-address"}
        )
        if not self.is_left_out and not left_out and tag not in {"ins", "del"}:
            kept = "".join(
                f' {name}="{html.escape(value or "")}"'
                for name, value in attrs
                if name != "data-change"
            )
            self.written.append(f"<{tag}{kept}>")
        if tag not in VOID:
            self.open.append((tag, left_out))

    def handle_endtag(self, tag: str) -> None:
        opened, left_out = self.open.pop()
        assert opened == tag, f"</{tag}> closes <{opened}>"
        if not self.is_left_out and not left_out and tag not in {"ins", "del"}:
            self.written.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.is_left_out:
            self.written.append(html.escape(data, quote=False))


def one_side(marked_html: str, *, other: str, gone: str) -> str:
    reader = Side(other, gone)
    reader.feed(marked_html)
    reader.close()
    assert reader.open == []
    return write(parse("".join(reader.written)))


def old_side(marked_html: str) -> str:
    return one_side(marked_html, other="ins", gone="added")


def new_side(marked_html: str) -> str:
    return one_side(marked_html, other="del", gone="removed")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("one two", "one two", "one two"),
        ("a coordinator", "a co-ordinator", "a [-coordinator-]{+co-ordinator+}"),
        ("Avon & Somerset", "Avon and Somerset", "Avon [-&-]{+and+} Somerset"),
        ("one three", "one two three", "one {+two +}three"),
        ("one two three", "one three", "one [-two -]three"),
        ("", "new", "{+new+}"),
        ("old", "", "[-old-]"),
        ("the school’s duty", "the college’s duty", "the [-school’s-]{+college’s+} duty"),
    ],
)
def test_whole_words_are_marked_and_no_others(old: str, new: str, expected: str):
    assert plain(marked(old, new)) == expected


def test_a_changed_link_shows_both_addresses():
    shown = marked("See [the form](https://a.example).", "See [the form](https://b.example).")
    assert plain(shown) == ("See [-the form (https://a.example)-]{+the form (https://b.example)+}.")


def test_a_moved_block_is_removed_and_added_and_the_others_stay_unmarked():
    old = "First here.\n\nSecond there.\n\nThird one.\n\nFourth now."
    new = "Second there.\n\nThird one.\n\nFourth now.\n\nFirst here."
    assert plain(marked(old, new)) == (
        "[-First here.-]Second there.Third one.Fourth now.{+First here.+}"
    )


def test_a_changed_cell_leaves_its_table_alone():
    old = "| Day | Time |\n|--|--|\n| Monday | 5pm |\n| Tuesday | 6pm |\n"
    shown = marked(old, old.replace("6pm", "7pm"))
    assert plain(shown) == "DayTimeMonday5pmTuesday[-6pm-]{+7pm+}"
    assert shown.count("<td>") == 4


def test_an_added_list_item_is_marked_as_a_whole():
    shown = marked("- one\n- three", "- one\n- two\n- three")
    assert plain(shown) == "one{+two+}three"
    assert '<li data-change="added"><ins>' in shown


def test_who_cannot_see_the_marks_hears_them():
    shown = marked("one two", "one three")
    assert '<del><span class="govuk-visually-hidden">Removed: </span>two</del>' in shown
    assert '<ins><span class="govuk-visually-hidden">Added: </span>three</ins>' in shown


def test_a_session_or_region_that_came_or_went_is_marked_as_one_line():
    gone = make_facts(
        starts_at=uk("2025-03-17 15:30"), ends_at=uk("2025-03-17 16:45"), registration_url=""
    )
    old = replace(content(""), sections=(dates_section(gone),))
    came = RegionFacts("north", "North", ("Here", "There"))
    new = replace(content(""), sections=(regions_section(came),))
    removed, added = compare(old, new).sections
    assert removed.sessions[0].html == (
        '<del><span class="govuk-visually-hidden">Removed: </span>'
        "Monday 17 March 2025, 3:30pm to 4:45pm</del>"
    )
    assert added.regions[0].html == (
        '<ins><span class="govuk-visually-hidden">Added: </span>'
        "<strong>North</strong><br>including Here, There</ins>"
    )


def dates_compared(old: SessionFacts, new: SessionFacts) -> Comparison:
    """Compare two states of a page that lists one session and says nothing else."""
    return compare(
        *(replace(content(""), sections=(dates_section(facts),)) for facts in (old, new))
    )


def test_a_moved_session_is_one_changed_line_with_its_words_marked():
    was = make_facts(registration_url="")
    now = replace(
        was,
        starts_at=uk("2026-02-11 15:30"),
        ends_at=uk("2026-02-11 16:45"),
        moved_from=was.starts_at,
    )
    comparison = dates_compared(was, now)
    (section,) = comparison.sections
    assert [(line.change, plain(line.html)) for line in section.sessions] == [
        (
            Change.CHANGED,
            "[-Tuesday-]{+Wednesday+} [-10-]{+11+} February 2026, 3:30pm to 4:45pm",
        )
    ]
    assert comparison.summary == ("Dates: 1 date moved.",)


def test_a_session_of_an_edition_without_ids_is_the_same_by_its_values():
    was = make_facts(id=None, url="")
    now = make_facts(id=7, status="full")
    comparison = dates_compared(was, now)
    assert comparison.summary == ("Dates: 1 date changed.",)
    assert dates_compared(was, make_facts(id=8)).summary == ()


def test_from_when_a_session_was_moved_is_no_change_by_itself():
    was = make_facts()
    assert dates_compared(was, replace(was, moved_from=uk("2026-02-09 15:30"))).summary == ()


def test_in_a_line_that_stayed_only_what_changed_is_marked():
    was = RegionFacts("north", "North", ("Here",))
    sections = [(regions_section(facts),) for facts in (was, replace(was, areas=("Here", "There")))]
    old, new = (replace(content(""), sections=each) for each in sections)
    (section,) = compare(old, new).sections
    assert plain(section.regions[0].html) == "Northincluding Here{+, There+}"


def test_each_change_names_its_section_and_a_moved_one_has_an_anchor_of_its_own():
    parts = [ContentSection(2, name, name.lower(), "<p>Words.</p>") for name in ("One", "Two")]
    old, new = (replace(content(""), sections=tuple(each)) for each in (parts, parts[::-1]))
    comparison = compare(old, new)
    assert comparison.summary == ("One: section removed.", "One: section added.")
    assert [change.anchor for change in comparison.changes] == ["one-before", "one"]


@pytest.mark.parametrize("body", ["", "<p></p>", "<hr>", "<ul><li></li></ul>", "<p><br></p>"])
def test_nothing_and_empty_blocks_compare(body: str):
    for old, new in ((body, "<p>Words.</p>"), ("<p>Words.</p>", body), (body, body)):
        (section,) = compare(content(old), content(new)).sections
        assert old_side(section.html) == write(parse(old))
        assert new_side(section.html) == write(parse(new))


words = st.sampled_from(
    ["co-ordinator", "coordinator", "&", "and", "999", "Prevent", "a", "<b>", "ﬁ", "🙂", "it's"]
)
line = st.lists(
    st.one_of(
        words,
        words.map(lambda word: f"**{word}**"),
        words.map(lambda word: f"*{word} {word}*"),
        words.map(lambda word: f"[{word}](https://{len(word)}.example)"),
        words.map(lambda word: f"`{word}`"),
        st.text(max_size=6).map(lambda text: text.replace("\n", " ")),
    ),
    min_size=1,
    max_size=8,
).map(" ".join)
block = st.one_of(
    line,
    st.lists(line, min_size=1, max_size=4).map(lambda items: "\n".join(f"- {i}" for i in items)),
    st.lists(line, min_size=1, max_size=3).map(lambda items: "\n".join(f"3. {i}" for i in items)),
    st.tuples(line, line).map(lambda two: f"- {two[0]}\n  - {two[1]}\n  - x\n\n- y"),
    line.map(lambda text: f"> {text}\n>\n> - {text}"),
    line.map(lambda text: f"### {text}"),
    st.tuples(line, line).map(
        lambda two: f"| A | B |\n|--|--|\n| {two[0]} | {two[1]} |\n| x | {two[0]} |"
    ),
    line.map(lambda text: f"{text}  \n{text}"),
    st.just("---"),
    st.text(max_size=40),
)
document = st.lists(block, max_size=6).map("\n\n".join)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[str, str]:
    """Two documents: unrelated, or the second an edit of the first."""
    old = draw(document)
    if draw(st.booleans()):
        return old, draw(document)
    parts = old.split("\n\n")
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(parts)))
        match draw(st.integers(0, 3)):
            case 0:
                parts.insert(place, draw(block))
            case 1:
                parts[place : place + 1] = []
            case 2:
                parts = parts[place:] + parts[:place]
            case _:
                parts[place : place + 1] = [
                    part.replace("coordinator", "co-ordinator").replace("a", draw(words), 1)
                    for part in parts[place : place + 1]
                ]
    return old, "\n\n".join(parts)


def as_seen(source: str) -> str:
    """Return the HTML with letters and spaces of one kind, as which readers see them."""
    spaces = source.replace("&nbsp;", " ").replace("\u202f", " ")
    return re.sub("(?<=>)[^<>]+", lambda text: unicodedata.normalize("NFC", text[0]), spaces)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pairs())
def test_both_states_come_back_exactly_from_well_formed_html(pair: tuple[str, str]):
    old, new = (as_seen(render(source)) for source in pair)
    (section,) = compare(content(old), content(new)).sections
    assert old_side(section.html) == write(parse(old))
    assert new_side(section.html) == write(parse(new))
    if write(parse(old)) == write(parse(new)):
        assert section.change is Change.SAME


@settings(max_examples=EXAMPLES, deadline=None)
@given(document)
def test_what_is_read_and_written_again_is_the_same(source: str):
    once = write(parse(render(source)))
    assert write(parse(once)) == once
