"""Blocks of HTML as the Markdown that renders to them.

It writes what `guidance.text.markdown` reads. `write` does not promise that the way back is exact:
Markdown cannot express all that HTML can. Whoever needs that renders the result and compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from guidance.text.blocks import Attributes, Block, Mark, Token, common, parse
from guidance.text.markdown import BOXES, NOTICE, NOTICES, STEPS, render
from guidance.text.normal_form import normal_tokens

_FENCES: Final = {class_name: fence for fence, class_name in BOXES.items()}
_SIGNS: Final = {f"{NOTICE} {class_name}": sign for sign, class_name in NOTICES.items()}
_EMPHASIS: Final = frozenset({"strong", "em"})
_ALWAYS: Final = re.compile(r"[\\`*_\[\]<>|]|\{(?=#)")
_LIKE_A_REFERENCE: Final = re.compile(r"&(?=#?\w+;)")
# At a line's start these would begin a list, a heading, a quote, a rule, a table, a box or a step.
_AT_START: Final = re.compile(r"[-+=#$^%]|:(?=-)|(?P<number>s?\d{1,9})(?=[.)](?:\s|$))")
_BREAK: Final = "\\\n"
# A line with more parts in bold or italics than these, one of which Markdown cannot say, loses all.
_MOST_TRIED: Final = 40


def write(blocks: Sequence[Block]) -> str:
    """Return blocks as Markdown, the abbreviations they use defined at its end."""
    body = "\n\n".join(_blocks(blocks))
    known = dict(abbreviations(blocks))
    definitions = "\n".join(f"*[{short}]: {long}" for short, long in known.items())
    return "\n\n".join(part for part in (body, definitions) if part)


def abbreviations(blocks: Iterable[Block]) -> Iterator[tuple[str, str]]:
    """Yield each abbreviation with what it stands for, as the blocks mark them."""
    for block in blocks:
        for mark, run in groupby(block.tokens, key=_abbreviation):
            short = "".join(token.text for token in run).strip()
            long = " ".join(dict(mark[1]).get("title", "").split()) if mark else ""
            if short and long and "]" not in short:
                yield short, long
        yield from abbreviations(block.children)


def _abbreviation(token: Token) -> Mark | None:
    return next((mark for mark in token.marks if mark[0] == "abbr"), None)


def _blocks(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield each block's Markdown; a list behind a list of its kind takes other signs."""
    before = ""
    is_other = False
    for block in blocks:
        is_other = block.tag in {"ul", "ol"} and block.tag == before and not is_other
        written = _block(block, other_sign=is_other)
        if written:
            yield written
            before = block.tag


def _block(block: Block, *, other_sign: bool = False) -> str:
    attributes = dict(block.attributes)
    match block.tag:
        case "" | "p":
            return _line(block.tokens) if block.tokens else "\n\n".join(_blocks(block.children))
        case "h2" | "h3" | "h4":
            return _heading(block, attributes.get("id", ""))
        case "ul" | "ol":
            if attributes.get("class") == STEPS:
                return _steps(block)
            return _list(block, attributes, other_sign=other_sign)
        case "blockquote":
            inner = "\n\n".join(_blocks(_content(block)))
            return "\n".join(f"> {line}".rstrip(" ") for line in inner.split("\n"))
        case "hr":
            return "___"
        case "table":
            return _table(block)
        case "div":
            return _box(block, attributes.get("class", ""))
        case _:
            return "\n\n".join(_blocks(_content(block)))


def _content(block: Block) -> tuple[Block, ...]:
    return block.children or (Block("", tokens=block.tokens),)


def _heading(block: Block, anchor: str) -> str:
    words = _line(block.tokens).replace(_BREAK, " ")
    # Signs at its end would close it.
    words = re.sub(r"(?<= )(#+)$", r"\\\1", words)
    return f"{'#' * int(block.tag[1])} {words}{f' {{#{anchor}}}' if anchor else ''}"


def _box(block: Block, class_name: str) -> str:
    inner = "\n\n".join(_blocks(_content(block)))
    if sign := _SIGNS.get(class_name):
        # The same sign at a line's end would end it there.
        inner = re.sub(rf"\{sign}$", _reference(sign), inner, flags=re.MULTILINE)
        return f"{sign}{inner}{sign}"
    fence = _FENCES.get(class_name)
    return f"{fence}\n{inner}\n{fence}" if fence else inner


def _steps(block: Block) -> str:
    """Return steps, one a line; Markdown has none without words."""
    steps = (_one_line(" ".join(_blocks(_content(item)))) for item in block.children)
    return "\n".join(
        f"s{number}. {step}" for number, step in enumerate(filter(None, steps), start=1)
    )


def _list(block: Block, attributes: dict[str, str], *, other_sign: bool) -> str:
    gap = "\n" if all(map(_is_tight, block.children)) else "\n\n"
    start = attributes.get("start", "1")
    number = int(start) if start.isdecimal() else 1
    items = []
    for item in block.children:
        if block.tag == "ul":
            sign = "*" if other_sign else "-"
        else:
            sign = f"{number}{')' if other_sign else '.'}"
            number += 1
        inner = gap.join(_blocks(_content(item)))
        items.append(f"{sign} {inner}".replace("\n", f"\n{' ' * (len(sign) + 1)}").rstrip(" "))
    return re.sub(r"^ +$", "", gap.join(items), flags=re.MULTILINE)


def _is_tight(item: Block) -> bool:
    """Whether an item is words and lists that need no blank line around them."""
    lists = item.children[1:] if item.children and not item.children[0].tag else item.children
    return all(
        child.tag in {"ul", "ol"} and not child.attributes and all(map(_is_tight, child.children))
        for child in lists
    )


def _table(block: Block) -> str:
    """Return a table; where no row names the columns, a blank one stands first."""
    rows = [row for part in block.children for row in part.children]
    if not rows:
        return ""
    width = max(len(row.children) for row in rows)
    if block.children[0].tag != "thead":
        rows = [Block("tr"), *rows]
    head, *body = [[_cell(cell) for cell in row.children] for row in rows]
    lines = [_row(head, width), f"|{' --- |' * width}", *(_row(cells, width) for cells in body)]
    return "\n".join(lines)


def _row(cells: Sequence[str], width: int) -> str:
    return "".join(["|", *(f" {cell} |" for cell in [*cells, *[""] * (width - len(cells))])])


def _cell(cell: Block) -> str:
    """Return a cell's words on one line, its pipes guarded even where they are code."""
    words = _one_line(" ".join(_blocks(_content(cell))))
    words = re.sub(r"(?<!\\)((?:\\\\)*)\|", r"\1\\|", words)
    return f"# {words}" if dict(cell.attributes).get("scope") == "row" else words


def _one_line(written: str) -> str:
    return " ".join(written.replace(_BREAK, " ").split("\n"))


def _line(tokens: Iterable[Token]) -> str:
    """Return words as inline Markdown; a line break is a backslash at the line's end.

    Bold and italics that Markdown cannot say there (as within a word, next to a sign) are left out,
    and so are links without an address (the renderer takes out those that no page may have).
    """
    wanted = normal_tokens(
        Token(token.text, tuple(filter(_is_sayable, token.marks)), token.void) for token in tokens
    )
    if not any(tag in _EMPHASIS for token in wanted for tag, _ in token.marks):
        return _written(wanted)
    for italic in ("*", "_"):
        written = _written(wanted, italic)
        if _says(written, wanted):
            return written
    return _written(_sayable(wanted))


def _is_sayable(mark: Mark) -> bool:
    """Whether Markdown marks words so where they stand: abbreviations are defined at its end."""
    tag, attributes = mark
    return tag != "abbr" and (tag != "a" or "href" in dict(attributes))


def _without(token: Token, tags: Iterable[str]) -> Token:
    return Token(token.text, tuple(mark for mark in token.marks if mark[0] not in tags), token.void)


def _says(written: str, wanted: tuple[Token, ...]) -> bool:
    """Whether a line of Markdown renders as these words."""
    blocks = parse(render(written))
    return len(blocks) == 1 and normal_tokens(blocks[0].tokens) == wanted


def _sayable(wanted: tuple[Token, ...]) -> tuple[Token, ...]:
    """Return words with as much of their bold and italics as Markdown can say."""
    runs = [
        {(tag, place) for place, _ in run}
        for tag in sorted(_EMPHASIS)
        for is_marked, run in groupby(
            enumerate(wanted), key=lambda pair: any(mark[0] == tag for mark in pair[1].marks)
        )
        if is_marked
    ]
    best = _with_emphasis(wanted, set())
    marked: set[tuple[str, int]] = set()
    for run in runs if len(runs) <= _MOST_TRIED else ():
        tried = _with_emphasis(wanted, marked | run)
        if _says(_written(tried), tried):
            best, marked = tried, marked | run
    return best


def _with_emphasis(wanted: Iterable[Token], marked: set[tuple[str, int]]) -> tuple[Token, ...]:
    return normal_tokens(
        _without(token, {tag for tag in _EMPHASIS if (tag, place) not in marked})
        for place, token in enumerate(wanted)
    )


def _written(tokens: Iterable[Token], italic: str = "*") -> str:
    """Return words with their marks, each opened and closed as seldom as may be."""
    signs = {"strong": "**", "em": italic}
    written: list[str] = []
    opened: tuple[Mark, ...] = ()
    for (marks, void), run in groupby(tokens, key=lambda token: (token.marks, token.void)):
        text = "".join(token.text for token in run)
        outer = tuple(mark for mark in marks if mark[0] != "code")
        shared = common(opened, outer)
        written += [_closing(mark, signs) for mark in reversed(opened[shared:])]
        written += ["[" if tag == "a" else signs.get(tag, "") for tag, _ in outer[shared:]]
        opened = outer
        if void:
            written.append(_BREAK)
        elif outer != marks:
            written.append(_code(text))
        else:
            written.append(_LIKE_A_REFERENCE.sub("&amp;", _ALWAYS.sub(r"\\\g<0>", text)))
    written += [_closing(mark, signs) for mark in reversed(opened)]
    return _BREAK.join(map(_start_guarded, "".join(written).split(_BREAK)))


def _code(text: str) -> str:
    """Return code between more backticks than stand together in it."""
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    gap = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{gap}{text}{gap}{fence}"


def _closing(mark: Mark, signs: dict[str, str]) -> str:
    tag, attributes = mark
    return _target(attributes) if tag == "a" else signs.get(tag, "")


def _target(attributes: Attributes) -> str:
    values = dict(attributes)
    href = _LIKE_A_REFERENCE.sub("&amp;", values.get("href", "")).replace("\\", "%5C")
    if re.search(r"[\s()<>]", href):
        href = f"<{href.replace('<', '%3C').replace('>', '%3E')}>"
    title = _LIKE_A_REFERENCE.sub("&amp;", " ".join(values.get("title", "").split()))
    title = re.sub(r'["\\|]', r"\\\g<0>", title)
    return f']({href} "{title}")' if title else f"]({href})"


def _start_guarded(line: str) -> str:
    """Return a line whose first sign or number begins nothing but the line."""
    match = _AT_START.match(line)
    if match is None:
        return line
    if match["number"]:
        return f"{line[: match.end()]}\\{line[match.end() :]}"
    # GOV.UK's Markdown knows no backslash before these two.
    return _reference(line[0]) + line[1:] if line[0] in "^%" else f"\\{line}"


def _reference(sign: str) -> str:
    return f"&#{ord(sign)};"
