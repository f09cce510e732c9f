"""What editors paste into a section, as Markdown that can be stored.

The renderer has HTML off: a pasted tag would stand on the page as the text that it is. `clean`
takes markup out, keeps the words and what Markdown can say of it, and names what went; `faults`
names what an editor has to mend. Safety does not rest on it: the renderer escapes what is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from guidance.text.pasted_lists import as_markdown
from guidance.text.raised import with_signs

LONGEST: Final = 100_000  # Characters of one section.

# Taken out with all that is between their tags.
_GONE: Final = {
    "script": "a script",
    "style": "styles",
    "iframe": "an embedded frame (iframe)",
    "object": "an embedded object",
    "svg": "a drawing (SVG)",
    "math": "a formula",
    "canvas": "a drawing (canvas)",
    "audio": "a sound",
    "video": "a video",
    "template": "a template",
    "noscript": "words for browsers without script",
    "head": "the head of a web page",
    "select": "a form control",
    "textarea": "a form control",
    "button": "a form control",
}
# Taken out; nothing is between their tags.
_ALONE: Final = {
    "embed": "an embedded object",
    "img": "a picture",
    "input": "a form control",
    "link": "styles",
    "meta": "the head of a web page",
}
_BLOCKS: Final = (
    *("p", "div", "section", "article", "main", "header", "footer", "address", "figure", "form"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "dl", "dt", "dd"),
    *("table", "thead", "tbody", "tr", "html", "body"),
)
_SILENT: Final = (
    *("a", "span", "font", "u", "s", "sup", "sub", "small", "abbr", "cite", "code", "label"),
    *("center", "mark", "time", "del", "ins", "wbr", "q"),
)
_MARKDOWN_OF: Final = {
    **dict.fromkeys(_BLOCKS, "\n\n"),
    **dict.fromkeys(_SILENT, ""),
    "br": "\\\n",
    "hr": "\n\n",
    "li": "\n- ",
    "td": " ",
    "th": " ",
    "strong": "**",
    "b": "**",
    "em": "*",
    "i": "*",
}
# Letters without a sign of their own.
_RAISED: Final = {
    "sup": "the place of raised letters (they are plain ones here)",
    "sub": "the place of lowered letters (they are plain ones here)",
}
# A closing tag adds nothing after these.
_WITHOUT_CLOSING: Final = frozenset({"br", "hr", "li", "td", "th"})
_NAMES: Final = "|".join(sorted({*_GONE, *_ALONE, *_MARKDOWN_OF}))
# Word's own tags have a prefix: <o:p>.
_TAG: Final = re.compile(
    rf"<!--(?:[^<]|<(?!!--))*?-->|<[!?][^<>]*>|<(?P<end>/?)(?P<name>{_NAMES}|[a-z]+:[a-z]+)"
    r"(?P<inside>(?:[\s/][^<>]*)?)>",
    re.IGNORECASE | re.DOTALL,
)
_EVENT: Final = re.compile(r"[\s/](on[a-z]+)\s*=", re.IGNORECASE)
_STYLE: Final = re.compile(r"[\s/]style\s*=", re.IGNORECASE)
_HREF: Final = re.compile(r"[\s/]href\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_CARRIED_LINK: Final = re.compile(r"(?:https?://|mailto:|tel:)[^\s()<>]+", re.IGNORECASE)
_SECOND_PASSES: Final = 5

_ROW: Final = re.compile(r" {0,3}\|.*\|.*")
_RULE_ROW: Final = re.compile(r" {0,3}\|[ \t|:-]*-[ \t|:-]*")
_LONGEST_QUOTE: Final = 60
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Pasted:
    """What is left of a text, and in words, each once, what was taken out."""

    text: str
    taken_out: tuple[str, ...]


def clean(source: str) -> Pasted:
    """Return the text without its HTML: what Markdown can say of it is kept as Markdown.

    A text without tags comes back as it was, save for the signs of Word's lists.
    """
    taken_out: dict[str, None] = {}
    text = with_signs(source)
    # What was taken out may have stood inside another tag's name; a hostile text has no claim to
    # be read to its end.
    for _ in range(_SECOND_PASSES):
        cleaned = "".join(_pieces(text, taken_out))
        if cleaned == text:
            break
        text = _tidy(cleaned)
    listed = as_markdown(text)
    if listed != text:
        taken_out["the signs of Word’s lists (they are lists here)"] = None
    return Pasted(listed, tuple(taken_out))


def sentence(taken_out: Sequence[str]) -> str:
    """Return what was taken out as a sentence, "" for nothing."""
    if not taken_out:
        return ""
    *most, last = taken_out
    listed = f"{', '.join(most)} and {last}" if most else last
    return f"Taken out: {listed}. The rest was kept."


def faults(source: str) -> list[str]:
    """Return why the text cannot be stored as it is, a sentence each."""
    if len(source) > LONGEST:
        fault = (
            f"This text has {len(source):,} characters; at most {LONGEST:,} are kept in one "
            "section. Cut it into several sections."
        )
        return [fault]
    sentences = []
    if _UNSTORABLE.search(source):
        sentences.append("There is a character in this text that cannot be stored. Type it anew.")
    return [*sentences, *_table_faults(source.splitlines())]


def _pieces(text: str, taken_out: dict[str, None]) -> Iterator[str]:
    """Yield what is left of a text, piece by piece, and note what is taken out."""
    last_closings = {
        match["name"].lower(): match.start() for match in _TAG.finditer(text) if match["end"]
    }
    links: list[str] = []
    position = 0
    closing = ""
    for tag in _TAG.finditer(text):
        name = (tag["name"] or "").lower()
        is_end = bool(tag["end"])
        if closing:
            if is_end and name == closing:
                closing, position = "", tag.end()
            continue
        yield text[position : tag.start()]
        position = tag.end()
        if name in _GONE or name in _ALONE:
            taken_out[(_GONE | _ALONE)[name]] = None
            # Without its end it must not take the editor's own words with it.
            if name in _GONE and not is_end and last_closings.get(name, -1) > tag.start():
                closing = name
            continue
        _note_attributes(tag["inside"] or "", taken_out)
        if name == "a":
            yield _link(tag, links, taken_out)
        elif name not in _WITHOUT_CLOSING or not is_end:
            yield _MARKDOWN_OF.get(name, "")
        if name in _RAISED and not is_end:
            taken_out[_RAISED[name]] = None
        if name == "table" and not is_end:
            taken_out["a table's lines: write it as | column | column |"] = None
    yield text[position:]


def _tidy(text: str) -> str:
    """Return the text with one blank line where several stand, and none at its ends."""
    lines = [line.rstrip() for line in text.splitlines()]
    single = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return "\n".join(single).strip("\n")


def _note_attributes(inside: str, taken_out: dict[str, None]) -> None:
    for event in _EVENT.findall(inside):
        taken_out[f"an event handler ({event.lower()})"] = None
    if _STYLE.search(inside):
        taken_out["styles"] = None


def _link(tag: re.Match[str], links: list[str], taken_out: dict[str, None]) -> str:
    """Return what stands for a link's tag; `links` holds the addresses of those that are open."""
    if tag["end"]:
        address = links.pop() if links else ""
        return f"]({address})" if address else ""
    href = _HREF.search(tag["inside"])
    address = next((part for part in href.groups() if part), "") if href else ""
    carried = bool(_CARRIED_LINK.fullmatch(address))
    if address and not carried:
        taken_out["a link that leads nowhere on the web"] = None
    links.append(address if carried else "")
    return "[" if carried else ""


def _table_faults(lines: Sequence[str]) -> Iterator[str]:
    """Yield a sentence for each table that has no row to name its columns."""
    for number, line in enumerate(lines):
        if not _ROW.fullmatch(line) or (number and _ROW.fullmatch(lines[number - 1])):
            continue
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if not _ROW.fullmatch(following):
            continue
        quoted = line.strip()
        if len(quoted) > _LONGEST_QUOTE:
            quoted = f"{quoted[:_LONGEST_QUOTE]}…"
        if _RULE_ROW.fullmatch(line) or not _RULE_ROW.fullmatch(following):
            yield (
                f"The table that begins with “{quoted}” has no header row. Put a row that names "
                "the columns first, and below it | --- | --- |."
            )
        elif not line.replace("|", "").strip():
            yield f"The table that begins with “{quoted}” does not name its columns."
        elif _columns(line) != _columns(following):
            yield (
                f"The table that begins with “{quoted}” names {_columns(line)} columns, and has "
                f"{_columns(following)} below: give both lines as many bars."
            )


def _columns(line: str) -> int:
    """Return how many cells a row between bars has; an escaped bar is a word."""
    return len(re.findall(r"(?<!\\)\|", line.strip().strip("|"))) + 1
