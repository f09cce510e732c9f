"""Where each post's enquiries go, and who must hear when that changes (decision 29)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# What decides where a post's enquiries go and who may read them, as colleagues call it.
_NAMES = {
    "mailbox": "Mailbox",
    "holder": "Holder",
    "holder_address": "Holder's address",
    "account": "Account that reads them",
    "is_vacant": "Vacant",
    "cover": "Covered by",
    "absences": "Away",
    "remit": "Serves",
    "position": "Place within the region",
}
# What gives or takes something from the region's other posts as well.
_SHARED = frozenset({"region", "remit", "position"})


@dataclass(frozen=True, slots=True)
class Pointing:
    """What decides where a post's enquiries go, in words; blank where there is none.

    `account` is what the holder signs in with. `covers` are the addresses of whoever covers, now or
    on days away: theirs to change at their own post.
    """

    title: str
    region: str
    remit: str
    position: int
    mailbox: str = ""
    holder: str = ""
    holder_address: str = ""
    account: str = ""
    is_vacant: bool = False
    cover: str = ""
    absences: tuple[str, ...] = ()
    covers: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def addresses(self) -> frozenset[str]:
        """Who gets or reads its enquiries: mailbox, holder and whoever covers."""
        own = {self.mailbox, self.holder_address, self.account}
        return frozenset(address for address in own | self.covers if address)


@dataclass(frozen=True, slots=True)
class Change:
    """What changed about a post, a line each, and the addresses of both sides."""

    title: str
    lines: tuple[str, ...]
    addresses: frozenset[str]


def changes(before: Mapping[int, Pointing], after: Mapping[int, Pointing]) -> list[Change]:
    """Return what changed between two states of all posts, which are given by their keys."""
    found = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        sides = [side for side in (old, new) if side is not None]
        told = frozenset[str]().union(*(side.addresses for side in sides))
        if len(sides) == 1 or _shared(sides[0]) != _shared(sides[1]):
            regions = {side.region for side in sides}
            told |= _of_regions(regions, before.values()) | _of_regions(regions, after.values())
        found.append(Change(sides[-1].title, _lines(old, new), told))
    return found


def _shared(pointing: Pointing) -> list[object]:
    return [getattr(pointing, name) for name in sorted(_SHARED)]


def _of_regions(regions: set[str], pointings: Iterable[Pointing]) -> frozenset[str]:
    return frozenset(
        address for each in pointings if each.region in regions for address in each.addresses
    )


def _lines(old: Pointing | None, new: Pointing | None) -> tuple[str, ...]:
    if new is None:
        return ("The post is there no more.",)
    lines = [] if old else ["The post is new."]
    for name, words in _NAMES.items():
        now, was = _words(new, name), _words(old, name) if old else ""
        if old and now != was:
            lines.append(f"{words}: {now or 'none'} (before: {was or 'none'})")
        elif not old and now:
            lines.append(f"{words}: {now}")
    return tuple(lines)


def _words(pointing: Pointing, name: str) -> str:
    value = getattr(pointing, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(value) if isinstance(value, tuple) else str(value)
