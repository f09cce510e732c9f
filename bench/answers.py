"""Prints as JSON what answers cost beyond a page that looks nothing up: `python -m bench.answers`.

Milliseconds of CPU, medians, on the database that DATABASE_URL names; the queries take turns.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rpec_site.settings")
django.setup()

from django.conf import settings  # noqa: E402 (Django comes first)
from django.test import Client  # noqa: E402

ROUNDS = 200
ADDRESS = "/api/regions/lookup"
QUERIES = {
    "nothing": "",
    "a council": "Leeds",
    "a town": "Huddersfield",
    "a postcode": "LS1 4AP",
    "a school": "School 31415 of Bench",
    "a school's number": "131415",
    "a postcode in a text": "SW1A 1AA, London",
    "a name that is not known": "Xanadu",
}


def main() -> None:
    # In DEBUG each query is written down, which takes longer than most of these queries.
    settings.DEBUG = False
    client = Client(headers={"host": "127.0.0.1"})
    times: dict[str, list[float]] = {name: [] for name in QUERIES}
    for _ in range(ROUNDS):
        for name, query in QUERIES.items():
            started = time.process_time()
            response = client.get(ADDRESS, {"q": query})
            times[name].append(time.process_time() - started)
            if response.status_code != 200:
                raise SystemExit(f"{query}: {response.status_code}")
    medians = {name: statistics.median(each) * 1000 for name, each in times.items()}
    nothing = medians.pop("nothing")
    sys.stdout.write(
        json.dumps(
            {f"answer {name}: CPU beyond none (ms)": m - nothing for name, m in medians.items()}
        )
    )


if __name__ == "__main__":
    main()
