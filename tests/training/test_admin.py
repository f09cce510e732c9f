"""Sessions and tracks in the admin: the list, the form, and several at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from govuk.dates import in_london, weekday_date_words
from tests.govuk.html import document, elements, text
from tests.people import at_desk
from tests.training.desk import LIST, messages_on
from tests.training.factories import LINK, make_region, make_session, make_track, uk
from training.models import Session
from training.session_facts import CANCELLED, FULL, SCHEDULED

pytestmark = pytest.mark.django_db

WRONG_HOST = (
    "The address must be on eventbrite.co.uk or eventbrite.com, "
    "with no name or port before the path."
)


def left_as_they_were(already: str) -> str:
    return (
        f"Left as they were: 1. They have ended, or are {already} already. "
        "To correct one that has ended, open it."
    )


def act(desk: Client, action: str, *sessions: Session) -> list[str]:
    """Choose sessions and an action, and press the button of the page that shows them."""
    data = {"action": action, "_selected_action": [session.pk for session in sessions]}
    before = list(Session.objects.values())
    asked = desk.post(reverse(LIST), data).content.decode()
    if 'name="confirm"' in asked:
        assert list(Session.objects.values()) == before
        data["confirm"] = "1"
    return messages_on(desk.post(reverse(LIST), data, follow=True))


def listed(desk: Client, **query: str) -> list[str]:
    root = document(desk.get(reverse(LIST), query).content.decode())
    return [text(cell) for cell in elements(root, "th", class_="field-date")]


def form_data(**fields: Any) -> dict[str, Any]:
    starts, ends = fields.pop("starts_at"), fields.pop("ends_at")
    return {
        "track": make_track().pk,
        "title": "",
        "starts_at_0": f"{starts:%Y-%m-%d}",
        "starts_at_1": f"{starts:%H:%M}",
        "ends_at_0": f"{ends:%Y-%m-%d}",
        "ends_at_1": f"{ends:%H:%M}",
        "registration_url": "",
        "status": "scheduled",
        "region": "",
        **fields,
    }


def test_one_action_cancels_the_sessions_to_come_and_the_history_says_who(
    desk: Client, editor: User, now: datetime
) -> None:
    first = make_session(now + timedelta(days=1), region=make_region())
    second = make_session(now + timedelta(days=2), status=FULL)
    assert act(desk, "cancel_selected", first, second) == ["2 sessions cancelled."]
    for session in (first, second):
        session.refresh_from_db()
        assert session.status == CANCELLED
        assert session.history.first().history_user == editor


def test_a_session_that_has_ended_is_not_cancelled_in_bulk(desk: Client, now: datetime) -> None:
    past = make_session(now - timedelta(days=1))
    coming = make_session(now + timedelta(days=1))
    assert act(desk, "cancel_selected", past, coming) == [
        "1 session cancelled.",
        left_as_they_were("cancelled"),
    ]
    past.refresh_from_db()
    assert past.status == SCHEDULED


def test_one_action_marks_sessions_as_full(desk: Client, now: datetime) -> None:
    session = make_session(now + timedelta(days=1))
    cancelled = make_session(now + timedelta(days=2), status=CANCELLED)
    assert act(desk, "mark_selected_full", session, cancelled) == [
        "1 session marked as full.",
        left_as_they_were("full or cancelled"),
    ]
    assert list(Session.objects.values_list("status", flat=True)) == [FULL, CANCELLED]


def test_who_may_only_look_is_offered_no_action_and_no_copy(now: datetime) -> None:
    reader = User.objects.create_user("reader@example.com", "a long enough password")
    reader.user_permissions.add(
        # Django's own sessions have permissions of the same name.
        Permission.objects.get(codename="view_session", content_type__app_label="training")
    )
    desk = Client()
    desk.force_login(reader)
    session = make_session(now + timedelta(days=1))
    act(desk, "cancel_selected", session)
    session.refresh_from_db()
    assert session.status == SCHEDULED
    page = desk.get(reverse("admin:training_session_change", args=[session.pk]))
    assert "Copy to a new date" not in page.content.decode()
    copy = reverse("admin:training_session_copy", args=[session.pk])
    assert desk.get(copy).status_code == 403
    assert desk.post(copy, {}).status_code == 403


def test_a_session_is_added_by_its_uk_times(desk: Client, now: datetime) -> None:
    starts = uk(f"{in_london(now).year + 1}-06-22 15:30")
    data = form_data(
        starts_at=starts, ends_at=starts + timedelta(minutes=75), registration_url=LINK
    )
    response = desk.post(reverse("admin:training_session_add"), data, follow=True)
    session = Session.objects.get()
    assert (session.starts_at, session.time_range) == (starts, "3:30pm to 4:45pm")
    assert len(messages_on(response)) == 1


def test_a_date_in_the_past_and_a_missing_link_are_pointed_out(desk: Client) -> None:
    past = uk("2025-06-24 15:30")
    data = form_data(starts_at=past, ends_at=past + timedelta(hours=1))
    response = desk.post(reverse("admin:training_session_add"), data, follow=True)
    assert messages_on(response)[0] == (
        "Tuesday 24 June 2025 is in the past: readers find the session only among the past ones."
    )


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        (
            {"registration_url": "https://example.com/e/1"},
            "registration_url",
            WRONG_HOST,
        ),
        (
            {"ends_at": uk("2027-06-22 15:00")},
            "__all__",
            "The session must end after it starts.",
        ),
    ],
)
def test_a_mistake_is_named_and_nothing_is_stored(
    desk: Client, fields: dict[str, Any], field: str, message: str
) -> None:
    data = form_data(
        **{"starts_at": uk("2027-06-22 15:30"), "ends_at": uk("2027-06-22 16:45"), **fields}
    )
    response = desk.post(reverse("admin:training_session_add"), data)
    assert response.context["errors"] == [[message]]
    assert response.context["adminform"].form.errors == {field: [message]}
    assert Session.objects.count() == 0


def test_the_list_is_narrowed_to_what_is_to_come_past_or_of_a_year(
    desk: Client, now: datetime
) -> None:
    old = make_session(uk("2025-07-03 15:30"))
    coming = make_session(now + timedelta(days=3))
    days = {session: weekday_date_words(session.starts_at) for session in (old, coming)}
    assert listed(desk) == [days[coming], days[old]]
    assert listed(desk, when="upcoming") == [days[coming]]
    assert listed(desk, when="past") == [days[old]]
    assert listed(desk, year="2024") == [days[old]]
    assert listed(desk, year="x") == [days[coming], days[old]]


def test_the_lists_year_filter_names_every_year_between_first_and_last(desk: Client) -> None:
    make_session(uk("2025-07-03 15:30"))
    make_session(uk("2026-12-01 15:30"))
    html = desk.get(reverse(LIST)).content.decode()
    for label in ("2024 to 2025", "2025 to 2026", "2026 to 2027"):
        assert label in html


def test_the_list_takes_as_many_queries_for_thirty_sessions_as_for_one(
    desk: Client, now: datetime, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    make_session(now + timedelta(days=1), region=make_region())
    # The first page after signing in renews the session.
    desk.get(reverse(LIST))
    with django_assert_max_num_queries(20) as one:
        desk.get(reverse(LIST))
    for days in range(2, 31):
        make_session(now + timedelta(days=days), region=make_region())
    with django_assert_max_num_queries(20) as thirty:
        desk.get(reverse(LIST))
    # The date hierarchy looks one level deeper or not: that does not depend on the number.
    assert abs(len(thirty.captured_queries) - len(one.captured_queries)) <= 1


def test_a_sessions_history_shows_what_was_changed(desk: Client, now: datetime) -> None:
    session = make_session(now + timedelta(days=1))
    act(desk, "cancel_selected", session)
    page = desk.get(reverse("admin:training_session_history", args=[session.pk]))
    assert page.status_code == 200
    assert session.history.count() == 2


def test_every_page_of_training_in_the_admin_answers(administrator: User, now: datetime) -> None:
    desk = at_desk(administrator)
    session = make_session(now + timedelta(days=1))
    for name, args in (
        (LIST, []),
        ("admin:training_session_add", []),
        ("admin:training_session_change", [session.pk]),
        ("admin:training_session_delete", [session.pk]),
        ("admin:training_session_history", [session.pk]),
        ("admin:training_track_changelist", []),
        ("admin:training_track_add", []),
        ("admin:training_track_change", [session.track_id]),
    ):
        assert desk.get(reverse(name, args=args)).status_code == 200, name
    assert desk.get(reverse(LIST), {"q": "dsl", "status": "full"}).status_code == 200


def test_a_tracks_address_is_chosen_once(desk: Client) -> None:
    track = make_track()
    add = desk.get(reverse("admin:training_track_add"))
    change = desk.get(reverse("admin:training_track_change", args=[track.pk]))
    assert "slug" in add.context["adminform"].form.fields
    assert "slug" not in change.context["adminform"].form.fields


@pytest.mark.parametrize("year", ["0001", "1999", "9999"])
def test_a_year_that_is_a_slip_of_the_finger_is_refused_at_its_field(desk: Client, year: str):
    track = make_track()
    response = desk.post(
        "/admin/training/session/add/",
        {
            "track": track.pk,
            "starts_at_0": f"{year}-12-31",
            "starts_at_1": "23:30",
            "ends_at_0": f"{year}-12-31",
            "ends_at_1": "23:45",
            "status": "scheduled",
        },
    )
    assert response.status_code == 200
    assert "starts_at" in response.context["adminform"].form.errors
    assert not Session.objects.exists()
