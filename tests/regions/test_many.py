"""Many places at once: a table, a spreadsheet, and JSON."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regions.lookup import answer, answers
from tests.regions.packages import install_postcodes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

ADDRESS = "/find-your-coordinator/many/"
API = "/api/regions/lookup"
MIXED = (
    "Leeds",
    "Newcastle",
    "Whitby",
    "LS1 4AP",
    "SW1A 1AA, London",
    "LS1",
    "ZZ1 1ZZ",
    "100000",
    "URN 100000",
    "Cardiff",
    "online",
    "The Aldgate School, London",
    "Xanadu",
    "x" * 300,
    "<script>alert(1)</script>",
)


@pytest.fixture(autouse=True)
def _postcodes(reference_data, tmp_path, monkeypatch) -> None:
    install_postcodes(tmp_path, monkeypatch, {"LS1 4AP": "E08000035", "SW1A 1AA": "E09000033"})


def send(client: Client, body: object) -> tuple[int, dict[str, object]]:
    response = client.post(API, body, content_type="application/json")
    return response.status_code, response.json()


def test_many_are_answered_as_each_alone_is() -> None:
    assert answers(MIXED) == [answer(query) for query in MIXED]


def test_five_hundred_cost_no_query_more_than_ten() -> None:
    def asked(count: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            answers([f"Place {number}, Leeds" for number in range(count)])
        return len(queries)

    assert asked(500) == asked(10)


def test_a_list_becomes_a_table_of_regions_and_of_what_to_check(client: Client) -> None:
    page = client.post(ADDRESS, {"text": "Leeds\n\nNewcastle\r\nXanadu"})
    text = page.content.decode()
    assert page.status_code == 200
    # The empty line has a row of its own: the answers stand beside what was pasted.
    assert text.count("<tr class") == 5
    assert 'data-region="north-east"' in text
    assert "1 of 3 found." in text
    assert "Newcastle upon Tyne" in text
    assert 'href="/find-your-coordinator/?q=Xanadu"' in text
    assert page.headers["Cache-Control"] == "private, no-store"


def test_the_same_as_a_spreadsheet_runs_nothing(client: Client) -> None:
    response = client.post(ADDRESS, {"text": "Leeds\n=1+1\nNewcastle", "format": "csv"})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert [row[:4] for row in rows] == [
        ["line", "place", "result", "region"],
        ["1", "Leeds", "one", "North-East"],
        ["2", "'=1+1", "none", ""],
        ["3", "Newcastle", "many", "North-East or West Midlands"],
    ]


def test_each_row_of_the_spreadsheet_says_why_or_what_to_check(client: Client) -> None:
    text = "Leeds\n\nSutton\nNewport, Shropshire\nHayes School\nNewport"
    response = client.post(ADDRESS, {"text": text, "format": "csv"})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))[1:]
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    assert rows[0][4:] == ["Leeds is policed by West Yorkshire.", ""]
    assert rows[1][1:] == ["", "", "", "", ""]
    assert "Sutton, East Cambridgeshire" in rows[2][5]
    assert rows[4][5].endswith("Is it in Hayes?")
    assert "Isle of Wight" in rows[5][5]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Paste at least one line."),
        (" \n\n", "Paste at least one line."),
        ("Leeds\n" * 501, "Paste up to 500 lines at once: these are 501."),
        ("x" * 100_001, "Paste up to 500 lines: this is longer."),
    ],
)
def test_what_cannot_be_looked_up_is_given_back_with_a_sentence(
    client: Client, text: str, sentence: str
) -> None:
    page = client.post(ADDRESS, {"text": text})
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert text.strip()[:50] in page.content.decode()


def test_programs_ask_many_at_once(client: Client) -> None:
    status, answered = send(client, json.dumps({"queries": ["Leeds", "", "Newcastle"]}))
    alone = [client.get(API, {"q": query}).json() for query in ("Leeds", "", "Newcastle")]
    assert (status, answered) == (200, {"answers": alone})


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ("", 400, "The body is not JSON."),
        ("[" * 50_000, 400, "The body is not JSON."),
        ("[]", 400, 'Send {"queries": [...]} with a list of texts.'),
        ('{"queries": [1]}', 400, 'Send {"queries": [...]} with a list of texts.'),
        (json.dumps({"queries": [""] * 501}), 400, "Send at most 500 queries at once."),
        (json.dumps({"queries": ["x" * 100_000]}), 413, "Send at most 100 kB."),
    ],
)
def test_a_body_that_cannot_be_answered_says_why(
    client: Client, body: str, status: int, error: str
) -> None:
    assert send(client, body) == (status, {"error": error})


def test_a_page_of_another_site_may_ask(client: Client) -> None:
    response = client.options(API, headers={"Origin": "https://trust.example"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
