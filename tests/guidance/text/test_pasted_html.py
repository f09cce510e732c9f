"""What editors paste: taken out and said, or refused; the words stay."""

from __future__ import annotations

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidance.text.markdown import render
from guidance.text.pasted_html import LONGEST, clean, faults, sentence
from guidance.text.pasted_lists import as_markdown


@pytest.mark.parametrize(
    ("pasted", "kept", "taken_out"),
    [
        ("One <script>alert('<p>')</script>two", "One two", ("a script",)),
        ("One <STYLE>p {}</STYLE >two", "One two", ("styles",)),
        (
            'One <iframe src="https://x.example"></iframe>two',
            "One two",
            ("an embedded frame (iframe)",),
        ),
        ("<svg><script>x</script><path d='M0'/></svg>One", "One", ("a drawing (SVG)",)),
        ('<p onclick="steal()">One</p>', "One", ("an event handler (onclick)",)),
        ('<span style="color: red">One</span>', "One", ("styles",)),
        ("One<!--[if mso]><xml><w:x/></xml><![endif]--> two", "One two", ()),
        ("<o:p>One</o:p>", "One", ()),
        ("<p>One</p><p>Two</p>", "One\n\nTwo", ()),
        ("<ul><li>One</li><li>Two</li></ul>", "- One\n- Two", ()),
        ("<b>One</b> and <em>two</em>", "**One** and *two*", ()),
        ('<a href="https://x.example/a">One</a>', "[One](https://x.example/a)", ()),
        (
            '<a href="javascript:alert(1)">One</a>',
            "One",
            ("a link that leads nowhere on the web",),
        ),
        (
            "<table><tr><td>One</td><td>Two</td></tr></table>",
            " One Two",
            ("a table's lines: write it as | column | column |",),
        ),
        ("One <script>alert(1) two", "One alert(1) two", ("a script",)),
        ("<scr<script></script>ipt>One", "One", ("a script",)),
        ("10<sup>2</sup> and H<SUB class=x>2</SUB>O", "10² and H₂O", ()),
        (
            "the 21<sup>st</sup>",
            "the 21st",
            ("the place of raised letters (they are plain ones here)",),
        ),
    ],
)
def test_markup_goes_and_is_named_and_the_words_stay(pasted, kept, taken_out):
    assert (clean(pasted).text, clean(pasted).taken_out) == (kept, taken_out)


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("For:\n•\tNurseries\n•\tSchools", "For:\n- Nurseries\n- Schools"),
        ("·\u00a0\u00a0\u00a0 Nurseries\n·\u00a0Schools", "- Nurseries\n- Schools"),
        ("-\u00a0Nurseries\n*\u00a0Schools", "- Nurseries\n- Schools"),
        ("• Schools\no\u00a0\u00a0 Primary\n§ Secondary", "- Schools\n  - Primary\n  - Secondary"),
        ("1.\u00a0First\n2)\tSecond", "1. First\n2) Second"),
        ("<p>·&nbsp;&nbsp; One</p><p>·&nbsp;Two</p>", "- One\n\n- Two"),
    ],
)
def test_the_lines_of_a_list_out_of_word_are_a_list(pasted, kept):
    assert clean(pasted).text == kept


def test_whoever_pasted_a_list_is_told():
    assert sentence(clean("•\tNurseries").taken_out) == (
        "Taken out: the signs of Word’s lists (they are lists here). The rest was kept."
    )


@pytest.mark.parametrize(
    "text",
    [
        "On 10\u00a0February\no what a day\n- one\n* two\n1. three\n–\u00a0",
        "a < b and c > d",
        "<https://x.example/p> and <name@x.example>",
        "1. One\n   - nested\n\n\n\n> quoted  \n| a | b |\n| - | - |",
        "Fish &amp; chips, x<y, <3, </>",
    ],
)
def test_a_text_without_tags_comes_back_as_it_was(text):
    assert clean(text).text == text
    assert clean(text).taken_out == ()


@given(st.text(alphabet=st.characters(exclude_characters="<", exclude_categories=["Cs"])))
def test_no_text_without_an_angle_bracket_is_changed_but_for_words_lists(text):
    hypothesis.assume(as_markdown(text) == text)
    assert clean(text).text == text


@given(
    st.lists(
        st.sampled_from(
            ["<script>", "</script>", "<p onclick=x>", "</p>", "<svg>", "</svg>", "<!--", "-->"]
            + ["<a href='javascript:x'>", "</a>", "<iframe src=x>", "word", " ", "\n", "<", ">"]
        ),
        max_size=30,
    ).map("".join)
)
def test_whatever_is_left_readers_get_no_markup_of(pasted):
    page = render(clean(pasted).text)
    assert [tag for tag in ("<script", "<iframe", "<svg", "onclick=x>") if tag in page] == []
    assert 'href="javascript' not in page


@pytest.mark.parametrize(
    "pasted",
    ["<" * LONGEST, "<div>" * 20_000, "<script>" * 12_500, "<!--" * 25_000, "<p " * 30_000],
)
def test_a_hostile_text_is_read_to_its_end(pasted):
    assert len(clean(pasted).text) <= len(pasted)


def test_what_was_taken_out_is_said_in_a_sentence():
    assert sentence(()) == ""
    assert sentence(("a script",)) == "Taken out: a script. The rest was kept."
    assert sentence(("a script", "styles", "a sound")) == (
        "Taken out: a script, styles and a sound. The rest was kept."
    )


@pytest.mark.parametrize(
    "table",
    [
        "| Track | Date |\n| DSL | 1 May |",
        "Words.\n\n| Track | Date |\n| DSL | 1 May |\n| DSL | 2 May |",
        "| --- | --- |\n| DSL | 1 May |",
    ],
)
def test_a_table_without_a_header_row_is_refused(table):
    (fault,) = faults(table)
    assert "has no header row" in fault
    assert "Put a row that names the columns first" in fault


def test_a_table_whose_columns_have_no_names_is_refused():
    (fault,) = faults("| | |\n| --- | --- |\n| DSL | 1 May |")
    assert fault == "The table that begins with “| | |” does not name its columns."


def test_a_table_whose_lines_have_not_as_many_columns_is_refused():
    (fault,) = faults("| A | B \\| C |\n| --- | --- | --- |\n| DSL | 1 May | 2 |")
    assert "names 2 columns, and has 3 below" in fault


@pytest.mark.parametrize(
    "text",
    [
        "| Track | Date |\n| --- | :-: |\n| DSL | 1 May |",
        "| one line in bars |",
        "either | or",
        "| Track | Date |\n|---|---|\n\nWords.\n\n| A | B |\n|---|---|\n| 1 | 2 |",
    ],
)
def test_a_table_with_its_header_row_is_kept(text):
    assert faults(text) == []


def test_a_text_of_five_megabytes_is_refused_for_its_length_alone():
    assert faults("word " * 1_000_000) == [
        "This text has 5,000,000 characters; at most 100,000 are kept in one section. "
        "Cut it into several sections."
    ]


@pytest.mark.parametrize("character", ["\x00", "\ud800"])
def test_a_character_that_cannot_be_stored_is_refused(character):
    assert len(faults(f"One {character} two")) == 1
