from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from django.core.exceptions import ValidationError

from tests.people import make_editor
from tests.training.factories import LINK, make_region, make_session, make_track, uk
from training.actions.changing import (
    cancel_sessions,
    copy_session,
    mark_sessions_full,
)
from training.actions.loading import (
    load_example_sessions,
    load_sessions,
    load_tracks,
)
from training.models import Session, Track
from training.session_facts import CANCELLED, FULL, SCHEDULED

pytestmark = pytest.mark.django_db

AT = uk("2026-11-20 12:00")

KNOWN_INSTANTS = {
    ("dsl", "2025-03-17T15:30Z", "2025-03-17T16:45Z"),
    ("dsl", "2025-05-12T14:30Z", "2025-05-12T15:45Z"),
    ("dsl", "2025-07-03T14:30Z", "2025-07-03T15:45Z"),
    ("dsl", "2025-09-22T14:30Z", "2025-09-22T15:45Z"),
    ("dsl", "2025-12-01T15:30Z", "2025-12-01T16:45Z"),
    ("dsl", "2026-02-10T15:30Z", "2026-02-10T16:45Z"),
    ("dsl", "2026-04-22T14:30Z", "2026-04-22T15:45Z"),
    ("dsl", "2026-06-23T14:30Z", "2026-06-23T15:45Z"),
    ("governors", "2025-03-10T17:00Z", "2025-03-10T18:15Z"),
    ("governors", "2025-05-12T16:00Z", "2025-05-12T17:15Z"),
    ("governors", "2025-07-03T16:00Z", "2025-07-03T17:15Z"),
    ("governors", "2025-09-29T16:00Z", "2025-09-29T17:15Z"),
    ("governors", "2025-12-03T17:00Z", "2025-12-03T18:15Z"),
    ("governors", "2026-02-11T17:00Z", "2026-02-11T18:15Z"),
    ("governors", "2026-04-21T16:00Z", "2026-04-21T17:15Z"),
    ("governors", "2026-06-25T16:00Z", "2026-06-25T17:15Z"),
}


def load_regions() -> None:
    make_region("north-east", "North-East", 2)
    make_region("south-west", "South-West", 6)


@pytest.mark.usefixtures("empty_database")
def test_the_sixteen_known_sessions_are_stored_at_their_true_moments() -> None:
    load_tracks()
    assert load_sessions() == 16
    stored = {
        (
            session.track.slug,
            f"{session.starts_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}",
            f"{session.ends_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}",
        )
        for session in Session.objects.with_relations()
    }
    assert stored == KNOWN_INSTANTS


@pytest.mark.usefixtures("empty_database")
def test_loading_again_adds_nothing_and_leaves_what_editors_changed() -> None:
    assert (load_tracks(), load_sessions()) == (3, 16)
    Track.objects.filter(slug="dsl").update(name="Changed")
    Session.objects.filter(starts_at=uk("2026-06-23 15:30")).update(status=CANCELLED)
    assert (load_tracks(), load_sessions()) == (0, 0)
    assert Track.objects.get(slug="dsl").name == "Changed"
    assert Session.objects.get(starts_at=uk("2026-06-23 15:30")).status == CANCELLED


def test_a_session_that_is_missing_is_stored_again_alone() -> None:
    load_tracks()
    load_sessions()
    Session.objects.filter(starts_at=uk("2025-12-01 15:30")).delete()
    Session.history.filter(starts_at=uk("2025-12-01 15:30")).delete()
    assert load_sessions() == 1


def test_the_history_says_who_loaded_the_sessions() -> None:
    editor = make_editor()
    load_tracks()
    load_sessions(by=editor)
    assert set(Session.history.values_list("history_type", "history_user")) == {("+", editor.pk)}
    assert Session.history.count() == 16


@pytest.mark.usefixtures("empty_database")
def test_sessions_without_their_tracks_are_refused_in_a_sentence() -> None:
    with pytest.raises(LookupError, match="no track 'dsl'"):
        load_sessions()
    assert Session.objects.count() == 0


def test_a_copy_is_as_long_is_scheduled_and_has_no_link() -> None:
    session = make_session(
        uk("2026-12-01 15:30"),
        title="Own",
        region=make_region(),
        status=FULL,
        registration_url=LINK,
    )
    editor = make_editor()
    copy = copy_session(session=session, starts_at=uk("2027-06-22 15:30"), by=editor)
    copy.refresh_from_db()
    assert copy.pk != session.pk
    assert (copy.track, copy.title, copy.region) == (session.track, "Own", session.region)
    assert (copy.starts_at, copy.ends_at) == (uk("2027-06-22 15:30"), uk("2027-06-22 16:45"))
    assert (copy.status, copy.registration_url) == (SCHEDULED, "")
    assert copy.history.get().history_user == editor


def test_a_copy_over_the_clocks_change_lasts_as_long() -> None:
    session = make_session(uk("2026-12-01 00:30"), lasts=timedelta(hours=2))
    copy = copy_session(session=session, starts_at=uk("2027-03-28 00:30"), by=make_editor())
    assert copy.ends_at - copy.starts_at.astimezone(UTC) == timedelta(hours=2)
    assert copy.time_range == "12:30am to 3:30am"


def test_a_copy_to_its_own_date_is_refused_and_nothing_stored() -> None:
    session = make_session(uk("2026-12-01 15:30"))
    with pytest.raises(ValidationError, match="there already"):
        copy_session(session=session, starts_at=session.starts_at, by=make_editor())
    assert Session.objects.count() == 1


def test_a_copy_of_an_example_is_an_example() -> None:
    session = make_session(uk("2026-12-01 15:30"), is_example=True)
    copy = copy_session(session=session, starts_at=uk("2027-06-22 15:30"), by=make_editor())
    assert copy.is_example


def test_cancelling_leaves_a_line_in_each_changed_sessions_history() -> None:
    editor = make_editor()
    first = make_session(uk("2026-12-01 15:30"), region=make_region())
    second = make_session(uk("2026-12-02 15:30"), status=FULL)
    already = make_session(uk("2026-12-03 15:30"), status=CANCELLED)
    # As the admin's list hands them over, with their relations.
    assert cancel_sessions(sessions=Session.objects.with_relations(), by=editor) == 2
    assert set(Session.objects.values_list("status", flat=True)) == {CANCELLED}
    for session in (first, second):
        newest = session.history.first()
        assert (newest.status, newest.history_user) == (CANCELLED, editor)
    assert already.history.count() == 1


def test_marking_as_full_never_revives_a_cancelled_session() -> None:
    make_session(uk("2026-12-01 15:30"))
    make_session(uk("2026-12-02 15:30"), status=CANCELLED)
    assert mark_sessions_full(sessions=Session.objects.all(), by=make_editor()) == 1
    assert list(Session.objects.values_list("status", flat=True)) == [FULL, CANCELLED]


def test_a_change_of_no_session_is_no_change() -> None:
    assert cancel_sessions(sessions=Session.objects.none(), by=make_editor()) == 0


def test_examples_come_once_and_are_marked_as_examples() -> None:
    load_tracks()
    load_regions()
    assert load_example_sessions(at=AT) == 9
    assert load_example_sessions(at=AT) == 0
    assert Session.objects.filter(is_example=True).count() == 9
    assert all(session.ends_at > AT for session in Session.objects.all())


def test_an_example_that_somebody_changed_stays_as_it_is() -> None:
    load_tracks()
    load_regions()
    load_example_sessions(at=AT)
    Session.objects.update(status=CANCELLED)
    load_example_sessions(at=AT)
    assert set(Session.objects.values_list("status", flat=True)) == {CANCELLED}


@pytest.mark.parametrize("change", ["moves", "deletes"])
def test_what_somebody_moves_or_deletes_does_not_come_back_with_an_update(change: str) -> None:
    load_tracks()
    load_regions()
    load_sessions()
    load_example_sessions(at=AT)
    for session in Session.objects.all():
        if change == "moves":
            session.starts_at += timedelta(hours=1)
            session.ends_at += timedelta(hours=1)
            session.save()
        else:
            session.delete()
    assert (load_sessions(), load_example_sessions(at=AT)) == (0, 0)


def test_a_true_session_is_never_taken_for_an_example() -> None:
    load_tracks()
    load_regions()
    true = make_session(uk("2026-12-01 15:30"), track=Track.objects.get(slug="dsl"))
    load_example_sessions(at=AT)
    true.refresh_from_db()
    assert not true.is_example


@pytest.mark.usefixtures("empty_database")
def test_examples_without_their_regions_are_refused_in_a_sentence() -> None:
    load_tracks()
    with pytest.raises(LookupError, match="no region 'north-east'"):
        load_example_sessions(at=AT)
    assert Session.objects.count() == 0


def test_example_links_are_such_as_editors_may_enter() -> None:
    make_track()
    load_tracks()
    load_regions()
    load_example_sessions(at=AT)
    for session in Session.objects.all():
        session.full_clean()
