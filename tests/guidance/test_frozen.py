"""What was published is never altered: not by the model, a bulk update or SQL."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from guidance.models import Edition
from tests.guidance.factories import make_content, make_draft, make_edition, make_page
from tests.training.factories import uk

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("content", make_content(lead="Another lead.").to_json()),
        ("title", "Another title"),
        ("lead", "Another lead."),
        ("change_note", "Another note."),
        ("cause", "Another cause."),
        ("number", 7),
        ("published_at", uk("2026-01-06 09:30")),
        ("is_restated", True),
    ],
)
def test_a_frozen_column_refuses_change(column: str, value: Any):
    edition = make_edition()
    with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(**{column: value})
    setattr(edition, column, value)
    with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
        edition.save()


def test_a_published_edition_is_not_moved_to_another_page():
    edition = make_edition()
    with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(page=make_page("another-page"))


def test_sql_is_refused_too():
    edition = make_edition()
    with (
        pytest.raises(DatabaseError, match="never altered"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE guidance_edition SET title = 'Another' WHERE id = %s", [edition.pk])


def test_its_state_may_still_change():
    edition = make_edition()
    edition.state = Edition.State.SUPERSEDED
    edition.save()
    edition.refresh_from_db()
    assert edition.state == "superseded"


def test_a_draft_is_free():
    draft = make_draft()
    draft.title = "Another secret"
    draft.save()
    assert Edition.objects.get().title == "Another secret"
