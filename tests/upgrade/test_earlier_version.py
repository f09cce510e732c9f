"""The version that is in service goes on serving on the schema of this one.

`prepare` brings the database up to date first, and the web processes are restarted after it
(README); until then, and in a web process that nobody restarts, the earlier version serves. Its
tables are as the migrations that have landed (`landed_migrations.txt`) leave them.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

from contact.models import Enquiry, Event
from outbox.models import Message
from tests.contact.desk import enquiry
from tests.upgrade.landed import LIST, nodes, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

OURS = {path.partition("/")[0] for path in read(LIST.read_text(encoding="utf-8"))}
# What a later constraint on one of its tables means for the earlier version: nothing, because …
RULES = {
    "redaction_is_by_somebody_or_for_a_cause": "it always names who, and knows no cause.",
}
# What a later table that refers to its rows means for it: it cannot delete them, and says so.
REFERENCES = {
    "contact_noticelist": "a region is deleted, which no page of the earlier version does.",
    "guidance_arrival": "a draft that was brought in is discarded after the restart.",
    "guidance_proposal": "a draft, page or link with a proposal is deleted after the restart.",
}


@pytest.fixture(scope="module")
def earlier(django_db_setup: None, django_db_blocker: Any) -> dict[str, type[Model]]:
    """Return the earlier version's models by their tables."""
    with django_db_blocker.unblock():
        loader = MigrationLoader(connection)
        state = loader.project_state(nodes(read(LIST.read_text(encoding="utf-8"))))
    return {model._meta.db_table: model for model in state.apps.get_models()}


def columns(table: str) -> dict[str, bool]:
    """Return by its name whether a column must be given a value, as the database has it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT column_name, is_nullable = 'NO' AND column_default IS NULL"
                " AND is_identity = 'NO' FROM information_schema.columns WHERE table_name = %s",
                [table],
            )
            return dict(cursor.fetchall())
        cursor.execute(f'PRAGMA table_info("{table}")')
        return {
            name: bool(not_null and default is None and not key)
            for _, name, _, not_null, default, key in cursor.fetchall()
        }


def test_it_finds_every_table_and_column(earlier):
    for model in earlier.values():
        list(model._default_manager.all()[:1])


def test_it_may_leave_out_every_column_that_it_does_not_know(earlier):
    needed = []
    for table, model in earlier.items():
        known = {field.column: field for field in model._meta.local_fields}
        for name, is_needed in columns(table).items():
            field = known.get(name)
            # What it knows it leaves empty where it could; what it does not know, always.
            if is_needed and (field is None or field.null):
                needed.append(f"{table}.{name}")
    assert needed == []


def test_each_rule_that_it_does_not_know_is_thought_about(earlier):
    later = {
        constraint.name
        for model in apps.get_models()
        if model._meta.db_table in earlier
        for constraint in model._meta.constraints
    }
    known = {
        constraint.name for model in earlier.values() for constraint in model._meta.constraints
    }
    assert later - known == RULES.keys()


def test_each_later_table_that_refers_to_its_rows_is_thought_about(earlier):
    referring = {
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.db_table not in earlier and model._meta.app_label in OURS
        for field in model._meta.local_fields
        if field.related_model in apps.get_models()
        and field.related_model._meta.db_table in earlier
        and field.related_model._meta.label_lower != "accounts.user"
    }
    assert referring == REFERENCES.keys()


def test_what_it_stores_is_whole_for_this_version(earlier):
    sent = enquiry()
    row = earlier["contact_enquiry"]._default_manager.get(pk=sent.pk)
    _store_again(row, reference="AAAA-BBBB-CCCC", submission="x" * 64)
    for message in earlier["outbox_message"]._default_manager.filter(subject_id=sent.pk):
        _store_again(message, subject_id=row.pk, message_id=f"{message.pk}@rpec.example")
    earlier["contact_event"](enquiry=row, kind="reminded", at=sent.received_at).save()

    stored = Enquiry.objects.get(pk=row.pk)
    stored.full_clean()
    assert (stored.reference, stored.message) == ("AAAA-BBBB-CCCC", sent.message)
    assert Message.objects.filter(subject_id=row.pk).undelivered().count() == 2
    assert stored.events.get().kind == Event.Kind.REMINDED


def _store_again(row: Model, **values: object) -> None:
    """Insert a copy of a row, with the columns that the earlier version knows and no other."""
    for name, value in values.items():
        setattr(row, name, value)
    row.pk = None
    row.save(force_insert=True)
