"""Content items of our own, in GOV.UK's format, and what its schema asks of one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from guidance.whitehall.content_item import ContentItem, read_item

CONTENT_ID = "0d2f3a54-7a1c-4b0f-9a52-5c9f31b8e7d1"
SLUG = "keeping-a-school-garden"
FIRST = "2024-03-04T09:30:00+00:00"
SECOND = "2024-09-02T08:00:00+01:00"
THIRD = "2025-05-21T10:31:00+01:00"
BODY = '<h2 id="beds">Beds</h2>\n\n<p>Dig them over.</p>'


def make_item(**fields: Any) -> dict[str, Any]:
    """A content item as JSON's types; `details` and `history` (oldest first) go further in."""
    history = fields.pop("history", ((FIRST, "First published."),))
    details = {
        "body": f'<div class="govspeak">{fields.pop("body", BODY)}</div>',
        "political": False,
        "change_history": [
            {"public_timestamp": at, "note": note} for at, note in reversed(history)
        ],
        "first_public_at": history[0][0] if history else FIRST,
        **fields.pop("details", {}),
    }
    newest = history[-1][0] if history else FIRST
    return {
        "base_path": f"/guidance/{SLUG}",
        "content_id": CONTENT_ID,
        "description": "How to keep a garden that belongs to a school.",
        "details": details,
        "document_type": "detailed_guide",
        "first_published_at": history[0][0] if history else FIRST,
        "links": {},
        "locale": "en",
        "public_updated_at": newest,
        "schema_name": "detailed_guide",
        "title": "Keeping a school garden",
        "updated_at": newest,
        **fields,
    }


def read(name: str = "item.json", **fields: Any) -> ContentItem:
    """The state of a page that such a content item tells of."""
    return read_item(json.dumps(make_item(**fields)).encode(), name=name)


# What Govspeak makes of all that it knows, each with what cannot be carried of it.
CARRIED_WHOLE: dict[str, str] = {
    "a call to action": '<h2 id="a">A</h2>\n<div class="call-to-action">\n<p>Ask '
    '<a href="/contact/education">the helpline</a>.</p>\n\n<ul>\n  <li>one</li>\n</ul>\n</div>',
    "an information notice": '<h2 id="a">A</h2>\n<div role="note" aria-label="Information" '
    'class="application-notice info-notice">\n<p>Closed in 5% of weeks.</p>\n</div>',
    "a warning of several paragraphs": '<h2 id="a">A</h2>\n<div role="note" aria-label="Warning" '
    'class="application-notice help-notice">\n<p>Mind the pond^</p>\n<p>And 100%</p>\n</div>',
    "an example": '<h2 id="a">A</h2>\n<div class="example">\n<h3 id="b">At Elm</h3>\n'
    "<p>They grew beans.</p>\n</div>",
    "a contact": '<h2 id="a">A</h2>\n<div class="contact">\n<p><strong>Garden team</strong><br>\n'
    'Email: <a href="mailto:g@a.example">g@a.example</a><br>\n1 High Street <br>\nLeeds</p>\n'
    "</div>",
    "an address": '<h2 id="a">A</h2>\n<div class="address"><div class="adr org fn"><p>\n\n'
    '<abbr title="Garden Office">GO</abbr>\n<br>1 High Street \n<br>LS1 1AA\n<br>\n</p></div></div>'
    '\n<p>The <abbr title="Garden Office">GO</abbr> answers.</p>',
    "places and forms": '<h2 id="a">A</h2>\n<div class="place">\n<p>Find a garden</p>\n</div>\n'
    '<div class="form-download">\n<p><a href="/f.pdf" rel="external">Form G1</a></p>\n</div>\n'
    '<div class="information">\n<p>Seeds are free.</p>\n</div>',
    "steps": '<h2 id="a">A</h2>\n<ol class="steps">\n<li>\n<p>Dig.</p>\n</li>\n<li><p>Sow '
    "<strong>beans</strong>.</p>\n</li>\n</ol>",
    "a table with row headings": '<h2 id="a">A</h2>\n<table>\n  <thead>\n    <tr>\n'
    '      <td></td>\n      <th scope="col">May</th>\n    </tr>\n  </thead>\n  <tbody>\n    <tr>\n'
    '      <th scope="row">Beans | peas</th>\n      <td><code>a|b</code> 4</td>\n    </tr>\n'
    "    <tr>\n      <td># none</td>\n      <td></td>\n    </tr>\n  </tbody>\n</table>",
    "a table without headings": '<h2 id="a">A</h2>\n<table>\n  <tbody>\n    <tr>\n      <td>x</td>'
    "\n      <td>y</td>\n    </tr>\n  </tbody>\n</table>",
    "abbreviations, in headings too": '<h2 id="a">What <abbr title="Garden Office">GO</abbr> '
    'does</h2>\n<p>The <abbr title="Garden Office">GO</abbr> digs.</p>\n<h3 id="b">More of '
    '<abbr title="Garden Office">GO</abbr>\n</h3>\n<p>Text of it.</p>',
    "a quotation": '<h2 id="a">A</h2>\n<blockquote>\n  <p>Beans.</p>\n\n  <p class="last-child">'
    "Peas.</p>\n</blockquote>",
    "a link to a film": '<h2 id="a">A</h2>\n<p><a rel="external" '
    'href="https://www.youtube.com/watch?v=a_b&amp;t=1">How to dig</a></p>',
    "headings of four levels": '<h2 id="a">A</h2>\n<p>1. x</p>\n<h3 id="b">B</h3>\n<p>Text</p>\n'
    '<h4 id="c-1">C</h4>\n<p>Text</p>',
    "lists within lists": '<h2 id="a">A</h2>\n<ul>\n  <li>one\n    <ol>\n      <li>two\n        '
    "<ul>\n          <li>three</li>\n        </ul>\n      </li>\n    </ol>\n  </li>\n  <li>\n    "
    '<p>four</p>\n\n    <p>five</p>\n  </li>\n</ul>\n<ol start="4">\n  <li>six</li>\n</ol>',
    "line breaks and marked words": '<h2 id="a">A</h2>\n<p>one<br>\ntwo <em>three </em>four'
    "<strong>five</strong>, <b>six</b> <i>seven</i>\u00a0&amp;amp; *_[]</p>\n<hr>",
    "text before the first heading": '<p>Before all.</p>\n<h2 id="a">A</h2>\n<p>After.</p>',
    "links of all kinds": '<h2 id="a">A</h2>\n<p><a rel="external" href="https://a.example/b(c)">x'
    '</a> <a href="/government/publications/x" title="A &quot;title&quot;">y</a> '
    '<a href="#b">z</a> <a href="mailto:a@a.example">m</a> <a href="tel:+44123">t</a></p>\n'
    '<h2 id="b">B</h2>\n<p>There.</p>',
}
CARRIED_IN_PART: dict[str, tuple[str, tuple[str, ...]]] = {
    "a legislative list": (
        '<h2 id="a">A</h2>\n<ol class="legislative-list">\n  <li>1. One\n    <ol>\n      '
        "<li>(a) two</li>\n    </ol>\n  </li>\n</ol>",
        ("a legal text's own numbering (kept as words)",),
    ),
    "a bar chart with aligned cells": (
        '<h2 id="a">A</h2>\n<table class="js-barchart-table mc-auto-outdent">\n<thead><tr>'
        '<th scope="col">Year</th><th scope="col" style="text-align: right">Beans</th></tr></thead>'
        '<tbody><tr><td>2024</td><td style="text-align: right">7</td></tr></tbody></table>',
        ("how a table's cells are aligned", "a bar chart (kept as its table)"),
    ),
    "footnotes": (
        '<h2 id="a">A</h2>\n<p>Beans<sup id="fnref:1"><a href="#fn:1" class="footnote" '
        'rel="footnote" role="doc-noteref">[footnote 1]</a></sup>.</p>\n<div class="footnotes" '
        'role="doc-endnotes">\n<ol>\n<li id="fn:1">\n<p>Runner beans. <a href="#fnref:1" '
        'class="reversefootnote" role="doc-backlink">&#8617;</a></p>\n</li>\n</ol>\n</div>',
        (
            "raised letters (kept as plain ones)",
            "footnotes (kept as a list, without links to and fro)",
        ),
    ),
    "a picture with a caption": (
        '<h2 id="a">A</h2>\n<figure class="image embedded"><div class="img"><img '
        'src="https://assets.example/a.jpg" alt="A &quot;bean&quot;"></div>\n<figcaption><p>In May'
        "</p></figcaption></figure>\n<p>After it.</p>",
        ('a picture (its text: “A "bean"”)',),
    ),
    "an attachment": (
        '<h2 id="a">A</h2>\n<section class="attachment embedded">\n<div class="attachment-thumb">'
        '<a href="/media/plan.pdf" aria-hidden="true" class="thumbnail"><img alt="" src="/p.png">'
        '</a></div>\n<div class="attachment-details">\n<h3 class="title"><a href="/media/plan.pdf">'
        'The plan</a></h3>\n<p class="metadata"><span class="type"><abbr title="Portable Document '
        'Format">PDF</abbr></span>, <span class="file-size">1.2MB</span></p>\n</div>\n</section>',
        ("a picture", "an attachment (its words and links were kept)"),
    ),
    "an attachment within the text": (
        '<h2 id="a">A</h2>\n<p>See <span class="attachment-inline"><a href="/media/p.csv">p</a> '
        '(<span class="type">CSV</span>)</span></p>',
        ("an attachment within the text (a link)",),
    ),
    "a button": (
        '<h2 id="a">A</h2>\n<p><a href="/start" role="button" class="button button-start" '
        'data-module="x">Start now</a></p>',
        ("a button (kept as a link)",),
    ),
    "a heading set apart": (
        '<h2 id="a">A</h2>\n<h3 role="note" class="advisory"><span>Mind the pond</span></h3>',
        (
            "a heading set apart (kept as a heading)",
            "Mind the pond: it had no anchor (it has #mind-the-pond here)",
        ),
    ),
    "headings of five and six levels": (
        '<h2 id="a">A</h2>\n<h3 id="b">B</h3>\n<h4 id="c">C</h4>\n<h5 id="d">D</h5>\n'
        '<h6 id="e">E</h6>\n<p>Text</p>',
        (
            "a heading of level 5 (kept as level 4)",
            "a heading of level 6 (kept as level 4)",
        ),
    ),
    "a heading of level 4 right below one of level 2": (
        '<h2 id="a">A</h2>\n<h4 id="b">B</h4>\n<p>Text</p>',
        ("A: headings below it (they are of another level here)",),
    ),
    "headings without anchors": (
        "<h2>Beans &amp; peas</h2>\n<p>Text</p>\n<h2>Beans &amp; peas</h2>\n<p>More</p>",
        (
            "Beans & peas: it had no anchor (it has #beans-peas here)",
            "Beans & peas: it had no anchor (it has #beans-peas-2 here)",
        ),
    ),
    "anchors that are taken": (
        '<p><a href="#updates">Down</a>, <a href="#main-content">up</a>, <a href="#nowhere">out'
        '</a></p>\n<h2 id="updates">Updates</h2>\n<p>Text</p>\n<h2 id="beans">Beans</h2>\n<p>Text'
        '</p>\n<h3 id="main-content">Main</h3>\n<h4 id="beans">More beans</h4>\n<p>Text</p>\n'
        '<h2 id="Beans_2">Beans two</h2>',
        (
            "the anchor #updates (it is #updates-2 here)",
            "the anchor #main-content (it is #main-content-2 here)",
            "the anchor #beans (it is #beans-2 here)",
            "the anchor #Beans_2 (it is #beans-two here)",
            "the link to #nowhere (no heading here has that anchor)",
        ),
    ),
    "raised and lowered letters": (
        '<h2 id="a">A</h2>\n<p>the 21<sup>st</sup> of x<sub>a</sub></p>',
        ("raised letters (kept as plain ones)", "lowered letters (kept as plain ones)"),
    ),
    "a part that folds": (
        '<h2 id="a">A</h2>\n<details><summary>More</summary><p>Beans.</p></details>',
        ("a part that folds (kept open)",),
    ),
    "a list of terms": (
        '<h2 id="a">A</h2>\n<dl>\n<dt>Bean</dt>\n<dd>A seed</dd>\n</dl>',
        ("a list of terms (kept as paragraphs)",),
    ),
    "preformatted text": (
        '<h2 id="a">A</h2>\n<pre><code>one\n  two</code></pre>',
        ("preformatted text (kept as a paragraph)",),
    ),
    "a table of several kinds of cells": (
        '<h2 id="a">A</h2>\n<table><caption>Beans</caption><thead><tr><th colspan="2">One</th></tr>'
        "<tr><th>a</th><th>b</th></tr></thead><tbody><tr><td><p>x</p><ul><li>y</li><li>z</li></ul>"
        "</td><td>1<br>2</td></tr></tbody><tfoot><tr><td>All</td></tr></tfoot></table>",
        (
            "a table's caption (kept as a paragraph before it)",
            "a table's foot (kept as rows)",
            "a table's second row of headings (kept as a row)",
            "cells that span several (each is one cell now)",
            "lines within a table's cell (kept as one)",
        ),
    ),
    "a part for one nation": (
        '<h2 id="a">A</h2>\n<div class="devolved-content wales"><p class="devolved-header">This '
        'section applies to Wales</p><div class="devolved-body"><p>Leeks.</p></div></div>',
        ("a part for one nation (its words were kept)",),
    ),
    "a headline figure": (
        '<h2 id="a">A</h2>\n<div class="stat-headline"><p><em>13.8bn</em> beans</p></div>',
        ("a headline figure (its words were kept)",),
    ),
    "letters instead of numbers, and another language": (
        '<h2 id="a">A</h2>\n<ol type="a"><li>one</li></ol>\n<p lang="cy">Ffa</p>',
        ("which language words are in", "a list's own kind of numbers (1, 2, 3 here)"),
    ),
    "elements that Govspeak does not make": (
        '<h2 id="a">A</h2>\n<p><u>one</u> <a href="ftp://a.example/">two</a> <a id="x">three</a>'
        "</p>\n<center><p>four</p></center>",
        (
            "the element “u” (its words were kept)",
            "the element “center” (its words were kept)",
            "a link without an address that can be kept (kept as words)",
        ),
    ),
    "bold that Markdown cannot say": (
        '<h2 id="a">A</h2>\n<p>x<strong>“y”</strong>z and <strong>bold</strong></p>',
        ("A: the words are the same, some markup differs",),
    ),
    "a link in a heading": (
        '<h2 id="a">A <a href="/b">b</a><br>c</h2>\n<p>Text</p>',
        (
            "a line break in a heading (kept as a space)",
            "A b c: emphasis or a link in the heading (kept as words)",
        ),
    ),
    "an abbreviation in a heading alone": (
        '<h2 id="a">The <abbr title="Garden Office">GO</abbr></h2>\n<p>Text</p>',
        ("The GO: what GO stands for (Garden Office)",),
    ),
    "an abbreviation that is marked once": (
        '<h2 id="a">A</h2>\n<p><abbr title="Garden Office">GO</abbr> and GO</p>',
        ("A: the words are the same, some markup differs",),
    ),
    "a box in a box of its kind": (
        '<h2 id="a">A</h2>\n<div class="contact"><div class="contact"><p>x</p></div></div>',
        ("A: the words are the same, some markup differs",),
    ),
}


def _is_moment(value: str) -> bool:
    try:
        return "T" in value and datetime.fromisoformat(value).utcoffset() is not None
    except ValueError:
        return False


def _matches(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _is(*kinds: type) -> Callable[[Any], bool]:
    return lambda value: type(value) in kinds


TEXT, TRUTH, NUMBER, ANYTHING = _is(str), _is(bool), _is(int), _is(dict, list, str, type(None))
GUID = _matches("[a-f0-9]{8}-[a-f0-9]{4}-[1-5][a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}")
PATH = _matches("/[a-zA-Z0-9._~!$&'()*+,;=:@/-]{0,511}")


def MOMENT(value: Any) -> bool:
    return isinstance(value, str) and _is_moment(value)


HEADER: dict[str, Any] = {"text": TEXT, "level": NUMBER, "id": TEXT}
HEADER["headers?"] = [HEADER]
NATION = {"label?": TEXT, "applicable?": TRUTH, "alternative_url?": TEXT}
# The frontend schema of a `detailed_guide`, as far as we make one; "?" may be left out.
ITEM: dict[str, Any] = {
    "base_path": PATH,
    "content_id": GUID,
    "description": TEXT,
    "document_type": _matches("detailed_guide"),
    "first_published_at?": MOMENT,
    "links": _is(dict),
    "locale": _matches("en"),
    "phase?": _matches("alpha|beta|live"),
    "public_updated_at": MOMENT,
    "schema_name": _matches("detailed_guide"),
    "title": TEXT,
    "updated_at": MOMENT,
    "withdrawn_notice?": {"explanation?": TEXT, "withdrawn_at?": MOMENT},
    "details": {
        "body": TEXT,
        "political": TRUTH,
        "change_history?": [{"public_timestamp": MOMENT, "note": TEXT}],
        "emphasised_organisations?": [GUID],
        "first_public_at?": MOMENT,
        "government?": {"title": TEXT, "slug": TEXT, "current": TRUTH},
        "headers?": [HEADER],
        "image?": ANYTHING,
        "national_applicability?": {
            f"{nation}?": NATION for nation in ("england", "northern_ireland", "scotland", "wales")
        },
        "related_mainstream_content?": [GUID],
        "tags?": {"browse_pages?": [TEXT], "policies?": [TEXT]},
    },
}


def faults(value: Any, shape: Any = ITEM, where: str = "item") -> list[str]:
    """What is wrong with a content item, by the schema."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{where} is no object"]
        known = {key.rstrip("?"): inner for key, inner in shape.items()}
        return [
            *(f"{where}.{key} is missing" for key in shape if key not in value and key[-1] != "?"),
            *(f"{where}.{key} is not known" for key in value if key not in known),
            *(
                fault
                for key in value
                if key in known
                for fault in faults(value[key], known[key], f"{where}.{key}")
            ),
        ]
    if isinstance(shape, list):
        if not isinstance(value, list) or not value:
            # Only headers may not be blank.
            return [] if value == [] and "headers" not in where else [f"{where} is no list"]
        return [f for inner in value for f in faults(inner, shape[0], f"{where}[]")]
    return [] if shape(value) else [f"{where} is not what it has to be"]
