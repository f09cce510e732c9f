"""The steps of one session in the admin: copied, full, cancelled, and that taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from govuk.dates import in_london, weekday_date_words
from tests.govuk.html import attribute, document, elements, text
from tests.training.desk import LIST, messages_on
from tests.training.factories import LINK, make_session, uk
from training.models import Session
from training.session_facts import CANCELLED, FULL, SCHEDULED

pytestmark = pytest.mark.django_db


def step(desk: Client, name: str, session: Session) -> Any:
    """Take a step as its page offers it."""
    sequence = Session.objects.get(pk=session.pk).sequence
    address = reverse(f"admin:training_session_{name}", args=[session.pk])
    return desk.post(address, {"sequence": sequence}, follow=True)


def steps_offered(desk: Client, session: Session) -> list[str]:
    """The links in the session's line of the list."""
    shown = document(desk.get(reverse(LIST)).content.decode())
    return [
        text(link)
        for link in elements(shown, "a")
        if (attribute(link, "aria-label") or "").endswith(str(session))
    ]


def test_a_session_is_cancelled_from_its_line_in_the_list_and_that_is_taken_back(
    desk: Client, editor: User, now: datetime
) -> None:
    session = make_session(now + timedelta(days=3), registration_url=LINK)
    assert steps_offered(desk, session) == ["Copy", "Full", "Cancel"]
    answer = step(desk, "cancel", session)
    assert messages_on(answer) == [f"{session} was cancelled. Undo"]
    session.refresh_from_db()
    assert (session.status, session.sequence) == (CANCELLED, 1)
    assert steps_offered(desk, session) == ["Copy", "Undo"]
    assert messages_on(step(desk, "undo", session)) == [f"{session} is scheduled again."]
    session.refresh_from_db()
    assert (session.status, session.sequence) == (SCHEDULED, 2)
    assert [line.history_user for line in session.history.all()[:2]] == [editor, editor]


def test_a_full_session_that_was_cancelled_by_mistake_is_full_again(
    desk: Client, now: datetime
) -> None:
    session = make_session(now + timedelta(days=3))
    for name in ("full", "cancel", "undo"):
        step(desk, name, session)
    session.refresh_from_db()
    assert session.status == FULL
    assert steps_offered(desk, session) == ["Copy", "Undo", "Cancel"]


def test_what_a_colleague_cancelled_meanwhile_is_not_taken_back(
    desk: Client, now: datetime
) -> None:
    session = make_session(now + timedelta(days=3), status=FULL)
    address = reverse("admin:training_session_undo", args=[session.pk])
    assert "It will be scheduled again." in desk.get(address).content.decode()
    step(desk, "cancel", session)
    answer = desk.post(address, {"sequence": session.sequence}, follow=True)
    assert messages_on(answer) == [
        f"{session} was left as it is: somebody has changed it meanwhile."
    ]
    session.refresh_from_db()
    assert session.status == CANCELLED


@pytest.mark.parametrize("name", ["full", "cancel"])
def test_a_session_that_a_colleague_moved_meanwhile_is_left_as_it_is(
    desk: Client, now: datetime, name: str
) -> None:
    session = make_session(now + timedelta(days=3))
    address = reverse(f"admin:training_session_{name}", args=[session.pk])
    assert f'name="sequence" value="{session.sequence}"' in desk.get(address).content.decode()
    session.starts_at += timedelta(minutes=15)
    session.save()
    [words] = messages_on(desk.post(address, {"sequence": 0}, follow=True))
    assert words.endswith("or somebody has changed it meanwhile.")
    session.refresh_from_db()
    assert session.status == SCHEDULED


def test_taking_back_again_and_again_ends_at_scheduled(desk: Client, now: datetime) -> None:
    session = make_session(now + timedelta(days=3))
    for name in ("full", "cancel", "undo", "undo", "undo"):
        step(desk, name, session)
    session.refresh_from_db()
    assert session.status == SCHEDULED


def test_looking_at_a_step_changes_nothing(desk: Client, now: datetime) -> None:
    session = make_session(now + timedelta(days=3))
    for name in ("full", "cancel", "undo", "copy"):
        address = reverse(f"admin:training_session_{name}", args=[session.pk])
        assert desk.get(address).status_code == 200
    assert list(Session.objects.values_list("status", "sequence")) == [(SCHEDULED, 0)]


@pytest.mark.parametrize("name", ["full", "cancel"])
def test_a_session_that_has_ended_stays_what_it_was(desk: Client, now: datetime, name: str) -> None:
    session = make_session(now - timedelta(days=3))
    assert steps_offered(desk, session) == ["Copy"]
    [words] = messages_on(step(desk, name, session))
    assert "was left as it was" in words
    session.refresh_from_db()
    assert session.status == SCHEDULED


@pytest.mark.parametrize("name", ["copy", "full", "cancel", "undo"])
def test_who_may_only_look_is_given_no_step(now: datetime, name: str) -> None:
    session = make_session(now + timedelta(days=3))
    reader = User.objects.create_user("reader@example.com", is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename="view_session"))
    desk = Client()
    desk.force_login(reader)
    assert step(desk, name, session).status_code == 403
    assert steps_offered(desk, session) == []


def test_a_session_is_copied_to_a_new_date_from_its_page(
    desk: Client, editor: User, now: datetime
) -> None:
    session = make_session(uk("2026-12-01 15:30"), registration_url=LINK, status=FULL)
    change = document(
        desk.get(reverse("admin:training_session_change", args=[session.pk])).content.decode()
    )
    [tool] = [a for a in elements(change, "a") if text(a) == "Copy to a new date"]
    address = attribute(tool, "href") or ""
    form = document(desk.get(address).content.decode())
    assert [attribute(i, "value") for i in elements(form, "input", type="time")] == ["15:30"]
    year = in_london(now).year + 1
    response = desk.post(
        address, {"starts_at_0": f"{year}-06-22", "starts_at_1": "15:30"}, follow=True
    )
    copy = Session.objects.exclude(pk=session.pk).get()
    assert response.redirect_chain[-1][0] == reverse(
        "admin:training_session_change", args=[copy.pk]
    )
    assert copy.starts_at == uk(f"{year}-06-22 15:30")
    assert copy.ends_at == uk(f"{year}-06-22 16:45")
    assert (copy.status, copy.registration_url) == (SCHEDULED, "")
    assert copy.history.get().history_user == editor
    day = weekday_date_words(copy.starts_at)
    assert messages_on(response) == [
        f"Copied to {day}, 3:30pm to 4:45pm.",
        "There is no registration link yet: readers are told that it is to follow.",
    ]


@pytest.mark.parametrize(
    ("date", "time", "message"),
    [
        ("2026-12-01", "15:30", "there already"),
        ("2027-03-28", "01:30", "The clocks change in that hour"),
        ("", "", "This field is required."),
        ("x", "25:00", "Enter a valid date."),
    ],
)
def test_a_copy_that_cannot_be_is_explained_and_not_made(
    desk: Client, date: str, time: str, message: str
) -> None:
    session = make_session(uk("2026-12-01 15:30"))
    response = desk.post(
        reverse("admin:training_session_copy", args=[session.pk]),
        {"starts_at_0": date, "starts_at_1": time},
    )
    assert response.status_code == 200
    assert message in response.content.decode()
    assert Session.objects.count() == 1


def test_a_copy_of_what_is_not_there_is_not_found(desk: Client) -> None:
    assert desk.get(reverse("admin:training_session_copy", args=[999])).status_code == 404
