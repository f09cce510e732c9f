"""What changed from one state of a page to another, word by word. No Django.

Sections are aligned by their anchors, blocks by what they say, then words. A block that moved is
shown as removed and added whole; the blocks around it stay unmarked. Time is bounded (see
`alignment.Budget`): what was rewritten rather than edited is shown as removed and added whole.

The marked HTML holds both states. Without what is added it is the old one, without what is
removed the new one; `data-change` says of an element that all of it was added or removed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final, cast

from guidance.alignment import Budget, same
from guidance.content import (
    Content,
    ContentSection,
    RegionFacts,
    RegionsEmbed,
    SessionsEmbed,
    resolve_links,
)
from guidance.markup import VOID, Block, Token, open_tag, parse, tokens_of, write, write_tokens
from training.sessions import CANCELLED, FULL, SessionFacts

# From this share of common words on, two blocks are two states of one.
ALIKE: Final = 0.4
PAIRING_GAP: Final = 10_000


class Change(StrEnum):
    """What became of a part."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class RegionComparison:
    """A region: its name and areas, marked."""

    change: Change
    name: str
    areas: str


@dataclass(frozen=True, slots=True)
class SessionComparison:
    """A session: each of its facts in words, marked."""

    change: Change
    date: str
    time: str
    title: str
    booking: str


@dataclass(frozen=True, slots=True)
class SectionComparison:
    """A section, marked. `edits` counts the places where its heading or text was changed."""

    change: Change
    level: int
    anchor: str
    heading: str
    plain_heading: str
    html: str
    edits: int
    regions: tuple[RegionComparison, ...] = ()
    sessions: tuple[SessionComparison, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states of a page in one. `summary` tells the changes in sentences, in page order."""

    title: str
    lead: str
    sections: tuple[SectionComparison, ...]
    summary: tuple[str, ...]


def compare(old: Content, new: Content) -> Comparison:
    """Return what changed from `old` to `new`."""
    marker = _Marker()
    title = marker.text(old.title, new.title)
    lead = marker.text(old.lead, new.lead)
    sections = tuple(marker.sections(old, new))
    return Comparison(
        title=title,
        lead=lead,
        sections=sections,
        summary=tuple(_summary(old, new, sections)),
    )


class _Marker:
    """Writes two states as one; `edits` counts the places that it marked."""

    def __init__(self) -> None:
        self.budget = Budget()
        self.edits = 0

    # Sections

    def sections(self, old: Content, new: Content) -> Iterator[SectionComparison]:
        keys = [[(s.anchor, s.level) for s in content.sections] for content in (old, new)]
        pairs = same(keys[0], keys[1], self.budget)
        for one, other in _in_order(len(keys[0]), len(keys[1]), pairs):
            before = old.sections[one] if one is not None else None
            after = new.sections[other] if other is not None else None
            yield self._section(before, old, after, new)

    def _section(
        self,
        before: ContentSection | None,
        old: Content,
        after: ContentSection | None,
        new: Content,
    ) -> SectionComparison:
        shown = cast("ContentSection", after or before)
        self.edits = 0
        heading = self.text(before.heading if before else "", after.heading if after else "")
        html = self.blocks(
            parse(resolve_links(before.html, old.links)) if before else (),
            parse(resolve_links(after.html, new.links)) if after else (),
        )
        edits = self.edits
        regions = tuple(self._regions(before, after))
        sessions = tuple(self._sessions(before, after))
        return SectionComparison(
            change=_change(before, after, is_same=not self.edits),
            level=shown.level,
            anchor=shown.anchor,
            heading=heading,
            plain_heading=shown.heading,
            html=html,
            edits=edits,
            regions=regions,
            sessions=sessions,
        )

    # What sections embed

    def _regions(
        self, before: ContentSection | None, after: ContentSection | None
    ) -> Iterator[RegionComparison]:
        old, new = _region_facts(before), _region_facts(after)
        pairs = same([r.slug for r in old], [r.slug for r in new], self.budget)
        for one, other in _in_order(len(old), len(new), pairs):
            was = old[one] if one is not None else None
            now = new[other] if other is not None else None
            yield RegionComparison(
                change=_change(was, now, is_same=was == now),
                name=self.text(was.name if was else "", now.name if now else ""),
                areas=self.text(
                    ", ".join(was.areas) if was else "", ", ".join(now.areas) if now else ""
                ),
            )

    def _sessions(
        self, before: ContentSection | None, after: ContentSection | None
    ) -> Iterator[SessionComparison]:
        old = {_key(session): session for session in _session_facts(before)}
        new = {_key(session): session for session in _session_facts(after)}
        for key in sorted(old.keys() | new.keys()):
            was, now = old.get(key), new.get(key)
            words = [_session_words(session) for session in (was, now)]
            marked = [
                self.text(words[0][part] if words[0] else "", words[1][part] if words[1] else "")
                for part in range(4)
            ]
            change = _change(was, now, is_same=words[0] == words[1])
            yield SessionComparison(change, *marked)

    # Text

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
            # The same words under another address would look the same: say the addresses.
            links_only = [t.text for t in removed] == [t.text for t in added]
            written.append(_marked("del", removed, with_addresses=links_only))
            written.append(_marked("ins", added, with_addresses=links_only))
        return "".join(written)

    def blocks(self, old: Sequence[Block], new: Sequence[Block]) -> str:
        """Return blocks with what was removed, added and changed among them."""
        written = []
        pairs = self._alike(old, new, same(old, new, self.budget))
        for one, other in _in_order(len(old), len(new), pairs):
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
        if not is_inner:
            attributes = (*attributes, ("data-change", change.value))
        opening = open_tag(block.tag, attributes)
        return opening if block.tag in VOID else f"{opening}{inner}</{block.tag}>"

    def _alike(
        self, old: Sequence[Block], new: Sequence[Block], pairs: list[tuple[int, int]]
    ) -> list[tuple[int, int]]:
        """Add to the equal blocks those between them that are two states of one block."""
        found = []
        borders = [(-1, -1), *pairs, (len(old), len(new))]
        for (one, other), (next_one, next_other) in pairwise(borders):
            gap = range(one + 1, next_one), range(other + 1, next_other)
            if gap[0] and gap[1] and self._may_pair(len(gap[0]), len(gap[1])):
                found += _best_pairs(old, new, *gap)
        return sorted([*pairs, *found])

    def _may_pair(self, old: int, new: int) -> bool:
        return old * new <= PAIRING_GAP and self.budget.allows(old, new)


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


def _marked(tag: str, tokens: Sequence[Token], *, with_addresses: bool = False) -> str:
    """Return words within `ins` or `del`, told in a word to who does not see the marks."""
    if not tokens:
        return ""
    word = "Added" if tag == "ins" else "Removed"
    addresses = ""
    if with_addresses:
        hrefs = dict.fromkeys(
            value
            for token in tokens
            for mark, attributes in token.marks
            for name, value in attributes
            if (mark, name) == ("a", "href")
        )
        if hrefs:
            told = write_tokens(tokens_of(f" ({', '.join(hrefs)})"))
            addresses = f'<span class="rpec-address">{told}</span>'
    return (
        f'<{tag}><span class="govuk-visually-hidden">{word}: </span>'
        f"{write_tokens(tokens)}{addresses}</{tag}>"
    )


def _runs(
    old: Sequence[Token], new: Sequence[Token], pairs: list[tuple[int, int]]
) -> Iterator[tuple[bool, Sequence[Token], Sequence[Token]]]:
    """Give runs of words that stayed, and runs that were replaced, in order."""
    kept: list[Token] = []
    one = other = 0
    for place, its_place in [*pairs, (len(old), len(new))]:
        if place > one or its_place > other:
            if kept:
                yield True, kept, kept
                kept = []
            yield False, old[one:place], new[other:its_place]
        if its_place < len(new):
            kept.append(new[its_place])
        one, other = place + 1, its_place + 1
    if kept:
        yield True, kept, kept


def _in_order(
    old: int, new: int, pairs: list[tuple[int, int]]
) -> Iterator[tuple[int | None, int | None]]:
    """Give each place of both sequences once: pairs together, in each gap the old ones first."""
    one = other = 0
    for place, its_place in [*pairs, (old, new)]:
        yield from ((left, None) for left in range(one, place))
        yield from ((None, right) for right in range(other, its_place))
        if place < old:
            yield place, its_place
        one, other = place + 1, its_place + 1


def _change(old: object | None, new: object | None, *, is_same: bool) -> Change:
    if old is None:
        return Change.ADDED
    if new is None:
        return Change.REMOVED
    return Change.SAME if is_same else Change.CHANGED


def _region_facts(section: ContentSection | None) -> tuple[RegionFacts, ...]:
    embed = section.embed if section else None
    return embed.regions if isinstance(embed, RegionsEmbed) else ()


def _session_facts(section: ContentSection | None) -> tuple[SessionFacts, ...]:
    embed = section.embed if section else None
    return embed.sessions if isinstance(embed, SessionsEmbed) else ()


def _key(session: SessionFacts) -> tuple[float, str, str]:
    """Return what makes two facts the same session: its start, title and region."""
    return session.starts_at.timestamp(), session.title, session.region_slug


def _session_words(session: SessionFacts | None) -> tuple[str, str, str, str] | None:
    """Return a session's date, time, title with region, and booking, in words."""
    if session is None:
        return None
    title = ", ".join(part for part in (session.title, session.region_name) if part)
    if session.status == CANCELLED:
        booking = "Cancelled"
    elif session.status == FULL:
        booking = "Full"
    else:
        booking = f"Register: {session.registration_url}" if session.registration_url else ""
    return session.weekday_date, session.time_range, title, booking


def _summary(old: Content, new: Content, sections: Sequence[SectionComparison]) -> Iterator[str]:
    if old.title != new.title:
        yield "The title was changed."
    if old.lead != new.lead:
        yield "The opening sentence was changed."
    for section in sections:
        if section.change is Change.ADDED:
            yield f"{section.plain_heading}: section added."
        elif section.change is Change.REMOVED:
            yield f"{section.plain_heading}: section removed."
        elif section.change is Change.CHANGED:
            told = [
                *([_counted(section.edits, "edit") + " to the text"] if section.edits else []),
                *_tally("region", [region.change for region in section.regions]),
                *_tally("date", [session.change for session in section.sessions]),
            ]
            yield f"{section.plain_heading}: {', '.join(told)}."


def _tally(noun: str, changes: Sequence[Change]) -> Iterator[str]:
    """Give "3 dates added", "1 removed" and the like."""
    counts = Counter(changes)
    for change in (Change.ADDED, Change.REMOVED, Change.CHANGED):
        if counts[change]:
            yield f"{_counted(counts[change], noun)} {change.value}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
