"""A date that was never right is put right without being told as a move."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from guidance.actions.reconciling import reconcile
from guidance.history.comparison import compare
from guidance.live import as_it_stands
from guidance.models import Edition
from tests.filled_forms import opened
from tests.guidance.factories import SLUG, dates_section, make_content, make_edition
from tests.training.factories import make_session, uk
from training.models import Session

pytestmark = pytest.mark.django_db
AT = uk("2027-01-04 09:00")


def put_right(desk: Client, session: Session, start: str, **ticked: str) -> Any:
    address = reverse("admin:training_session_change", args=[session.pk])
    sent = opened(desk, address).sent(starts_at_1=start, ends_at_1="17:00", **ticked)
    return desk.post(address, sent)


CORRECTION = {"corrects_mistake": "on"}


@pytest.fixture
def session() -> Session:
    return make_session(uk("2027-06-22 15:30"))


@pytest.mark.parametrize(
    "address",
    ["/training/", "/training/dsl/", "/training/sessions/{}/", "/", "/regions/north-west/"],
)
def test_nothing_tells_readers_that_it_moved(
    desk: Client, client: Client, session: Session, address: str
) -> None:
    assert put_right(desk, session, "16:00", **CORRECTION).status_code == 302

    page = client.get(address.format(session.pk)).content.decode()
    assert "4pm to 5pm" in page
    assert "Moved from" not in page
    assert "It was" not in page


def test_calendars_take_it_as_a_new_revision_all_the_same(
    desk: Client, client: Client, session: Session
) -> None:
    put_right(desk, session, "16:00", **CORRECTION)

    [event] = Calendar.from_ical(client.get(f"/training/sessions/{session.pk}.ics").content).events
    assert event["sequence"] == 1
    assert event.start == uk("2027-06-22 16:00")


def test_without_the_tick_it_has_moved(desk: Client, client: Client, session: Session) -> None:
    put_right(desk, session, "16:00")

    assert "It was Tuesday 22 June 2027, 3:30pm" in (
        client.get(f"/training/sessions/{session.pk}/").content.decode()
    )


def test_a_real_move_before_it_is_still_told(desk: Client, session: Session) -> None:
    put_right(desk, session, "16:00")
    put_right(desk, session, "16:15", **CORRECTION)

    session.refresh_from_db()
    assert session.moved_from == uk("2027-06-22 15:30")
    assert session.sequence == 2


def test_the_next_move_is_told_again(desk: Client, session: Session) -> None:
    put_right(desk, session, "16:00", **CORRECTION)
    put_right(desk, session, "16:15")

    session.refresh_from_db()
    assert session.moved_from == uk("2027-06-22 16:00")


def test_the_page_s_history_says_quietly_that_it_was_corrected(
    desk: Client, client: Client, session: Session
) -> None:
    content = make_content(sections=(dates_section(session.facts()),))
    make_edition(1, frozen=as_it_stands(content, at=AT))

    put_right(desk, session, "16:00", **CORRECTION)
    [recorded], _ = reconcile(at=AT)

    assert recorded.cause == "Training: 1 session corrected."
    assert recorded.update_type == Edition.UpdateType.MINOR
    assert "Moved from" not in client.get(f"/guidance/{SLUG}/").content.decode()
    changed = compare(Edition.objects.get(number=1).frozen(), recorded.frozen())
    assert changed.summary == ("Dates: 1 date changed.",)


def test_the_form_asks_it_of_what_is_there_and_not_of_what_is_added(
    desk: Client, session: Session
) -> None:
    change = desk.get(reverse("admin:training_session_change", args=[session.pk]))
    add = desk.get(reverse("admin:training_session_add"))

    assert "This corrects a mistake" in change.content.decode()
    assert "This corrects a mistake" not in add.content.decode()
