"""Who sees which enquiries: only those whose region it is, by any route."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps as django_apps
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from accounts.models import User
from contact.actions.handling import hand_over
from contact.mail import notice
from contact.models import Enquiry
from regions.models import Absence, Post, Region
from rpec_site.groups import COORDINATORS, EDITORS
from tests.contact.desk import address, at_desk, coordinator, enquiry, national_team, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


def test_a_co_ordinator_reads_an_enquiry_of_their_region() -> None:
    desk = at_desk(coordinator("north-west"))
    subject = enquiry(place="Wigan")
    assert "MARKER" not in desk.get(address(subject)).content.decode(), "not before it is asked for"
    page = desk.post(address(subject, "show")).content.decode()
    assert subject.events.get().kind == "shown"
    for typed in ("MARKER-message", "MARKER-name", "marker@school.example"):
        assert typed in page


@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_another_regions_enquiry_cannot_be_reached_by_its_address(page: str) -> None:
    desk = at_desk(coordinator("north-west"))
    response = desk.get(address(enquiry(place="Leeds"), page))
    assert response.status_code == 404


def test_no_admin_shortcut_leads_from_an_enquirys_number_to_its_reference() -> None:
    desk = at_desk(somebody("editor", EDITORS))
    subject = enquiry(place="Leeds")
    kind = ContentType.objects.get_for_model(Enquiry)
    assert desk.get(f"/admin/r/{kind.pk}/{subject.pk}/").status_code == 404


@pytest.mark.parametrize("query", ["", "?q={reference}", "?state__exact=new", "?region__slug=x"])
def test_another_regions_enquiry_is_in_no_list_search_or_count(query: str) -> None:
    desk = at_desk(coordinator("north-west"))
    own, other = enquiry(place="Wigan"), enquiry(place="Leeds")
    response = desk.get(
        "/admin/contact/enquiry/" + query.format(reference=other.reference), follow=True
    )
    page = response.content.decode()
    assert address(other) not in page
    if query == "?region__slug=x":
        assert response.status_code == 400
    elif query:
        assert "0 enquiries" in page or address(own) in page
    else:
        assert address(own) in page
        assert "1 enquiry" in page


def test_several_regions_are_the_national_teams_alone() -> None:
    subject = enquiry(area="several")
    day = timezone.localdate()
    assert not Enquiry.objects.visible_to(coordinator("north-west"), on=day).exists()
    team = national_team()
    assert list(Enquiry.objects.visible_to(team, on=day)) == [subject]
    assert at_desk(team).get(address(subject)).status_code == 200


def test_editors_see_no_enquiry() -> None:
    desk = at_desk(somebody("editor", EDITORS))
    assert desk.get("/admin/contact/enquiry/").status_code == 403
    assert desk.get(address(enquiry(place="Wigan"))).status_code == 404
    assert "nquir" not in desk.get("/admin/").content.decode()


def test_a_co_ordinator_without_a_post_sees_none() -> None:
    enquiry(place="Wigan")
    day = timezone.localdate()
    assert not Enquiry.objects.visible_to(somebody("new", COORDINATORS), on=day).exists()


def test_who_left_sees_none() -> None:
    user = coordinator("north-west")
    enquiry(place="Wigan")
    user.is_active = False
    assert not Enquiry.objects.visible_to(user, on=timezone.localdate()).exists()


def test_who_covers_a_vacant_post_reads_its_enquiries() -> None:
    user = coordinator("north-west")
    Post.objects.filter(region__slug="north-east").update(
        covered_by=Post.objects.get(region__slug="north-west")
    )
    subject = enquiry(place="Leeds")
    assert subject in Enquiry.objects.visible_to(user, on=timezone.localdate())


def test_who_covers_an_absence_reads_its_enquiries_on_those_days_only() -> None:
    user = coordinator("north-west")
    coordinator("north-east")
    day = timezone.localdate()
    Absence.objects.create(
        post=Post.objects.get(region__slug="north-east"),
        first_day=day,
        last_day=day + timedelta(days=1),
        covered_by=Post.objects.get(region__slug="north-west"),
    )
    subject = enquiry(place="Leeds")
    seen = [
        subject in Enquiry.objects.visible_to(user, on=day + timedelta(days=offset))
        for offset in (-1, 0, 1, 2)
    ]
    assert seen == [False, True, True, False]


def test_nobody_changes_or_deletes_an_enquiry_by_hand() -> None:
    subject = enquiry(place="Wigan")
    root = User.objects.create_superuser("root@example.org", "a long password")
    desk = at_desk(root)
    assert desk.post(address(subject), {"state": "closed"}).status_code == 403
    assert desk.post(address(subject, "delete"), {"post": "yes"}).status_code == 403
    assert desk.get("/admin/contact/enquiry/add/").status_code == 403
    subject.refresh_from_db()
    assert subject.state == "new"


def test_the_front_page_counts_only_what_its_reader_may_see() -> None:
    user = coordinator("north-west")
    enquiry(place="Wigan")
    enquiry(place="Leeds")
    page = " ".join(at_desk(user).get("/admin/").content.decode().split())
    assert "<strong>1</strong> open enquiry" in page
    assert "vacant posts" not in page


def test_no_list_that_an_editor_sees_can_be_asked_about_enquiries() -> None:
    desk = at_desk(somebody("editor", EDITORS))
    subject = enquiry(place="Leeds")
    for listed in ("regions/region", "regions/post", "regions/place"):
        model = django_apps.get_model(listed.replace("/", "."))
        pointing = [
            relation.name
            for relation in model._meta.get_fields()
            if relation.auto_created and relation.related_model and not relation.concrete
        ]
        for name in pointing:
            answer = desk.get(f"/admin/{listed}/?{name}={subject.pk}")
            assert answer.status_code == 400, f"{listed}?{name}"
            answer = desk.get(f"/admin/{listed}/?{name}__isnull=0")
            assert answer.status_code == 400, f"{listed}?{name}__isnull"


def test_a_pattern_that_a_database_may_refuse_is_no_way_to_search() -> None:
    desk = at_desk(coordinator("north-west"))
    listed = "/admin/contact/enquiry/"
    assert desk.get(f"{listed}?reference__regex=(").status_code == 400
    assert desk.get(f"{listed}?received_at__year=0").status_code in {200, 302}


def test_what_was_handed_over_says_by_whom_and_no_longer_why_it_went_elsewhere() -> None:
    subject = enquiry(place="Wigan")
    by = coordinator("north-west")
    hand_over(
        enquiry=subject, to=Region.objects.get(slug="london"), by=by, note="Their head office."
    )
    subject.refresh_from_db()
    page = at_desk(coordinator("london")).get(address(subject)).content.decode()
    assert "London, because North-West handed it over" in page
    envelope = notice(subject.pk, timezone.now())
    assert envelope is not None
    assert "Why it came to you: North-West handed it over" in envelope.text


def test_the_way_back_to_what_was_shown_leads_to_the_enquiry_and_shows_nothing() -> None:
    desk = at_desk(coordinator("north-west"))
    subject = enquiry(place="Wigan")
    answer = desk.get(address(subject, "show"))
    assert (answer.status_code, answer["Location"]) == (302, address(subject))
    assert not subject.events.exists()
