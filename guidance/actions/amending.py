"""What is done to editions that readers have seen: withdrawing them, and correcting a note."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from guidance.models import Edition, NoteCorrection, Page, Proposal, Withdrawal


@transaction.atomic
def withdraw(
    *,
    page: Page,
    explanation: str,
    instead: Page | None,
    by: User,
    at: datetime,
    proposed_by: User | None = None,
) -> Withdrawal:
    """Withdraw a page. Its words stay readable, under the explanation.

    Raises ValidationError where nothing stands, where something is scheduled (it would undo this
    by itself), for a page that would point at itself, and where the page needs a second person and
    nobody else proposed it. Publishing a new edition ends it.
    """
    page = Page.objects.select_for_update().get(pk=page.pk)
    refuse_alone(page, by=by, proposed_by=proposed_by)
    live = page.editions.live().first()
    if live is None:
        raise ValidationError("The page is withdrawn already, or was never published.")
    if page.editions.filter(state=Edition.State.SCHEDULED).exists():
        raise ValidationError("An edition of this page is scheduled: unschedule it first.")
    if instead == page:
        raise ValidationError("A withdrawn page cannot be read in its own place.")
    Proposal.objects.filter(page=page).delete()
    return mark_withdrawn(edition=live, explanation=explanation, instead=instead, by=by, at=at)


def mark_withdrawn(
    *,
    edition: Edition,
    explanation: str,
    instead: Page | None = None,
    by: User | None = None,
    cause: str = "",
    at: datetime | None,
) -> Withdrawal:
    """Mark a live edition as withdrawn, and store why.

    Where no person here did it, the `cause` says so. `at` is None where nobody knows the time.
    """
    edition.state = Edition.State.WITHDRAWN
    edition.save()
    withdrawal = Withdrawal(
        edition=edition,
        explanation=explanation,
        instead=instead,
        withdrawn_at=at,
        withdrawn_by=by,
        cause=cause,
    )
    withdrawal.full_clean()
    withdrawal.save()
    return withdrawal


@transaction.atomic
def correct_note(
    *, edition: Edition, note: str, by: User, at: datetime, proposed_by: User | None = None
) -> NoteCorrection:
    """Correct the note of a major update; what it said before stays on record.

    Raises ValidationError for what has no note, a blank one, one that is the same as before, and
    where the page needs a second person and nobody else proposed it.
    """
    page = Page.objects.select_for_update().get(pk=edition.page_id)
    refuse_alone(page, by=by, proposed_by=proposed_by)
    edition = Edition.objects.with_note().get(pk=edition.pk)
    if not edition.is_public or edition.update_type != Edition.UpdateType.MAJOR:
        raise ValidationError("Only a published major update has a note.")
    if note == edition.note:
        raise ValidationError("The note says that already.")
    correction = NoteCorrection(edition=edition, note=note, corrected_at=at, corrected_by=by)
    correction.full_clean()
    correction.save()
    Proposal.objects.filter(edition=edition).delete()
    return correction


def refuse_alone(page: Page, *, by: User, proposed_by: User | None) -> None:
    """Raise ValidationError where a page needs a second person and nobody else proposed this."""
    if page.needs_second_person and proposed_by in (None, by):
        raise ValidationError(
            "This page needs a second person: propose it, and somebody else confirms it."
        )
