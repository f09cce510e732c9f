"""Every admin page opens, for everybody who may see it."""

from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse

from guidance.models import Edition
from regions.models import Region
from rpec_site.groups import COORDINATORS
from tests.html_rules import faults_of
from tests.people import (
    at_desk,
    make_administrator,
    make_editor,
    make_national_team,
    make_user,
)
from tests.processes import TYPED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("filled")]


@pytest.fixture(scope="module")
def filled(published, module_db) -> None:
    with module_db(), override_settings(EXAMPLES=True):
        call_command("load_examples", verbosity=0)
        for topic in ("training", "complex-case"):
            assert Client().post("/contact/", {**TYPED, "topic": topic}).status_code == 302


def make_idle_coordinator():
    """Return a co-ordinator who holds no post."""
    return make_user("coordinator", COORDINATORS)


# Django's own templates for passwords read variables that need not be there.
@pytest.mark.ignore_template_errors
@pytest.mark.parametrize(
    "make", [make_administrator, make_editor, make_idle_coordinator, make_national_team]
)
def test_every_page_that_the_front_page_and_the_lists_lead_to_opens(make):
    client = at_desk(make())
    waiting, seen = ["/admin/"], set()
    while waiting:
        address = waiting.pop()
        seen.add(address)
        response = client.get(address)
        if address.startswith("/admin/r/"):
            # "View on site" leads to the public page.
            assert response.status_code == 302, address
            continue
        assert response.status_code == 200, address
        page = response.content.decode()
        assert faults_of(page) == [], address
        found = {link.partition("#")[0] for link in re.findall(r'href="(/admin/[^"?]*)"', page)}
        kinds = {re.sub(r"\d+", "N", link) for link in seen | set(waiting)}
        for link in sorted(found - {"/admin/logout/"}):
            # One page of a kind is enough: 700 places open alike.
            if re.sub(r"\d+", "N", link) not in kinds:
                kinds.add(re.sub(r"\d+", "N", link))
                waiting.append(link)
    assert len(seen) > 3


def test_every_list_can_be_searched_and_sorted(administrator):
    client = at_desk(administrator)
    for model, model_admin in admin.site._registry.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        columns = len(model_admin.list_display)
        for query in ("?q=x", *(f"?o={number}" for number in range(1, columns + 1))):
            response = client.get(address + query, follow=True)
            assert response.status_code == 200, address + query


def test_staff_pages_are_kept_by_nobody_and_obey_the_same_policy(administrator):
    response = at_desk(administrator).get("/admin/")
    assert "no-store" in response["Cache-Control"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert not re.search(r"<style|\sstyle=|\son\w+=", response.content.decode())


def test_nobody_deletes_a_region_or_a_published_edition(administrator):
    client = at_desk(administrator)
    for address in ("/admin/regions/region/1/delete/", "/admin/guidance/edition/1/delete/"):
        assert client.post(address, {"post": "yes"}).status_code in {302, 403, 404}
    assert (Region.objects.count(), Edition.objects.count()) == (8, 4)
