from __future__ import annotations

import html

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guidance.text.blocks import parse
from guidance.text.markdown import render
from guidance.text.markdown_writer import write
from guidance.text.normal_form import words_of
from guidance.whitehall.body_html import Reader
from guidance.whitehall.sections import canonical

# What would mean something in Markdown, or in our own additions to it, if nobody escaped it.
AWKWARD = (
    *"*_[]()<>&#|\\`~!\"'^%$:;=+-{}@/",
    *("1. x", "2) x", "s1. x", "- x", "+ x", "# x", "> x", "---", "===", "***", ":--", "|--|"),
    *("$CTA", "$C", "$E", "^x^", "%x%", "{#a}", "&amp;", "&lt;b&gt;", "&#65;", "&copy;", "<b>"),
    *("[x]: /y", "*[X]: y", "[x](y)", "![x](y)", "[[regions]]", "link:key", "`x`", "``", "a_b_c"),
    *("\\", "\\\\", "x\\", "https://a.example/?a=1&copy;", "\u00a0", "x\u00a0y", "\u2028", "5 * 4"),
)
WORDS = st.sampled_from(("one", "two", "co-ordinator", "é", "don’t", "7", "3.5", "Über"))
TEXT = st.lists(st.one_of(WORDS, st.sampled_from(AWKWARD)), min_size=1, max_size=5)
SHORT = {"DSL": "designated safeguarding lead", "NICs": "National Insurance & so on"}
ADDRESSES = ("/a", "https://a.example/x_y_z?a=1&b=2", "mailto:a@b.example", "#there", "/a(b)c")


def escaped(parts: list[str], between: str = " ") -> str:
    return html.escape(between.join(parts), quote=False)


def element(tag: str, inner: str) -> str:
    return f"<{tag}>{inner}</{tag.split()[0]}>"


# Text in which bold and italics begin and end with words, between spaces.
plain = TEXT.map(escaped)
framed = st.builds(
    lambda first, inner, last: f"{first} {inner} {last}", WORDS, TEXT.map(escaped), WORDS
)
links = st.builds(
    lambda href, title, inner: element(
        f'a href="{html.escape(href)}"' + (f' title="{html.escape(title)}"' if title else ""), inner
    ),
    st.sampled_from(ADDRESSES),
    st.sampled_from(("", "A title", 'With "quotes" & a | pipe', "&amp; \\")),
    framed,
)
abbreviations = st.sampled_from([*SHORT]).map(
    lambda short: element(f'abbr title="{html.escape(SHORT[short])}"', short)
)
codes = st.sampled_from(("x", "a `b` c", "`", "**x**", "a | b", "&amp;", "<b>", "\\")).map(
    lambda text: element("code", html.escape(text))
)
emphasis = st.builds(element, st.sampled_from(("strong", "em")), st.one_of(framed, abbreviations))
nested = st.builds(
    lambda tag, first, inner: element(tag, f"{first} {inner} end"),
    st.sampled_from(("strong", "em")),
    WORDS,
    st.one_of(emphasis, links, codes),
)
inline = st.lists(
    st.one_of(plain, plain, emphasis, nested, links, abbreviations, codes), min_size=1, max_size=4
).map(" and ".join)
lines = st.lists(inline, min_size=1, max_size=3).map("<br>".join)

# Text in which they may begin and end anywhere.
wild = st.recursive(
    st.one_of(TEXT.map(lambda parts: escaped(parts, "")), st.sampled_from(["", " ", "\u00a0"])),
    lambda inner: st.builds(
        element,
        st.sampled_from(("strong", "em", "code", 'a href="/a"', 'abbr title="t"', "span")),
        st.lists(inner, max_size=3).map("".join),
    ),
    max_leaves=6,
)
wild_lines = st.lists(wild, min_size=1, max_size=4).map("<br>".join)


def blocks_of(line: st.SearchStrategy[str], cell: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    paragraphs = line.map(lambda inner: element("p", inner))
    headings = cell.map(lambda inner: element("h4", inner)) | cell.map(
        lambda inner: element('h4 id="own-1"', inner)
    )

    def row(tag: str) -> st.SearchStrategy[str]:
        cells = st.lists(cell, min_size=1, max_size=3)
        return cells.map(lambda found: element("tr", "".join(element(tag, c) for c in found)))

    def mixed() -> st.SearchStrategy[str]:
        cells = st.lists(st.tuples(st.sampled_from(("td", 'th scope="row"')), cell), max_size=3)
        return cells.map(lambda found: element("tr", "".join(element(t, c) for t, c in found)))

    tables = st.builds(
        lambda head, body: element(
            "table", element("thead", head) * bool(head) + element("tbody", "".join(body))
        ),
        st.one_of(st.just(""), row("th")),
        st.lists(st.one_of(row("td"), mixed()), max_size=3),
    )
    steps = st.lists(cell.map(lambda inner: element("li", element("p", inner))), min_size=1).map(
        lambda items: element('ol class="steps"', "".join(items))
    )
    leaves = st.one_of(paragraphs, headings, tables, steps, st.just("<hr>"))

    def further(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        several = st.lists(inner, min_size=1, max_size=3).map("".join)
        item = st.builds(lambda text, rest: element("li", text + rest), line, st.just("") | several)
        items = st.lists(item | several.map(lambda i: element("li", i)), min_size=1, max_size=3)
        lists = st.builds(
            lambda tag, found: element(tag, "".join(found)),
            st.sampled_from(("ul", "ol", 'ol start="3"', 'ol start="99"')),
            items,
        )
        boxes = st.builds(
            lambda name, found: element(f'div class="{name}"', found),
            st.sampled_from(("call-to-action", "contact", "address", "example", "information")),
            st.lists(paragraphs, min_size=1, max_size=2).map("".join),
        )
        notices = st.builds(
            lambda name, found: element(f'div class="application-notice {name}"', found),
            st.sampled_from(("info-notice", "help-notice")),
            st.lists(paragraphs, min_size=1, max_size=2).map("".join),
        )
        quotes = several.map(lambda found: element("blockquote", found))
        return st.one_of(lists, lists, boxes, notices, quotes)

    return st.lists(st.recursive(leaves, further, max_leaves=6), min_size=1, max_size=4).map(
        "".join
    )


def there_and_back(source: str) -> str:
    return render(write(Reader().read(source)), level=3)


def test_links_and_steps_that_hold_nothing_are_left_out() -> None:
    source = '<p><a>words</a></p><ol class="steps"><li><p></p></li><li><p>one</p></li></ol>'

    assert write(parse(source)) == "words\n\ns1. one"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(blocks_of(lines, inline))
def test_what_is_written_renders_as_the_same_words_in_the_same_structure(source: str) -> None:
    assert canonical(there_and_back(source)) == canonical(source)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(blocks_of(wild_lines, wild))
def test_whatever_stands_out_wherever_the_words_are_the_same(source: str) -> None:
    assert [*words_of(canonical(there_and_back(source)))] == [*words_of(canonical(source))]


@settings(deadline=None)
@given(st.lists(st.one_of(st.text(max_size=20), st.sampled_from(AWKWARD)), max_size=6))
def test_no_sign_of_a_text_is_lost_or_added(parts: list[str]) -> None:
    source = element("p", escaped(parts, ""))

    assert canonical(there_and_back(source)) == canonical(source)
