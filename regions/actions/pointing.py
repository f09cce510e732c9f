"""Telling both sides, and the national team, when a region's enquiries go elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from outbox.actions import enqueue
from outbox.alarms import sound
from outbox.kinds import Failure
from outbox.models import Message
from regions.mail import POST_CHANGED
from regions.models import Absence, Post, PostChange
from regions.pointing import Pointing, changes

# Who gets a post's enquiries stands in its history for good; that it was told need not.
KEPT: Final = timedelta(days=365)


@contextmanager
def telling_of_changes(*, by: User) -> Iterator[None]:
    """Tell by mail what changes meanwhile about where enquiries go, in the same commit.

    The addresses that held before hear of it, those that hold from now on, and the national team.
    All posts are locked, so that nobody is named for what somebody else changed at the same moment.
    """
    with transaction.atomic():
        before = _pointings()
        yield
        for change in changes(before, _pointings()):
            _tell(
                [*sorted(change.addresses), settings.NATIONAL_TEAM_EMAIL],
                title=change.title,
                lines=change.lines,
                who=f"{by.name}, {by.email}" if by.name else by.email,
                at=timezone.now(),
            )


def _pointings() -> dict[int, Pointing]:
    # Reading an enquiry's post (a foreign key) goes on meanwhile.
    list(Post.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    posts = Post.objects.select_related(
        "region", "holder__user", "covered_by__region", "covered_by__holder__user"
    ).prefetch_related("absences__covered_by__region", "absences__covered_by__holder__user")
    return {post.pk: _pointing(post) for post in posts}


def _pointing(post: Post) -> Pointing:
    holder, absences = post.holder, list(post.absences.all())
    covers = [post.covered_by, *(absence.covered_by for absence in absences)]
    return Pointing(
        title=str(post),
        region=post.region.name,
        remit=post.get_remit_display(),
        position=post.position,
        mailbox=post.mailbox,
        holder=holder.name if holder else "",
        holder_address=holder.email if holder else "",
        account=holder.user.email if holder and holder.user else "",
        is_vacant=post.is_vacant,
        cover=str(post.covered_by or ""),
        absences=tuple(_away(absence) for absence in absences),
        covers=frozenset(address for cover in covers if cover for address in _addresses(cover)),
    )


def _addresses(post: Post) -> list[str]:
    holder = post.holder
    account = holder.user.email if holder and holder.user else ""
    return [each for each in (post.mailbox, holder.email if holder else "", account) if each]


def _away(absence: Absence) -> str:
    until = f"to {absence.last_day:%-d %B %Y}" if absence.last_day else "until further notice"
    cover = f", covered by {absence.covered_by}" if absence.covered_by else ""
    return f"{absence.first_day:%-d %B %Y} {until}{cover}"


def _tell(
    recipients: Iterable[str], *, title: str, lines: Iterable[str], who: str, at: datetime
) -> None:
    """Queue the mail to each recipient, in the caller's transaction."""
    for recipient in dict.fromkeys(recipients):
        row = PostChange.objects.create(
            recipient=recipient, title=title, lines="\n".join(lines), who=who, at=at
        )
        enqueue(kind=POST_CHANGED, subject_id=row.pk)


def change_not_told(row_id: int, failure: Failure, words: str) -> None:
    """Tell the national team that one of the sides was not reached: it may be the new mailbox.

    If it is the national team that was not, sound the alarm that does not go through the queue.
    """
    row = PostChange.objects.filter(pk=row_id).first()
    if row is None:
        return
    if row.recipient != settings.NATIONAL_TEAM_EMAIL:
        said = f"Mail about this change to {row.recipient} {failure}: {words}"
        lines = [*row.lines.splitlines(), said]
        _tell([settings.NATIONAL_TEAM_EMAIL], title=row.title, lines=lines, who=row.who, at=row.at)
    elif failure is not Failure.UNREADABLE:
        alarm = (
            f"The mail to the national team that {row.title} was changed {failure}. See the post's "
            "history in the admin, and whether NATIONAL_TEAM_EMAIL is right."
        )
        transaction.on_commit(lambda: sound(alarm, subject="Alarm: a mail did not arrive"))


def forget_changes(*, at: datetime) -> int:
    """Forget what was told a year ago and longer, and the mail of it; return of how many rows."""
    old = PostChange.objects.filter(at__lt=at - KEPT)
    Message.objects.filter(kind=POST_CHANGED, subject_id__in=old.values("pk")).delete()
    return old.delete()[0]
