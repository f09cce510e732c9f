"""The real server while its database does not answer."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from tests.processes import ROOT, TYPED, Site, answers, wait_for
from tests.smtp import free_port


@pytest.fixture
def site(tmp_path: Path):
    """A site whose database is at an address where nothing listens."""
    port = free_port()
    running = Site(
        environment={
            **os.environ,
            "DATABASE_URL": f"postgres://nobody@127.0.0.1:{free_port()}/nothing",
            "PORT": str(port),
            "SITE_URL": f"http://127.0.0.1:{port}",
            "VAR_DIR": str(tmp_path / "var"),
            "LOG_LEVEL": "CRITICAL",
        },
        port=port,
    )
    running.start("-m", "gunicorn")
    wait_for(lambda: answers(f"{running.address}/health/live"), "the web server")
    yield running
    running.stop()


def page_of(site: Site, body: bytes | None = None) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"{site.address}/contact/", body, timeout=60) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_the_form_says_so_keeps_what_was_typed_and_leads_to_other_help(site: Site):
    typed = {
        **TYPED,
        "place": "Somewhere unusual",
        "area": "north-west",
        "telephone": "0161 4960000",
    }
    status, page = page_of(site, urllib.parse.urlencode(typed).encode())
    assert status == 503
    assert "Your enquiry has not been sent" in page
    assert "public@rpec.example" in page
    assert 'href="/get-help/"' in page
    for name in ("place", "message", "full_name", "email", "telephone", "organisation"):
        assert typed[name] in page
    assert 'name="area" value="north-west"' in page


def test_the_empty_form_can_be_read(site: Site):
    status, page = page_of(site)
    assert status == 503
    assert "Enquiries cannot be sent at the moment" in page
    assert 'name="message"' in page


def test_help_is_told_and_health_says_what_is_wrong(site: Site):
    with urllib.request.urlopen(f"{site.address}/get-help/", timeout=60) as response:
        assert (
            "https://www.gov.uk/guidance/making-a-referral-to-prevent" in response.read().decode()
        )
        assert response.headers["Server"] == "web"
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(f"{site.address}/health/ready", timeout=60)
    assert refusal.value.code == 503
    assert "The database does not answer" in refusal.value.read().decode()


def test_a_container_without_its_database_is_alive_and_one_without_web_server_is_not(site: Site):
    """What the image's HEALTHCHECK says: starting it again would mend no database."""
    script = [sys.executable, "scripts/alive.py"]
    assert subprocess.run(script, cwd=ROOT, env=site.environment).returncode == 0
    nobody = {**site.environment, "PORT": str(free_port())}
    assert subprocess.run(script, cwd=ROOT, env=nobody, capture_output=True).returncode == 1
