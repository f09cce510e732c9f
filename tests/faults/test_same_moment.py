"""Senders at the same moment, against real processes."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.processes import Site, new_site

COUNT = """
from contact.models import Enquiry
from outbox.models import Message
print(Enquiry.objects.count(), Message.objects.count())
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    folder = f"filemail://{tmp_path}/mail"
    with new_site(tmp_path, email_url=folder, WEB_CONCURRENCY="2") as running:
        running.start_web()
        yield running


def stored(site: Site) -> list[int]:
    """Return how many enquiries and messages there are."""
    return [int(number) for number in site.run(COUNT).split()]


def test_twenty_clicks_at_once_are_one_enquiry_and_strangers_are_each_their_own(site: Site):
    with ThreadPoolExecutor(20) as pool:
        clicks = set(pool.map(lambda _: site.send(token="the same"), range(20)))
    assert len(clicks) == 1
    assert stored(site) == [1, 2]

    def stranger(_: int) -> str:
        with urllib.request.urlopen(f"{site.address}/contact/", timeout=60) as response:
            page = response.read().decode()
        (token,) = re.findall(r'name="token" value="([^"]+)"', page)
        return site.send(token=token)

    with ThreadPoolExecutor(2) as pool:
        references = set(pool.map(stranger, range(2)))
    assert len(references) == 2
    assert stored(site) == [3, 6]


def test_who_sends_far_too_much_can_read_the_refusal(site: Site):
    body = b"message=" + b"x" * 5_000_000
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(f"{site.address}/contact/", body, timeout=60)
    assert refusal.value.code == 413
    assert "/get-help/" in refusal.value.read().decode()
    assert stored(site) == [0, 0]
