"""Who answers for a region on a day. Decision 3 says why it goes in this order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Remit(StrEnum):
    """Which settings a post serves."""

    ALL = "all"
    SCHOOLS = "schools"
    FURTHER_AND_HIGHER = "further-and-higher"


# The settings of the contact form that have a remit of their own; the rest go to the first post.
REMITS = {
    "early-years": Remit.SCHOOLS,
    "school": Remit.SCHOOLS,
    "further-education": Remit.FURTHER_AND_HIGHER,
    "higher-education": Remit.FURTHER_AND_HIGHER,
    "training-provider": Remit.FURTHER_AND_HIGHER,
}


@dataclass(frozen=True, slots=True)
class AbsenceFacts:
    """Days (Europe/London, both included) without the holder, and who covers them."""

    first_day: date
    last_day: date | None
    covered_by: int | None


@dataclass(frozen=True, slots=True)
class PostFacts:
    """What routing must know of a post. `mailbox` and `holder_address` are blank where unknown."""

    id: int
    region: str
    position: int
    remit: Remit
    mailbox: str
    holder_address: str
    is_vacant: bool
    covered_by: int | None
    absences: tuple[AbsenceFacts, ...] = ()

    def absence(self, at: date) -> AbsenceFacts | None:
        """Return the absence that holds on that day, if any."""
        for absence in self.absences:
            if absence.first_day <= at and (absence.last_day is None or at <= absence.last_day):
                return absence
        return None

    @property
    def address(self) -> str:
        """Where the post is written to: its own mailbox, else its holder's address."""
        return self.mailbox or self.holder_address


class Recipient(NamedTuple):
    """The post that an enquiry is for, and the address that it goes to on that day.

    `address` is None where only the national team is left. `covering` is the post that answers
    instead, if another one does.
    """

    post: int | None
    address: str | None
    covering: int | None = None


def recipient(region: str, setting: str, at: date, posts: Iterable[PostFacts]) -> Recipient:
    """Return who gets an enquiry from `setting` in `region` on the day `at` (Europe/London).

    `posts` may hold all regions' posts: another region's is used only where an editor named it
    as cover. A post without its holder is never relied on, even where it has a mailbox: nobody
    may be reading it.
    """
    by_id = {post.id: post for post in posts}
    own = sorted(
        (post for post in by_id.values() if post.region == region),
        key=lambda post: (post.position, post.id),
    )
    post = post_for(setting, own)
    if post is None:
        return Recipient(post=None, address=None)
    answering = answering_post(post, at, by_id)
    if answering is None:
        return Recipient(post=post.id, address=None)
    return Recipient(
        post=post.id,
        address=answering.address,
        covering=None if answering is post else answering.id,
    )


def answering_post(post: PostFacts, at: date, posts: Mapping[int, PostFacts]) -> PostFacts | None:
    """Return the post that answers for `post` on that day: itself, or the one that covers.

    None: nobody does, so the national team must. Cover of cover is not followed: who covers for
    one region may be away in another's hour of need, and an editor named only the first.
    """
    absence = post.absence(at)
    if not post.is_vacant and absence is None and post.address:
        return post
    named = (absence.covered_by if absence else None) or post.covered_by
    cover = posts.get(named) if named else None
    if cover and not cover.is_vacant and cover.absence(at) is None and cover.address:
        return cover
    return None


def post_for(setting: str, posts: Iterable[PostFacts]) -> PostFacts | None:
    """Return the post of one region, given in its order, that serves the setting."""
    ordered = list(posts)
    remit = REMITS.get(setting)
    if remit is not None:
        for post in ordered:
            if post.remit == remit:
                return post
    for post in ordered:
        if post.remit == Remit.ALL:
            return post
    return ordered[0] if ordered else None
