"""Every role × every write of the admin: none makes an enquiry readable, or sends its mail away."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from contact.models import Enquiry
from regions.models import Absence, Coordinator, Post
from rpec_site.groups import COORDINATORS, EDITORS, NATIONAL_TEAM
from tests.contact.admin_addresses import admin_addresses
from tests.contact.desk import at_desk, coordinator, enquiry, somebody
from tests.filled_forms import opened

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("reference_data"),
    # Django's own templates for passwords read variables that need not be there.
    pytest.mark.ignore_template_errors,
]

EVIL = "evil@attacker.example"
REGIONS = ("london", "north-west")
# Not writes: what signs somebody out, or in as themselves.
LEFT_OUT = re.compile(r"/admin/(?:login|logout|jsi18n|r/|password_change|\(\?P)")


@pytest.fixture(autouse=True)
def _nobody_reads_the_log() -> Iterator[None]:
    """Log none of the refusals: that takes longer than to refuse them."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def people() -> dict[str, User]:
    """Return an account for each role that must not see every region, and each pair of groups."""
    return {
        "editor": somebody("editor", EDITORS),
        "co-ordinator": coordinator("north-west"),
        "co-ordinator without a post": somebody("new", COORDINATORS),
        "editor and co-ordinator": holder_of("north-east", EDITORS, COORDINATORS),
        "editor and co-ordinator without a post": somebody("idle", EDITORS, COORDINATORS),
        "editor who holds a post": holder_of("south-west", EDITORS),
        "holder of a post, in no group": holder_of("east-midlands"),
    }


def holder_of(region: str, *groups: str) -> User:
    """Return who holds a region's post, and is in these groups alone."""
    user = coordinator(region)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def aims(user: User) -> dict[str, Any]:
    """Return what somebody would send who wants to read every enquiry, or have their mail."""
    own = Coordinator.objects.filter(user=user).first()
    post = Post.objects.filter(holder=own).first() if own else None
    everything = [str(key) for key in Group.objects.values_list("pk", flat=True)]
    holder, cover = (own.pk if own else ""), (post.pk if post else "")
    return {
        "user": user.pk,
        "holder": holder,
        "mailbox": EVIL,
        "covered_by": cover,
        "email": EVIL,
        "name": "Evil",
        "is_superuser": "on",
        "is_staff": "on",
        "is_active": "on",
        "groups": everything,
        "permissions": [str(number) for number in range(1, 200)],
        "position": "0",
        "remit": "all",
        "title": "Evil",
        "region": str(Post.objects.get(region__slug="london").region_id),
        "password1": "a very long password 1",
        "password2": "a very long password 1",
        "absences-TOTAL_FORMS": "1",
        "absences-INITIAL_FORMS": "0",
        "absences-0-post": str(Post.objects.get(region__slug="london").pk),
        "absences-0-first_day": "2020-01-01",
        "absences-0-covered_by": cover,
        "first_day": "2020-01-01",
        "post": "yes",
        "to": "north-west",
        "note": "x",
        "state": "closed",
        "action": "delete_selected",
        "_selected_action": [str(number) for number in range(1, 12)],
        "select_across": "1",
    }


def standing(user: User) -> dict[str, Any]:
    """Return what somebody may read and do, and who gets and reads each region's enquiries."""
    today = timezone.localdate()
    fresh = User.objects.get(pk=user.pk)
    return {
        "reads": sorted(Enquiry.objects.visible_to(fresh, on=today).values_list("pk", flat=True)),
        "may": sorted(fresh.get_all_permissions()),
        "mail": sorted(
            (fact.region, fact.position, fact.remit, fact.mailbox, fact.holder_address)
            for fact in Post.objects.all().facts()
        ),
        "cover": sorted(Post.objects.values_list("pk", "covered_by", "is_vacant")),
        "away": sorted(Absence.objects.values_list("pk", "post", "covered_by")),
        "accounts": sorted(Coordinator.objects.values_list("pk", "email", "user")),
        "sign in": sorted(User.objects.values_list("pk", "email", "password", "is_superuser")),
        "enquiries": sorted(Enquiry.objects.values_list("pk", "state", "region", "assigned_to")),
    }


def rows_to_try(hidden: Enquiry) -> dict[str, int]:
    """Return about which row to send forms, by part of an address: London's where it decides."""
    post = Post.objects.select_related("holder__user").get(region__slug="london")
    assert post.holder is not None
    assert post.holder.user is not None
    return {
        "contact/enquiry/": hidden.pk,
        "regions/post/": post.pk,
        "regions/coordinator/": post.holder.pk,
        "accounts/user/": post.holder.user.pk,
        "regions/region/": post.region_id,
    }


def write_everywhere(user: User, hidden: Enquiry) -> int:
    """Send what somebody would send who wants more to every address; return how many were sent."""
    desk, aimed, rows, sent = at_desk(user), aims(user), rows_to_try(hidden), 0
    for path in admin_addresses():
        if LEFT_OUT.search(path):
            continue
        key = next((row for part, row in rows.items() if part in path), 1)
        target = re.sub(r"<[^>]+>", "1", path.format(pk=key))
        for data in (aimed, *filled(desk, target, aimed)):
            answer = desk.post(target, data)
            assert answer.status_code < 500, target
            sent += 1
    return sent


def filled(desk: Client, target: str, aimed: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the form that stands at the address, if any, with each aim in its place."""
    if not target.endswith(("/change/", "/add/")):
        return []
    try:
        form = opened(desk, target)
    except LookupError:
        return []
    own = {name: value for name, value in aimed.items() if name in form.fields}
    return [form.sent(**own)]


def test_no_role_gives_itself_enquiries_or_their_mail_by_any_write(
    capsys: pytest.CaptureFixture[str],
) -> None:
    coordinator("london")
    sent = {slug: enquiry(place="", area=slug, message=f"MARKER-{slug}") for slug in REGIONS}
    hidden, roles, count = sent["london"], people(), 0
    for role, user in roles.items():
        with transaction.atomic():
            before = standing(user)
            count += write_everywhere(user, hidden)
            after = standing(user)
            changed = [name for name in before if before[name] != after[name]]
            assert changed == [], (role, changed)
            page = at_desk(user).post(f"/admin/contact/enquiry/{hidden.pk}/show/")
            assert "MARKER-london" not in page.content.decode(), role
            transaction.set_rollback(True)
    with capsys.disabled():
        sys.stdout.write(
            f"\nWrites: {len(roles)} roles and pairs of groups, {count} forms sent to "
            f"{len(admin_addresses())} addresses, 0 leaks.\n"
        )


def test_the_same_writes_change_what_the_national_team_may_change() -> None:
    coordinator("london")
    hidden = enquiry(place="", area="london")
    team = somebody("team", NATIONAL_TEAM)
    before = standing(team)
    write_everywhere(team, hidden)
    after = standing(team)
    assert EVIL in str(after["mail"])
    assert {name for name in before if before[name] != after[name]} >= {"mail", "accounts"}
    assert after["may"] == before["may"]
