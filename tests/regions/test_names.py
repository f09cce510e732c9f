"""How names of schools are compared: one key for the forms of one name, two for two names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regions.names import establishment_keys


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("St Mary's CofE Primary School", "Saint Marys Church of England Primary"),
        ("St. John's C.E. Primary School", "St Johns C of E Prim Sch"),
        ("All Saints' CE School", "All Sts C. of E. School"),
        ("SS Peter & Paul RC School", "Saints Peter and Paul R.C. School"),
        ("Saint Anne's Roman Catholic High School", "st annes rc high"),
        ("St Thomas's School, Leigh", "St Thomas\u2019 School Leigh"),
        ("St Thomas \u00e0 Becket School", "st thomas a becket school"),
        ("The Limes Infants' School", "Limes Infant School, The"),
        ("Elm Park Junior & Infant School", "Elm Park J.I. School"),
        ("Elm Park Jnr School", "Elm Park Junior School"),
        ("Elm Park Junior Mixed and Infants School", "Elm Park J.M.I. School"),
        ("Hoxne St Edmund's CEVCP School", "Hoxne St Edmunds CofE (VC) Primary School"),
        ("Leigh CEVA School", "Leigh Church of England Voluntary Aided School"),
        ("Leigh Sixth Form College", "Leigh 6th Form College"),
    ],
)
def test_forms_of_one_name_have_one_key(first: str, second: str) -> None:
    assert establishment_keys(first) == establishment_keys(second) != ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("St Mary's Catholic Primary School", "St Mary's RC Primary School"),
        ("St Mary's Primary School", "St Mary's CofE Primary School"),
        ("St Mary's Primary School", "St Mary's Junior School"),
        ("St Mary's School", "St Marys School Leeds"),
        ("Elm Park Junior School", "Elm Park Junior and Infant School"),
        ("Elm Park Aided School", "Elm Park VA School"),
        ("Manor School", "Manor"),
        ("Princess School", "Princes School"),
        ("Theale School", "Ale School"),
        ("Incept School", "Incofept School"),
    ],
)
def test_what_is_not_certainly_one_name_has_two(first: str, second: str) -> None:
    assert not set(establishment_keys(first)) & set(establishment_keys(second))


@given(st.text(max_size=60))
def test_a_name_is_found_under_the_key_that_it_is_kept_under(text: str) -> None:
    keys = establishment_keys(text)
    assert keys == establishment_keys(text.upper().lower()) or not text.isascii()
    assert all(keys)
