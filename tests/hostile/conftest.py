from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.running import Running
from tests.processes import new_site
from tests.smtp import running_mail_server


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One site for all that is sent to it; no sender's limit but that of a network."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    limits = {"ENQUIRIES_AN_HOUR_BY_SENDER": "100000"}
    with (
        running_mail_server() as mail,
        new_site(folder, email_url=mail.url, TRUSTED_PROXIES="127.0.0.1", **limits) as site,
    ):
        site.start_web()
        site.start_worker()
        yield Running(site, mail)
