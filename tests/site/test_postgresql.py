"""What a real PostgreSQL does with our limits, and what it says of them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from rpec_site.patience import within
from rpec_site.postgresql.base import DatabaseWrapper, silence
from rpec_site.room import Room

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server."),
]


def shown(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return str(cursor.fetchone()[0])


def test_the_server_knows_how_long_statements_locks_and_pauses_may_last():
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    assert [shown(name) for name in names] == ["30s", "7s", "1min"]


def test_a_migration_may_take_longer_and_nothing_after_it(monkeypatch: pytest.MonkeyPatch):
    during: list[str] = []
    plan = MigrationExecutor.migration_plan

    def noted(self: MigrationExecutor, *arguments: Any, **options: Any) -> Any:
        during.append(shown("statement_timeout"))
        return plan(self, *arguments, **options)

    monkeypatch.setattr(MigrationExecutor, "migration_plan", noted)
    call_command("migrate", verbosity=0, stdout=io.StringIO())
    assert set(during) == {"0"}
    assert shown("statement_timeout") == f"{settings.DATABASE_STATEMENT_SECONDS}s"


def test_room_is_found_without_leaving_anything_behind():
    memory = shown("work_mem")
    assert Room().problem() == ""
    assert shown("work_mem") == memory


def test_a_disk_that_takes_nothing_more_is_told():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL temp_file_limit = 0")
    assert Room().problem() == "The database's disk cannot be written."
    connection.set_rollback(True)  # The question that failed ended the test's transaction.


def test_a_server_that_takes_no_writes_is_told():
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    assert Room().problem() == "The database takes no writes."


def test_a_statement_without_an_answer_is_given_up_and_the_next_has_a_new_connection():
    other = DatabaseWrapper(connection.settings_dict)
    other.ensure_connection()
    server = other.connection.info.backend_pid
    with pytest.raises(OperationalError, match="said nothing"), within(0.1):
        other.cursor().execute("SELECT pg_sleep(60)")
    # No word to the others: that one statement takes long does not mean that the server is silent.
    other.close_if_unusable_or_obsolete()
    assert not silence.lasts
    with other.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [server])
    other.close()
