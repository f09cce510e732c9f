"""Pages that no link leads to keep the rules of HTML too: forms sent back, steps, a preview."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from contact.models import Enquiry
from guidance.actions.publishing import start_draft
from guidance.models import Edition, Page
from tests.guidance.govuk_items import make_item
from tests.html_rules import faults_of
from tests.people import at_desk
from tests.processes import TYPED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def title_of(html: str) -> str:
    return re.findall(r"<title>(.*?)</title>", html, re.DOTALL)[0].strip()


@pytest.fixture
def draft(editor) -> Edition:
    live = Edition.objects.get(state=Edition.State.PUBLISHED)
    return start_draft(source=live, by=editor)


@pytest.mark.parametrize(
    "typed",
    [{"place": "Nowhere at all"}, {**TYPED, "confirm": ""}, {**TYPED, "place": "Lincolnshire"}],
)
def test_a_contact_form_that_comes_back_is_sound(client: Client, typed: dict[str, str]):
    assert faults_of(client.post("/contact/", typed).content.decode()) == []


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ('<h1>A</h1><p id="a"></p><p id="a"></p>', "An id that is there 2 times: a"),
        ('<h1>A</h1><label for="a">A</label>', "A label of no box: a"),
        ("<h1>A</h1><h1>B</h1>", "2 first headings"),
        ("<h1>A</h1><table><tr><th> </th></tr></table>", "A heading of a table without words"),
        ('<h1>A</h1><table role="table"></table>', "A part of a table with a role: "),
        ('<h1>A</h1><input type="hidden" autocomplete="off">', "A hidden box that is to be fil"),
        ('<h1>A</h1><span aria-label="a"></span>', "A name that is not read out: "),
        ('<h1>A</h1><p aria-describedby="a"></p>', "A reference to nothing: a"),
        ("<h1>A</h1><p>A<ul></ul></p>", "An end of a paragraph that ended before"),
        ("<h1>A</h1><div disabled></div>", "Something switched off that is no box: "),
    ],
)
def test_each_rule_finds_its_fault(html: str, fault: str):
    [found] = faults_of(html)
    assert found.startswith(fault)


def test_a_preview_is_sound_and_its_title_says_that_it_is_a_draft(editor, draft: Edition):
    html = at_desk(editor).get(f"/admin/guidance/edition/{draft.pk}/preview/").content.decode()
    assert faults_of(html) == []
    assert title_of(html).startswith("Draft: ")


def test_both_comparisons_with_the_official_page_have_ids_of_their_own(editor):
    page = Page.objects.get(editions__state=Edition.State.PUBLISHED)
    file = SimpleUploadedFile("item.json", json.dumps(make_item()).encode())
    html = (
        at_desk(editor)
        .post(f"/admin/guidance/page/{page.pk}/official/", {"upload": file})
        .content.decode()
    )
    assert html.count("The changes in short") == 2
    assert faults_of(html) == []
    targets = set(re.findall(r'href="#([^"]+)"', html)) - {"content-start"}
    assert targets <= set(re.findall(r'\sid="([^"]+)"', html))


@pytest.mark.parametrize(
    ("step", "sent"),
    [
        ("guidance/edition/{draft}/publish/", {"update_type": "major", "change_note": ""}),
        ("guidance/page/{page}/withdraw/", {}),
        ("guidance/page/{page}/official/", {}),
        ("guidance/page/import/", {}),
        ("training/session/paste/", {"text": "no date at all", "track": ""}),
        ("training/session/import/", {}),
        ("contact/enquiry/{enquiry}/hand-over/", {}),
        ("contact/enquiry/{enquiry}/note/", {}),
    ],
)
def test_a_step_with_mistakes_says_so_in_its_title_and_is_sound(
    administrator, draft: Edition, step: str, sent: dict[str, str]
):
    assert Client().post("/contact/", TYPED).status_code == 302
    enquiry = Enquiry.objects.get()
    address = step.format(draft=draft.pk, page=draft.page_id, enquiry=enquiry.pk)
    html = at_desk(administrator).post(f"/admin/{address}", {"button": "", **sent}).content.decode()
    assert title_of(html).startswith("Error: ")
    assert faults_of(html) == []


def test_the_page_for_another_password_is_sound(administrator):
    address = f"/admin/accounts/user/{administrator.pk}/password/"
    assert faults_of(at_desk(administrator).get(address).content.decode()) == []


def test_whoever_is_not_signed_in_meets_one_heading(client: Client):
    html = client.get("/admin/login/").content.decode()
    assert faults_of(html) == []
