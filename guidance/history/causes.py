"""Why a page changed though nobody edited it: its sessions, regions or links did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from guidance.content import Content, RegionsEmbed, SessionsEmbed
from training.session_facts import CANCELLED, FULL, SessionFacts, paired


def cause(then: Content, now: Content, *, at: datetime) -> str:
    """Return in words what changed from what an edition froze to what the page says at `at`.

    "" where nothing did. A session that ended by itself is no change.
    """
    sentences = [
        _sentence("Training", "session", _session_changes(then, now, at)),
        _sentence("Regions", "region", _region_changes(then, now)),
        _sentence("Links", "link", _link_changes(then, now)),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _session_changes(then: Content, now: Content, at: datetime) -> Counter[str]:
    changes = Counter(added=0, removed=0)
    for old, new in paired(_sessions(then), _sessions(now)):
        if all(facts is None or facts.is_past(at) for facts in (old, new)):
            continue
        if old is None:
            changes["added"] += 1
        elif new is None:
            changes["removed"] += 1
        elif new.differs_from(old):
            changes[_what_happened(old, new)] += 1
    return changes


def _what_happened(old: SessionFacts, new: SessionFacts) -> str:
    """Return what to call a session's change: what matters most to those who have booked it."""
    if new.is_moved_since(old):
        return "moved"
    if new.is_corrected_since(old):
        return "corrected"
    if old.status == new.status:
        return "changed"
    return {CANCELLED: "cancelled", FULL: "marked as full"}.get(new.status, "open again")


def _sessions(content: Content) -> Iterator[SessionFacts]:
    for embed in content.embeds():
        if isinstance(embed, SessionsEmbed):
            yield from embed.sessions


def _region_changes(then: Content, now: Content) -> Counter[str]:
    old, new = (
        {
            region.slug: region
            for embed in content.embeds()
            if isinstance(embed, RegionsEmbed)
            for region in embed.regions
        }
        for content in (then, now)
    )
    return Counter(
        added=len(new.keys() - old.keys()),
        removed=len(old.keys() - new.keys()),
        changed=sum(old[slug] != new[slug] for slug in old.keys() & new.keys()),
    )


def _link_changes(then: Content, now: Content) -> Counter[str]:
    return Counter(
        changed=sum(
            then.links.get(key, "") != now.links.get(key, "") for key in sorted(set(_used(then)))
        )
    )


def _used(content: Content) -> Iterator[str]:
    """Give the keys of the links that the text holds."""
    for key in content.links:
        if any(f'href="link:{key}"' in section.html for section in content.sections):
            yield key


def _sentence(subject: str, noun: str, changes: Counter[str]) -> str:
    """Return "Training: 3 sessions added, 1 cancelled."; "" where nothing changed."""
    counts = [(count, verb) for verb, count in changes.items() if count]
    if not counts:
        return ""
    (first, verb), *others = counts
    words = [f"{first} {noun}{'' if first == 1 else 's'} {verb}"]
    words += [f"{count} {verb}" for count, verb in others]
    return f"{subject}: {', '.join(words)}."
