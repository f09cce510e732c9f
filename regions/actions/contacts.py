"""Checking local contacts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from regions.models import LocalContact


@transaction.atomic
def mark_as_checked(
    *, contacts: Iterable[LocalContact], on: date, by: AbstractBaseUser
) -> list[LocalContact]:
    """Record that somebody tried these contacts on that day, also in each one's history."""
    checked = list(contacts)
    for contact in checked:
        contact.checked_on = on
        contact._history_user = by  # type: ignore[attr-defined]  # simple-history asks for it.
        contact.save(update_fields=["checked_on"])
    return checked
