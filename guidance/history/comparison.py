"""What changed from one state of a page to another, word by word.

Sections are aligned by their anchors, blocks by what they say, then words (`marking`). A block that
moved is shown as removed and added whole; the blocks around it stay unmarked. Time is bounded (see
`alignment.Budget`): what was rewritten rather than edited is shown as removed and added whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, cast

from guidance.content import (
    Content,
    ContentSection,
    RegionFacts,
    RegionsEmbed,
    SessionsEmbed,
    resolve_links,
)
from guidance.history.alignment import same
from guidance.history.marking import Change, Marker, in_order
from guidance.text.blocks import Token, parse, tokens_of
from guidance.text.ids import CHANGES, RESERVED_ANCHORS, Ids, ids_in
from training.session_facts import CANCELLED, FULL, SessionFacts, paired

_TAGS: Final = re.compile(r"(<[^>]*>)")
_NO_BREAK: Final = re.compile("[\u00a0\u202f]")


@dataclass(frozen=True, slots=True)
class LineComparison:
    """A region with its areas, or a session with its facts in words: one line, marked.

    Of changed sessions, those with another start are moved.
    """

    change: Change
    html: str
    is_moved: bool = False


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
    regions: tuple[LineComparison, ...] = ()
    sessions: tuple[LineComparison, ...] = ()


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A change in a sentence, and the anchor of its section: "" where it is in none."""

    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states of a page in one. `changes` says what changed, in page order."""

    title: str
    lead: str
    sections: tuple[SectionComparison, ...]
    changes: tuple[SummaryLine, ...]
    list_anchor: str = CHANGES

    @property
    def summary(self) -> tuple[str, ...]:
        """The changes in sentences."""
        return tuple(change.text for change in self.changes)

    def sections_with_next(self) -> list[tuple[SectionComparison, str]]:
        """Return each section with the anchor of the next one that changed, "" after the last."""
        changed = [s.anchor for s in self.sections if s.change is not Change.SAME]
        following = dict(pairwise([*changed, ""]))
        return [(section, following.get(section.anchor, "")) for section in self.sections]


def compare(old: Content, new: Content, *, prefix: str = "") -> Comparison:
    """Return what changed from `old` to `new`.

    `prefix` begins every id of it, for a page with several comparisons or much else on it.
    """
    old, new = _alike(old), _alike(new)
    comparer = _Comparer(new)
    title = comparer.marker.text(old.title, new.title)
    lead = comparer.marker.text(old.lead, new.lead)
    sections = _with_own_ids(tuple(comparer.sections(old, new)), prefix)
    return Comparison(
        title=title,
        lead=lead,
        sections=sections,
        changes=tuple(_changes(old, new, sections)),
        list_anchor=f"{prefix}{CHANGES}",
    )


def _alike(content: Content) -> Content:
    """Return the content without differences that no reader sees.

    A letter with its accent is one sign or two, and a space may keep its line together or not.
    """
    return replace(
        content,
        title=_same_signs(content.title),
        lead=_same_signs(content.lead),
        sections=tuple(
            replace(
                section,
                heading=_same_signs(section.heading),
                # Of the text alone: an accent could melt into the bracket that ends a tag.
                html="".join(
                    part if part.startswith("<") else _same_signs(part.replace("&nbsp;", " "))
                    for part in _TAGS.split(section.html)
                ),
            )
            for section in content.sections
        ),
    )


def _same_signs(text: str) -> str:
    return unicodedata.normalize("NFC", _NO_BREAK.sub(" ", text))


def _with_own_ids(
    sections: Sequence[SectionComparison], prefix: str
) -> tuple[SectionComparison, ...]:
    """Return the sections with no id twice: sections come before headings within them."""
    named = []
    taken = {CHANGES, *RESERVED_ANCHORS}
    for section in sections:
        anchor = section.anchor
        while anchor in taken:
            anchor += "-before" if section.change is Change.REMOVED else "-section"
        taken.add(anchor)
        named.append((section, anchor))
    ids = Ids(taken, prefix=prefix)
    return tuple(
        replace(section, anchor=f"{prefix}{anchor}", html=ids.of_headings(section.html))
        for section, anchor in named
    )


class _Comparer:
    """Compares section by section, with one budget for all of it."""

    def __init__(self, new: Content) -> None:
        anchors = [section.anchor for section in new.sections]
        headings = [name for section in new.sections for name in ids_in(section.html)]
        self.marker = Marker({*anchors, *headings})

    def sections(self, old: Content, new: Content) -> Iterator[SectionComparison]:
        keys = [[(s.anchor, s.level) for s in content.sections] for content in (old, new)]
        pairs = same(keys[0], keys[1], self.marker.budget)
        for one, other in in_order(len(keys[0]), len(keys[1]), pairs):
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
        self.marker.edits = 0
        heading = self.marker.text(before.heading if before else "", after.heading if after else "")
        html = self.marker.blocks(
            parse(resolve_links(before.html, old.links)) if before else (),
            parse(resolve_links(after.html, new.links)) if after else (),
        )
        edits = self.marker.edits
        regions = tuple(self._regions(before, after))
        sessions = tuple(self._sessions(before, after))
        return SectionComparison(
            change=_change(before, after, is_same=not self.marker.edits),
            level=shown.level,
            anchor=_anchor(shown, is_gone=after is None, new=new),
            heading=heading,
            plain_heading=shown.heading or "The part before the first heading",
            html=html,
            edits=edits,
            regions=regions,
            sessions=sessions,
        )

    def _regions(
        self, before: ContentSection | None, after: ContentSection | None
    ) -> Iterator[LineComparison]:
        old, new = _region_facts(before), _region_facts(after)
        pairs = same([r.slug for r in old], [r.slug for r in new], self.marker.budget)
        for one, other in in_order(len(old), len(new), pairs):
            was = old[one] if one is not None else None
            now = new[other] if other is not None else None
            yield LineComparison(
                change=_change(was, now, is_same=was == now),
                html=self.marker.tokens(_region_words(was), _region_words(now)),
            )

    def _sessions(
        self, before: ContentSection | None, after: ContentSection | None
    ) -> Iterator[LineComparison]:
        for was, now in paired(_session_facts(before), _session_facts(after)):
            old_words, new_words = _session_words(was), _session_words(now)
            yield LineComparison(
                change=_change(was, now, is_same=old_words == new_words),
                html=self.marker.text(old_words, new_words),
                is_moved=bool(was and now and now.is_moved_since(was)),
            )


def _change(old: object | None, new: object | None, *, is_same: bool) -> Change:
    if old is None:
        return Change.ADDED
    if new is None:
        return Change.REMOVED
    return Change.SAME if is_same else Change.CHANGED


def _anchor(section: ContentSection, *, is_gone: bool, new: Content) -> str:
    """Return a section's anchor; another one where the new page has the same elsewhere."""
    if is_gone and any(other.anchor == section.anchor for other in new.sections):
        return f"{section.anchor}-before"
    return section.anchor


def _region_facts(section: ContentSection | None) -> tuple[RegionFacts, ...]:
    embed = section.embed if section else None
    return embed.regions if isinstance(embed, RegionsEmbed) else ()


def _session_facts(section: ContentSection | None) -> tuple[SessionFacts, ...]:
    embed = section.embed if section else None
    return embed.sessions if isinstance(embed, SessionsEmbed) else ()


def _region_words(region: RegionFacts | None) -> tuple[Token, ...]:
    """Return a region's name and, on a line below it, its areas."""
    if region is None:
        return ()
    name = tokens_of(region.name, (("strong", ()),))
    if not region.areas:
        return name
    return (*name, Token("", void="br"), *tokens_of(f"including {', '.join(region.areas)}"))


def _session_words(session: SessionFacts | None) -> str:
    """Return a session's date, time, title, region and booking, in words."""
    if session is None:
        return ""
    if session.status == CANCELLED:
        booking = "Cancelled"
    elif session.status == FULL:
        booking = "Full"
    else:
        booking = f"Register: {session.registration_url}" if session.registration_url else ""
    facts = (
        session.weekday_date,
        session.time_range,
        session.title,
        session.region_name,
        booking,
    )
    return ", ".join(fact for fact in facts if fact)


def _changes(
    old: Content, new: Content, sections: Sequence[SectionComparison]
) -> Iterator[SummaryLine]:
    if old.title != new.title:
        yield SummaryLine("The title was changed.")
    if old.lead != new.lead:
        yield SummaryLine("The opening sentence was changed.")
    for section in sections:
        if section.change is not Change.SAME:
            sentence = f"{section.plain_heading}: {_section_change(section)}."
            yield SummaryLine(sentence, section.anchor)


def _section_change(section: SectionComparison) -> str:
    if section.change is not Change.CHANGED:
        return f"section {section.change.value}"
    return ", ".join(
        [
            *([_counted(section.edits, "edit") + " to the text"] if section.edits else []),
            *_tally("region", section.regions),
            *_tally("date", section.sessions),
        ]
    )


def _tally(noun: str, lines: Sequence[LineComparison]) -> Iterator[str]:
    """Yield "3 dates added", "1 date removed" and the like."""
    counts = Counter("moved" if line.is_moved else line.change.value for line in lines)
    for change in ("added", "removed", "moved", "changed"):
        if counts[change]:
            yield f"{_counted(counts[change], noun)} {change}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
