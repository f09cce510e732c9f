from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.registration import registration_fault

HOSTS = ["eventbrite.co.uk", "eventbrite.com"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://eventbrite.co.uk/e/1",
        "https://www.eventbrite.co.uk/e/dsl-training-tickets-123456789012?aff=oddtdtcreator",
        "https://www.eventbrite.com/e/1",
        "https://WWW.Eventbrite.com/e/1",
        "https://www.eventbrite.co.uk:443/e/1",
        "https://www.eventbrite.co.uk",
        "https://www.eventbrite.co.uk/e/caf%C3%A9",
    ],
)
def test_a_blank_or_https_address_on_an_allowed_host_is_right(url: str) -> None:
    assert registration_fault(url, HOSTS) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://www.eventbrite.co.uk/e/1",
        "HTTPS://www.eventbrite.co.uk/e/1",
        "www.eventbrite.co.uk/e/1",
        "//www.eventbrite.co.uk/e/1",
        "javascript:alert(1)//https://www.eventbrite.co.uk",
        "ftp://www.eventbrite.co.uk/",
    ],
)
def test_anything_but_https_is_refused(url: str) -> None:
    fault = "The address must start with https:// in small letters."
    assert registration_fault(url, HOSTS) == fault


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/e/1",
        "https://eventbrite.co.uk.evil.com/e/1",
        "https://evileventbrite.co.uk/e/1",
        "https://eventbrite.co/e/1",
        "https://eventbrite.co.uk@evil.com/",
        "https://user:pass@www.eventbrite.co.uk/e/1",
        "https://evil.com#@www.eventbrite.co.uk/",
        "https://evil.com?.eventbrite.co.uk",
        "https://www.eventbrite.co.uk:8443/e/1",
        "https://www.eventbrite.co.uk:x/e/1",
        "https://www.eventbrite.co.uk:/e/1",
        "https://.eventbrite.co.uk/e/1",
        "https://www.eventbrite.co.uk./e/1",
        "https://evil.com%2F.eventbrite.co.uk/e/1",
        "https://[evil.eventbrite.co.uk/e/1",
        "https:///www.eventbrite.co.uk/e/1",
        "https://",
    ],
)
def test_a_host_that_is_not_allowed_or_only_looks_so_is_refused(url: str) -> None:
    assert registration_fault(url, HOSTS) == (
        "The address must be on eventbrite.co.uk or eventbrite.com, "
        "with no name or port before the path."
    )


@pytest.mark.parametrize(
    "url",
    [
        " https://www.eventbrite.co.uk/e/1",
        "https://www.eventbrite.co.uk/e/1 ",
        "https://www.event\tbrite.co.uk/",
        "https://www.eventbrite.co.uk/e/1\r\nX: y",
        "https://www.eventbrite.co.uk/\x00",
        "https://www.eventbrite.co.uk/e/1\u200b",
        "https://www.eventbrite.co.uk/\u202egnp.exe",
        "https://www.evеntbrite.co.uk/e/1",
        "https://evil.com\\.eventbrite.co.uk/e/1",
    ],
)
def test_spaces_backslashes_and_what_cannot_be_seen_are_refused(url: str) -> None:
    assert registration_fault(url, HOSTS) == (
        "The address has a space, a backslash or a character that cannot be seen in it. "
        "Copy it again from your browser's address bar."
    )


def test_the_hosts_come_from_outside_in_any_spelling() -> None:
    assert registration_fault("https://book.example.org/1", [".Example.ORG", ""]) is None


def test_no_host_is_allowed_where_none_is_named() -> None:
    assert registration_fault("https://www.eventbrite.co.uk/", [""]) is not None


@given(st.text(max_size=80))
def test_whatever_is_typed_gets_an_answer(text: str) -> None:
    for url in (text, f"https://{text}"):
        fault = registration_fault(url, HOSTS)
        assert fault is None or fault.endswith(".")
