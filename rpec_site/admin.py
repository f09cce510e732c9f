"""The admin's frame: our name, and a front page that shows what waits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from accounts.forms import SignInForm
from accounts.models import User
from backoffice.recent import recent_actions
from backoffice.signing_in import KeepsWhatWasTyped
from contact.models import Enquiry
from guidance.models import Edition, Link, Proposal
from outbox.models import Message, Pause
from regions.models import LocalContact, NationalDownload, NationalFile, Post, Unfound
from training.models import Session


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the front page: how many of what wait, and where to see them.

    Without a count, the text is a sentence that stands for itself; with a count of one, `one` is
    the text.
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
    lines = []
    if user.has_perm("contact.view_enquiry"):
        lines += _enquiries_waiting(user)
    if user.has_perm("regions.change_post"):
        vacant = Post.objects.filter(is_vacant=True).count()
        lines.append(
            Waiting(vacant, "vacant posts", "regions_post", "?is_vacant__exact=1", "vacant post")
        )
        left = list(Post.objects.filter(holder__user__is_active=False).values_list("pk", flat=True))
        lines.append(
            Waiting(
                len(left),
                "posts whose holder's account has ended",
                "regions_post",
                f"?pk__in={','.join(map(str, left))}",
                "post whose holder's account has ended",
            )
        )
    if user.has_perm("regions.change_localcontact"):
        overdue = LocalContact.objects.overdue(on=timezone.localdate()).count()
        lines.append(
            Waiting(
                overdue,
                "local contacts to check",
                "regions_localcontact",
                "?checked=overdue",
                "local contact to check",
            )
        )
    if user.has_perm("regions.view_unfound"):
        week = Unfound.objects.since(timezone.localdate() - timedelta(days=6)).still_unknown()
        names = week.values("key").order_by().distinct().count()
        lines.append(
            Waiting(
                names,
                "names that were not found this week",
                "regions_unfound",
                f"?day__gte={timezone.localdate() - timedelta(days=6)}",
                "name that was not found this week",
            )
        )
    if user.has_perm("regions.view_nationalfile"):
        lines += _national_files()
    if user.has_perm("training.change_session"):
        upcoming = Session.objects.upcoming(at=timezone.now()).going_ahead()
        broken = upcoming.with_broken_link().count()
        lines.append(
            Waiting(
                broken,
                "registration links that do not work",
                "training_session",
                "?link=broken",
                "registration link that does not work",
            )
        )
    if user.has_perm("guidance.change_edition"):
        drafts = Edition.objects.drafts().count()
        lines.append(
            Waiting(drafts, "open drafts", "guidance_edition", "?state__exact=draft", "open draft")
        )
        proposed = Proposal.objects.by_others(user).count()
        lines.append(
            Waiting(
                proposed,
                "changes that wait for a second person",
                "guidance_proposal",
                "?whose=others",
                "change that waits for a second person",
            )
        )
        own = Proposal.objects.of(user).count()
        lines.append(
            Waiting(
                own,
                "changes of yours that nobody has decided yet",
                "guidance_proposal",
                "?whose=own",
                "change of yours that nobody has decided yet",
            )
        )
        scheduled = Edition.objects.filter(state=Edition.State.SCHEDULED).count()
        lines.append(
            Waiting(
                scheduled,
                "scheduled editions",
                "guidance_edition",
                "?state__exact=scheduled",
                "scheduled edition",
            )
        )
    if user.has_perm("guidance.change_link"):
        unchecked = Link.objects.unchecked().count()
        lines.append(
            Waiting(
                unchecked,
                "links that nobody has checked",
                "guidance_link",
                "?checked=no",
                "link that nobody has checked",
            )
        )
    if user.has_perm("outbox.view_message"):
        undelivered = Message.objects.undelivered().count()
        states = ",".join((*Message.WAITING, Message.State.SENDING))
        lines.append(
            Waiting(
                undelivered,
                "mails on their way",
                "outbox_message",
                f"?state__in={states}",
                "mail on its way",
            )
        )
        refused = Message.objects.filter(state=Message.State.REJECTED).count()
        lines.append(
            Waiting(
                refused,
                "mails that were refused",
                "outbox_message",
                f"?state__exact={Message.State.REJECTED}",
                "mail that was refused",
            )
        )
    return [
        replace(line, url=reverse(f"admin:{line.url}_changelist") + line.query)
        for line in lines
        if line.count != 0
    ]


def _enquiries_waiting(user: User) -> list[Waiting]:
    """Return what waits of the enquiries that this person may see, the most urgent first."""
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
        (rows.open(), "open enquiries", "", "open enquiry"),
    )
    return [
        Waiting(those.count(), text, "contact_enquiry", f"?show={show}" if show else "", one)
        for those, text, show, one in counts
    ]


def _national_files() -> list[Waiting]:
    """Return what is wrong with the postcodes and the schools: too old, or not fetched."""
    old = [
        Waiting(None, file.age_in_words, "regions_nationalfile")
        for file in NationalFile.objects.old(on=timezone.localdate())
    ]
    failed = [
        Waiting(None, download.failure_in_words, "regions_nationaldownload")
        for download in NationalDownload.objects.failed()
    ]
    return old + failed


class SiteAdmin(KeepsWhatWasTyped):
    """Django's admin site under our name."""

    site_header = "Regional Prevent education co-ordinators"
    site_title = "RPEC admin"
    index_title = "What waits"
    login_form = SignInForm

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        user = request.user
        waiting = waiting_for(user) if isinstance(user, User) else []
        return super().index(
            request,
            {
                "waiting": waiting,
                "is_front_page": True,
                "recent": recent_actions(self, request, user) if isinstance(user, User) else [],
                "pause": Pause.objects.first(),
                **(extra_context or {}),
            },
        )
