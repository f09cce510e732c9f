"""A draft that no page can show is refused to its readers, and stays in its editors' hands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from guidance.actions.publishing import publish, publish_due, refuse_unrenderable, schedule
from guidance.models import Edition, Section
from guidance.previews import share_url
from guidance.text.markdown import LONGEST_SOURCE, render_info
from tests.guidance.desk import ADMIN, NOW, form_values, reword, start
from tests.training.factories import uk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

TOO_LONG = "word " * (LONGEST_SOURCE // 5 + 1)


@pytest.fixture
def too_long() -> Edition:
    """Return a draft as an earlier version stored it, with a section that is too long."""
    begun = start()
    section = begun.sections.all()[1]
    Section.objects.filter(pk=section.pk).update(markdown=TOO_LONG)
    return begun


def test_it_can_be_opened_looked_at_in_every_way_and_discarded(desk, client, too_long):
    for step in ("change", "changes", "preview", "publish", "discard"):
        page = desk.get(f"{ADMIN}{too_long.pk}/{step}/")
        assert page.status_code == 200
        assert "This section cannot be shown." in page.content.decode()
    shared = client.get(urlsplit(share_url(too_long)).path)
    assert "This section cannot be shown." in shared.content.decode()
    assert desk.get(f"{ADMIN}{too_long.pk}/whitehall/").status_code == 404
    assert desk.post(f"{ADMIN}{too_long.pk}/discard/").status_code == 302
    assert not Edition.objects.drafts().exists()


def test_it_can_be_mended(desk, too_long):
    sent = form_values(desk, f"{ADMIN}{too_long.pk}/change/")
    assert desk.post(f"{ADMIN}{too_long.pk}/change/", sent).status_code == 200
    shorter = {**sent, "sections-1-markdown": "Short again."}
    assert desk.post(f"{ADMIN}{too_long.pk}/change/", shorter).status_code == 302
    refuse_unrenderable(too_long)


def test_neither_is_it_published_nor_scheduled_and_a_sentence_says_why(editor, too_long):
    at_a_time: dict[str, Any] = {"scheduled_for": uk("2030-12-02 09:00")}
    for act, more in ((publish, {}), (schedule, at_a_time)):
        with pytest.raises(ValidationError, match=r"cannot be published.*All sections together"):
            act(
                draft=too_long,
                update_type=Edition.UpdateType.MINOR,
                change_note="",
                by=editor,
                at=NOW,
                **more,
            )


def test_scheduled_by_an_earlier_version_it_is_logged_and_keeps_no_other_waiting(editor, too_long):
    Edition.objects.filter(pk=too_long.pk).update(
        state=Edition.State.SCHEDULED, scheduled_for=NOW, scheduled_by=editor
    )
    assert publish_due(at=NOW) == []


def test_all_sections_together_have_a_bound(desk):
    begun = start()
    sent = form_values(desk, f"{ADMIN}{begun.pk}/change/")
    long = {f"sections-{number}-markdown": "word " * 19_000 for number in range(3)}
    page = desk.post(f"{ADMIN}{begun.pk}/change/", {**sent, **long})
    assert page.status_code == 200
    assert "All sections together are longer than 250,000 characters." in page.content.decode()


def test_looking_at_a_draft_opens_no_transaction(desk):
    begun = start()
    with deepest_transactions() as depths:
        assert desk.get(f"{ADMIN}{begun.pk}/change/").status_code == 200
    assert depths == {len(connection.savepoint_ids)}


def test_a_text_is_rendered_before_its_page_is_locked(editor):
    begun, outside = start(), len(connection.savepoint_ids)
    reword(begun, "newsletters", "Never rendered before.")
    rendered = []

    def note(execute, sql, params, many, context):
        if len(connection.savepoint_ids) > outside:
            rendered.append(render_info().misses)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        publish(
            draft=begun, update_type=Edition.UpdateType.MINOR, change_note="", by=editor, at=NOW
        )
    assert set(rendered) == {render_info().misses}


@contextmanager
def deepest_transactions() -> Iterator[set[int]]:
    """Note how many transactions each query is within."""
    depths: set[int] = set()

    def note(execute, sql, params, many, context):
        if "guidance_" in sql:  # Its session is saved in one.
            depths.add(len(connection.savepoint_ids))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield depths
