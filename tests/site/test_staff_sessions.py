"""Staff stay signed in while they work; readers never have a session."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.people import at_desk

pytestmark = pytest.mark.django_db

EIGHT_HOURS = timedelta(hours=8)


def worked(desk, hours: float) -> None:
    """Let the session be as if that many hours had gone by since it was last written."""
    row = Session.objects.get()
    session = desk.session
    session["renewed_at"] = int((timezone.now() - timedelta(hours=hours)).timestamp())
    session.save()
    Session.objects.update(expire_date=row.expire_date - timedelta(hours=hours))


def left() -> timedelta:
    return Session.objects.get().expire_date - timezone.now()


def test_a_session_lasts_eight_hours_from_its_last_use(editor):
    desk = at_desk(editor)
    worked(desk, 7)
    assert left() < timedelta(hours=1, minutes=1)
    answer = desk.get("/admin/")
    assert left() > EIGHT_HOURS - timedelta(minutes=1)
    assert answer.cookies["sessionid"]["max-age"] == EIGHT_HOURS.total_seconds()


def test_a_session_that_was_written_just_now_is_not_written_again(editor):
    desk = at_desk(editor)
    desk.get("/admin/")
    assert "sessionid" not in desk.get("/admin/").cookies


def test_signing_out_ends_the_session(editor):
    desk = at_desk(editor)
    worked(desk, 7)
    desk.post("/admin/logout/")
    assert not Session.objects.exists()
    assert desk.get("/admin/").status_code == 302


def test_readers_pages_leave_a_session_alone_though_staff_read_them(editor):
    desk = at_desk(editor)
    worked(desk, 7)
    assert not desk.get("/cookies/").cookies
    assert left() < timedelta(hours=1, minutes=1)


def test_the_login_page_begins_no_session(client):
    assert client.get("/admin/login/").status_code == 200
    assert not Session.objects.exists()
