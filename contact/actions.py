"""Storing an enquiry: it, its routing and its mail in one commit."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.crypto import salted_hmac

from contact.mail import ACKNOWLEDGEMENT, ALARM, NOTICE
from contact.models import Enquiry, address_digest
from contact.references import new_reference
from contact.routing import Route
from outbox.actions import enqueue
from outbox.models import Message
from regions.models import Area, Post, Region
from regions.recipients import recipient

logger = logging.getLogger(__name__)

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


LATE_STATES = (*Message.WAITING, Message.State.SENDING)
# By the database's clock, from when the notice was queued.
LATE = timedelta(hours=1)
LATE_IF_URGENT = timedelta(minutes=15)


def submit_enquiry(*, token: str, values: Mapping[str, str], route: Route) -> Enquiry:
    """Store an enquiry with its notice and acknowledgement, or return the one stored before.

    The same token with the same values is the same enquiry, however often and however fast it is
    sent. Once this returns, everything is committed: only then may the sender be told so.
    """
    submission = _submission(token, values, route)
    known = Enquiry.objects.filter(submission=submission).first()
    if known is not None:
        return known
    try:
        return _store(submission, values, route)
    except IntegrityError:
        # The same was sent at the same moment, and its commit came first.
        return Enquiry.objects.get(submission=submission)


def _submission(token: str, values: Mapping[str, str], route: Route) -> str:
    said = json.dumps(
        [token, route.region_slug, route.area_slug, *(values[name] for name in STORED)]
    )
    return salted_hmac("contact.submission", said, algorithm="sha256").hexdigest()


@transaction.atomic
def _store(submission: str, values: Mapping[str, str], route: Route) -> Enquiry:
    received = timezone.now()
    region = Region.objects.get(slug=route.region_slug) if route.region_slug else None
    post = None
    if region is not None:
        post = recipient(
            region.slug,
            values["setting"],
            timezone.localdate(received),
            Post.objects.facts(),
        ).post
    enquiry = Enquiry.objects.create(
        reference=new_reference(),
        submission=submission,
        received_at=received,
        email_digest=address_digest(values["email"]),
        region=region,
        area=Area.objects.filter(slug=route.area_slug).first() if route.area_slug else None,
        post_id=post,
        reason=route.reason,
        is_override=route.is_override,
        **{name: values[name] for name in STORED},
    )
    priority = Message.Priority.URGENT if enquiry.is_urgent else Message.Priority.ENQUIRY
    for kind in (NOTICE, ACKNOWLEDGEMENT):
        enqueue(kind=kind, subject_id=enquiry.pk, priority=priority)
    return enquiry


def alarm_of_undelivered() -> int:
    """Tell the national team of each notice that was refused or is late; return of how many.

    Once an enquiry, however many workers look.
    """
    told = Message.objects.filter(kind=ALARM, subject_id=OuterRef("subject_id"))
    undelivered = Message.objects.filter(kind=NOTICE).filter(
        Q(state=Message.State.REJECTED)
        | Q(state__in=LATE_STATES, created_at__lte=Now() - LATE)
        | Q(
            state__in=LATE_STATES,
            priority=Message.Priority.URGENT,
            created_at__lte=Now() - LATE_IF_URGENT,
        )
    )
    count = 0
    for notice in undelivered.exclude(Exists(told)).order_by("priority", "pk"):
        try:
            with transaction.atomic():
                enqueue(
                    kind=ALARM,
                    subject_id=notice.subject_id,
                    priority=Message.Priority(notice.priority),
                )
        except IntegrityError:
            continue  # Another worker was quicker.
        logger.error("The notice of enquiry %s has not arrived", notice.subject_id)
        count += 1
    return count
