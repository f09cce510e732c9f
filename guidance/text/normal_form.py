"""The normal form of blocks: those between which a reader sees no difference have the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from guidance.text.blocks import Block, Token, common, tidied, tokens_of


def normal_block(block: Block) -> Block:
    """Return a block in its normal form.

    It makes no difference whether the only text of a list's item is a paragraph.
    """
    children = tuple(map(normal_block, block.children))
    if block.tag != "li":
        return Block(block.tag, block.attributes, block.tokens, children)
    if block.tokens:
        children = (Block("", tokens=block.tokens), *children)
    texts = [child for child in children if child.tag in {"", "p"}]
    tag = "" if len(texts) == 1 else "p"
    children = tuple(
        Block(tag, tokens=child.tokens) if child.tag in {"", "p"} else child for child in children
    )
    if len(children) == 1 and texts:
        return Block("li", block.attributes, children[0].tokens)
    return Block("li", block.attributes, (), children)


def words_of(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield every word, whatever stands out in it; no spaces and no signs."""
    for block in blocks:
        text = "".join(" " if token.void else token.text for token in block.tokens)
        yield from (token.text for token in tokens_of(text) if token.text[:1].isalnum())
        yield from words_of(block.children)


def normal_tokens(tokens: Iterable[Token]) -> tuple[Token, ...]:
    """Return words in their normal form.

    Spaces and line breaks stand out only between words that do; touching words of the same kind
    are one text.
    """
    single = tidied(tokens)
    solid = [place for place, token in enumerate(single) if token.text and not token.text.isspace()]
    before, marked, upcoming = -1, [], iter([*solid, -1])
    following = next(upcoming)
    for place, token in enumerate(single):
        if place == following:
            before, following = place, next(upcoming)
            marked.append(token)
            continue
        shared = single[before].marks[: common(single[before].marks, single[following].marks)]
        if token.void:
            shared = tuple(mark for mark in shared if mark[0] not in {"code", "abbr"})
        marked.append(Token(token.text, shared, token.void))
    merged: list[Token] = []
    for (marks, void), run in groupby(marked, key=lambda token: (token.marks, token.void)):
        if void:
            if merged:
                merged[-1] = Token(merged[-1].text.rstrip(" "), merged[-1].marks, merged[-1].void)
            merged += run
        else:
            text = "".join(token.text for token in run)
            is_start = bool(merged) and bool(merged[-1].void)
            merged += tokens_of(text.lstrip(" ") if is_start else text, marks)
    return tuple(token for token in merged if token.text or token.void)
