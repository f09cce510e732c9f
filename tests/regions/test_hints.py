"""The hints of the finder promise what is stored, and nothing else."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regions import lookup
from regions.models import Area, Establishment, PostcodeSector
from regions.postcodes import BYTES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

NAMES = "Type a town, county or council"
POSTCODES = "Type a town, county, council or postcode"
SCHOOLS = "Type a town, county, council, school or its number"
ALL = "Type a town, county, council, postcode, school or its number"


def store(*, postcodes: bool = False, schools: bool = False) -> None:
    area = Area.objects.get(slug="west-yorkshire")
    if postcodes:
        PostcodeSector.objects.create(
            outward="LS1", sector="1", area=area, in_use=True, units=bytes([255] * BYTES)
        )
    if schools:
        Establishment.objects.create(urn=100001, name="A", key="a", status="open", area=area)


@pytest.mark.parametrize(
    ("postcodes", "schools", "hint"),
    [
        (False, False, NAMES),
        (True, False, POSTCODES),
        (False, True, SCHOOLS),
        (True, True, ALL),
    ],
)
def test_every_hint_follows_what_is_stored(client: Client, postcodes, schools, hint):
    store(postcodes=postcodes, schools=schools)
    for address, end in {
        "/": ", for example Leeds or Norfolk<",
        "/regions/": "<",
        "/find-your-coordinator/": ", for example Leeds or Norfolk<",
        "/find-your-coordinator/?q=Leeds": "<",
        "/find-your-coordinator/?q=nowhere": ", for example Leeds or Norfolk<",
        "/find-your-coordinator/many/": " on each line, or paste",
        "/contact/": f", for example Norfolk or {'LS1 1UR' if postcodes else 'Leeds'}: where",
    }.items():
        assert f"{hint}{end}" in client.get(address).content.decode(), address


def test_a_form_that_is_shown_again_has_the_same_hint(client: Client):
    store(postcodes=True, schools=True)
    for sent in ({"place": "Leeds"}, {"place": "Leeds", "change": "all"}):
        assert ALL in client.post("/contact/", sent).content.decode()
    assert ALL in client.post("/find-your-coordinator/many/", {"text": ""}).content.decode()


def test_it_costs_one_query():
    store(postcodes=True)
    with CaptureQueriesContext(connection) as queries:
        assert lookup.hint() == POSTCODES
    assert len(queries) == 1
    assert "COUNT" not in queries[0]["sql"]
