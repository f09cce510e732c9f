"""A form that comes too late to the admin comes back to its sender, filled, and does nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from guidance.models import Edition, Link
from tests.filled_forms import form_with, opened
from tests.guidance.desk import ADMIN, begin, draft
from tests.guidance.factories import make_link
from tests.people import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

HERE = {"headers": {"origin": "http://testserver"}}
ELSEWHERE = {"headers": {"origin": "https://evil.example"}}
TYPED = "Typed for two hours.\r\n\r\nIt has “quotes”, <b>markup</b> & \\ signs, שלום."


@pytest.fixture
def strict(editor: User) -> Client:
    """A browser of the editor's, as strict about tokens as on the site."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    return client


@pytest.fixture
def link() -> Link:
    return make_link("typed-text", address="https://one.example/", note="")


def address_of(link: Link) -> str:
    return f"/admin/guidance/link/{link.pk}/change/"


def sign_in(desk: Client, page: Any, name: str = "editor", **extra: Any) -> Any:
    """Fill in the login page, as it stands."""
    form = form_with(page, "username")
    sent = form.sent(username=f"{name}@rpec.example", password=PASSWORD)
    return desk.post(form.action, {**sent, **extra}, headers=HERE["headers"])


def expire() -> None:
    Session.objects.all().delete()


def test_a_form_sent_after_the_session_ended_comes_back_filled_and_is_saved(strict, link):
    address = address_of(link)
    sent = opened(strict, address).sent(note=TYPED)
    expire()
    asked = strict.post(address, sent, **HERE)
    assert asked.status_code == 403
    assert "nothing that you typed is lost" in asked.content.decode()
    assert "no-store" in asked["Cache-Control"]
    again = sign_in(strict, asked)
    assert again.status_code == 200
    assert "no-store" in again["Cache-Control"]
    button = form_with(again, "_returned")
    assert button.action == address
    shown = strict.post(button.action, button.sent(), **HERE)
    assert "You had been signed out, so nothing was saved." in shown.content.decode()
    link.refresh_from_db()
    assert link.note == ""
    form = form_with(shown, "_seen")
    assert form.fields["note"] == [TYPED]
    assert strict.post(address, form.sent(), **HERE).status_code == 302
    link.refresh_from_db()
    assert link.note == TYPED


def test_a_draft_with_a_hundred_thousand_characters_and_a_new_section_comes_back(strict, desk):
    begun = begin(desk)
    address = f"{ADMIN}{begun.pk}/change/"
    form = form_with(strict.get(address), "opened_as")
    count = int(form.fields["sections-TOTAL_FORMS"][0])
    new = {f"sections-{count}-{part}": "" for part in ("id", "track")}
    new |= {
        f"sections-{count}-position": "90",
        f"sections-{count}-level": "2",
        f"sections-{count}-heading": "A new one",
        f"sections-{count}-anchor": "a-new-one",
        f"sections-{count}-markdown": "word " * 19_000,
        f"sections-{count}-embed": "none",
    }
    sent = form.sent(**new, **{"sections-TOTAL_FORMS": str(count + 1), "lead": TYPED})
    strict.cookies.clear()
    asked = strict.post(address, sent, **HERE)
    button = form_with(sign_in(strict, asked), "_returned")
    shown = form_with(strict.post(button.action, button.sent(), **HERE), "opened_as")
    assert shown.fields["lead"] == [TYPED]
    assert shown.fields[f"sections-{count}-markdown"] == ["word " * 19_000]
    assert draft().lead != TYPED
    assert strict.post(address, shown.sent(), **HERE).status_code == 302
    assert draft().sections.filter(anchor="a-new-one").exists()


def test_a_wrong_password_in_between_loses_nothing(strict, link):
    address = address_of(link)
    sent = opened(strict, address).sent(note=TYPED)
    expire()
    asked = strict.post(address, sent, **HERE)
    refused = sign_in(strict, asked, password="wrong")
    assert "Capitals make a difference in the password only" in refused.content.decode()
    button = form_with(sign_in(strict, refused), "_returned")
    assert button.fields["note"] == [TYPED]


def test_a_login_page_that_was_open_too_long_loses_nothing(strict, link):
    address = address_of(link)
    sent = opened(strict, address).sent(note=TYPED)
    expire()
    asked = strict.post(address, sent, **HERE)
    strict.cookies.clear()
    again = sign_in(strict, asked)
    assert again.status_code == 403
    assert "Sign in again" in again.content.decode()
    assert form_with(sign_in(strict, again), "_returned").fields["note"] == [TYPED]


def test_signing_in_in_another_window_loses_nothing(strict, link, editor):
    address = address_of(link)
    sent = opened(strict, address).sent(note=TYPED)
    expire()
    asked = strict.post(address, sent, **HERE)
    sign_in(strict, strict.get("/admin/login/"))
    assert form_with(sign_in(strict, asked), "_returned").fields["note"] == [TYPED]


def test_a_login_page_open_too_long_with_nothing_typed_asks_again(strict, editor):
    strict.cookies.clear()
    page = strict.post("/admin/login/?next=/admin/training/", {"username": "x"}, **HERE)
    assert page.status_code == 403
    assert "The page had been open too long. Sign in again." in page.content.decode()
    assert sign_in(strict, page)["Location"] == "/admin/training/"


@pytest.mark.parametrize("token", ["", "x", "a" * 64])
def test_a_stale_token_of_somebody_signed_in_gives_the_form_back(strict, link, token):
    address = address_of(link)
    sent = opened(strict, address).sent(note=TYPED, csrfmiddlewaretoken=token)
    shown = strict.post(address, sent, **HERE)
    page = shown.content.decode()
    assert "The page had been open too long, so nothing was saved." in page
    assert "reload" not in page
    form = form_with(shown, "_seen")
    assert form.fields["note"] == [TYPED]
    link.refresh_from_db()
    assert link.note == ""
    assert strict.post(address, form.sent(), **HERE).status_code == 302


def test_a_stale_token_on_a_new_row_gives_the_form_back(strict):
    address = "/admin/training/track/add/"
    typed = {"name": "A track", "audience": TYPED, "slug": "a-track", "position": "9"}
    shown = strict.post(address, typed, **HERE)
    assert "had been open too long" in shown.content.decode()
    assert form_with(shown, "audience").fields["audience"] == [TYPED]


def test_a_step_is_sent_again_only_at_a_click(strict, desk):
    begun = begin(desk)
    address = f"{ADMIN}{begun.pk}/publish/"
    sent = form_with(strict.get(address), "seen").sent(change_note=TYPED)
    expire()
    page = sign_in(strict, strict.post(address, sent, **HERE))
    assert "Send it again" in page.content.decode()
    assert Edition.objects.drafts().exists()
    again = form_with(page, "change_note")
    assert again.fields["change_note"] == [TYPED]
    assert again.action == address


def test_a_button_without_words_is_pressed_again_after_signing_in(strict):
    live = Edition.objects.live().get()
    page = form_with(strict.get(f"/admin/guidance/page/{live.page_id}/change/"), "_seen")
    address = f"{ADMIN}{live.pk}/draft/"
    sent = {"csrfmiddlewaretoken": page.fields["csrfmiddlewaretoken"]}
    expire()
    again = sign_in(strict, strict.post(address, sent, **HERE))
    assert f'action="{address}"' in again.content.decode()
    assert not Edition.objects.drafts().exists()


@pytest.mark.parametrize("extra", [ELSEWHERE, {"headers": {"origin": "null"}}, {}])
@pytest.mark.parametrize("is_signed_in", [True, False])
def test_nothing_that_another_site_sent_is_shown_or_carried(strict, link, extra, is_signed_in):
    if not is_signed_in:
        strict.cookies.clear()
    for address in (address_of(link), "/admin/login/", f"{ADMIN}1/draft/"):
        page = strict.post(address, {"note": "Forged words", "typed": "Forged words"}, **extra)
        assert page.status_code == 403
        assert "Forged words" not in page.content.decode()
        assert "does not come from a page of this site" in page.content.decode()
        assert 'class="govuk' not in page.content.decode()


def test_a_browser_that_says_cross_site_is_believed_whatever_the_origin(strict, link):
    headers = {"origin": "http://testserver", "sec-fetch-site": "cross-site"}
    page = strict.post(address_of(link), {"note": "Forged words"}, headers=headers)
    assert "Forged words" not in page.content.decode()


def test_words_that_were_carried_once_are_not_taken_from_another_site(strict, link):
    sent = opened(strict, address_of(link)).sent(note="Forged words")
    expire()
    carried = form_with(strict.post(address_of(link), sent, **HERE), "typed").fields["typed"]
    page = strict.post("/admin/login/", {"typed": carried}, **ELSEWHERE)
    assert "Forged words" not in page.content.decode()


@pytest.mark.parametrize("typed", ["", "x", '["/admin/", [], []]:forged'])
def test_what_the_site_did_not_sign_is_not_carried(strict, editor, typed):
    strict.cookies.clear()
    page = strict.get("/admin/login/")
    answer = sign_in(strict, page, typed=typed)
    assert answer.status_code == 302
    assert answer["Location"] == "/admin/"


def test_passwords_and_files_are_not_carried_and_are_asked_for(strict, administrator):
    strict.force_login(administrator)
    page = strict.get("/admin/accounts/user/add/")
    form = form_with(page, "password1")
    sent = form.sent(email="new@rpec.example", password1="hidden words", password2="hidden words")
    expire()
    asked = strict.post("/admin/accounts/user/add/", sent, **HERE)
    assert "hidden words" not in asked.content.decode()
    again = sign_in(strict, asked, name="administrator")
    assert "Give the password again." in again.content.decode()
    assert "hidden words" not in again.content.decode()


def test_a_file_is_named_so_that_it_can_be_chosen_again(strict):
    address = "/admin/training/session/import/"
    token = form_with(strict.get(address), "csrfmiddlewaretoken").fields["csrfmiddlewaretoken"]
    expire()
    file = SimpleUploadedFile("autumn.csv", b"secret,content")
    sent = {"csrfmiddlewaretoken": token[0], "file": file}
    again = sign_in(strict, strict.post(address, sent, **HERE))
    assert "Give the file autumn.csv again." in again.content.decode()
    assert "secret,content" not in again.content.decode()


def test_what_is_too_long_to_be_carried_is_shown_to_be_copied(strict, link, settings):
    address = address_of(link)
    sent = opened(strict, address).sent(note=TYPED)
    expire()
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 16_900
    page = strict.post(address, {**sent, "label": "x" * 300}, **HERE).content.decode()
    assert "too long to wait here: copy it" in page
    assert "Typed for two hours." in page


def test_what_is_longer_than_a_form_may_be_is_refused_in_a_staff_page(strict, link):
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    page = strict.post(address_of(link), {"note": "x" * (most + 1)}, **HERE)
    assert page.status_code == 413
    assert "longer than 2.6 million characters" in page.content.decode()
    assert 'class="govuk' not in page.content.decode()


def test_staff_without_the_right_are_told_so_in_the_admin_s_frame(strict, link):
    page = strict.get("/admin/accounts/user/")
    assert page.status_code == 403
    assert "You may not open this page" in page.content.decode()
    assert not re.search("sign in and try again|reload|govuk-", page.content.decode())


def test_who_signs_in_instead_and_has_no_right_stores_nothing(strict, link):
    address = address_of(link)
    sent = opened(strict, address).sent(note=TYPED)
    expire()
    User.objects.create_user("idle@rpec.example", PASSWORD)
    button = form_with(sign_in(strict, strict.post(address, sent, **HERE), "idle"), "_returned")
    assert strict.post(button.action, button.sent(), **HERE).status_code == 403
    link.refresh_from_db()
    assert link.note == ""


def test_signing_out_twice_is_no_form_to_keep():
    client = Client()
    assert client.post("/admin/logout/", {"csrfmiddlewaretoken": "x"}).status_code == 302


def test_a_row_that_was_changed_meanwhile_is_shown_with_both_texts(strict, link):
    address = address_of(link)
    sent = opened(strict, address).sent(note=TYPED)
    expire()
    Link.objects.filter(pk=link.pk).update(note="Theirs")
    button = form_with(sign_in(strict, strict.post(address, sent, **HERE)), "_returned")
    page = strict.post(button.action, button.sent(), **HERE)
    assert page.status_code == 409
    assert "Now: Theirs" in page.content.decode()
    assert form_with(page, "_seen").fields["note"] == [TYPED]
