"""The worker's look at what changed by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from guidance.models import Edition
from rpec_site.management.commands.work import LOOK_SECONDS, Reconciler
from training.models import Session, Track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


@pytest.fixture(autouse=True)
def _published(reference_data: None) -> None:
    call_command("load_published", verbosity=0)


def enter_a_date(days: int) -> None:
    start = timezone.now() + timedelta(days=days)
    track = Track.objects.get(slug="dsl")
    Session.objects.create(track=track, starts_at=start, ends_at=start + timedelta(hours=1))


def causes() -> list[str]:
    editions = Edition.objects.filter(number__gt=3).order_by("number")
    return list(editions.values_list("cause", flat=True))


def test_a_burst_that_lasts_over_several_looks_is_one_edition_once_it_stands_still():
    history = Reconciler(every=0)
    history.look()
    for days in range(1, 13):
        enter_a_date(days)
        history.look()
    assert causes() == []
    history.look()
    assert causes() == ["Training: 12 sessions added."]
    history.look()
    assert len(causes()) == 1


def test_what_was_put_back_in_between_is_no_edition():
    history = Reconciler(every=0)
    enter_a_date(1)
    history.look()
    Session.objects.filter(starts_at__gt=timezone.now()).delete()
    history.look()
    assert causes() == []


def test_two_looks_fit_into_the_minute_within_which_a_change_is_recorded():
    assert 2 * LOOK_SECONDS < 60


def test_it_does_not_look_again_before_it_is_time():
    history = Reconciler(every=3600)
    history.look()
    enter_a_date(1)
    for _ in range(3):
        history.look()
    assert causes() == []


def test_an_edition_that_cannot_be_published_stops_nothing_else(caplog):
    page = Edition.objects.live().get().page
    edition = Edition.objects.create(
        page=page,
        title="Without its note",
        state=Edition.State.SCHEDULED,
        scheduled_for=timezone.now(),
        scheduled_by=User.objects.create_user("editor@rpec.example"),
    )
    Reconciler(every=0).look()
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == [
        f"Edition {edition.pk} could not be published"
    ]
    assert Edition.objects.live().get().number == 3
