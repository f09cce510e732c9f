"""Every role, every enquiry, every admin address: who reaches what, by any route.

What an address answers depends on who asks (by their permissions) and on whether the enquiry is
visible to them, and on nothing else. So each role asks each address, by each method, for one of the
enquiries that are hidden from it, in turn; each enquiry is asked for at each address, by each
method; and which enquiry is visible to which role is looked at for all of them.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from accounts.models import User
from contact.models import Enquiry, Event
from regions.models import Post, Region
from rpec_site.groups import COORDINATORS, EDITORS
from tests.contact.admin_addresses import ADMIN, enquiry_addresses
from tests.contact.desk import at_desk, coordinator, enquiry, national_team, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

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
OWN_LISTS = [f"{ADMIN}contact/enquiry/{query}" for query in QUERIES if "{" in query]


@pytest.fixture(autouse=True)
def _nobody_reads_the_log() -> Iterator[None]:
    """Log none of the thousands of refusals: that takes longer than to refuse them."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


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


METHODS = ("get", "head", "post")
FORM = {"to": "london", "note": "x", "post": "yes", "state": "closed"}
Asked = tuple[str, str, str]


def asked_of(place: int, hidden: list[str], all_of_it: list[Asked]) -> list[Asked]:
    """Return what one role asks: each address by each method, for the enquiries in turn."""
    slugs = list(dict.fromkeys(slug for slug, _, _ in all_of_it))
    routes = list(dict.fromkeys((path, method) for _, path, method in all_of_it))
    found = []
    for number, (path, method) in enumerate(routes):
        turn = (place + number) % len(slugs)
        slug = next(each for each in [*slugs[turn:], *slugs[:turn]] if each in hidden)
        found.append((slug, path, method))
    return found


def refuses(desk: Client, user: User | None, asked: Asked, subject: Enquiry) -> None:
    """Ask for an enquiry that is hidden: nothing of it is told, and no way leads to it."""
    slug, path, method = asked
    target = path.format(pk=subject.pk)
    send = getattr(desk, method)
    response = send(target, FORM) if method == "post" else send(target)
    assert response.status_code in {302, 403, 404, 405}, (user, target)
    if user and user.is_active and response.status_code == 302:
        assert "login" in response["Location"] or target.endswith(f"/{subject.pk}/"), target
    assert not shows(response.content.decode(), slug, subject), (user, target)


def test_nobody_reaches_another_regions_enquiry_by_any_route(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sent, people = enquiries(), everyone()
    paths = enquiry_addresses()
    assert len(paths) >= 16
    whole = [(slug, path, method) for slug in sent for path in paths for method in METHODS]
    before = {slug: state_of(subject) for slug, subject in sent.items()}
    today, answers, left = timezone.localdate(), 0, set(whole)
    for place, (role, (user, may_see)) in enumerate(people.items()):
        rows = Enquiry.objects.visible_to(user or AnonymousUser(), on=today)
        visible = {row.region.slug if row.region else "several" for row in rows}
        is_let_in = user is not None and user.has_perm("contact.view_enquiry")
        assert visible == may_see or not is_let_in, role
        others = {slug: sent[slug] for slug in sent if slug not in may_see}
        desk = at_desk(user) if user else Client()
        mine = asked_of(place, [*others], whole) if others else []
        if role == "co-ordinator without a post":
            mine = [*dict.fromkeys(mine + sorted(left))]
        for asked in mine:
            refuses(desk, user, asked, others[asked[0]])
        left -= set(mine)
        for address in [*COMMON, *(query for query in OWN_LISTS if is_let_in)]:
            for target in {
                address.format(region=slug, reference=sent[slug].reference) for slug in sent
            }:
                page = desk.get(target).content.decode()
                shown = [slug for slug, subject in others.items() if shows(page, slug, subject)]
                assert shown == [], (role, target)
                answers += 1
        keys = [subject.pk for subject in others.values()]
        data = {"action": "delete_selected", "_selected_action": keys, "select_across": "1"}
        page = desk.post(f"{ADMIN}contact/enquiry/", data).content.decode()
        assert not any(shows(page, slug, subject) for slug, subject in others.items()), role
        page = desk.get(AUTOCOMPLETE).content.decode()
        assert [slug for slug, subject in others.items() if subject.reference in page] == [], role
        answers += len(mine) + 2
    assert left == set()
    assert {slug: state_of(subject) for slug, subject in sent.items()} == before
    assert not Event.objects.exists()
    with capsys.disabled():
        sys.stdout.write(
            f"\nAccess matrix: {len(people)} roles, {len(sent)} enquiries, {len(paths)} addresses "
            f"by {len(METHODS)} methods and {len(QUERIES)} lists: {answers} answers, 0 leaks.\n"
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
