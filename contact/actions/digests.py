"""The digests by which a sender is found, made anew where they are not today's."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Cast

from contact.encryption import UndecryptableError
from contact.fields import cipher
from contact.models import address_digest

BATCH = 500


def renew_digests(enquiries: models.QuerySet[Any]) -> int:
    """Digest each stored address as `address_digest` does today; return how many differed.

    An earlier version's differ where an address has more spellings than one, and all do once
    DIGEST_KEY is changed. It may run at any time and as often as one likes, while any version
    serves: it reads in batches, and touches no row but those that differ, each for a moment.
    A row that no key opens stays as it is, and keeps no other from its turn.
    """
    # Past the column's own decryption, which would end everything at the first row it cannot open.
    rows = enquiries.order_by("pk").annotate(sealed=Cast("email", models.TextField()))
    renewed, last = 0, 0
    while batch := list(
        rows.filter(pk__gt=last).values_list("pk", "email_digest", "sealed")[:BATCH]
    ):
        for key, digest, sealed in batch:
            today = _digest(sealed)
            if today not in {None, digest}:
                # Unless somebody else has renewed it meanwhile, with a newer key.
                renewed += enquiries.filter(pk=key, email_digest=digest).update(email_digest=today)
        last = batch[-1][0]
    return renewed


def _digest(sealed: str) -> str | None:
    try:
        return address_digest(cipher().decrypt(sealed))
    except UndecryptableError:
        return None
