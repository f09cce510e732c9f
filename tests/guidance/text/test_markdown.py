from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidance.text.markdown import render


def test_paragraphs_and_lists_become_plain_elements_without_classes() -> None:
    assert render("One\n\n- two\n- three") == (
        "<p>One</p>\n<ul>\n<li>two</li>\n<li>three</li>\n</ul>"
    )


def test_a_link_keeps_its_key_for_the_address_that_is_put_in_later() -> None:
    assert render("[the guide](link:the-guide)") == (
        '<p><a href="link:the-guide">the guide</a></p>'
    )


@pytest.mark.parametrize(
    "address", ["/contact/?topic=training", "https://a.example/", "mailto:a@b.example", "tel:999"]
)
def test_links_may_go_by_path_web_mail_and_telephone(address: str) -> None:
    assert render(f"[there]({address})") == f'<p><a href="{address}">there</a></p>'


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_a_link_that_would_run_something_is_not_a_link(address: str) -> None:
    assert "<a" not in render(f"[there]({address})")


def test_a_scheme_that_is_not_on_the_list_is_dropped_from_its_link() -> None:
    assert render("[there](ftp://a.example/)") == "<p><a>there</a></p>"


@pytest.mark.parametrize(
    "pasted",
    [
        "<script>alert(1)</script>",
        '<iframe src="https://evil.example"></iframe>',
        '<p onclick="x()">hello</p>',
        "<style>p{}</style>",
        "<svg onload=x()></svg>",
    ],
)
def test_pasted_html_is_shown_as_the_text_that_it_is(pasted: str) -> None:
    html = render(pasted)

    assert html == ("<p>" + pasted.replace("<", "&lt;").replace(">", "&gt;") + "</p>")


def test_there_are_no_pictures() -> None:
    assert "<img" not in render("![a cat](https://a.example/cat.png)")


def test_what_an_editor_indents_stays_text() -> None:
    assert render("    indented") == "<p>indented</p>"


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (2, "<h3>One</h3>\n<h4>Two</h4>\n<h4>Three</h4>"),
        (3, "<h4>One</h4>\n<h4>Two</h4>\n<h4>Three</h4>"),
    ],
)
def test_headings_of_a_body_stand_beneath_their_section_s(level: int, expected: str) -> None:
    assert render("# One\n\n## Two\n\n### Three", level=level) == expected


def test_the_first_level_that_a_body_uses_is_the_one_next_to_its_section() -> None:
    assert render("#### Deep") == "<h3>Deep</h3>"


def test_cells_in_a_table_s_head_say_that_they_head_their_column() -> None:
    html = render("| Day | Time |\n|:--|--:|\n| Monday | 5pm |")

    assert html == (
        '<table>\n<thead>\n<tr>\n<th scope="col">Day</th>\n<th scope="col">Time</th>\n</tr>\n'
        "</thead>\n<tbody>\n<tr>\n<td>Monday</td>\n<td>5pm</td>\n</tr>\n</tbody>\n</table>"
    )


class Inventory(HTMLParser):
    """Which elements, attributes and schemes of addresses a text has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.schemes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.schemes.update(urlsplit(value or "").scheme for name, value in attrs if name == "href")


ELEMENTS = {
    "p",
    "br",
    "hr",
    "blockquote",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "a",
    "strong",
    "em",
    "abbr",
    "code",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
markdown_like = st.lists(
    st.sampled_from(
        [*'#*_`>-+|[]()!<&"\n\t ', "](", "](javascript:", "<script>", "<p style=x>", "link:", "1. "]
        + ["https://", "word", "|--|\n", "&lt;", "onclick="]
    ),
    max_size=40,
).map("".join)


@given(st.one_of(st.text(max_size=300), markdown_like))
def test_whatever_is_typed_yields_nothing_but_what_is_allowed(source: str) -> None:
    found = Inventory(render(source))

    assert found.elements - ELEMENTS == set()
    assert found.attributes - {"href", "title", "start", "scope"} == set()
    assert found.schemes - {"", "http", "https", "mailto", "tel", "link"} == set()
