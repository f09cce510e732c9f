"""The home page: the next dates, and what changed last."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from govuk.dates import weekday_date_words
from guidance.log import edition_before
from guidance.models import Edition
from regions.models import Region
from tests.govuk.html import attribute, document, elements, text
from tests.training.factories import make_session, make_track
from training.session_facts import CANCELLED, FULL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def next_dates(client: Client) -> dict[str, str]:
    """Return what the page says of each track that it lists, by the track's address."""
    page = document(client.get("/").content.decode())
    return {
        str(attribute(elements(track, "a")[0], "href")): text(track)
        for track in elements(page, "li", class_="rpec-next__track")
    }


def test_each_track_shows_its_next_session_for_everyone_that_goes_ahead(client, now):
    governors = make_track("governors", position=2)
    london = Region.objects.get(slug="london")
    make_session(now - timedelta(days=1))
    make_session(now + timedelta(days=1), status=CANCELLED)
    make_session(now + timedelta(days=2), region=london)
    make_session(now + timedelta(days=3), is_example=True)
    later = make_session(now + timedelta(days=9))
    soonest = make_session(now + timedelta(days=5))
    full = make_session(now + timedelta(days=7), track=governors, status=FULL)
    shown = next_dates(client)
    assert list(shown) == ["/training/dsl/", "/training/governors/"]
    assert weekday_date_words(soonest.starts_at) in shown["/training/dsl/"]
    assert weekday_date_words(later.starts_at) not in shown["/training/dsl/"]
    assert weekday_date_words(full.starts_at) in shown["/training/governors/"]
    assert "Full" in shown["/training/governors/"]


def test_a_track_of_single_regions_alone_is_not_listed_and_one_without_dates_says_so(client, now):
    make_session(now - timedelta(days=30))
    local = make_track("local", position=1)
    make_session(now + timedelta(days=2), track=local, region=Region.objects.get(slug="london"))
    shown = next_dates(client)
    assert list(shown) == ["/training/dsl/"]
    assert "No date is planned at the moment." in shown["/training/dsl/"]


def test_the_last_change_leads_to_what_it_changed_or_to_itself_where_that_is_not_held(client):
    call_command("load_published", verbosity=0)
    guide = "/guidance/regional-prevent-education-coordinators/history"
    page = document(client.get("/").content.decode())
    [link] = [link for link in elements(page, "a") if text(link).startswith("See what changed")]
    assert attribute(link, "href") == f"{guide}/2..3/"
    edition = Edition.objects.live().get()
    assert edition_before(edition) == Edition.objects.get(page=edition.page, number=2)
    assert edition_before(Edition.objects.get(page=edition.page, number=2)) is None, "not held"
