"""A list of the staff's asks the database as often for 30 rows as for one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from contact.models import AnswerTime, Enquiry, ErasedTotal, PersonalDataRequest
from guidance.models import Edition, Link, Page, Proposal
from outbox.models import Message
from regions.models import (
    Absence,
    Area,
    Coordinator,
    LocalContact,
    NationalDownload,
    NationalFile,
    Place,
    PlaceTarget,
    Post,
    Region,
    Unfound,
)
from tests.guidance.factories import make_edition, make_link, make_page
from tests.training.factories import LINK, make_session
from training.models import RegistrationCheck, Session, Track

pytestmark = pytest.mark.django_db

MANY = 30


def add_user(number: int) -> User:
    return User.objects.create_user(f"user-{number}@rpec.example", name=f"User {number}")


def add_region(number: int) -> Region:
    return Region.objects.create(slug=f"region-{number}", name=f"Region {number}", position=number)


def add_area(number: int) -> Area:
    return Area.objects.create(
        region=add_region(number), slug=f"area-{number}", name=f"Area {number}", position=1
    )


def add_coordinator(number: int) -> Coordinator:
    return Coordinator.objects.create(
        name=f"Person {number}", email=f"person-{number}@rpec.example", user=add_user(number)
    )


def add_post(number: int) -> Post:
    post = Post.objects.create(region=add_region(number), holder=add_coordinator(number))
    today = timezone.localdate()
    Absence.objects.create(post=post, first_day=today, last_day=today + timedelta(days=number))
    return post


def add_place(number: int) -> Place:
    place = Place(name=f"Place {number}")
    place.full_clean()
    place.save()
    PlaceTarget.objects.create(place=place, area=add_area(number), position=1)
    return place


def add_local_contact(number: int) -> LocalContact:
    return LocalContact.objects.create(
        kind="prevent",
        council=add_place(number) if number % 2 else None,
        area=None if number % 2 else add_area(number),
        label=f"Team {number}",
        telephone="01942 000000",
        owner="Somebody",
    )


def add_track(number: int) -> Track:
    return Track.objects.create(
        slug=f"track-{number}", name=f"Track {number}", audience="People", position=number
    )


def add_session(number: int) -> Session:
    url = f"{LINK}{number}"
    RegistrationCheck.objects.create(url=url, fault="It is gone.", checked_at=timezone.now())
    return make_session(
        timezone.now() + timedelta(days=number),
        track=add_track(number),
        region=add_region(number),
        registration_url=url,
    )


def add_page(number: int) -> Page:
    return make_edition(1, page=make_page(f"page-{number}")).page


def add_proposal(number: int) -> Proposal:
    by, now = add_user(number), timezone.now()
    about: dict[str, Any] = {"kind": "address", "link": make_link(f"link-{number}")}
    if number % 2:
        about = {"kind": "withdraw", "page": add_page(number), "text": "Merged."}
    return Proposal.objects.create(proposed_by=by, proposed_at=now, **about)


def add_enquiry(number: int) -> Enquiry:
    post = add_post(number)
    return Enquiry.objects.create(
        reference=f"AAAA-BBBB-{number:04}",
        submission=str(number),
        setting=Enquiry.Setting.SCHOOL,
        topic=Enquiry.Topic.TRAINING,
        region=post.region,
        post=post,
        assigned_to=add_user(100 + number),
        due_on=date(2026, 1, number),
        has_notice_bounced=True,
        needs_telephone=True,
    )


def add_answer_time(number: int) -> AnswerTime | None:
    topics = [*Enquiry.Topic][number - 1 : number]
    return AnswerTime.objects.create(topic=topics[0], working_days=3) if topics else None


def add_total(number: int) -> ErasedTotal:
    return ErasedTotal.objects.create(
        month=date(2026, 1, 1), region=add_region(number), topic="training", count=1
    )


def add_request(number: int) -> PersonalDataRequest:
    return PersonalDataRequest.objects.create(kind="found", by=add_user(number), count=1)


def add_message(number: int) -> Message:
    return Message.objects.create(kind="notice", subject_id=number, message_id=str(number))


def add_file(number: int) -> NationalFile | None:
    kinds = [*NationalFile.Kind][number - 1 : number]
    values = {"source": "imported", "name": "a.csv", "rows": 1, "stored_at": timezone.now()}
    return NationalFile.objects.create(kind=kinds[0], **values) if kinds else None


def add_download(number: int) -> NationalDownload | None:
    kinds = [*NationalFile.Kind][number - 1 : number]
    now = timezone.now()
    return NationalDownload.objects.create(kind=kinds[0], begun_at=now) if kinds else None


ADD: dict[type[Model], Callable[[int], object]] = {
    AnswerTime: add_answer_time,
    Coordinator: add_coordinator,
    Edition: add_page,
    Enquiry: add_enquiry,
    ErasedTotal: add_total,
    Group: lambda number: Group.objects.create(name=f"Group {number}"),
    Link: lambda number: make_link(f"link-{number}"),
    LocalContact: add_local_contact,
    Message: add_message,
    NationalDownload: add_download,
    NationalFile: add_file,
    Page: add_page,
    PersonalDataRequest: add_request,
    Place: add_place,
    Post: add_post,
    Proposal: add_proposal,
    Region: add_post,
    Session: add_session,
    Track: add_track,
    Unfound: lambda number: Unfound.objects.create(
        key=f"name {number}", day=date(2026, 1, number), times=number
    ),
    User: add_user,
}
# As many as there are topics, or kinds of file.
FEWER = {
    AnswerTime: len(Enquiry.Topic),
    NationalDownload: len(NationalFile.Kind),
    NationalFile: len(NationalFile.Kind),
}


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root@rpec.example", "a long password"))
    return client


def asked(desk: Client, address: str) -> tuple[int, int]:
    """Return how many queries the list costs, and how many rows it shows."""
    with CaptureQueriesContext(connection) as queries:
        response = desk.get(address)
    assert response.status_code == 200
    return len(queries), len(response.context["cl"].result_list)


def test_every_list_of_the_staff_is_bounded():
    assert set(admin.site._registry) == ADD.keys()


@pytest.mark.parametrize("model", ADD, ids=lambda model: model._meta.label)
def test_thirty_rows_cost_no_query_more_than_one(desk, model: Any):
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    if model is Place:
        # There are so many that the list has pages: as few here as of anything else.
        Place.objects.all().delete()
    ADD[model](1)
    desk.get(address)
    queries, rows = asked(desk, address)
    for number in range(2, MANY + 1):
        ADD[model](number)
    more = FEWER.get(model, MANY) - 1
    assert asked(desk, address) == (queries, rows + more)
