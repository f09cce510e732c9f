from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.training.factories import LINK, make_region, make_session, make_track, uk
from training.admin.sessions import SessionForm
from training.models import Session, SessionQuerySet, Track
from training.session_facts import CANCELLED, FULL

pytestmark = pytest.mark.django_db

START = uk("2026-12-01 15:30")


def titles(sessions: SessionQuerySet) -> list[str]:
    return [session.title for session in sessions]


def test_a_session_leaves_the_upcoming_ones_the_moment_it_ends() -> None:
    session = make_session(START)
    just_before = session.ends_at - timedelta(microseconds=1)
    assert list(Session.objects.upcoming(at=just_before)) == [session]
    assert list(Session.objects.past(at=just_before)) == []
    assert list(Session.objects.upcoming(at=session.ends_at)) == []
    assert list(Session.objects.past(at=session.ends_at)) == [session]


def test_upcoming_sessions_come_soonest_first_and_past_ones_newest_first() -> None:
    for title, days in (("second", 2), ("first", 1), ("third", 3)):
        make_session(START + timedelta(days=days), title=title)
    assert titles(Session.objects.upcoming(at=START)) == ["first", "second", "third"]
    assert titles(Session.objects.past(at=START + timedelta(days=9))) == [
        "third",
        "second",
        "first",
    ]


def test_a_cancelled_session_is_upcoming_but_does_not_go_ahead() -> None:
    make_session(START, title="on")
    make_session(START, title="full", status=FULL)
    make_session(START, title="off", status=CANCELLED)
    assert titles(Session.objects.upcoming(at=START)) == ["on", "full", "off"]
    assert titles(Session.objects.upcoming(at=START).going_ahead()) == ["on", "full"]
    assert titles(Session.objects.bookable(at=START)) == ["on"]


def test_a_region_has_its_own_sessions_and_those_for_all_regions() -> None:
    make_session(START, title="all")
    make_session(START, title="here", region=make_region())
    make_session(START, title="there", region=make_region("london", "London", 8))
    assert titles(Session.objects.for_region("north-east").order_by("pk")) == ["all", "here"]


def test_examples_are_public_only_on_an_example_site(settings: Any) -> None:
    make_session(START, title="true")
    make_session(START, title="example", is_example=True)
    assert titles(Session.objects.public().order_by("pk")) == ["true"]
    settings.EXAMPLES = True
    assert titles(Session.objects.public().order_by("pk")) == ["true", "example"]


@pytest.mark.parametrize(
    ("fields", "name", "message"),
    [
        (
            {"ends_at": START},
            "session_ends_after_it_starts",
            "The session must end after it starts.",
        ),
        (
            {"ends_at": START + timedelta(days=1, microseconds=1)},
            "session_lasts_at_most_a_day",
            "The session lasts longer than a day: check both dates.",
        ),
    ],
)
def test_impossible_times_are_refused_by_the_form_and_by_the_database(
    fields: dict[str, Any], name: str, message: str
) -> None:
    session = Session(track=make_track(), starts_at=START, **fields)
    with pytest.raises(ValidationError) as refused:
        session.full_clean()
    assert refused.value.messages == [message]
    with pytest.raises(IntegrityError), transaction.atomic():
        session.save()
    assert name in {constraint.name for constraint in Session._meta.constraints}


def test_a_session_may_last_a_whole_day() -> None:
    session = Session(track=make_track(), starts_at=START, ends_at=START + timedelta(days=1))
    session.full_clean()
    session.save()


def test_the_database_refuses_an_address_without_https_and_an_unknown_status() -> None:
    bad: list[dict[str, Any]] = [
        {"registration_url": "http://www.eventbrite.co.uk/e/1"},
        {"status": "moved"},
    ]
    for fields in bad:
        with pytest.raises(IntegrityError), transaction.atomic():
            make_session(START, **fields)


def test_a_link_to_anywhere_but_an_allowed_host_is_refused_at_its_field(settings: Any) -> None:
    session = Session(
        track=make_track(),
        starts_at=START,
        ends_at=START + timedelta(hours=1),
        registration_url="https://eventbrite.co.uk.evil.com/e/1",
    )
    with pytest.raises(ValidationError) as refused:
        session.full_clean()
    assert list(refused.value.message_dict) == ["registration_url"]
    settings.REGISTRATION_HOSTS = ["evil.com"]
    session.full_clean()


@pytest.mark.parametrize("regional", [False, True])
def test_the_same_session_is_there_once(regional: bool) -> None:
    region = make_region() if regional else None
    first = make_session(START, region=region)
    again = Session(
        track=first.track, starts_at=START, ends_at=START + timedelta(hours=2), region=region
    )
    with pytest.raises(ValidationError, match="there already"):
        again.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


def test_one_start_may_have_sessions_of_several_tracks_titles_and_regions() -> None:
    make_session(START)
    make_session(START, title="Own")
    make_session(START, region=make_region())
    make_session(START, region=make_region("london", "London", 8))
    make_session(START, track=make_track("governors"))
    assert Session.objects.count() == 5


@pytest.mark.parametrize("slug", ["sessions", "past", "all"])
def test_a_track_may_not_take_the_address_of_another_page(slug: str) -> None:
    track = Track(slug=slug, name="n", audience="a", summary="s", position=9)
    with pytest.raises(ValidationError, match="addresses of other pages"):
        track.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        track.save()


def form_data(**fields: str) -> dict[str, str]:
    return {
        "track": str(make_track().pk),
        "title": "",
        "registration_url": "",
        "status": "scheduled",
        "region": "",
        **fields,
    }


@pytest.mark.parametrize("starts_at", ["2027-03-28 01:30", "2026-10-25 01:30"])
def test_a_time_in_the_hour_that_clocks_skip_or_repeat_is_refused(starts_at: str) -> None:
    form = SessionForm(form_data(starts_at=starts_at, ends_at=f"{starts_at[:10]} 03:00"))
    assert list(form.errors) == ["starts_at"]
    assert "may be ambiguous or it may not exist" in form.errors["starts_at"][0]


def test_times_typed_in_summer_and_winter_are_the_uks() -> None:
    for day, hour in (("2027-03-26", 15), ("2027-03-28", 14), ("2027-10-31", 15)):
        form = SessionForm(form_data(starts_at=f"{day} 15:30", ends_at=f"{day} 16:45"))
        assert form.is_valid()
        assert form.save().starts_at.astimezone(UTC).hour == hour


def test_facts_are_what_readers_are_told() -> None:
    session = make_session(START, title="Own", region=make_region(), registration_url=LINK)
    facts = Session.objects.with_relations().get().facts()
    assert (facts.id, facts.url) == (session.pk, f"/training/sessions/{session.pk}/")
    assert (facts.track, facts.title, facts.region_slug) == ("dsl", "Own", "north-east")


def test_facts_of_many_sessions_take_one_query(django_assert_num_queries: Any) -> None:
    for days in range(30):
        make_session(START + timedelta(days=days), region=make_region())
    with django_assert_num_queries(1):
        assert len([session.facts() for session in Session.objects.with_relations()]) == 30
