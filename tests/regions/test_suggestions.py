"""Did you mean …? Only where a slip is likely, and never as an answer."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from regions.actions.loading import _names
from regions.suggestions import suggestions

NAMES = [name.name for name in _names()]


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("Leds", "Leeds"),
        ("Machester", "Manchester"),
        ("Liecester", "Leicester"),
        ("Norflk", "Norfolk"),
        ("Oxfrod", "Oxford"),
        ("Glocestershire", "Gloucestershire"),
        ("Nottingham shire", "Nottinghamshire"),
        ("Wolverhamton City Council", "Wolverhampton"),
        ("HERTFORSHIRE", "Hertfordshire"),
    ],
)
def test_a_slip_is_asked_about_with_the_likeliest_name_first(query: str, meant: str) -> None:
    assert suggestions(query, NAMES)[0] == meant


@pytest.mark.parametrize(
    "query",
    [
        "",
        "x",
        "yes",
        "asdfgh",
        "qwertyuiop",
        "horse",
        "test",
        "England",
        "school",
        "county",
        "council",
        "training",
        "safeguarding",
        "co-ordinator",
        "where is my region",
        "M11 1AA",
        "107890",
        "sam@school.example",
        "Manchester Grammar School",
        "<script>alert(1)</script>",
        "Leeds" * 40,
    ],
)
def test_what_is_no_slip_suggests_nothing(query: str) -> None:
    assert suggestions(query, NAMES) == []


def test_there_are_never_more_than_asked_for() -> None:
    names = ["Hambleton", "Hambledon", "Hamblerton", "Hambletown"]
    assert len(suggestions("Hambleto", names)) == 3
    assert len(suggestions("Hambleto", names, limit=1)) == 1


@given(st.text(max_size=300))
def test_any_text_is_safe(query: str) -> None:
    assert set(suggestions(query, NAMES)) <= set(NAMES)


def asked(client: Client, query: str) -> list[tuple[str, str]]:
    page = client.get("/find-your-coordinator/", {"q": query}).content.decode()
    found = re.search(r"Did you mean (.*?)\?\s*</p>", page, re.DOTALL)
    return re.findall(r'href="(\?q=[^"]+)">([^<]+)</a>', found[1]) if found else []


@pytest.mark.django_db
def test_the_page_links_to_the_name_and_gives_no_answer(
    client: Client, reference_data: None
) -> None:
    assert asked(client, "Norflk") == [("?q=Norfolk", "Norfolk")]
    assert client.get("/api/regions/lookup?q=Norflk").json()["regions"] == []


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["Leeds", "Lincolnshire", "Cardiff", "asdfgh", ""])
def test_the_page_asks_nothing_where_there_is_an_answer_or_nothing_alike(
    client: Client, reference_data: None, query: str
) -> None:
    assert asked(client, query) == []


@pytest.mark.django_db
def test_what_is_suggested_is_found(client: Client, reference_data: None) -> None:
    for address, _ in asked(client, "Kings Lyn and West Norflok"):
        page = client.get(f"/find-your-coordinator/{address}").content.decode()
        assert 'data-result="one"' in page
