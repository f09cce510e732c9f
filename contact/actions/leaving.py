"""Somebody's account ends: what becomes of their posts, and of the enquiries that they had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.actions import end_sessions, refuse_to_lose_administrators
from accounts.models import User
from contact.actions.handling import record
from contact.handling import state_unassigned
from contact.models import Enquiry, EnquiryQuerySet, Event
from regions.actions.pointing import telling_of_changes
from regions.models import Coordinator, Post


@dataclass(frozen=True, slots=True)
class Succession:
    """What becomes of a post: another holder takes it on, or it is vacant, with or without cover.

    Vacant without a cover of its own choice, it keeps the cover that it had.
    """

    holder: Coordinator | None = None
    covered_by: Post | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """How many posts and open enquiries have been settled."""

    posts: int
    enquiries: int


def posts_of(user: User) -> list[Post]:
    """Return the posts that somebody holds."""
    held = Post.objects.filter(holder__user=user)
    return list(held.select_related("region", "holder", "covered_by__region"))


def open_enquiries_of(user: User) -> EnquiryQuerySet:
    """Return the open enquiries that somebody took on or was given."""
    return Enquiry.objects.open().filter(assigned_to=user)


def unsettled(user: User) -> list[str]:
    """Return what has to be settled before somebody's account ends, in words."""
    found = [f"{user} holds the post {post}" for post in posts_of(user)]
    count = open_enquiries_of(user).count()
    if count:
        found.append(f"{user} has {count} open enquir{'y' if count == 1 else 'ies'}")
    return found


def end_account(*, user: User, successions: Mapping[int, Succession], by: User) -> Settled:
    """Let somebody sign in no more, settle their posts by key, and free their open enquiries.

    All of it is one transaction, and both sides of each post are told by mail. Raises
    ValidationError for a post about which nothing is said, a cover that cannot answer, and the last
    administrator.
    """
    with telling_of_changes(by=by):
        return _end(user, successions, by=by)


def _end(user: User, successions: Mapping[int, Succession], *, by: User) -> Settled:
    user = User.objects.select_for_update().get(pk=user.pk)
    refuse_to_lose_administrators(users=[user])
    posts = list(Post.objects.select_for_update().filter(holder__user=user).order_by("pk"))
    for post in posts:
        if post.pk not in successions:
            raise ValidationError(f"Choose what becomes of the post {post}.")
        _refuse_cover(post, successions)
    for post in posts:
        _settle(post, user, successions[post.pk], by=by)
    freed = _free_enquiries(user, by=by)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user=user)
    return Settled(len(posts), freed)


def _refuse_cover(post: Post, successions: Mapping[int, Succession]) -> None:
    cover = successions[post.pk].covered_by
    if cover is None:
        return
    leaves = cover.pk in successions and successions[cover.pk].holder is None
    if cover.is_vacant or leaves:
        raise ValidationError(f"{cover} cannot cover {post}: nobody holds it.")


def _settle(post: Any, user: User, succession: Succession, *, by: User) -> None:
    """Give a post to its next holder, or leave it vacant.

    Enquiries must not go on to the address of whoever has left, nor be kept from the next holder
    by days on which the last one is away.
    """
    if post.mailbox.lower() in {user.email, post.holder.email.lower() if post.holder else ""}:
        post.mailbox = ""
    post.holder = succession.holder
    post.is_vacant = succession.holder is None
    if succession.covered_by is not None:
        post.covered_by = succession.covered_by
    _end_absences(post, on=timezone.localdate())
    post._history_user = by
    post.full_clean()
    post.save()


def _end_absences(post: Post, *, on: date) -> None:
    for absence in post.absences.all():
        if absence.first_day >= on:
            absence.delete()
        elif absence.last_day is None or absence.last_day >= on:
            absence.last_day = on - timedelta(days=1)
            absence.save()


def _free_enquiries(user: User, *, by: User) -> int:
    """Take each open enquiry from somebody: colleagues see that it waits for one of them."""
    held = list(open_enquiries_of(user).select_for_update())
    for enquiry in held:
        enquiry.assigned_to = None
        enquiry.state = state_unassigned(enquiry.state)
        enquiry.last_step_at = timezone.now()
        enquiry.save(update_fields=["assigned_to", "state", "last_step_at"])
        record(enquiry, Event.Kind.UNASSIGNED, by=by, to=user)
    return len(held)
