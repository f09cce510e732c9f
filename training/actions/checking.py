"""Which registration address to try next, and recording what it answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef

from training.models import RegistrationCheck, Session

EVERY: Final = timedelta(days=1)


def next_to_check(*, at: datetime) -> str | None:
    """Return an address that readers may follow and that was not tried within a day, or None."""
    fresh = RegistrationCheck.objects.filter(
        url=OuterRef("registration_url"), checked_at__gt=at - EVERY
    )
    # The links of examples lead nowhere.
    due = Session.objects.without_examples().bookable(at=at).exclude(registration_url="")
    return due.filter(~Exists(fresh)).values_list("registration_url", flat=True).first()


def record_check(*, url: str, fault: str | None, at: datetime) -> None:
    """Record what an address answered; a fault of None (not known) leaves the one before."""
    known = {} if fault is None else {"fault": fault}
    RegistrationCheck.objects.update_or_create(url=url, defaults={"checked_at": at, **known})


def forget_checks() -> None:
    """Delete the answers of addresses that no session has any more."""
    used = Session.objects.filter(registration_url=OuterRef("url"))
    RegistrationCheck.objects.filter(~Exists(used)).delete()
