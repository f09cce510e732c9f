"""What colleagues do with an enquiry: each step with who, when and what follows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contact.actions.submitting import priority_of, queue_first_mail
from contact.handling import Step, state_after
from contact.mail import EVENT, MAILED, NOTICE, REFERRAL
from contact.models import AnswerTime, Enquiry, Event, readable
from contact.working_days import answer_day
from outbox.actions import enqueue
from outbox.models import Message
from regions.models import Post, Region


class StepRefusedError(Exception):
    """The enquiry cannot take this step now: a sentence for whoever tried."""


def record(enquiry: Enquiry, kind: Event.Kind, *, by: User | None, **facts: Any) -> Event:
    """Record a step and queue the mail about it, in the caller's transaction."""
    event = Event.objects.create(enquiry=enquiry, kind=kind, by=by, **facts)
    if kind in MAILED:
        enqueue(kind=EVENT, subject_id=event.pk, priority=priority_of(enquiry))
    return event


def record_reading(*, enquiry: Enquiry, by: User) -> None:
    """Record that somebody read what was typed."""
    record(enquiry, Event.Kind.SHOWN, by=by)


@transaction.atomic
def take(*, enquiry: Enquiry, by: User) -> None:
    """Assign an enquiry to whoever takes it on."""
    _step(enquiry, Step.TAKE, assigned_to=by)
    record(enquiry, Event.Kind.TAKEN, by=by)


@transaction.atomic
def assign(*, enquiry: Enquiry, to: User, by: User) -> None:
    """Give an enquiry to a colleague. Raises StepRefusedError if they may not see it."""
    on = timezone.localdate()
    if not Enquiry.objects.visible_to(to, on=on).filter(pk=enquiry.pk).exists():
        raise StepRefusedError(f"{to} cannot see this region's enquiries.")
    _step(enquiry, Step.ASSIGN, assigned_to=to)
    record(enquiry, Event.Kind.ASSIGNED, by=by, to=to)


@transaction.atomic
def mark_as_answered(*, enquiry: Enquiry, by: User) -> None:
    """Mark an enquiry as answered: its sender has got an answer."""
    _step(enquiry, Step.ANSWER, answered_at=timezone.now())
    record(enquiry, Event.Kind.ANSWERED, by=by)


@transaction.atomic
def close(*, enquiry: Enquiry, by: User, note: str = "") -> None:
    """Close an enquiry: the time until it is erased begins."""
    _step(enquiry, Step.CLOSE, closed_at=timezone.now())
    record(enquiry, Event.Kind.CLOSED, by=by, note=note)


@transaction.atomic
def reopen(*, enquiry: Enquiry, by: User) -> None:
    """Open what was answered or closed again, with a new day to answer."""
    now = timezone.now()
    _step(
        enquiry,
        Step.REOPEN,
        answered_at=None,
        closed_at=None,
        due_on=answer_day(now, AnswerTime.objects.days_for(enquiry.topic)),
    )
    record(enquiry, Event.Kind.REOPENED, by=by)


@transaction.atomic
def hold(*, enquiry: Enquiry, by: User, note: str) -> None:
    """Put an enquiry aside, for a reason. A legal hold is another thing."""
    _step(enquiry, Step.HOLD, held_because="a colleague put it aside")
    record(enquiry, Event.Kind.HELD, by=by, note=note)


@transaction.atomic
def release(*, enquiry: Enquiry, by: User) -> None:
    """Release a held enquiry: mail about it that was never queued is queued now."""
    _step(enquiry, Step.RELEASE, held_because="")
    if not Message.objects.filter(kind=NOTICE, subject_id=enquiry.pk).exists():
        queue_first_mail(enquiry)
    record(enquiry, Event.Kind.RELEASED, by=by)


@transaction.atomic
def hand_over(*, enquiry: Enquiry, to: Region | None, by: User, note: str) -> None:
    """Give an enquiry to another region, or to the national team (None), with a reason.

    From then on its co-ordinators see it, and those of the region that it leaves do not.
    """
    before = enquiry.region
    if before == to:
        raise StepRefusedError("It is with them already.")
    now = timezone.now()
    _step(
        enquiry,
        Step.HAND_OVER,
        region=to,
        area=enquiry.area if to and enquiry.area and enquiry.area.region_id == to.pk else None,
        post_id=_post_for(to, enquiry.setting, now),
        # Why it was routed to those who had it before is no reason for these to have it.
        reason=f"{before.name if before else 'the national team'} handed it over",
        is_override=False,
        # Mail to those who had it before did not arrive: these get their own.
        has_notice_bounced=False,
        assigned_to=None,
        due_on=answer_day(now, AnswerTime.objects.days_for(enquiry.topic)),
    )
    kind = Event.Kind.HANDED_OVER
    record(enquiry, kind, by=by, note=note, from_region=before, to_region=to)


def _post_for(region: Region | None, setting: str, at: datetime) -> int | None:
    if region is None:
        return None
    return Post.objects.recipient(region.slug, setting, on=timezone.localdate(at)).post


@transaction.atomic
def refer(*, enquiry: Enquiry, by: User) -> None:
    """Answer that this is a referral: the sender gets the right routes, the national team knows.

    Raises StepRefusedError where the reply was sent before and did not arrive, and where no key
    opens the sender's address.
    """
    if readable(enquiry, "email") is None:
        raise StepRefusedError(
            "No key of the site opens the sender's address, so the reply cannot be sent. Ask "
            "whoever runs the site to put the missing key back."
        )
    reply = Message.objects.filter(kind=REFERRAL, subject_id=enquiry.pk).first()
    if reply and (reply.state == Message.State.REJECTED or reply.bounced_at):
        raise StepRefusedError(
            "The reply does not reach its sender by e-mail: telephone them and say where to make "
            "a referral, then mark the enquiry as answered."
        )
    _step(enquiry, Step.REFER, answered_at=timezone.now(), is_referral=True)
    if reply is None:
        enqueue(kind=REFERRAL, subject_id=enquiry.pk, priority=Message.Priority.REFERRAL)
    record(enquiry, Event.Kind.REFERRED, by=by)


@transaction.atomic
def add_note(*, enquiry: Enquiry, by: User, note: str) -> None:
    """Write a note for colleagues."""
    _step(enquiry, Step.NOTE)
    record(enquiry, Event.Kind.NOTED, by=by, note=note)


@transaction.atomic
def begin_legal_hold(*, enquiry: Enquiry, by: User, note: str) -> None:
    """Put an enquiry under legal hold: nothing erases it until the hold ends."""
    Enquiry.objects.filter(pk=enquiry.pk).update(is_kept=True)
    record(enquiry, Event.Kind.LEGAL_HOLD_BEGUN, by=by, note=note)


@transaction.atomic
def end_legal_hold(*, enquiry: Enquiry, by: User, note: str) -> None:
    """End an enquiry's legal hold: it is erased when its time has come."""
    Enquiry.objects.filter(pk=enquiry.pk).update(is_kept=False)
    record(enquiry, Event.Kind.LEGAL_HOLD_ENDED, by=by, note=note)


def _step(enquiry: Enquiry, step: Step, **changes: Any) -> None:
    """Take the step under the row's lock. Raises StepRefusedError if somebody was quicker."""
    locked = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    after = state_after(step, locked.state, is_urgent=locked.is_urgent)
    if after is None or locked.region_id != enquiry.region_id:
        raise StepRefusedError(
            f"This cannot be done any more: it is {locked.get_state_display()} "
            f"and with {locked.region_name}."
        )
    changes |= {"state": after, "last_step_at": timezone.now()}
    for name, value in changes.items():
        setattr(enquiry, name, value)
    enquiry.save(update_fields=changes.keys())
