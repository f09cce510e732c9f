"""What needs a second person: one proposes it, another confirms it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from guidance.actions.amending import correct_note, withdraw
from guidance.actions.publishing import SOONEST, locked_draft, set_announcement
from guidance.help_addresses import keep_help_addresses_after_commit
from guidance.models import Edition, Link, Page, Proposal

GONE: Final = "This was confirmed, declined or taken back already, or something else was proposed."


@transaction.atomic
def propose_withdrawal(
    *, page: Page, explanation: str, instead: Page | None, by: User, at: datetime
) -> Proposal:
    """Propose to withdraw a page. Raises ValidationError where nothing stands to be withdrawn."""
    page = Page.objects.select_for_update().get(pk=page.pk)
    if not page.editions.live().exists():
        raise ValidationError("The page is withdrawn already, or was never published.")
    Proposal.objects.filter(page=page).delete()
    return _store(Proposal.Kind.WITHDRAW, by, at, page=page, text=explanation, instead=instead)


@transaction.atomic
def propose_note(*, edition: Edition, note: str, by: User, at: datetime) -> Proposal:
    """Propose another change note. Raises ValidationError for the one that is there."""
    Page.objects.select_for_update().get(pk=edition.page_id)
    edition = Edition.objects.with_note().get(pk=edition.pk)
    if note == edition.note:
        raise ValidationError("The note says that already.")
    Proposal.objects.filter(edition=edition).delete()
    return _store(Proposal.Kind.NOTE, by, at, edition=edition, text=note)


@transaction.atomic
def propose_publication(
    *,
    draft: Edition,
    update_type: Edition.UpdateType,
    change_note: str,
    scheduled_for: datetime | None,
    by: User,
    at: datetime,
    seen: str | None = None,
) -> Proposal:
    """Hand a draft on to be published, with its note and time. Raises ValidationError as
    `publish` and `schedule` do, save for who asks.
    """
    if scheduled_for is not None and scheduled_for < at + SOONEST:
        raise ValidationError("Choose a time at least five minutes from now.")
    _, edition = locked_draft(draft, seen=seen)
    set_announcement(edition, update_type, change_note)
    edition.save()
    Proposal.objects.filter(edition=edition).delete()
    kind = Proposal.Kind.PUBLISH
    return _store(kind, by, at, edition=edition, text=change_note, wanted_for=scheduled_for)


@transaction.atomic
def propose_address(*, link: Link, address: str, by: User, at: datetime) -> Proposal:
    """Propose another address for a link. Until it is confirmed the old one stands."""
    link = Link.objects.select_for_update().get(pk=link.pk)
    Proposal.objects.filter(link=link).delete()
    return _store(Proposal.Kind.ADDRESS, by, at, link=link, text=address)


@transaction.atomic
def confirm(*, proposal: Proposal, by: User, at: datetime) -> None:
    """Do what somebody else has proposed.

    Raises ValidationError for a proposal that is gone, for whoever made it, and for what can no
    longer be done. A draft is published on its own page, where its changes are seen.
    """
    locked = _locked(proposal)
    if locked.proposed_by == by:
        raise ValidationError("You proposed this yourself: somebody else has to confirm it.")
    who: dict[str, Any] = {"by": by, "at": at, "proposed_by": locked.proposed_by}
    match locked.kind:
        case Proposal.Kind.WITHDRAW if locked.page:
            withdraw(page=locked.page, explanation=locked.text, instead=locked.instead, **who)
        case Proposal.Kind.NOTE if locked.edition:
            correct_note(edition=locked.edition, note=locked.text, **who)
        case Proposal.Kind.ADDRESS if locked.link:
            _set_address(locked.link, locked.text, by=by)
            locked.delete()
        case _:
            raise ValidationError("A draft is published on its own page.")


@transaction.atomic
def drop(*, proposal: Proposal) -> None:
    """Decline a proposal, or take one's own back. Raises ValidationError for one that is gone."""
    _locked(proposal).delete()


def _set_address(link: Any, address: str, *, by: User) -> None:
    """Set the address that was confirmed. Nobody has followed it from here yet."""
    link.address = address
    link.checked_on = None
    link._history_user = by
    link.full_clean()
    link.save()
    keep_help_addresses_after_commit()


def _locked(proposal: Proposal) -> Proposal:
    locked = Proposal.objects.select_for_update().filter(pk=proposal.pk).first()
    if locked is None:
        raise ValidationError(GONE)
    return locked


def _store(kind: Proposal.Kind, by: User, at: datetime, **fields: Any) -> Proposal:
    proposal = Proposal(kind=kind, proposed_by=by, proposed_at=at, **fields)
    proposal.full_clean()
    proposal.save()
    return proposal
