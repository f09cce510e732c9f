"""When a session counts as changed to those who have it in a calendar."""

from __future__ import annotations

from typing import Any

import pytest

from tests.training.factories import LINK, make_region, make_session, make_track, uk
from training.models import Session
from training.session_facts import FULL

pytestmark = pytest.mark.django_db

START = uk("2027-06-22 15:30")


@pytest.fixture
def session() -> Session:
    return make_session(START)


def revision(session: Session) -> int:
    session.refresh_from_db()
    return session.sequence


@pytest.mark.parametrize(
    "change",
    [{"title": "Local risk"}, {"status": FULL}, {"registration_url": LINK}],
)
def test_each_change_of_what_readers_see_is_one_revision_however_it_is_written(
    session: Session, change: dict[str, Any]
) -> None:
    for name, value in change.items():
        setattr(session, name, value)
    session.save()
    assert revision(session) == 1
    Session.objects.filter(pk=session.pk).update(**change)
    assert revision(session) == 2
    Session.objects.bulk_update([session], list(change))
    assert revision(session) == 3


def test_another_region_or_track_is_a_revision(session: Session) -> None:
    session.region = make_region()
    session.save()
    session.track = make_track("governors")
    session.save()
    assert revision(session) == 2


def test_saving_without_a_change_is_none(session: Session) -> None:
    session.save()
    Session.objects.filter(pk=session.pk).update(is_example=True)
    assert revision(session) == 0


def test_a_row_that_was_read_long_ago_cannot_lower_the_count(session: Session) -> None:
    stale = Session.objects.get(pk=session.pk)
    for title in ("Other", ""):
        session.title = title
        session.save()
    stale.save()
    assert revision(session) == 2
    stale.title = "New"
    stale.save()
    assert revision(session) == 3


def test_a_session_that_was_moved_remembers_when_it_began(session: Session) -> None:
    later = uk("2027-06-29 15:30")
    session.starts_at, session.ends_at = later, uk("2027-06-29 16:45")
    session.save()
    assert session.moved_from == START
    # What is written of it otherwise, or to the same time again, leaves that alone.
    stale = Session.objects.get(pk=session.pk)
    stale.title = "Other"
    stale.save(update_fields=["title"])
    Session.objects.filter(pk=session.pk).update(starts_at=later)
    session.refresh_from_db()
    assert session.moved_from == START
    Session.objects.filter(pk=session.pk).update(starts_at=uk("2027-06-29 14:30"))
    session.refresh_from_db()
    assert session.moved_from == later


def test_a_tracks_new_name_is_a_revision_of_its_sessions(session: Session) -> None:
    session.track.summary = "Other words."
    session.track.save()
    assert revision(session) == 0
    session.track.name = "Training for safeguarding leads"
    session.track.save()
    assert revision(session) == 1
