"""Rules of valid and accessible HTML that every page of the site keeps.

Not a validator: the mistakes that pages here once had, and that no eye sees.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

TABLE_PARTS = {"table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption"}
LABELABLE = {"button", "input", "meter", "output", "progress", "select", "textarea"}
REFERENCES = ("aria-describedby", "aria-labelledby", "aria-controls")
# What can be switched off.
SWITCHED = {"button", "fieldset", "input", "optgroup", "option", "select", "textarea"}
# Any of these ends a paragraph that is open.
BLOCKS = {"blockquote", "div", "dl", "fieldset", "form", "ol", "p", "section", "table", "ul"} | {
    f"h{level}" for level in range(1, 7)
}
# Without a role these have no name, and what is given as one is not read out.
NAMELESS = {"div", "span", "p"}


@dataclass
class _Heading:
    """A table's heading cell, and whether anything was met in it."""

    is_empty: bool = True


@dataclass
class _Page(HTMLParser):
    """Collects what the rules ask about, from start to end of a page."""

    faults: list[str] = field(default_factory=list)
    ids: Counter[str] = field(default_factory=Counter)
    kinds: dict[str, str] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    headings: int = 0
    cell: _Heading | None = None
    in_paragraph: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        shown = self.get_starttag_text() or tag
        if "id" in at:
            self.ids[at["id"]] += 1
            self.kinds[at["id"]] = "hidden" if at.get("type") == "hidden" else tag
        if tag == "label" and "for" in at:
            self.labels.append(at["for"])
        self.references += [name for key in REFERENCES for name in at.get(key, "").split()]
        self.headings += tag == "h1"
        if tag in TABLE_PARTS and "role" in at:
            self.faults.append(f"A part of a table with a role: {shown}")
        if at.get("type") == "hidden" and "autocomplete" in at:
            self.faults.append(f"A hidden box that is to be filled in: {shown}")
        if tag in NAMELESS and "aria-label" in at and "role" not in at:
            self.faults.append(f"A name that is not read out: {shown}")
        if "disabled" in at and tag not in SWITCHED:
            self.faults.append(f"Something switched off that is no box: {shown}")
        if tag in BLOCKS:
            self.in_paragraph = tag == "p"
        if tag == "th":
            self.cell = _Heading()
        elif tag in {"input", "img"} and self.cell is not None:
            self.cell.is_empty = False

    def handle_data(self, data: str) -> None:
        if self.cell is not None and data.strip():
            self.cell.is_empty = False

    def handle_endtag(self, tag: str) -> None:
        if tag == "p" and not self.in_paragraph:
            self.faults.append("An end of a paragraph that ended before")
        if tag in BLOCKS:
            self.in_paragraph = False
        if tag == "th" and self.cell is not None:
            if self.cell.is_empty:
                self.faults.append("A heading of a table without words")
            self.cell = None


def faults_of(html: str) -> list[str]:
    """Return what is wrong with a page, a sentence each."""
    page = _Page()
    page.feed(html)
    faults = page.faults
    faults += [f"An id that is there {n} times: {id_}" for id_, n in page.ids.items() if n > 1]
    faults += [
        f"A label of no box: {name}"
        for name in page.labels
        if page.kinds.get(name) not in LABELABLE
    ]
    faults += [f"A reference to nothing: {name}" for name in page.references if not page.ids[name]]
    if page.headings != 1:
        faults.append(f"{page.headings} first headings")
    return faults
