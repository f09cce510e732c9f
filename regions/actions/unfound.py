"""Counting names that were not found."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F

from regions.models import Unfound
from regions.unfound import Spool, countable

logger = logging.getLogger(__name__)

KEPT_FOR: Final = timedelta(days=90)
# Different names of one day: a flood of nonsense must not fill the table.
MOST_A_DAY: Final = 2_000


def spool() -> Spool:
    """Return where names wait to be counted."""
    return Spool(Path(settings.UNFOUND_DIR))


def record_unfound(query: str, *, day: date) -> None:
    """Record a name to be counted, if it may be. Never raises and asks no database."""
    key = countable(query)
    if key is None:
        return
    try:
        spool().add(key, day=day)
    except OSError as error:
        logger.warning("A name not found could not be recorded: %s", type(error).__name__)


def take_in_unfound(*, on: date) -> int:
    """Count the names that were recorded, forget those older than 90 days; return how many counted.

    Raises OSError where the files cannot be read.
    """
    counted = 0
    for day, names in spool().take():
        if on - KEPT_FOR <= day <= on:
            _count(names, day=day)
            counted += names.total()
    Unfound.objects.filter(day__lt=on - KEPT_FOR).delete()
    return counted


@transaction.atomic
def _count(names: Counter[str], *, day: date) -> None:
    often = dict(names.most_common(MOST_A_DAY))
    rows = Unfound.objects.filter(day=day)
    room = MOST_A_DAY - rows.count()
    known = set(rows.filter(key__in=often).values_list("key", flat=True))
    for key in known:
        rows.filter(key=key).update(times=F("times") + often[key])
    new = [Unfound(key=key, day=day, times=often[key]) for key in often if key not in known]
    Unfound.objects.bulk_create(new[: max(room, 0)])
