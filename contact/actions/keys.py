"""Whether the present keys open what is stored, and encrypting it anew with the newest of them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Cast
from django.urls import reverse

from contact.encryption import UndecryptableError
from contact.fields import cipher
from contact.models import (
    AcknowledgedAddress,
    Enquiry,
    Event,
    KeyProof,
    PersonalDataRequest,
    address_digest,
    sealed_columns,
)
from outbox.alarms import sound

logger = logging.getLogger(__name__)

BATCH = 100
# What is sealed to prove a key. It protects nothing.
_WORD = "proof"
_NAMED = 20


def prove_keys() -> None:
    """Store a word sealed by the newest key; the first time, one by each present key.

    As long as something may be sealed by a key, its word is there: `missing_keys` notices where the
    key was taken away too early.
    """
    sealed = list(KeyProof.objects.values_list("sealed", flat=True))
    keys = cipher().each_key()
    for key in keys[:1] if sealed else keys:
        if not any(key.opens(token) for token in sealed):
            KeyProof.objects.create(sealed=key.encrypt(_WORD))


def missing_keys() -> int:
    """Return of how many keys that were in use no present one is: 0 if all that is stored opens.

    It reads a row for each key that is or was in use, and no enquiry.
    """
    sealed = KeyProof.objects.values_list("sealed", flat=True)
    return sum(not cipher().opens(token) for token in sealed)


def forget_lost_keys() -> int:
    """Accept that keys are lost, with what they sealed; return how many."""
    lost = [proof.pk for proof in KeyProof.objects.all() if not cipher().opens(proof.sealed)]
    KeyProof.objects.filter(pk__in=lost).delete()
    return len(lost)


def look_through(*, after: int, at: datetime) -> int:
    """Look whether the present keys open a batch of enquiries, those that follow the row `after`.

    One that none opens is marked, and people are told once; the mark goes when it opens again.
    Return the last row that was looked at: 0 once all were, so that it begins anew.
    """
    rows = _sealed(Enquiry).filter(pk__gt=after).order_by("pk")[:BATCH]
    looked = {row.pop("pk"): row for row in rows}
    if not looked:
        return 0
    notes = _sealed(Event).filter(enquiry__in=looked).exclude(sealed_note="")
    unreadable = {key for key, row in looked.items() if not _opens(row.values())}
    for note in notes.values("enquiry_id", "sealed_note"):
        if not _opens([note["sealed_note"]]):
            unreadable.add(note["enquiry_id"])
    marked = Enquiry.objects.filter(pk__in=looked)
    marked.unreadable().exclude(pk__in=unreadable).update(unreadable_since=None)
    new = marked.filter(pk__in=unreadable, unreadable_since__isnull=True)
    found = list(new.values_list("pk", "reference"))
    # Of several workers the one that marks them tells.
    if found and new.update(unreadable_since=at):
        _tell(found)
    return max(looked)


def _sealed(model: type[models.Model]) -> models.QuerySet:
    """Return rows as dictionaries of what is stored: past the columns' own decryption."""
    texts = {f"sealed_{name}": Cast(name, models.TextField()) for name in sealed_columns(model)}
    return model._default_manager.annotate(**texts).values("pk", *texts)


def _opens(tokens: Iterable[str]) -> bool:
    return all(cipher().opens(token) for token in tokens if token)


def _tell(found: list[tuple[int, str]]) -> None:
    named = ", ".join(
        f"{reference} ({settings.SITE_URL}{reverse('admin:contact_enquiry_change', args=[key])})"
        for key, reference in found[:_NAMED]
    )
    others = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    sound(
        "None of FIELD_ENCRYPTION_KEYS opens what was typed in these enquiries, or a note of "
        f"colleagues: {named}{others}. Put the missing key back and restart the site. They can be "
        "handed over, closed and erased meanwhile.",
        subject="Alarm: enquiries that no key opens",
    )


def rotate_keys() -> tuple[int, int]:
    """Encrypt every encrypted column with the first of FIELD_ENCRYPTION_KEYS.

    Return how many rows are, and how many no key opens: they stay as they are. Each batch is a
    transaction that locks its rows, so readers and writers go on meanwhile. The digests of
    addresses are made anew as well: a new DIGEST_KEY changes them. Once all are, nothing needs the
    other keys.
    """
    sealed = [model for model in apps.get_models() if sealed_columns(model)]
    results = [_rotate(model) for model in sealed]
    rotated, unreadable = (sum(counts) for counts in zip(*results, strict=True))
    if not unreadable:
        with transaction.atomic():
            KeyProof.objects.all().delete()
            KeyProof.objects.create(sealed=cipher().encrypt(_WORD))
    return rotated, unreadable


def _rotate(model: type[models.Model]) -> tuple[int, int]:
    names = sealed_columns(model)
    rotated = unreadable = last = 0
    while True:
        with transaction.atomic():
            later = model._default_manager.select_for_update().filter(pk__gt=last).order_by("pk")
            rows = list(later[:BATCH])
            if not rows:
                return rotated, unreadable
            for row in _opened(model, rows):
                if isinstance(row, Enquiry):
                    former, row.email_digest = row.email_digest, address_digest(row.email)
                    row.save(update_fields=[*names, "email_digest"])
                    _carry_over(former, row.email_digest)
                else:
                    row.save(update_fields=names)
                rotated += 1
                unreadable -= 1
            unreadable += len(rows)
        last = rows[-1].pk


def _opened(model: type[models.Model], rows: list[models.Model]) -> list[models.Model]:
    """Return the rows with what is encrypted in them, but those that no key opens."""
    keys = [row.pk for row in rows]
    opened = model._default_manager.order_by("pk").defer(None)
    try:
        return list(opened.filter(pk__in=keys))
    except UndecryptableError:
        readable = []
    for key in keys:
        try:
            readable.append(opened.get(pk=key))
        except UndecryptableError:
            logger.error("No key opens row %s of %s", key, model._meta.verbose_name_plural)
    return readable


def _carry_over(former: str, today: str) -> None:
    """Let what else is known by an address's former digest be found by today's."""
    if former == today:
        return
    PersonalDataRequest.objects.filter(email_digest=former).update(email_digest=today)
    if not AcknowledgedAddress.objects.filter(email_digest=today).exists():
        AcknowledgedAddress.objects.filter(email_digest=former).update(email_digest=today)
