"""Prints how many milliseconds one look-up of a postcode takes: `python -m bench.lookups 400`.

On the database that DATABASE_URL names; the postcodes are drawn from all that it has.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rpec_site.settings")
django.setup()

from regions.lookup import answer  # noqa: E402
from regions.models import PostcodeSector  # noqa: E402 (Django comes first)
from regions.postcodes import LETTERS, UNITS, holds  # noqa: E402


def main() -> None:
    chance = random.Random(1)  # noqa: S311 (no secret)
    keys = list(PostcodeSector.objects.order_by("pk").values_list("pk", flat=True))
    asked = []
    for key in chance.choices(keys, k=int(sys.argv[1])):
        row = PostcodeSector.objects.get(pk=key)
        units = bytes(row.units)
        place = chance.choice([place for place in range(UNITS) if holds(units, place)])
        unit = LETTERS[place // len(LETTERS)] + LETTERS[place % len(LETTERS)]
        asked.append(f"{row.outward} {row.sector}{unit}")
    times = []
    for postcode in asked:
        started = time.perf_counter()
        found = answer(postcode)
        times.append(time.perf_counter() - started)
        if found.result not in ("one", "many", "outside-england"):
            raise SystemExit(f"{postcode} was not found: {found}")
    sys.stdout.write(f"{statistics.median(times) * 1000:.4f}")


if __name__ == "__main__":
    main()
