"""The description of the JSON, held against the real server: real HTTP, real database."""

from __future__ import annotations

import csv
import http.client
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import schemathesis
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from guidance.whitehall.content_item import KEPT_BESIDE, KEPT_DETAILS, NATIONS, SCHEMA
from regions.answers import Notice, Result
from rpec_site.openapi import DOCUMENT, operations
from tests.govuk.html import document, elements, text
from tests.processes import ROOT, Site, new_site
from training.session_facts import STATUSES

DESCRIPTION = json.loads(DOCUMENT)
SCHEMAS = DESCRIPTION["components"]["schemas"]
PATHS = [operation.path for operation in operations("")]
ASKED = [
    (path, method.upper()) for path, methods in DESCRIPTION["paths"].items() for method in methods
]
CONFORMS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("openapi")
    with new_site(folder, email_url=f"filemail://{folder / 'mail'}") as site:
        site.start_web()
        yield site


@pytest.fixture(scope="module")
def described(site: Site) -> Any:
    return schemathesis.openapi.from_url(f"{site.address}/api/openapi.json")


def test_the_description_is_openapi(described: Any) -> None:
    described.validate()


def ask(
    site: Site, address: str, method: str = "GET", **headers: str
) -> tuple[int, http.client.HTTPMessage, str]:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    parts = urlsplit(address)
    try:
        connection.request(method, f"{parts.path}?{parts.query}", headers=headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read().decode()
    finally:
        connection.close()


def hold(strategy: Any, checks: list[Any]) -> None:
    """Ask what the strategy makes up, the same in every run, and check each answer."""

    def check(case: Any) -> None:
        case.call_and_validate(checks=checks)

    how = settings(max_examples=50, derandomize=True, database=None, deadline=None)
    how(given(strategy)(check))()


@pytest.mark.parametrize(("path", "method"), ASKED)
def test_whatever_the_description_allows_is_answered_as_it_says(
    described: Any, path: str, method: str
) -> None:
    hold(described[path][method].as_strategy(), CONFORMS)


@pytest.mark.parametrize(("path", "method"), ASKED)
def test_whatever_it_does_not_allow_is_answered_as_it_says_too(
    described: Any, path: str, method: str
) -> None:
    strategy = described[path][method].as_strategy(schemathesis.GenerationMode.NEGATIVE)
    hold(strategy, [*CONFORMS, negative_data_rejection])


def test_an_answer_that_has_not_changed_is_not_sent_again(site: Site) -> None:
    for operation in operations(site.address):
        _, headers, _ = ask(site, operation.request)
        status, again, body = ask(site, operation.request, **{"If-None-Match": headers["ETag"]})
        assert (status, again["ETag"], body) == (304, headers["ETag"], "")


def test_nothing_else_can_be_sent_to_these_addresses(site: Site) -> None:
    for operation in operations(site.address):
        allowed = {method.upper() for method in DESCRIPTION["paths"][operation.path]}
        for method in {"POST", "PUT", "PATCH", "DELETE"} - allowed:
            status, headers, body = ask(site, operation.request, method)
            assert (status, body) == (405, "")
            assert set(headers["Allow"].split(", ")) == allowed | {"HEAD", "OPTIONS"}


def test_an_address_that_there_is_not_is_answered_as_an_error(site: Site) -> None:
    for address in ("/api/x", "/api/training/sessions/", "/api/content/guidance/a%20b"):
        status, headers, body = ask(site, address)
        assert (status, headers["Access-Control-Allow-Origin"]) == (404, "*")
        assert json.loads(body) == {"error": "There is nothing at this address."}


def shape(value: Any) -> Any:
    """The names in a value at every depth; what a list's items have between them."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if not isinstance(value, list):
        return None
    merged: dict[str, Any] = {}
    for item in value:
        merged |= {key: inner for key, inner in shape(item).items() if inner or key not in merged}
    return [merged]


def test_the_examples_on_the_page_are_true(site: Site, client: Client) -> None:
    page = document(client.get("/api/").content.decode())
    *examples, error = [text(block) for block in elements(page, "pre")]
    assert len(examples) == 2 * len(PATHS)
    for request, answer in zip(examples[::2], examples[1::2], strict=True):
        status, _, body = ask(site, request)
        assert status == 200, request
        assert shape(json.loads(answer)) == shape(json.loads(body))
    status, _, body = ask(site, "/api/training/sessions?track=governor")
    assert (status, json.loads(body)) == (400, json.loads(error))


def addresses(patterns: Iterable[URLPattern | URLResolver], start: str = "/") -> Iterator[str]:
    for pattern in patterns:
        address = start + re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, address)
        else:
            yield address


def test_every_address_under_api_is_described() -> None:
    offered = {each for each in addresses(get_resolver().url_patterns) if each.startswith("/api/")}
    assert offered == {"/api/", "/api/openapi.json", "/api/{rest}", *PATHS}


def listed_regions() -> list[str]:
    with (ROOT / "regions" / "data" / "regions.csv").open(encoding="utf-8") as lines:
        return [row["slug"] for row in csv.DictReader(lines)]


def test_the_regions_that_it_names_are_those_that_there_are() -> None:
    slugs = listed_regions()
    assert SCHEMAS["RegionSlug"]["enum"] == slugs
    [region] = [
        parameter
        for parameter in DESCRIPTION["paths"]["/api/training/sessions"]["get"]["parameters"]
        if parameter["name"] == "region"
    ]
    in_words = f"{', '.join(slugs[:-1])} or {slugs[-1]}."
    assert region["description"].endswith(f"and those for all of England: {in_words}")


def test_the_values_that_it_names_are_those_that_there_are() -> None:
    lookup, session = SCHEMAS["LookupAnswer"]["properties"], SCHEMAS["Session"]["properties"]
    assert lookup["result"]["enum"] == [*Result, None]
    assert lookup["notice"]["enum"] == [*Notice, None]
    assert session["status"]["enum"] == list(STATUSES)


def test_the_parts_of_a_content_item_that_it_names_are_those_that_there_are() -> None:
    item, details = SCHEMAS["ContentItem"]["properties"], SCHEMAS["Details"]["properties"]
    as_it_came = {"$ref": "#/components/schemas/AsItCame"}
    assert (item["schema_name"], item["document_type"]) == ({"const": SCHEMA}, {"const": SCHEMA})
    assert list(details["national_applicability"]["properties"]) == list(NATIONS)
    assert {name for name, schema in item.items() if schema == as_it_came} == set(KEPT_BESIDE)
    kept = {name for name, schema in details.items() if schema == as_it_came}
    assert kept | {"political"} == set(KEPT_DETAILS)
