"""What waits for staff: the lines of the admin's front page, each with where to see the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from contact.models import Enquiry
from guidance.models import Edition, Link, Proposal
from outbox.models import Message
from regions.models import LocalContact, NationalDownload, NationalFile, Post, Unfound
from training.models import Session


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the front page: how many of what wait, and where to see them.

    `url` is the name of a list in the admin, and its address once it is shown; `query` filters it
    to what was counted. Without a count, the text is a sentence that stands for itself; with a
    count of one, `one` is the text.
    """

    count: int | None
    text: str
    url: str
    query: str = ""
    one: str = ""

    @property
    def words(self) -> str:
        """The text as it goes with the count."""
        return self.one if self.count == 1 and self.one else self.text


def waiting_for(user: User) -> list[Waiting]:
    """Return what waits for this person: only what they may see, and only what is not none."""
    lines = (
        line
        for permission, lines_of in SOURCES
        if user.has_perm(permission)
        for line in lines_of(user)
    )
    return [
        replace(line, url=reverse(f"admin:{line.url}_changelist") + line.query)
        for line in lines
        if line.count != 0
    ]


def _enquiries(user: User) -> Iterator[Waiting]:
    """Yield what waits of the enquiries that this person may see, the most urgent first."""
    today = timezone.localdate()
    rows = Enquiry.objects.visible_to(user, on=today)
    counts = (
        (
            rows.open().filter(topic=Enquiry.Topic.COMPLEX_CASE),
            "open complex cases",
            "complex",
            "open complex case",
        ),
        (rows.overdue(on=today), "overdue enquiries", "overdue", "overdue enquiry"),
        (
            rows.filter(state=Enquiry.State.HELD),
            "held enquiries to look at",
            "held",
            "held enquiry to look at",
        ),
        (
            rows.open().filter(needs_telephone=True),
            "senders to telephone",
            "telephone",
            "sender to telephone",
        ),
        (
            rows.unreadable(),
            "enquiries that no key opens",
            "unreadable",
            "enquiry that no key opens",
        ),
        (rows.open(), "open enquiries", "", "open enquiry"),
    )
    for those, text, show, one in counts:
        query = f"?show={show}" if show else ""
        yield Waiting(those.count(), text, "contact_enquiry", query, one)


def _posts(user: User) -> Iterator[Waiting]:
    vacant = Post.objects.filter(is_vacant=True).count()
    yield Waiting(vacant, "vacant posts", "regions_post", "?is_vacant__exact=1", "vacant post")
    left = list(Post.objects.filter(holder__user__is_active=False).values_list("pk", flat=True))
    yield Waiting(
        len(left),
        "posts whose holder's account has ended",
        "regions_post",
        f"?pk__in={','.join(map(str, left))}",
        "post whose holder's account has ended",
    )


def _local_contacts(user: User) -> Iterator[Waiting]:
    yield Waiting(
        LocalContact.objects.overdue(on=timezone.localdate()).count(),
        "local contacts to check",
        "regions_localcontact",
        "?checked=overdue",
        "local contact to check",
    )


def _names_not_found(user: User) -> Iterator[Waiting]:
    first_day = timezone.localdate() - timedelta(days=6)
    names = Unfound.objects.since(first_day).still_unknown().values("key").order_by().distinct()
    yield Waiting(
        names.count(),
        "names that were not found this week",
        "regions_unfound",
        f"?day__gte={first_day}",
        "name that was not found this week",
    )


def _national_files(user: User) -> Iterator[Waiting]:
    """Yield what is wrong with the postcodes and the schools: too old, or not fetched."""
    for file in NationalFile.objects.old(on=timezone.localdate()):
        yield Waiting(None, file.age_in_words, "regions_nationalfile")
    for download in NationalDownload.objects.failed():
        yield Waiting(None, download.failure_in_words, "regions_nationaldownload")


def _sessions(user: User) -> Iterator[Waiting]:
    upcoming = Session.objects.upcoming(at=timezone.now()).going_ahead()
    yield Waiting(
        upcoming.with_broken_link().count(),
        "registration links that do not work",
        "training_session",
        "?link=broken",
        "registration link that does not work",
    )


def _editions(user: User) -> Iterator[Waiting]:
    drafts = Edition.objects.drafts().count()
    yield Waiting(drafts, "open drafts", "guidance_edition", "?state__exact=draft", "open draft")
    yield Waiting(
        Proposal.objects.by_others(user).count(),
        "changes that wait for a second person",
        "guidance_proposal",
        "?whose=others",
        "change that waits for a second person",
    )
    yield Waiting(
        Proposal.objects.of(user).count(),
        "changes of yours that nobody has decided yet",
        "guidance_proposal",
        "?whose=own",
        "change of yours that nobody has decided yet",
    )
    yield Waiting(
        Edition.objects.filter(state=Edition.State.SCHEDULED).count(),
        "scheduled editions",
        "guidance_edition",
        "?state__exact=scheduled",
        "scheduled edition",
    )


def _links(user: User) -> Iterator[Waiting]:
    yield Waiting(
        Link.objects.unchecked().count(),
        "links that nobody has checked",
        "guidance_link",
        "?checked=no",
        "link that nobody has checked",
    )


def _mail(user: User) -> Iterator[Waiting]:
    states = ",".join((*Message.WAITING, Message.State.SENDING))
    yield Waiting(
        Message.objects.undelivered().count(),
        "mails on their way",
        "outbox_message",
        f"?state__in={states}",
        "mail on its way",
    )
    yield Waiting(
        Message.objects.filter(state=Message.State.REJECTED).count(),
        "mails that were refused",
        "outbox_message",
        f"?state__exact={Message.State.REJECTED}",
        "mail that was refused",
    )


# In the order of the front page; the permission says who is shown the lines.
SOURCES: Final[tuple[tuple[str, Callable[[User], Iterator[Waiting]]], ...]] = (
    ("contact.view_enquiry", _enquiries),
    ("regions.change_post", _posts),
    ("regions.change_localcontact", _local_contacts),
    ("regions.view_unfound", _names_not_found),
    ("regions.view_nationalfile", _national_files),
    ("training.change_session", _sessions),
    ("guidance.change_edition", _editions),
    ("guidance.change_link", _links),
    ("outbox.view_message", _mail),
)
