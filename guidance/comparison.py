"""What changed from one state of a page to another, word by word. No Django.

Sections are aligned by their anchors, blocks by what they say, then words (`guidance.marking`). A
block that moved is shown as removed and added whole; the blocks around it stay unmarked. Time is
bounded (see `alignment.Budget`): what was rewritten rather than edited is shown as removed and
added whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from guidance.alignment import same
from guidance.content import (
    Content,
    ContentSection,
    RegionFacts,
    RegionsEmbed,
    SessionsEmbed,
    resolve_links,
)
from guidance.marking import Change, Marker, in_order
from guidance.markup import parse
from training.sessions import CANCELLED, FULL, SessionFacts


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
    comparer = _Comparer()
    title = comparer.marker.text(old.title, new.title)
    lead = comparer.marker.text(old.lead, new.lead)
    sections = tuple(comparer.sections(old, new))
    return Comparison(
        title=title,
        lead=lead,
        sections=sections,
        summary=tuple(_summary(old, new, sections)),
    )


class _Comparer:
    """Compares section by section, with one budget for all of it."""

    def __init__(self) -> None:
        self.marker = Marker()

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
            anchor=shown.anchor,
            heading=heading,
            plain_heading=shown.heading,
            html=html,
            edits=edits,
            regions=regions,
            sessions=sessions,
        )

    def _regions(
        self, before: ContentSection | None, after: ContentSection | None
    ) -> Iterator[RegionComparison]:
        old, new = _region_facts(before), _region_facts(after)
        pairs = same([r.slug for r in old], [r.slug for r in new], self.marker.budget)
        for one, other in in_order(len(old), len(new), pairs):
            was = old[one] if one is not None else None
            now = new[other] if other is not None else None
            yield RegionComparison(
                change=_change(was, now, is_same=was == now),
                name=self.marker.text(was.name if was else "", now.name if now else ""),
                areas=self.marker.text(
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
                self.marker.text(
                    words[0][part] if words[0] else "", words[1][part] if words[1] else ""
                )
                for part in range(4)
            ]
            change = _change(was, now, is_same=words[0] == words[1])
            yield SessionComparison(change, *marked)


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
