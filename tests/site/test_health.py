"""What the site says of its health where not all is well, and what readers get then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from django.test.utils import override_settings

from guidance.help_file import read_addresses
from guidance.models import Link
from rpec_site import health
from rpec_site.room import Room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

COLLECTED = {"BACKEND": "rpec_site.static_files.CollectedFiles"}


@pytest.fixture
def uncollected(settings: Any, tmp_path: Path) -> Iterator[None]:
    """A deployed site whose static files nobody has collected."""
    with override_settings(
        STATIC_ROOT=tmp_path, STORAGES={**settings.STORAGES, "staticfiles": COLLECTED}
    ):
        yield


def said(client: Client, name: str) -> tuple[int, str]:
    answer = client.get(f"/health/{name}")
    return answer.status_code, str(answer.json()["problem"])


@pytest.mark.usefixtures("uncollected")
def test_without_static_files_it_is_not_ready(client):
    status, problem = said(client, "ready")
    assert status == 503
    assert "Static files have not been collected" in problem


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize(("address", "status"), [("/get-help/", 200), ("/nowhere/", 404)])
def test_without_static_files_a_page_has_its_words(client, address, status):
    answer = client.get(address)
    assert answer.status_code == status
    page = answer.content.decode()
    assert "999" in page
    assert 'href="/static/build/site.css"' in page


@pytest.mark.parametrize("text", ["", "not json", '{"version": "9"}'])
def test_a_list_of_static_files_that_cannot_be_read_is_none(uncollected, tmp_path, client, text):
    (tmp_path / "staticfiles.json").write_text(text)
    assert client.get("/get-help/").status_code == 200
    assert said(client, "ready")[0] == 503


def test_a_list_that_can_be_read_gives_the_names(uncollected, tmp_path, client):
    words = '{"version": "1.1", "paths": {"build/site.css": "build/site.1a2b.css"}, "hash": "x"}'
    (tmp_path / "staticfiles.json").write_text(words)
    assert 'href="/static/build/site.1a2b.css"' in client.get("/get-help/").content.decode()
    assert said(client, "ready")[0] == 200


@pytest.fixture
def full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database without room: its folder is gone, or its server may not write on its disk."""
    monkeypatch.setattr(health, "room", Room())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
    else:
        monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "gone" / "x.sqlite3"))


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("name", ["ready", "delivery"])
def test_where_nothing_can_be_stored_it_says_so(client, name):
    status, problem = said(client, name)
    assert status == 503
    assert problem.startswith("The database")


def test_the_disk_is_not_tried_at_each_question(client, monkeypatch):
    monkeypatch.setattr(health, "room", Room())
    assert said(client, "ready")[0] == 200
    tried_at = health.room._tried_at
    assert said(client, "ready")[0] == 200
    assert health.room._tried_at == tried_at


def test_whoever_asks_for_health_brings_the_addresses_of_help_up_to_date(client, settings):
    Link.objects.filter(key="prevent-referral").update(address="https://new.example/")
    assert said(client, "ready")[0] == 200
    assert read_addresses(settings.HELP_FILE)["prevent-referral"] == "https://new.example/"
    assert "https://new.example/" in client.get("/get-help/").content.decode()


class TestWithoutDatabase:
    """Pages that need one, and forms that somebody filled in."""

    @pytest.fixture(autouse=True)
    def down(self) -> Iterator[None]:
        def refuse(*arguments: object) -> None:
            raise OperationalError("the database is down\nDETAIL: secret")

        with connection.execute_wrapper(refuse):
            yield

    @pytest.mark.parametrize(
        "address", ["/", "/regions/", "/training/", "/contact/sent/AAAA-AAAA-AAAA/"]
    )
    def test_a_page_says_so_and_leads_to_help(self, address):
        answer = Client().get(address)
        assert (answer.status_code, answer["Retry-After"]) == (503, "60")
        assert answer["Cache-Control"].endswith("no-store")
        page = answer.content.decode()
        assert "999" in page
        assert 'href="/get-help/"' in page
        assert "public@rpec.example" in page

    def test_what_was_pasted_can_be_sent_again(self):
        lines = "Leeds\r\n<b>Wigan</b>"
        answer = Client().post("/find-your-coordinator/many/", {"text": lines, "format": "csv"})
        page = answer.content.decode()
        assert answer.status_code == 503
        assert 'action="/find-your-coordinator/many/"' in page
        assert 'name="text" value="Leeds\r\n&lt;b&gt;Wigan&lt;/b&gt;"' in page
        assert 'name="format" value="csv"' in page

    def test_a_program_is_told_in_its_own_terms(self):
        answer = Client().get("/api/regions/lookup?q=Leeds")
        assert answer.status_code == 503
        assert "does not answer" in answer.json()["error"]
        assert answer["Access-Control-Allow-Origin"] == "*"

    def test_no_password_is_given_back(self):
        sent = {"username": "editor@rpec.example", "password": "hunter22", "next": "/admin/"}
        answer = Client().post("/admin/login/", sent)
        page = answer.content.decode()
        assert answer.status_code == 503
        assert "hunter22" not in page
        assert "but for the password" in page

    def test_the_log_says_what_happened_and_nothing_of_what_was_sent(self, caplog):
        Client().get("/regions/")
        words = [record.getMessage() for record in caplog.records]
        assert "The database does not answer: the database is down" in words
        assert not [word for word in words if "secret" in word]


class TestRefused:
    def test_what_a_bug_of_ours_asks_is_answered_as_well(self, caplog):
        def refuse(*arguments: object) -> None:
            raise DatabaseError("no such column")

        with connection.execute_wrapper(refuse):
            answer = Client(raise_request_exception=False).get("/regions/")
        assert answer.status_code == 503
        assert [record for record in caplog.records if record.exc_info]
