"""A mail server for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.outbox.messages import RECIPIENTS
from tests.smtp import MailServer, running_mail_server


@pytest.fixture(autouse=True)
def _recipients() -> Iterator[None]:
    yield
    RECIPIENTS.clear()


@pytest.fixture
def server() -> Iterator[MailServer]:
    with running_mail_server() as running:
        yield running
