"""The form in which a draft is written: what is typed is checked, compared and never lost."""

from __future__ import annotations

import re

import pytest

from guidance.actions.publishing import discard_draft, publish
from guidance.models import Edition
from tests.guidance.desk import ADMIN, NOW, begin, draft, form_values, live, reword
from tests.guidance.factories import build_section
from tests.people import at_desk, make_editor

MINOR = Edition.UpdateType.MINOR

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def test_who_saves_second_sees_the_difference_and_neither_text_is_lost(desk, editor):
    begun = begin(desk)
    address = f"{ADMIN}{begun.pk}/change/"
    opened = form_values(desk, address)
    assert desk.post(address, {**opened, "lead": "Theirs and ours."}).status_code == 302
    second = desk.post(address, {**opened, "lead": "Mine and ours."})
    assert second.status_code == 200
    page = second.content.decode()
    assert "Somebody else has saved this draft since you opened it." in page
    assert ">\nMine and ours.</textarea>" in page
    marked = re.sub(r"<span[^>]*>\w+: </span>", "", page)
    assert "<del>Theirs</del><ins>Mine</ins> and ours." in marked
    assert draft().lead == "Theirs and ours."

    seen = {**opened, "opened_as": second.context["adminform"].form["opened_as"].value()}
    brought_together = {**seen, "lead": "Theirs, mine and ours."}
    assert desk.post(address, brought_together).status_code == 302
    assert draft().lead == "Theirs, mine and ours."
    assert [save.text().lead for save in begun.saves.all()] == [
        "Theirs, mine and ours.",
        "Theirs and ours.",
        live().lead,
    ]
    theirs = begun.saves.get(said__lead="Theirs and ours.")
    shown = desk.get(f"{ADMIN}saves/{theirs.pk}/").content.decode()
    assert "<p>Theirs and ours.</p>" in shown


@pytest.mark.parametrize("step", ["publish", "changes", "preview", "whitehall"])
def test_the_buttons_at_the_top_save_what_was_typed_and_lead_on(desk, step):
    begun = begin(desk)
    address = f"{ADMIN}{begun.pk}/change/"
    page = desk.get(address).content.decode()
    assert f'<button type="submit" form="edition_form" name="_{step}"' in page
    assert f'href="{ADMIN}{begun.pk}/{step}/"' not in page
    sent = {**form_values(desk, address), "lead": "Typed just now.", f"_{step}": ""}
    answer = desk.post(address, sent)
    assert answer["Location"] == f"{ADMIN}{begun.pk}/{step}/"
    assert draft().lead == "Typed just now."
    assert desk.get(answer["Location"]).status_code == 200


def test_a_button_at_the_top_with_a_fault_in_the_form_stays_there(desk):
    begun = begin(desk)
    address = f"{ADMIN}{begun.pk}/change/"
    sent = {**form_values(desk, address), "title": "", "lead": "Typed just now.", "_publish": ""}
    page = desk.post(address, sent)
    assert page.status_code == 200
    assert "Typed just now." in page.content.decode()


def test_who_only_looks_by_a_button_that_saves_has_not_written_in_the_draft(desk):
    begun = begin(desk)
    address = f"{ADMIN}{begun.pk}/change/"
    rival = at_desk(make_editor("rival"))
    rival.post(address, {**form_values(rival, address), "_preview": ""})
    assert [str(save.saved_by) for save in begun.saves.all()] == ["editor@rpec.example"]


def test_a_clash_shows_a_section_that_the_other_added_and_keeps_it(desk):
    begun = begin(desk)
    address = f"{ADMIN}{begun.pk}/change/"
    opened = form_values(desk, address)
    build_section(begun, 90, heading="Their section", anchor="theirs").save()
    second = desk.post(address, {**opened, "lead": "Mine."})
    summary = second.context["comparison"].summary
    assert list(summary) == ["The opening sentence was changed."]
    seen = second.context["adminform"].form["opened_as"].value()
    assert desk.post(address, {**opened, "lead": "Mine.", "opened_as": seen}).status_code == 302
    assert begun.sections.filter(anchor="theirs").exists()


def test_the_form_shows_what_the_draft_changes_so_far(desk):
    begun = begin(desk)
    reword(begun, "newsletters", "Ask for ours, please.")
    page = desk.get(f"{ADMIN}{begun.pk}/change/")
    assert [line for line in page.context["comparison"].summary if "Newsletters" in line]


def test_pasted_markup_is_cleaned_said_and_the_rest_kept(desk):
    begun = begin(desk)
    address = f"{ADMIN}{begun.pk}/change/"
    sent = form_values(desk, address)
    key = next(k for k, v in sent.items() if v == "newsletters").removesuffix("anchor")
    pasted = (
        'Ask us.<script>alert(1)</script><iframe src="https://x.example"></iframe>'
        '<p onclick="alert(2)" style="color:red">Kept words.</p><svg><path d="M0"/></svg>'
    )
    response = desk.post(address, {**sent, f"{key}markdown": pasted}, follow=True)
    kept = begun.sections.get(anchor="newsletters").markdown
    assert kept.split() == ["Ask", "us.", "Kept", "words."]
    said = " ".join(str(message) for message in response.context["messages"])
    for thing in ("script", "iframe", "onclick", "SVG"):
        assert thing in said
    assert "The rest was kept." in said


@pytest.mark.parametrize(
    ("pasted", "fault"),
    [
        ("| Track | Date |\n| DSL | 1 May |", "has no header row"),
        ("word " * 30_000, "Cut it into several sections"),
    ],
)
def test_what_no_reader_could_read_is_refused_and_still_there(desk, pasted, fault):
    begun = begin(desk)
    address = f"{ADMIN}{begun.pk}/change/"
    sent = form_values(desk, address)
    key = next(k for k, v in sent.items() if v == "newsletters").removesuffix("anchor")
    response = desk.post(address, {**sent, f"{key}markdown": pasted})
    assert response.status_code == 200
    page = response.content.decode()
    assert fault in page
    assert pasted.strip() in page


def test_sections_trade_places_and_make_room(desk):
    begun = begin(desk)
    address = f"{ADMIN}{begun.pk}/change/"
    sent = form_values(desk, address)
    first, second = ("sections-0-", "sections-1-")
    for part in ("position", "anchor"):
        sent[first + part], sent[second + part] = sent[second + part], sent[first + part]
    assert desk.post(address, sent).status_code == 302
    headings = list(begun.sections.order_by("position").values_list("heading", flat=True)[:2])
    assert headings == [sent["sections-1-heading"], sent["sections-0-heading"]]


def test_two_sections_at_one_place_are_refused_in_a_sentence(desk):
    begun = begin(desk)
    address = f"{ADMIN}{begun.pk}/change/"
    sent = {**form_values(desk, address), "sections-0-position": "2"}
    page = desk.post(address, sent)
    assert page.status_code == 200
    assert "correct the duplicate data for position" in page.content.decode()


def test_a_section_that_the_other_deleted_is_a_new_one_with_its_text(desk):
    begun = begin(desk)
    address = f"{ADMIN}{begun.pk}/change/"
    opened = form_values(desk, address)
    begun.sections.get(anchor="newsletters").delete()
    clash = desk.post(address, opened)
    assert clash.status_code == 200
    seen = clash.context["adminform"].form["opened_as"].value()
    assert desk.post(address, {**opened, "opened_as": seen}).status_code == 302
    assert begun.sections.get(anchor="newsletters").markdown


@pytest.mark.parametrize("fate", ["published", "discarded"])
def test_what_was_typed_into_a_draft_that_is_none_any_more_is_given_back(desk, editor, fate):
    begun = begin(desk)
    reword(begun, "newsletters", "Ask for ours, please.")
    sent = {**form_values(desk, f"{ADMIN}{begun.pk}/change/"), "lead": "Typed in vain?"}
    if fate == "discarded":
        discard_draft(draft=begun)
    else:
        publish(draft=begun, update_type=MINOR, change_note="", by=editor, at=NOW)
    page = desk.post(f"{ADMIN}{begun.pk}/change/", sent)
    assert page.status_code == 409
    assert "Typed in vain?" in page.content.decode()


def test_a_link_by_a_key_that_nobody_keeps_is_refused(desk):
    begun = begin(desk)
    address = f"{ADMIN}{begun.pk}/change/"
    sent = {**form_values(desk, address), "sections-0-markdown": "[x](link:nokey)"}
    page = desk.post(address, sent)
    assert "There is no link with the key “nokey”" in page.content.decode()
