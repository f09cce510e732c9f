"""Which items of two sequences belong together, in bounded time.

First the items that are the same at both ends, then those that stand once in each sequence and in
the same order (patience, after Bram Cohen), then, in what is left between them, the longest common
subsequence. A gap too large for that is left unaligned: all of it was replaced.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

Pairs = list[tuple[int, int]]


@dataclass(slots=True)
class Budget:
    """How many comparisons are left for what costs one for each pair of items.

    `gap` is the most that one gap may take: a larger one was rewritten rather than edited.
    """

    left: int = 2_000_000
    gap: int = 40_000

    def allows(self, old: int, new: int) -> bool:
        """Whether a gap of that many items may be searched; if so, it is counted."""
        cost = old * new
        if cost > min(self.left, self.gap):
            return False
        self.left -= cost
        return True


def same(olds: Sequence[Hashable], news: Sequence[Hashable], budget: Budget) -> Pairs:
    """Return the places of equal items, as (place in old, place in new), both rising."""
    # Numbers in place of items: each is hashed once, however often it is compared.
    numbers: dict[Hashable, int] = {}
    old = [numbers.setdefault(item, len(numbers)) for item in olds]
    new = [numbers.setdefault(item, len(numbers)) for item in news]
    pairs: Pairs = []
    waiting = [(0, len(old), 0, len(new))]
    while waiting:
        old_start, old_end, new_start, new_end = waiting.pop()
        while old_start < old_end and new_start < new_end and old[old_start] == new[new_start]:
            pairs.append((old_start, new_start))
            old_start, new_start = old_start + 1, new_start + 1
        while old_start < old_end and new_start < new_end and old[old_end - 1] == new[new_end - 1]:
            old_end, new_end = old_end - 1, new_end - 1
            pairs.append((old_end, new_end))
        if old_start == old_end or new_start == new_end:
            continue
        anchors = _anchors(old, new, old_start, old_end, new_start, new_end)
        if anchors:
            pairs += anchors
            borders = [(old_start - 1, new_start - 1), *anchors, (old_end, new_end)]
            waiting += [
                (one[0] + 1, other[0], one[1] + 1, other[1]) for one, other in pairwise(borders)
            ]
        elif budget.allows(old_end - old_start, new_end - new_start):
            matcher = SequenceMatcher(
                None, old[old_start:old_end], new[new_start:new_end], autojunk=False
            )
            pairs += [
                (old_start + match.a + step, new_start + match.b + step)
                for match in matcher.get_matching_blocks()
                for step in range(match.size)
            ]
    return sorted(pairs)


def _anchors(
    old: Sequence[int],
    new: Sequence[int],
    old_start: int,
    old_end: int,
    new_start: int,
    new_end: int,
) -> Pairs:
    """Return the longest rising run of items that stand exactly once in either stretch."""
    in_old = Counter(old[old_start:old_end])
    in_new = Counter(new[new_start:new_end])
    places = {
        new[place]: place
        for place in range(new_start, new_end)
        if in_new[new[place]] == 1 and in_old[new[place]] == 1
    }
    candidates = [
        (place, places[old[place]]) for place in range(old_start, old_end) if old[place] in places
    ]
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(candidates):
        depth = bisect_left(tails, place)
        if depth == len(tails):
            tails.append(place)
            ends.append(index)
        else:
            tails[depth] = place
            ends[depth] = index
        before.append(ends[depth - 1] if depth else -1)
    run: Pairs = []
    index = ends[-1] if ends else -1
    while index >= 0:
        run.append(candidates[index])
        index = before[index]
    return run[::-1]
