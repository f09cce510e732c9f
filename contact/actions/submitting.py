"""Storing an enquiry: it, its routing and its mail in one commit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from contact.mail import ACKNOWLEDGEMENT, NOTICE, NOTICE_LIST
from contact.models import AnswerTime, Enquiry, NoticeList, address_digest
from contact.references import new_reference
from contact.routing import Route
from contact.working_days import answer_day
from outbox.actions import enqueue
from outbox.models import Message
from regions.models import Area, Post, Region

# What the form asks and an enquiry keeps. Their order is part of the digest by which the same form
# sent twice is known: another order would store it again.
STORED = (
    "full_name",
    "email",
    "telephone",
    "role",
    "organisation",
    "place",
    "message",
    "setting",
    "topic",
)
HOUR = timedelta(hours=1)
# How long complex cases beyond the first few of a sender or network are gathered for one notice.
GATHERED_FOR = timedelta(minutes=5)


def submit_enquiry(
    *,
    token: str,
    values: Mapping[str, str],
    route: Route,
    held_because: str = "",
    network: str = "",
) -> Enquiry:
    """Store an enquiry with its notice and acknowledgement, or return the one stored before.

    The same token with the same values is the same enquiry, however often and however fast it is
    sent. Once this returns, everything is committed: only then may the sender see that it was sent.

    Raises DatabaseError where nothing was stored, or where nobody can tell.

    `values` has at least what STORED names. `held_because` is a clause: the enquiry then sends
    nothing until a colleague releases it, unless it is a complex case, which is never held back.
    `network` (see accounts.networks) may be blank.
    """
    submission = _submission(token, values, route)
    known = Enquiry.objects.filter(submission=submission).first()
    if known is not None:
        return known
    try:
        return _store(submission, values, route, held_because, network_digest(network))
    except IntegrityError:
        # The same was sent at the same moment, and its commit came first.
        known = Enquiry.objects.filter(submission=submission).first()
        if known is None:
            raise  # Something else was refused: this enquiry is not stored.
        return known


def _submission(token: str, values: Mapping[str, str], route: Route) -> str:
    text = json.dumps(
        [token, route.region_slug, route.area_slug, *(values[name] for name in STORED)]
    )
    return _keyed_digest("contact.submission", text)


@transaction.atomic
def _store(
    submission: str, values: Mapping[str, str], route: Route, held_because: str, network: str
) -> Enquiry:
    received = timezone.now()
    digest = address_digest(values["email"])
    held_because = held_because or _over_limit(digest, network, received)
    is_urgent = values["topic"] == Enquiry.Topic.COMPLEX_CASE
    is_held = bool(held_because) and not is_urgent
    shares_notice = is_urgent and _is_beyond_the_first(digest, network, received)
    region = Region.objects.get(slug=route.region_slug) if route.region_slug else None
    post = None
    if region is not None:
        on = timezone.localdate(received)
        post = Post.objects.recipient(region.slug, values["setting"], on=on).post
    enquiry = Enquiry.objects.create(
        reference=new_reference(),
        submission=submission,
        received_at=received,
        email_digest=digest,
        state=Enquiry.State.HELD if is_held else Enquiry.State.NEW,
        held_because=held_because,
        due_on=answer_day(received, AnswerTime.objects.days_for(values["topic"])),
        last_step_at=received,
        network=network,
        region=region,
        area=Area.objects.filter(slug=route.area_slug).first() if route.area_slug else None,
        post_id=post,
        reason=route.reason,
        is_override=route.is_override,
        **{name: values[name] for name in STORED},
    )
    if not is_held:
        queue_first_mail(enquiry, shares_notice=shares_notice)
    return enquiry


def queue_first_mail(enquiry: Enquiry, *, shares_notice: bool = False) -> None:
    """Queue notice and acknowledgement, in the caller's transaction.

    `shares_notice`: the co-ordinator is told of it and of others by one mail (NoticeList).
    """
    if shares_notice:
        _put_on_list(enquiry)
    else:
        enqueue(kind=NOTICE, subject_id=enquiry.pk, priority=priority_of(enquiry))
    enqueue(kind=ACKNOWLEDGEMENT, subject_id=enquiry.pk, priority=Message.Priority.SENDER)


def _put_on_list(enquiry: Enquiry) -> None:
    """Put a complex case on the open list of its region and setting, or begin one."""
    lists = NoticeList.objects.select_for_update().filter(
        region=enquiry.region, setting=enquiry.setting, closed_at__isnull=True
    )
    gathered = lists.order_by("pk").first()
    if gathered is None:
        gathered = NoticeList.objects.create(region=enquiry.region, setting=enquiry.setting)
        enqueue(
            kind=NOTICE_LIST,
            subject_id=gathered.pk,
            priority=Message.Priority.URGENT,
            delay=GATHERED_FOR,
        )
    enquiry.notice_list = gathered
    enquiry.save(update_fields=["notice_list"])


def priority_of(enquiry: Enquiry) -> Message.Priority:
    return Message.Priority.URGENT if enquiry.is_urgent else Message.Priority.ENQUIRY


def network_digest(network: str) -> str:
    """Return a keyed digest of a network: it counts enquiries without storing where from."""
    if not network:
        return ""
    return _keyed_digest("contact.network", network)


def _keyed_digest(purpose: str, text: str) -> str:
    digest = salted_hmac(purpose, text, secret=settings.DIGEST_KEY, algorithm="sha256")
    return digest.hexdigest()


def _is_beyond_the_first(digest: str, network: str, at: datetime) -> bool:
    """Whether one sender or network has sent its first few complex cases of the last hour."""
    recent = Enquiry.objects.filter(received_at__gt=at - HOUR, topic=Enquiry.Topic.COMPLEX_CASE)
    most = settings.COMPLEX_CASE_NOTICES_AN_HOUR
    return recent.filter(email_digest=digest).count() >= most or (
        bool(network) and recent.filter(network=network).count() >= most
    )


def _over_limit(digest: str, network: str, at: datetime) -> str:
    """Return why an enquiry is one too many for the last hour, as a clause, or ""."""
    recent = Enquiry.objects.filter(received_at__gt=at - HOUR)
    if recent.filter(email_digest=digest).count() >= settings.ENQUIRIES_AN_HOUR_BY_SENDER:
        return "its sender sent too many within an hour"
    if network and (
        recent.filter(network=network).count() >= settings.ENQUIRIES_AN_HOUR_BY_NETWORK
    ):
        return "too many came from one network within an hour"
    return ""
