"""Editors at work in the admin: draft, look, share, publish, schedule, discard."""

from __future__ import annotations

import re
import time

import pytest
from django.core import signing
from django.test import Client

from guidance.actions.loading import PAGE
from guidance.actions.publishing import discard_draft, publish, schedule, unschedule
from guidance.models import Edition, Page
from tests.guidance.desk import (
    ADMIN,
    GUIDE,
    NOW,
    begin,
    draft,
    form_values,
    live,
    publishing,
    reword,
    start,
)
from tests.training.factories import uk

MINOR = Edition.UpdateType.MINOR

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


class LastMonth(signing.TimestampSigner):
    """Signs as of 31 days ago."""

    def timestamp(self) -> str:
        return signing.b62_encode(int(time.time()) - 31 * 86_400)


def test_the_page_leads_to_its_draft(desk):
    page = Page.objects.get(slug=PAGE)
    settings_page = desk.get(f"/admin/guidance/page/{page.pk}/change/").content.decode()
    assert f'action="{ADMIN}{live().pk}/draft/"' in settings_page
    begun = begin(desk)
    settings_page = desk.get(f"/admin/guidance/page/{page.pk}/change/").content.decode()
    assert f"{ADMIN}{begun.pk}/change/" in settings_page


def test_a_draft_is_edited_compared_previewed_and_published(desk, client):
    begun = begin(desk)
    sent = form_values(desk, f"{ADMIN}{begun.pk}/change/")
    key = next(k for k, v in sent.items() if v == "newsletters").removesuffix("anchor")
    response = desk.post(
        f"{ADMIN}{begun.pk}/change/", {**sent, f"{key}markdown": "Ask for ours, please."}
    )
    assert response.status_code == 302

    changes = desk.get(f"{ADMIN}{begun.pk}/changes/").content.decode()
    assert "Ask for ours, please." in re.sub(r"<span[^>]*>\w+: </span>|<[^>]+>", "", changes)
    assert "Newsletters from your region" in changes
    preview = desk.get(f"{ADMIN}{begun.pk}/preview/")
    assert "Ask for ours, please." in preview.content.decode()
    assert "no-store" in preview["Cache-Control"]
    assert "Ask for ours, please." not in client.get(GUIDE).content.decode()

    response = desk.post(
        f"{ADMIN}{begun.pk}/publish/",
        publishing(desk, begun, change_note="Newsletters explained."),
    )
    assert response.status_code == 302
    assert "Ask for ours, please." in client.get(GUIDE).content.decode()
    assert f"{GUIDE}history/3..4/" in client.get(GUIDE).content.decode()


def test_a_link_shows_the_draft_to_who_has_no_account_while_it_lasts(desk, client):
    begun = begin(desk)
    reword(begun, "newsletters", "Ask for ours, please.")
    page = desk.get(f"{ADMIN}{begun.pk}/change/").content.decode()
    (token,) = set(re.findall(r"/guidance/preview/([^/]+)/", page))
    shown = client.get(f"/guidance/preview/{token}/")
    assert "Ask for ours, please." in shown.content.decode()
    assert "Readers do not see it yet." in shown.content.decode()
    assert '<meta name="robots" content="noindex">' in shown.content.decode()
    assert shown["Cache-Control"] == "private, no-store"

    assert client.get(f"/guidance/preview/{token}x/").status_code == 404
    expired = LastMonth(salt="guidance.preview").sign_object(begun.pk)
    assert client.get(f"/guidance/preview/{expired}/").status_code == 404
    discard_draft(draft=begun)
    assert client.get(f"/guidance/preview/{token}/").status_code == 404


def test_a_major_update_without_a_note_is_asked_for_one(desk):
    begun = begin(desk)
    page = desk.post(f"{ADMIN}{begun.pk}/publish/", {"update_type": "major"})
    assert page.status_code == 200
    assert "a major update needs a note" in page.content.decode()
    assert live().number == 3


def test_an_edition_is_scheduled_and_unscheduled(desk):
    begun = begin(desk)
    reword(begun, "newsletters", "Ask for ours, please.")
    response = desk.post(
        f"{ADMIN}{begun.pk}/publish/",
        publishing(
            desk,
            begun,
            update_type="minor",
            scheduled_for_0="2027-03-01",
            scheduled_for_1="09:00",
        ),
        follow=True,
    )
    assert "Scheduled for Monday 1 March 2027, 9am." in response.content.decode()
    assert desk.get(f"{ADMIN}{begun.pk}/change/").status_code == 200
    assert desk.post(f"{ADMIN}{begun.pk}/change/", {"title": "x"}).status_code == 403
    assert desk.get(f"{ADMIN}{begun.pk}/preview/").status_code == 200
    desk.post(f"{ADMIN}{begun.pk}/unschedule/")
    assert draft() == begun


@pytest.mark.parametrize("day", ["2027-03-28", "2027-10-31"])
def test_an_hour_that_the_clocks_skip_or_repeat_is_refused_in_words(desk, day):
    begun = begin(desk)
    page = desk.post(
        f"{ADMIN}{begun.pk}/publish/",
        {"update_type": "minor", "scheduled_for_0": day, "scheduled_for_1": "01:30"},
    ).content.decode()
    assert "The clocks change in that hour" in page
    assert draft() == begun


def test_what_was_saved_after_somebody_looked_is_not_published_unseen(desk):
    begun = begin(desk)
    sent = publishing(desk, begun, change_note="Reviewed.")
    reword(begun, "newsletters", "Never reviewed.")
    page = desk.post(f"{ADMIN}{begun.pk}/publish/", sent)
    assert "has been changed since you looked at it" in page.content.decode()
    assert live().number == 3
    sent["seen"] = page.context["form"]["seen"].value()
    assert desk.post(f"{ADMIN}{begun.pk}/publish/", sent).status_code == 302


def test_discarding_what_somebody_has_published_meanwhile_says_so(desk, editor):
    begun = begin(desk)
    reword(begun, "newsletters", "Ask for ours, please.")
    begun_pk = begun.pk
    publish(draft=begun, update_type=MINOR, change_note="", by=editor, at=NOW)
    assert desk.post(f"{ADMIN}{begun_pk}/discard/").status_code == 404


def test_unscheduling_keeps_the_note(desk, editor):
    begun = start()
    reword(begun, "newsletters", "Ask for ours, please.")
    schedule(
        draft=begun,
        scheduled_for=uk("2027-03-01 09:00"),
        update_type=Edition.UpdateType.MAJOR,
        change_note="Keep this.",
        by=editor,
        at=NOW,
    )
    unschedule(edition=begun)
    assert "Keep this." in desk.get(f"{ADMIN}{begun.pk}/publish/").content.decode()


@pytest.mark.parametrize("note", ["\u200b", " \u00ad "])
def test_a_note_in_which_nothing_can_be_seen_is_none(desk, note):
    begun = begin(desk)
    page = desk.post(f"{ADMIN}{begun.pk}/publish/", publishing(desk, begun, change_note=note))
    assert "a major update needs a note" in page.content.decode()


def test_a_control_character_in_a_note_does_not_reach_the_feed(desk, client):
    begun = begin(desk)
    reword(begun, "newsletters", "Ask for ours, please.")
    sent = publishing(desk, begun, change_note="One line\x0banother")
    assert desk.post(f"{ADMIN}{begun.pk}/publish/", sent).status_code == 302
    assert "One line another" in client.get(f"{GUIDE}updates.atom").content.decode()


def test_an_earlier_state_is_only_looked_at(desk):
    page = Page.objects.get(slug=PAGE)
    key = page.history.earliest().history_id
    address = f"/admin/guidance/page/{page.pk}/history/{key}/"
    assert desk.get(address).status_code == 200
    assert desk.post(address, {"applies_to": "Wales"}).status_code == 403
    page.refresh_from_db()
    assert page.applies_to == "England"


def test_a_new_page_is_begun_and_published(desk, client):
    page = Page.objects.create(slug="a-new-page")
    assert desk.post(f"/admin/guidance/page/{page.pk}/begin/").status_code == 302
    begun = draft()
    assert (begun.page, begun.title) == (page, "A new page")
    sent = publishing(desk, begun, change_note="First published.")
    assert desk.post(f"{ADMIN}{begun.pk}/publish/", sent).status_code == 302
    assert client.get("/guidance/a-new-page/").status_code == 200


def test_a_second_draft_is_refused_in_a_sentence(desk):
    begin(desk)
    response = desk.post(f"{ADMIN}{live().pk}/draft/", follow=True)
    assert "has an open draft already" in response.content.decode()


def test_discarding_asks_first(desk):
    begun = begin(desk)
    assert desk.get(f"{ADMIN}{begun.pk}/discard/").status_code == 200
    assert draft() == begun
    desk.post(f"{ADMIN}{begun.pk}/discard/")
    assert not Edition.objects.drafts().exists()


@pytest.mark.parametrize("step", ["preview", "changes", "publish", "discard"])
def test_what_has_been_published_has_no_such_steps(desk, step):
    assert desk.get(f"{ADMIN}{live().pk}/{step}/").status_code == 404


@pytest.mark.parametrize("step", ["draft", "preview", "changes", "publish", "discard"])
def test_only_editors_take_these_steps(outsider, step):
    begun = start()
    assert outsider.post(f"{ADMIN}{begun.pk}/{step}/").status_code == 403
    assert Client().get(f"{ADMIN}{begun.pk}/{step}/").status_code == 302
