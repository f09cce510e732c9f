"""Words within a line as Govspeak: its escapes, emphasis, links and abbreviations.

The rules are kramdown's, and those of the govspeak gem, which replaces its own signs with HTML
before kramdown reads them and therefore sees no backslash. What neither can say in signs is HTML.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final

from guidance.text.blocks import Mark, Token

PAGE_BREAK: Final = "  \n"
HTML_BREAK: Final = "<br />"
# Browsers and kramdown read these as HTML, or a table's row before it looks for backslashes.
_REFERENCES: Final = {sign: f"&#{ord(sign)};" for sign in "`{\\$^%~"} | {"<": "&lt;", ">": "&gt;"}
_LIKE_A_REFERENCE: Final = re.compile(r"&(?=#?[\w:][\w:.-]*;)")
_AWKWARD: Final = re.compile(
    r"(?P<reference>[`{\\<>]|\$(?![0-9]))|[*_\[\]|#]|-(?=-)|\.(?=\.\.)"
    r"|(?P<ampersand>&(?=#?[\w:][\w:.-]*;))|(?P<space>[\x0b\x85\u2028\u2029])"
)
# At a line's start these would begin a list, a heading, terms, code, a box, a picture or a step.
_AT_START: Final = re.compile(
    r"(?P<reference>[\^%~])|[-+=:]|!(?=!)|(?P<letter>x)(?=\[)|(?P<number>s?[0-9]+)(?=\.(?:\s|$))"
)
# What the gem takes out or replaces wherever it stands, whatever a backslash says. Some boxes are
# HTML by then, in which no reference is left: only an element between the signs keeps them apart.
_EMBEDDED: Final = re.compile(r"(\[(?:Contact|Image|Attachment|AttachmentLink|embed)):")
_NATION: Final = re.compile(r"(:(?:scotland|england(?:-wales)?|northern-ireland|wales|london)):")
_APART: Final = r"\1<span>:</span>"
_PLAIN_CODE: Final = re.compile(r"[\w(@./](?:[\w ,()=+@./-]*[\w)=+@./-])?", re.ASCII)
_EMPHASIS: Final = {"strong": "**", "em": "*"}
_FIRST: Final = re.compile(r"\w")
_LAST: Final = re.compile(r"[\w.,:;!?)]")
_BEFORE: Final = re.compile(r"[\s(]|$")
_AFTER: Final = re.compile(r"[\s.,:;!?)]|$")


class Words:
    """Writes the words of one text. `defined` are the abbreviations defined at its end."""

    def __init__(self, defined: Mapping[str, str]) -> None:
        self._defined = defined

    def lines(self, tokens: Sequence[Token], *, is_apart: bool = False) -> str:
        """Return words as lines, each begun by nothing but words.

        Where they stand `is_apart` (in a box that is read by itself) there is one line only, and
        no abbreviation of the page's is known.
        """
        gap = HTML_BREAK if is_apart else PAGE_BREAK
        written = _EMBEDDED.sub(_APART, self._written(tokens, gap, is_apart=is_apart))
        return PAGE_BREAK.join(map(_start_guarded, written.split(PAGE_BREAK)))

    def one_line(self, tokens: Sequence[Token], *, is_apart: bool = False) -> str:
        """Return words on one line that something else begins."""
        return _EMBEDDED.sub(_APART, self._written(tokens, HTML_BREAK, is_apart=is_apart))

    def _written(
        self,
        tokens: Sequence[Token],
        gap: str,
        *,
        is_apart: bool,
        depth: int = 0,
        is_within: bool = False,
    ) -> str:
        """Return words, the marks from `depth` on; `is_within` others' emphasis or not."""
        written = ""
        place = 0
        for mark, run in groupby(tokens, key=lambda token: _mark(token, depth)):
            part = tuple(run)
            before = tokens[place - 1].text[-1:] if place else ""
            place += len(part)
            after = tokens[place].text[:1] if place < len(tokens) else ""
            if mark is None:
                written += "".join(gap if t.void else t.text for t in _escaped(part))
                continue
            tag = mark[0]
            if tag == "code":
                written += _code("".join(token.text for token in part))
                continue
            inner = self._written(
                part,
                gap,
                is_apart=is_apart,
                depth=depth + 1,
                is_within=is_within or tag in _EMPHASIS,
            )
            if tag == "a":
                # A sign before it would make a picture, one within it a footnote.
                written = re.sub(r"!\Z", r"\\!", written)
                written += "[" + re.sub(r"^\^", _REFERENCES["^"], inner) + _target(mark)
            elif tag in _EMPHASIS:
                can_be_signs = not is_within and _is_sayable(before, part, after)
                written += _in_signs(tag, inner) if can_be_signs else f"<{tag}>{inner}</{tag}>"
            elif tag == "abbr" and (is_apart or not self._is_defined(mark, part)):
                written += f'<abbr title="{_attribute(dict(mark[1])["title"])}">{inner}</abbr>'
            else:
                written += inner
        return written

    def _is_defined(self, mark: Mark, part: Iterable[Token]) -> bool:
        """Whether a definition explains these words, which may hold the abbreviation twice."""
        text, long = "".join(token.text for token in part), dict(mark[1])["title"]
        return any(
            known == long and not text.replace(short, "").strip()
            for short, known in self._defined.items()
        )


def definition(short: str, long: str) -> str:
    """Return what defines an abbreviation, anywhere in a text."""
    return f"*[{short}]: {_LIKE_A_REFERENCE.sub('&amp;', long)}"


def _mark(token: Token, depth: int) -> Mark | None:
    return token.marks[depth] if depth < len(token.marks) else None


def _escaped(tokens: Iterable[Token]) -> Iterable[Token]:
    for is_break, run in groupby(tokens, key=lambda token: bool(token.void)):
        if is_break:
            yield from run
        else:
            text = "".join(token.text for token in run)
            yield Token(_NATION.sub(_APART, _AWKWARD.sub(_escape, text)))


def _escape(sign: re.Match[str]) -> str:
    if sign["reference"]:
        return _REFERENCES[sign[0]]
    if sign["ampersand"]:
        return "&amp;"
    return " " if sign["space"] else f"\\{sign[0]}"


def _start_guarded(line: str) -> str:
    """Return a line whose first sign or number begins nothing but the line."""
    match = _AT_START.match(line)
    if match is None:
        return line
    if match["number"]:
        return f"{line[: match.end()]}\\{line[match.end() :]}"
    if match["reference"] or match["letter"]:
        return f"&#{ord(line[0])};{line[1:]}"
    return f"\\{line}"


def _is_sayable(before: str, part: Sequence[Token], after: str) -> bool:
    """Whether signs for emphasis are nothing else where they would stand."""
    return bool(
        _BEFORE.match(before)
        and _FIRST.match(part[0].text)
        and _LAST.match(part[-1].text[-1:])
        and _AFTER.match(after)
    )


def _in_signs(tag: str, inner: str) -> str:
    return f"{_EMPHASIS[tag]}{inner}{_EMPHASIS[tag]}"


def _code(text: str) -> str:
    """Return code; where a sign in it could be more than itself, as HTML."""
    if _PLAIN_CODE.fullmatch(text):
        return f"`{text}`"
    signs = re.sub(r"[^\w ]", lambda sign: f"&#{ord(sign[0])};", text)
    return f"<code>{signs}</code>"


def _target(mark: Mark) -> str:
    values = dict(mark[1])
    href = _LIKE_A_REFERENCE.sub("&amp;", values["href"])
    for sign in ("\\", "|", "<", ">", "[", "]", "`"):
        href = href.replace(sign, f"%{ord(sign):02X}")
    if re.search(r"[\s()]", href):
        href = f"<{href}>"
    title = _attribute(values.get("title", ""))
    return f']({href} "{title}")' if title else f"]({href})"


def _attribute(value: str) -> str:
    """Return an attribute's words, no sign of which ends it, or a table's cell."""
    return re.sub(r"[|\\`{$\[\]]", lambda sign: f"&#{ord(sign[0])};", html.escape(value))
