"""A person's own data: found, exported or erased by the e-mail address that they wrote under."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from contact.actions.digests import renew_digests
from contact.actions.retention import erase
from contact.models import (
    Enquiry,
    EnquiryQuerySet,
    Event,
    PersonalDataRequest,
    address_digest,
    readable,
    sealed_columns,
)


def find_personal_data(
    *, email: str, by: User, kind: PersonalDataRequest.Kind = PersonalDataRequest.Kind.FOUND
) -> EnquiryQuerySet:
    """Return the enquiries sent under that address, and record who asked for them and why.

    Digests are renewed first, so that none is missed which an earlier version stored (it may still
    have served when the database was migrated), or which came before DIGEST_KEY was changed.
    """
    renew_digests(Enquiry.objects.all())
    enquiries = Enquiry.objects.filter(email_digest=address_digest(email))
    PersonalDataRequest.objects.create(
        kind=kind, by=by, email_digest=address_digest(email), count=enquiries.count()
    )
    return enquiries


def export_personal_data(*, email: str, by: User) -> list[dict[str, Any]]:
    """Return everything that is held about whoever writes from that address, for JSON.

    Everybody may ask for theirs (UK GDPR, article 15). Notes of colleagues are part of it: they are
    about the person too, and whoever hands the export over must first read it for what is about
    others. What no key opens is null.
    """
    enquiries = find_personal_data(email=email, by=by, kind=PersonalDataRequest.Kind.EXPORTED)
    rows = enquiries.select_related("region").order_by("pk")
    return [_all_of(enquiry) for enquiry in rows.opened_where_possible()]


def _all_of(enquiry: Enquiry) -> dict[str, Any]:
    return {
        "reference": enquiry.reference,
        "received_at": enquiry.received_at.isoformat(),
        "state": enquiry.get_state_display(),
        "region": enquiry.region_name,
        "why_it_was_sent_there": enquiry.reason,
        "setting": enquiry.get_setting_display(),
        "topic": enquiry.get_topic_display(),
        **{name: readable(enquiry, name) for name in sealed_columns(Enquiry)},
        "steps": [
            {
                "at": event.at.isoformat(),
                "step": event.get_kind_display(),
                "by": "a colleague" if event.by_id else "the site",
                "note": readable(event, "note"),
            }
            for event in enquiry.events.exclude(kind=Event.Kind.SHOWN).opened_where_possible()
        ],
    }


@transaction.atomic
def erase_personal_data(*, email: str, by: User, references: Collection[str]) -> tuple[int, int]:
    """Erase what was sent under that address; return how many, and how many a legal hold keeps.

    Everybody may ask for it, unless the data is needed for legal claims (UK GDPR, article 17).
    Raises ValidationError where other enquiries are there than those that `by` was shown: one that
    came in meanwhile is not erased unseen.
    """
    there = Enquiry.objects.filter(email_digest=address_digest(email)).select_for_update()
    if {enquiry.reference for enquiry in there} != {*references}:
        raise ValidationError(
            "What is held under this address has changed since you looked. See what goes now."
        )
    enquiries = find_personal_data(email=email, by=by, kind=PersonalDataRequest.Kind.ERASED)
    erased = on_legal_hold = 0
    for enquiry in enquiries.select_for_update():
        if enquiry.is_kept:
            on_legal_hold += 1
        else:
            erase(enquiry)
            erased += 1
    return erased, on_legal_hold
