"""A link that leads out of danger gets another address only where two people want it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.test import Client

from guidance.models import Link, Proposal
from guidance.models.links import SAFETY_KEYS
from tests.filled_forms import opened
from tests.guidance.desk import words
from tests.people import at_desk, make_editor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

NEW = "https://new.example/referral"


def link(key: str = "prevent-referral") -> Link:
    return Link.objects.get(key=key)


def change(desk: Client, subject: Link, **changes: str) -> Any:
    """Save the link's form with these changes."""
    address = f"/admin/guidance/link/{subject.pk}/change/"
    return desk.post(address, opened(desk, address).sent(**changes), follow=True)


def decide(desk: Client, button: str) -> Any:
    return desk.post(f"/admin/guidance/proposal/{Proposal.objects.get().pk}/decide/", {button: "1"})


def test_every_link_of_the_page_that_helps_is_one_of_them():
    sources = [
        Path(site_settings.BASE_DIR, "templates", name).read_text()
        for name in ("get_help.html", "contact/mail/referral.txt")
    ]
    used = {key for source in sources for key in re.findall(r"links\.(\w+)", source)}
    assert used
    assert {key.replace("_", "-") for key in used} <= {*SAFETY_KEYS}


def test_the_old_address_stands_everywhere_until_another_confirms_the_new_one(
    client, editor, django_capture_on_commit_callbacks
):
    old = link().address
    page = words(change(at_desk(editor), link(), address=NEW, note="Moved."))
    assert "until somebody else confirms it" in page
    assert f'href="{old}"' in words(client.get("/get-help/"))
    assert (link().address, link().note) == (old, "Moved.")

    other = at_desk(make_editor("colleague"))
    listed = words(other.get("/admin/guidance/link/"))
    assert f'href="{old}"' in listed
    assert NEW in listed
    assert NEW in words(other.get(f"/admin/guidance/proposal/{Proposal.objects.get().pk}/decide/"))
    with django_capture_on_commit_callbacks(execute=True):
        assert decide(other, "_confirm").status_code == 302
    assert f'href="{NEW}"' in words(client.get("/get-help/"))
    assert link().checked_on is None
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("key", SAFETY_KEYS)
def test_no_one_person_changes_or_empties_any_of_them(editor, key):
    desk, old = at_desk(editor), link(key).address
    for address in (NEW, ""):
        change(desk, link(key), address=address)
        assert link(key).address == old
    if Proposal.objects.exists():
        assert "You proposed this yourself" in words(decide(desk, "_confirm"))
        assert link(key).address == old


def test_not_even_an_administrator_does(administrator):
    old = link().address
    change(at_desk(administrator), link(), address=NEW)
    decide(at_desk(administrator), "_confirm")
    assert link().address == old


def test_that_somebody_followed_the_new_address_is_not_said_of_the_old_one(editor):
    subject = link("ofs-serious-incidents")
    assert subject.address == ""
    change(at_desk(editor), subject, address=NEW, checked_on="2026-11-01")
    assert (link("ofs-serious-incidents").address, subject.checked_on) == ("", None)
    assert Proposal.objects.get().text == NEW


def test_a_second_proposal_takes_the_place_of_the_first(editor):
    change(at_desk(editor), link(), address="https://first.example/")
    other = make_editor("colleague")
    change(at_desk(other), link(), address=NEW)
    assert (Proposal.objects.get().text, Proposal.objects.get().proposed_by) == (NEW, other)


def test_a_bad_address_is_named_and_proposes_nothing(editor):
    page = words(change(at_desk(editor), link(), address="javascript:alert(1)"))
    assert "Enter a valid URL" in page
    assert not Proposal.objects.exists()


def test_an_address_that_is_not_declined_but_dropped_leaves_the_old_one(editor):
    old = link().address
    change(at_desk(editor), link(), address=NEW)
    assert decide(at_desk(make_editor("colleague")), "_drop").status_code == 302
    assert (link().address, Proposal.objects.exists()) == (old, False)


def test_it_is_not_deleted_to_be_made_again(administrator):
    desk = at_desk(administrator)
    subject = link()
    assert desk.post(f"/admin/guidance/link/{subject.pk}/delete/", {"post": "1"}).status_code == 403
    sent = {"action": "delete_selected", "_selected_action": [subject.pk], "post": "yes"}
    desk.post("/admin/guidance/link/", sent)
    assert link() == subject


def test_one_that_is_missing_comes_back_without_an_address_of_one_persons_choice(editor):
    link().delete()
    at_desk(editor).post(
        "/admin/guidance/link/add/",
        {"key": "prevent-referral", "label": "Refer", "owner": "Somebody", "address": NEW},
    )
    assert link().address == ""
    assert Proposal.objects.get().text == NEW


def test_another_link_needs_nobody(editor):
    change(at_desk(editor), link("educate-against-hate"), address=NEW)
    assert link("educate-against-hate").address == NEW


def test_with_the_setting_off_one_person_is_enough(settings, editor):
    settings.SAFETY_LINKS_NEED_TWO = False
    change(at_desk(editor), link(), address=NEW)
    assert link().address == NEW
