"""Why a page changed though nobody edited it: its sessions, regions or links did. No Django."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from guidance.content import Content, RegionsEmbed, SessionsEmbed
from training.facts import CANCELLED, FULL, SessionFacts

Key = tuple[str, float, str, str]


def cause(then: Content, now: Content, *, at: datetime) -> str:
    """Return in words what changed from what an edition froze to what the page says at `at`.

    "" where nothing did. A session that ended by itself is no change.
    """
    told = [
        _sentence("Training", "session", _session_changes(then, now, at)),
        _sentence("Regions", "region", _region_changes(then, now)),
        _sentence("Links", "link", _link_changes(then, now)),
    ]
    return " ".join(sentence for sentence in told if sentence)


def _session_changes(then: Content, now: Content, at: datetime) -> Counter[str]:
    old, new = _sessions(then, at), _sessions(now, at)
    changes = Counter(
        added=len(new.keys() - old.keys()),
        removed=len(old.keys() - new.keys()),
    )
    for key in old.keys() & new.keys():
        if old[key] != new[key]:
            changes[_what_became_of(old[key], new[key])] += 1
    return changes


def _what_became_of(old: SessionFacts, new: SessionFacts) -> str:
    if old.status == new.status:
        return "changed"
    return {CANCELLED: "cancelled", FULL: "marked as full"}.get(new.status, "open again")


def _sessions(content: Content, at: datetime) -> dict[Key, SessionFacts]:
    """Return the sessions to come by what makes them the same one, without our own numbers."""
    return {
        (facts.track, facts.starts_at.timestamp(), facts.title, facts.region_slug): replace(
            facts, id=None, url=""
        )
        for embed in content.embeds()
        if isinstance(embed, SessionsEmbed)
        for facts in embed.sessions
        if not facts.is_past(at)
    }


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
    told = [(count, verb) for verb, count in changes.items() if count]
    if not told:
        return ""
    (first, verb), *others = told
    words = [f"{first} {noun}{'' if first == 1 else 's'} {verb}"]
    words += [f"{count} {verb}" for count, verb in others]
    return f"{subject}: {', '.join(words)}."
