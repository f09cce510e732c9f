"""Two states of a text as one, with what was removed and added marked.

The marked HTML holds both states. Without what is added it is the old one, without what is
removed the new one; `data-change` says of an element that all of it was added or removed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from enum import StrEnum
from itertools import pairwise
from typing import Final

from guidance.history.alignment import Budget, same
from guidance.text.blocks import VOID, Block, Token, open_tag, tokens_of, write, write_tokens

# From this share of common words on, two blocks are two states of one.
ALIKE: Final = 0.4
PAIRING_GAP: Final = 10_000
# Which attributes say where words lead, or what they stand for.
_TOLD: Final = {("a", "href"), ("a", "title"), ("abbr", "title")}


class Change(StrEnum):
    """What became of a part."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class Marker:
    """Writes two states as one; `edits` counts the places that it marked.

    Of `ids`, those of the new state, a removed heading keeps none: links lead to what stands now.
    """

    def __init__(self, ids: Set[str] = frozenset()) -> None:
        self.budget = Budget()
        self._ids = ids
        self.edits = 0

    def text(self, old: str, new: str) -> str:
        """Return plain text, marked."""
        return self.tokens(tokens_of(old), tokens_of(new))

    def tokens(self, old: Sequence[Token], new: Sequence[Token]) -> str:
        """Return words with what was removed and added among them."""
        written = []
        for is_same, removed, added in _runs(old, new, same(old, new, self.budget)):
            if is_same:
                written.append(write_tokens(added))
                continue
            self.edits += 1
            # The same words with another address or meaning would look the same: say these.
            are_alike = [t.text for t in removed] == [t.text for t in added]
            written.append(_marked("del", removed, with_what_they_mean=are_alike))
            written.append(_marked("ins", added, with_what_they_mean=are_alike))
        return "".join(written)

    def blocks(self, old: Sequence[Block], new: Sequence[Block]) -> str:
        """Return blocks with what was removed, added and changed among them."""
        written = []
        pairs = self._alike(old, new, same(old, new, self.budget))
        for one, other in in_order(len(old), len(new), pairs):
            if one is None and other is not None:
                written.append(self._whole(new[other], Change.ADDED))
            elif other is None and one is not None:
                written.append(self._whole(old[one], Change.REMOVED))
            elif one is not None and other is not None:
                written.append(self._block(old[one], new[other]))
        return "".join(written)

    def _block(self, old: Block, new: Block) -> str:
        if old == new:
            return write([new])
        if new.tag == "tr" and len(old.children) == len(new.children):
            # Cells stay in their columns, whatever they say.
            inner = "".join(map(self._cell, old.children, new.children))
        elif old.children or new.children:
            inner = self.blocks(_children(old), _children(new))
        else:
            inner = self.tokens(old.tokens, new.tokens)
        if not new.tag:
            return inner
        return f"{open_tag(new.tag, new.attributes)}{inner}</{new.tag}>"

    def _cell(self, old: Block, new: Block) -> str:
        if (old.tag, old.attributes) == (new.tag, new.attributes):
            return self._block(old, new)
        return self.blocks([old], [new])

    def _whole(self, block: Block, change: Change, *, is_inner: bool = False) -> str:
        """Return a block of which every word was added, or removed."""
        if not is_inner:
            self.edits += 1
        tag = "ins" if change is Change.ADDED else "del"
        inner = _marked(tag, block.tokens) + "".join(
            self._whole(child, change, is_inner=True) for child in block.children
        )
        if not block.tag:
            return inner
        attributes = block.attributes
        if change is Change.REMOVED:
            attributes = tuple(
                (name, f"{value}-before" if name == "id" and value in self._ids else value)
                for name, value in attributes
            )
        if not is_inner:
            attributes = (*attributes, ("data-change", change.value))
        opening = open_tag(block.tag, attributes)
        return opening if block.tag in VOID else f"{opening}{inner}</{block.tag}>"

    def _alike(
        self, old: Sequence[Block], new: Sequence[Block], pairs: list[tuple[int, int]]
    ) -> list[tuple[int, int]]:
        """Add to the equal blocks those between them that are two states of one block."""
        alike = []
        borders = [(-1, -1), *pairs, (len(old), len(new))]
        for (one, other), (next_one, next_other) in pairwise(borders):
            gap = range(one + 1, next_one), range(other + 1, next_other)
            if gap[0] and gap[1] and self._may_pair(len(gap[0]), len(gap[1])):
                alike += _best_pairs(old, new, *gap)
        return sorted([*pairs, *alike])

    def _may_pair(self, old: int, new: int) -> bool:
        return old * new <= PAIRING_GAP and self.budget.allows(old, new)


def in_order(
    old: int, new: int, pairs: list[tuple[int, int]]
) -> Iterator[tuple[int | None, int | None]]:
    """Yield each place of both sequences once: pairs together, in each gap the old ones first."""
    one = other = 0
    for place, its_place in [*pairs, (old, new)]:
        yield from ((left, None) for left in range(one, place))
        yield from ((None, right) for right in range(other, its_place))
        if place < old:
            yield place, its_place
        one, other = place + 1, its_place + 1


def _best_pairs(
    old: Sequence[Block], new: Sequence[Block], olds: range, news: range
) -> list[tuple[int, int]]:
    """Return the pairs of a gap, in order, whose likeness adds up to the most."""
    words = [Counter(old[place].words()) for place in olds]
    others = [Counter(new[place].words()) for place in news]
    best = [[0.0] * (len(others) + 1) for _ in range(len(words) + 1)]
    likeness = [[0.0] * len(others) for _ in words]
    for one in range(len(words) - 1, -1, -1):
        for other in range(len(others) - 1, -1, -1):
            alike = _likeness(old[olds[one]], new[news[other]], words[one], others[other])
            likeness[one][other] = alike
            best[one][other] = max(
                best[one + 1][other], best[one][other + 1], alike + best[one + 1][other + 1]
            )
    pairs = []
    one = other = 0
    while one < len(words) and other < len(others):
        alike = likeness[one][other]
        if alike and best[one][other] == alike + best[one + 1][other + 1]:
            pairs.append((olds[one], news[other]))
            one, other = one + 1, other + 1
        elif best[one][other] == best[one + 1][other]:
            one += 1
        else:
            other += 1
    return pairs


def _likeness(old: Block, new: Block, words: Counter[str], others: Counter[str]) -> float:
    """Return the share of words that two blocks have in common, 0 where that is too little."""
    if (old.tag, old.attributes) != (new.tag, new.attributes) or old.tag in VOID:
        return 0.0
    longest = max(words.total(), others.total())
    share = (words & others).total() / longest if longest else 1.0
    return share if share >= ALIKE else 0.0


def _children(block: Block) -> tuple[Block, ...]:
    """Return a block's content as blocks, also where it holds words alone."""
    return block.children or ((Block("", tokens=block.tokens),) if block.tokens else ())


def _marked(tag: str, tokens: Sequence[Token], *, with_what_they_mean: bool = False) -> str:
    """Return words within `ins` or `del`, with a word for people who do not see the marks."""
    if not tokens:
        return ""
    word = "Added" if tag == "ins" else "Removed"
    addresses = ""
    if with_what_they_mean:
        told = dict.fromkeys(
            value
            for token in tokens
            for mark, attributes in token.marks
            for name, value in attributes
            if (mark, name) in _TOLD
        )
        if told:
            listed = write_tokens(tokens_of(f" ({', '.join(told)})"))
            addresses = f'<span class="rpec-address">{listed}</span>'
    return (
        f'<{tag}><span class="govuk-visually-hidden">{word}: </span>'
        f"{write_tokens(tokens)}{addresses}</{tag}>"
    )


def _runs(
    old: Sequence[Token], new: Sequence[Token], pairs: list[tuple[int, int]]
) -> Iterator[tuple[bool, Sequence[Token], Sequence[Token]]]:
    """Yield runs of words that stayed, and runs that were replaced, in order."""
    unchanged: list[Token] = []
    one = other = 0
    for place, its_place in [*pairs, (len(old), len(new))]:
        if place > one or its_place > other:
            if unchanged:
                yield True, unchanged, unchanged
                unchanged = []
            yield False, old[one:place], new[other:its_place]
        if its_place < len(new):
            unchanged.append(new[its_place])
        one, other = place + 1, its_place + 1
    if unchanged:
        yield True, unchanged, unchanged
