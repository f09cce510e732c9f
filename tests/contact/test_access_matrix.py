"""Every role × every enquiry × every admin address: who reaches what, by any route."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.models import User
from contact.models import Enquiry, Event
from regions.models import Post, Region
from rpec_site.groups import COORDINATORS, EDITORS
from tests.contact.desk import at_desk, coordinator, enquiry, national_team, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

ADMIN = "/admin/"
AUTOCOMPLETE = "/admin/autocomplete/?app_label=contact&model_name=event&field_name=enquiry&term="
QUERIES = (
    "",
    "?show=all",
    "?show=complex",
    "?show=held",
    "?show=overdue",
    "?show=telephone",
    "?show=answered",
    "?show=closed",
    "?show=all&region={region}",
    "?show=all&topic__exact=training",
    "?show=all&state__exact=new",
    "?show=all&setting__exact=school",
    "?q={reference}",
    "?show=all&o=4.-2",
    "?_facets=True&show=all",
    "?show=all&p=1&all=",
)
# Pages that are asked once for each role: what they show cannot depend on an enquiry asked for.
COMMON = [
    *(f"/admin/contact/enquiry/{query}" for query in QUERIES if "{" not in query),
    ADMIN,
    f"{ADMIN}outbox/message/",
    f"{ADMIN}auth/group/",
]
OWN = [query for query in QUERIES if "{" in query]


@pytest.fixture(autouse=True)
def _nobody_reads_the_log() -> Iterator[None]:
    """Log none of the thousands of refusals: that takes longer than to refuse them."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def enquiry_addresses() -> list[str]:
    """Return each address of the admin that is about one enquiry, with `{pk}` in it."""
    found = sorted(_addresses(admin.site.get_urls(), ADMIN))
    return [path for path in found if path.startswith("/admin/contact/enquiry/") and "{pk}" in path]


def _addresses(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, route)
        else:
            yield route.replace("<int:pk>", "{pk}").replace("<path:object_id>", "{pk}")


def everyone() -> dict[str, tuple[User | None, set[str]]]:
    """Return each role's account and the slugs of the regions that it may see."""
    regions = list(Region.objects.values_list("slug", flat=True))
    people: dict[str, tuple[User | None, set[str]]] = {
        "nobody": (None, set()),
        "editor": (somebody("editor", EDITORS), set()),
        "co-ordinator without a post": (somebody("new", COORDINATORS), set()),
        "national team": (national_team(), {*regions, "several"}),
        "editor with a post but no permission": (_holder_of_london(), set()),
    }
    for region in regions:
        if region not in {"london", "south-east"}:
            people[f"co-ordinator of {region}"] = (coordinator(region), {region})
    # South East is vacant: who holds South West covers it.
    cover = Post.objects.get(region__slug="south-west")
    Post.objects.filter(region__slug="south-east").update(covered_by=cover)
    account, seen = people["co-ordinator of south-west"]
    people["co-ordinator of south-west"] = (account, {*seen, "south-east"})
    gone = somebody("gone", COORDINATORS, is_active=False)
    people["who left"] = (gone, set())
    return people


def _holder_of_london() -> User:
    user = coordinator("london")
    user.groups.clear()
    return user


def enquiries() -> dict[str, Enquiry]:
    """Send one enquiry to each region and one to several, each with words of its own."""
    slugs = [*Region.objects.values_list("slug", flat=True), "several"]
    found = {}
    for slug in slugs:
        found[slug] = enquiry(
            place="",
            area=slug,
            email=f"marker-{slug}@school.example",
            message=f"MARKER-{slug}",
            full_name=f"MARKER-{slug}",
        )
    return found


def state_of(subject: Enquiry) -> tuple[object, ...]:
    fresh = Enquiry.objects.get(pk=subject.pk)
    return (fresh.state, fresh.region_id, fresh.assigned_to_id, fresh.is_kept, fresh.is_referral)


def shows(page: str, slug: str, subject: Enquiry) -> bool:
    """Say whether a page tells anything of an enquiry: its words, its sender, its address."""
    marks = (
        f"MARKER-{slug}<",
        f"MARKER-{slug}\n",
        f"marker-{slug}@",
        f'href="/admin/contact/enquiry/{subject.pk}/',
    )
    return any(mark in page for mark in marks)


def test_nobody_reaches_another_regions_enquiry_by_any_route(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sent, people = enquiries(), everyone()
    paths = enquiry_addresses()
    assert len(paths) >= 16
    checks = 0
    for role, (user, may_see) in people.items():
        desk = at_desk(user) if user else Client()
        for slug, subject in sent.items():
            if slug in may_see:
                continue
            before = state_of(subject)
            form = {"to": "london", "note": "x", "post": "yes", "state": "closed"}
            for path in paths:
                target = path.format(pk=subject.pk)
                for response in (desk.get(target), desk.head(target), desk.post(target, form)):
                    page = response.content.decode()
                    assert response.status_code in {302, 403, 404, 405}, (role, target)
                    assert not (user and user.is_active and response.status_code == 302) or (
                        "login" in response["Location"] or target.endswith(f"/{subject.pk}/")
                    ), (role, target)
                    assert not shows(page, slug, subject), (role, target)
                    checks += 1
            for query in OWN:
                asked = query.format(region=slug, reference=subject.reference)
                response = desk.get(f"/admin/contact/enquiry/{asked}")
                assert not shows(response.content.decode(), slug, subject), (role, asked)
                checks += 1
            response = desk.post(
                "/admin/contact/enquiry/",
                {"action": "delete_selected", "_selected_action": subject.pk, "select_across": "1"},
            )
            assert not shows(response.content.decode(), slug, subject)
            assert state_of(subject) == before, role
        others = {slug: subject for slug, subject in sent.items() if slug not in may_see}
        for address in COMMON:
            page = desk.get(address).content.decode()
            shown = [slug for slug, subject in others.items() if shows(page, slug, subject)]
            assert shown == [], (role, address)
            checks += len(others)
        page = desk.get(AUTOCOMPLETE).content.decode()
        assert [slug for slug, subject in others.items() if subject.reference in page] == [], role
    assert not Event.objects.exists()
    with capsys.disabled():
        sys.stdout.write(
            f"\nAccess matrix: {len(people)} roles × {len(sent)} enquiries × "
            f"{len(paths)} addresses and {len(QUERIES)} lists: {checks} answers, 0 leaks.\n"
        )


def test_each_role_counts_and_lists_just_its_own() -> None:
    sent, people = enquiries(), everyone()
    for role, (user, may_see) in people.items():
        if user is None:
            continue
        desk = at_desk(user)
        response = desk.get("/admin/contact/enquiry/?show=all")
        if response.status_code != 200:
            assert not may_see, role
            continue
        page = response.content.decode()
        assert {slug for slug in sent if shows(page, slug, sent[slug])} == may_see, role
        # The paginator, and the line of each region in the figures.
        count = len(may_see)
        assert f"{count} enquir{'y' if count == 1 else 'ies'}" in page, role
        rows = Enquiry.objects.visible_to(user, on=timezone.localdate())
        assert {row.region.slug if row.region else "several" for row in rows} == may_see, role


def test_who_may_see_an_enquiry_reaches_it() -> None:
    sent, people = enquiries(), everyone()
    for role, (user, may_see) in people.items():
        for slug in may_see:
            assert user is not None
            page = at_desk(user).post(f"/admin/contact/enquiry/{sent[slug].pk}/show/")
            assert f"MARKER-{slug}" in page.content.decode(), role


def test_the_matrix_knows_every_step() -> None:
    names = {path.rstrip("/").rpartition("/")[2] for path in enquiry_addresses()}
    assert {"show", "take", "assign", "answered", "close", "reopen", "hold", "release"} <= names
    assert {"hand-over", "refer", "note", "keep", "free", "change", "history", "delete"} <= names
    assert get_resolver().resolve("/admin/contact/enquiry/person/").url_name
