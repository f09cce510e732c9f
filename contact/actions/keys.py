"""Encrypting everything anew with the newest key, while the site serves."""

from __future__ import annotations

from django.apps import apps
from django.db import models, transaction

from contact.fields import EncryptedTextField
from contact.models import (
    AcknowledgedAddress,
    Enquiry,
    PersonalDataRequest,
    address_digest,
)

BATCH = 100


def rotate_keys() -> int:
    """Encrypt every encrypted column with the first of FIELD_ENCRYPTION_KEYS.

    Return the number of rows. Raises UndecryptableError for a row that no key opens: nothing of it
    is changed. Each batch is a transaction that locks its rows, so readers and writers go on
    meanwhile. The digests of addresses are made anew as well: a new DIGEST_KEY changes them.
    """
    return sum(_rotate(model) for model in apps.get_models() if _encrypted(model))


def _encrypted(model: type[models.Model]) -> list[str]:
    fields = model._meta.get_fields()
    return [field.name for field in fields if isinstance(field, EncryptedTextField)]


def _rotate(model: type[models.Model]) -> int:
    names = _encrypted(model)
    count = last = 0
    while True:
        with transaction.atomic():
            rows = list(
                model._default_manager.select_for_update()
                .filter(pk__gt=last)
                .order_by("pk")[:BATCH]
            )
            for row in rows:
                if isinstance(row, Enquiry):
                    former, row.email_digest = row.email_digest, address_digest(row.email)
                    row.save(update_fields=[*names, "email_digest"])
                    _carry_over(former, row.email_digest)
                else:
                    row.save(update_fields=names)
        if not rows:
            return count
        count += len(rows)
        last = rows[-1].pk


def _carry_over(former: str, today: str) -> None:
    """Let what else is known by an address's former digest be found by today's."""
    if former == today:
        return
    PersonalDataRequest.objects.filter(email_digest=former).update(email_digest=today)
    if not AcknowledgedAddress.objects.filter(email_digest=today).exists():
        AcknowledgedAddress.objects.filter(email_digest=former).update(email_digest=today)
