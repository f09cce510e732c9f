"""A page asks the database as often for 30 rows as for one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from regions.models import Area, Coordinator, LocalContact, Place, PlaceTarget, Post, Region
from training.models import Session, Track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

PAGES = {
    "/": 9,
    "/get-help/": 0,
    "/regions/": 3,
    "/regions/north-west/": 7,
    "/find-your-coordinator/": 3,
    "/find-your-coordinator/names.txt": 1,
    "/find-your-coordinator/?q=Leeds": 4,
    "/find-your-coordinator/?q=Wigan": 4,
    "/find-your-coordinator/?q=nowhere": 7,
    "/find-your-coordinator/?q=everywhere": 5,
    "/api/regions/lookup?q=everywhere": 2,
    "/api/training/sessions": 1,
    "/api/training/sessions?track=dsl&region=north-west&past=0": 2,
    "/contact/": 2,
    "/contact/?region=north-west": 5,
    "/sitemap.xml": 6,
}


def add_rows(count: int) -> None:
    """Give each list of the pages that many more rows."""
    region = Region.objects.get(slug="north-west")
    track = Track.objects.get(slug="dsl")
    place, _ = Place.objects.get_or_create(key="everywhere", defaults={"name": "Everywhere"})
    start = timezone.now() + timedelta(days=1)
    first = Area.objects.count()
    wigan = Place.objects.get(key="wigan")
    for number in range(first, first + count):
        area = Area.objects.create(
            region=region, slug=f"area-{number}", name=f"Area {number}", position=number
        )
        PlaceTarget.objects.create(place=place, area=area, position=number)
        person = Coordinator.objects.create(name=f"Person {number}", email="p@example.org")
        Post.objects.create(region=region, holder=person, position=number)
        LocalContact.objects.create(
            kind="prevent",
            council=wigan,
            label=f"Team {number}",
            telephone="01942 000000",
            owner="Wigan Council",
            checked_on=start.date(),
        )
        Session.objects.create(
            track=track,
            region=region if number % 2 else None,
            starts_at=start + timedelta(days=number),
            ends_at=start + timedelta(days=number, hours=1),
        )


def asked(client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("address", PAGES)
def test_thirty_rows_cost_no_query_more_than_one(client, address):
    add_rows(2)
    few = asked(client, address)
    add_rows(28)
    assert asked(client, address) == few
    assert few <= PAGES[address]
