"""What no key opens is set aside and shown, and all about it that needs no words goes on."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from contact.actions import handling, keys, retention
from contact.actions.alarms import remind_of_overdue
from contact.actions.leaving import end_account
from contact.encryption import Cipher
from contact.fields import cipher
from contact.models import Enquiry, Event, KeyProof, sealed_columns
from regions.models import Region
from rpec_site.checks import keys_open_what_is_stored
from rpec_site.groups import COORDINATORS
from tests.contact.desk import (
    address,
    at_desk,
    coordinator,
    enquiry,
    national_team,
    region_of,
    somebody,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

INBOX = "/admin/contact/enquiry/"


def spoil(subject: Enquiry) -> None:
    """Put what no key opens into every sealed column of an enquiry and of its steps."""
    sealed = Cipher([Fernet.generate_key().decode()]).encrypt("lost")
    for table, key, columns in (
        ("contact_enquiry", "id", sealed_columns(Enquiry)),
        ("contact_event", "enquiry_id", sealed_columns(Event)),
    ):
        values = ", ".join(f"{column} = '{sealed}'" for column in columns)
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {values} WHERE {key} = %s", [subject.pk])  # noqa: S608


@pytest.fixture
def subject() -> Enquiry:
    made = enquiry()
    handling.add_note(enquiry=made, by=national_team(), note="A note.")
    spoil(made)
    return made


@pytest.fixture
def desk() -> Client:
    return at_desk(coordinator("north-west"))


def test_its_sender_sees_the_confirmation(subject: Enquiry) -> None:
    assert Client().get(f"/contact/sent/{subject.reference}/").status_code == 200


def test_colleagues_see_it_in_the_inbox_and_what_is_wrong_with_it(
    subject: Enquiry, desk: Client
) -> None:
    keys.look_through(after=0, at=timezone.now())
    for page in (INBOX, f"{INBOX}?show=unreadable"):
        assert "new, cannot be read" in desk.get(page).content.decode()
    assert "enquiry that no key opens" in desk.get("/admin/").content.decode()
    page = desk.get(address(subject)).content.decode()
    assert "No key opens what was written" in page
    assert "(with a note, shown with what was written)" in page


def test_whoever_asks_for_its_words_is_told_so_and_sees_those_that_can_be_read(
    subject: Enquiry, desk: Client
) -> None:
    sealed = cipher().encrypt("MARKER-organisation")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE contact_enquiry SET organisation = %s", [sealed])
    page = desk.post(address(subject, "show")).content.decode()
    assert "(no key opens this)" in page
    assert "MARKER-organisation" in page
    assert "Answer by e-mail" not in page


def test_it_can_be_taken_given_handed_over_and_closed(subject: Enquiry, desk: Client) -> None:
    for step, form in (
        ("take", {}),
        ("answered", {}),
        ("reopen", {}),
        ("close", {"note": "Over."}),
        ("reopen", {}),
        ("hand-over", {"to": "london", "note": "Theirs."}),
    ):
        assert desk.post(address(subject, step), form).status_code == 302
    subject.refresh_from_db(fields=["region", "state"])
    assert (region_of(subject), subject.state) == (Region.objects.get(slug="london"), "new")


def test_a_reply_that_cannot_be_sent_is_refused_with_a_reason(
    subject: Enquiry, desk: Client
) -> None:
    assert "Prevent referral" in desk.get(address(subject, "refer")).content.decode()
    refused = desk.post(address(subject, "refer"), follow=True).content.decode()
    assert "opens the sender&#x27;s address, so the reply cannot be sent" in refused
    subject.refresh_from_db(fields=["state"])
    assert subject.state == "new"


def test_it_is_reminded_of_and_keeps_no_other_from_its_turn(subject: Enquiry) -> None:
    other = enquiry(email="other@school.example")
    Enquiry.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    assert remind_of_overdue(on=timezone.localdate()) == 2
    reminded = Event.objects.filter(kind=Event.Kind.REMINDED).values_list("enquiry", flat=True)
    assert {*reminded} == {subject.pk, other.pk}


def test_it_is_erased_in_its_time(subject: Enquiry) -> None:
    long_ago = timezone.now() - timedelta(days=4000)
    Enquiry.objects.update(state="closed", closed_at=long_ago, last_step_at=long_ago)
    assert retention.erase_expired(at=timezone.now()).erased == 1
    assert not Event.objects.exists()


def test_a_person_finds_exports_and_erases_it(subject: Enquiry) -> None:
    desk, page = at_desk(national_team_again()), f"{INBOX}person/"
    form = {"email": "marker@school.example"}
    assert subject.reference in desk.post(page, {**form, "find": "1"}).content.decode()
    [row] = json.loads(desk.post(page, {**form, "export": "1"}).content)["enquiries"]
    assert (row["reference"], row["message"], row["steps"][0]["note"]) == (
        subject.reference,
        None,
        None,
    )
    asked = desk.post(page, {**form, "erase": "1"}).context["form"]
    answer = {name: asked[name].value() for name in asked.fields}
    assert "Erased: 1." in desk.post(f"{page}erase/", answer, follow=True).content.decode()


def national_team_again() -> Any:
    """Return the one that the enquiry's note is by."""
    return Event.objects.exclude(by=None)[0].by


def test_a_colleague_who_leaves_gives_it_back(subject: Enquiry) -> None:
    user = somebody("leaver", COORDINATORS)
    Enquiry.objects.update(assigned_to=user, state="acknowledged")
    end_account(user=user, successions={}, by=national_team_again())
    subject.refresh_from_db(fields=["assigned_to", "state"])
    assert (subject.assigned_to, subject.state) == (None, "new")


def test_it_is_marked_and_told_once_and_the_mark_goes_with_the_key(
    subject: Enquiry, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    other = enquiry(email="other@school.example")
    with caplog.at_level(logging.CRITICAL):
        last = keys.look_through(after=0, at=timezone.now())
        assert (last, keys.look_through(after=last, at=timezone.now())) == (other.pk, 0)
        keys.look_through(after=0, at=timezone.now())
    [told] = [line.message for line in caplog.records if line.levelname == "CRITICAL"]
    assert subject.reference in told
    assert other.reference not in told
    assert list(Enquiry.objects.unreadable()) == [subject]
    with connection.cursor() as cursor:
        for column in sealed_columns(Enquiry):
            sealed = cipher().encrypt("found")
            cursor.execute(f"UPDATE contact_enquiry SET {column} = '{sealed}'")  # noqa: S608
        cursor.execute("UPDATE contact_event SET note = ''")
    keys.look_through(after=0, at=timezone.now())
    assert not Enquiry.objects.unreadable().exists()


def test_a_note_alone_that_cannot_be_read_marks_its_enquiry() -> None:
    subject = enquiry()
    handling.add_note(enquiry=subject, by=national_team(), note="A note.")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE contact_event SET note = 'not ours'")
    keys.look_through(after=0, at=timezone.now())
    assert list(Enquiry.objects.unreadable()) == [subject]


def ready() -> tuple[int, str | None]:
    answer = Client().get("/health/ready")
    return answer.status_code, answer.json()["problem"]


def test_health_and_check_tell_that_a_key_in_use_was_taken_away(
    settings: Any,
) -> None:
    first, second = settings.FIELD_ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    keys.prove_keys()
    keys.prove_keys()
    assert KeyProof.objects.count() == 1
    settings.FIELD_ENCRYPTION_KEYS = [second, first]
    keys.prove_keys()
    assert (KeyProof.objects.count(), ready()) == (2, (200, None))
    settings.FIELD_ENCRYPTION_KEYS = [second]
    problem = "FIELD_ENCRYPTION_KEYS does not open all that is stored: a key is missing."
    assert ready() == (503, problem)
    [warning] = keys_open_what_is_stored(None, databases=["default"])
    assert "keys are missing: 1" in warning.msg
    assert keys_open_what_is_stored(None) == []


def test_once_all_is_sealed_anew_the_old_key_is_asked_for_no_more(settings: Any) -> None:
    first, second = settings.FIELD_ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    enquiry()
    keys.prove_keys()
    settings.FIELD_ENCRYPTION_KEYS = [second, first]
    call_command("rotate_keys", verbosity=0)
    keys.prove_keys()
    settings.FIELD_ENCRYPTION_KEYS = [second]
    assert ready() == (200, None)


def test_what_no_key_opens_keeps_nothing_else_from_being_sealed_anew(
    subject: Enquiry, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = settings.FIELD_ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    other = enquiry(email="other@school.example")
    keys.prove_keys()
    KeyProof.objects.create(sealed=Cipher([Fernet.generate_key().decode()]).encrypt("proof"))
    settings.FIELD_ENCRYPTION_KEYS = [second, first]
    with pytest.raises(CommandError, match="2 cannot be read, and stay as they are"):
        call_command("rotate_keys")
    assert ready()[0] == 503
    call_command("rotate_keys", "--accept-loss")
    assert "1 rows are encrypted with the newest key; 2 that no key" in capsys.readouterr().out
    assert ready()[0] == 200
    settings.FIELD_ENCRYPTION_KEYS = [second]
    assert Enquiry.objects.get(pk=other.pk).email == "other@school.example"
