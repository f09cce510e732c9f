"""Queries that are compiled once give what Django's own give, whatever is asked for."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from regions.models import Establishment, Place
from regions.prepared import Prepared

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

COLUMNS = ("key", "name", "targets__area__region__name")


def by_key(keys):
    rows = Place.objects.filter(key__in=keys).order_by("pk", "targets__pk")
    return rows.values_list(*COLUMNS)


@pytest.mark.parametrize("count", [1, 2, 3, 64, 65, 500])
def test_any_number_of_values_gives_the_rows_of_the_same_query(count):
    keys = list(Place.objects.order_by("pk").values_list("key", flat=True)[:count])
    assert list(Prepared(by_key).rows(keys)) == list(by_key(keys))


def test_each_call_asks_for_its_own_values():
    prepared = Prepared(by_key)
    assert {row[0] for row in prepared.rows(["leeds", "kent"])} == {"leeds", "kent"}
    assert {row[0] for row in prepared.rows(["cornwall", "norfolk"])} == {"cornwall", "norfolk"}


def test_no_value_gives_no_row_and_asks_nothing():
    with CaptureQueriesContext(connection) as queries:
        assert list(Prepared(by_key).rows([])) == []
    assert not queries.captured_queries


@pytest.mark.parametrize("value", ["%s", "%(key)s", "' OR '1'='1", 'x" --', "a\\b", "", "é😀"])
def test_a_value_is_never_read_as_sql(value):
    Place.objects.create(name="Odd", key=value)
    assert [row[0] for row in Prepared(by_key).rows([value])] == [value]
    Place.objects.filter(key=value).delete()
    assert list(Prepared(by_key).rows([value])) == []


def test_more_values_than_one_query_takes_are_all_asked_for():
    keys = [*(f"unknown {number}" for number in range(10_000)), "leeds"]
    assert [row[0] for row in Prepared(by_key).rows(keys)] == ["leeds"]


def test_a_value_may_stand_in_a_query_twice():
    rows = [(100001, 10000001), (100002, 10000002), (100003, None)]
    for urn, ukprn in rows:
        Establishment.objects.create(urn=urn, ukprn=ukprn, name="A", key="a", status="open")
    prepared = Prepared(
        lambda numbers: (
            Establishment.objects.filter(Q(urn__in=numbers) | Q(ukprn__in=numbers))
            .order_by("urn")
            .values_list("urn")
        )
    )
    assert list(prepared.rows([100003, 10000001, 10000002])) == [(100001,), (100002,), (100003,)]
