"""However an address is spelled, it is one mailbox: in limits, in look-ups, and before sending."""

from __future__ import annotations

import json
import re
from html import unescape
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.db.models import TextField
from django.db.models.functions import Cast
from django.test import Client
from django.utils import timezone
from django.utils.crypto import salted_hmac

from contact import mail
from contact.actions.digests import renew_digests
from contact.actions.personal_data import erase_personal_data, find_personal_data
from contact.models import AcknowledgedAddress, Enquiry, address_digest
from outbox.delivery import deliver_due
from outbox.transports import SmtpTransport
from tests.contact.desk import at_desk, enquiry, national_team, post, send, stored
from tests.smtp import running_mail_server

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

MEANT = "second@exämple.net"
SPELLINGS = [
    "second@ex\u200bämple.net",
    "s\u2060econd@exämple.net",
    "\ufeffsecond@exämple.net",
    "Second@EXA\u0308MPLE.net.",
    "ｓｅｃｏｎｄ＠exämple．net",
    "second@xn--exmple-cua.net",
]


def sent_from_each() -> list[Enquiry]:
    return [
        enquiry(email=spelling, message=f"Question {number}")
        for number, spelling in enumerate(SPELLINGS)
    ]


def as_before(subject: Enquiry, email: str) -> None:
    """Store it as the version before did: the address as typed, and a digest of just that."""
    old = salted_hmac("contact.address", email.strip().lower(), algorithm="sha256").hexdigest()
    subject.email, subject.email_digest = email, old
    subject.save()


def test_five_spellings_of_an_address_get_one_acknowledgement() -> None:
    at = timezone.now()
    made = [mail.acknowledgement(subject.pk, at) for subject in sent_from_each()]
    assert [letter is not None for letter in made] == [True] + [False] * 5
    assert AcknowledgedAddress.objects.count() == 1


def test_the_hourly_limit_counts_every_spelling(settings: Any) -> None:
    settings.ENQUIRIES_AN_HOUR_BY_SENDER = 3
    assert [subject.state for subject in sent_from_each()] == ["new"] * 3 + ["held"] * 3


@pytest.mark.parametrize("asked", SPELLINGS)
def test_a_person_is_found_and_exported_by_any_spelling(asked: str) -> None:
    references = {subject.reference for subject in sent_from_each()}
    other = enquiry(email="second@example.net")
    desk, page = at_desk(national_team()), "/admin/contact/enquiry/person/"
    found = desk.post(page, {"email": asked, "find": "Find"}).content.decode()
    assert all(reference in found for reference in references)
    assert other.reference not in found
    export = desk.post(page, {"email": asked, "export": "1"})
    rows = json.loads(export.content)["enquiries"]
    assert {row["reference"] for row in rows} == references


def test_a_person_is_erased_by_one_spelling_with_all_the_others() -> None:
    references = [subject.reference for subject in sent_from_each()]
    other = enquiry(email="second@example.net")
    erased = erase_personal_data(email=SPELLINGS[0], by=national_team(), references=references)
    assert erased == (6, 0)
    assert Enquiry.objects.get() == other


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_check_page_shows_the_address_that_is_mailed(spelling: str) -> None:
    page = post(Client(), email=spelling).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    shown = unescape(hidden["email"])
    assert page.count(hidden["email"]) >= 2
    assert all(character.isprintable() for character in shown)
    with running_mail_server() as server:
        send(Client(), email=shown)
        assert stored().email == shown
        deliver_due(SmtpTransport("127.0.0.1", server.port))
        recipients = [got.recipient.lower() for got in server.received]
        answers = [str(got.message["Reply-To"]).lower() for got in server.received]
    assert "second@xn--exmple-cua.net" in recipients
    assert "second@xn--exmple-cua.net" in answers


def test_mail_about_an_enquiry_from_a_domain_with_a_sharp_s_reaches_no_stranger() -> None:
    enquiry(email="head@straße.example")
    with running_mail_server() as server:
        deliver_due(SmtpTransport("127.0.0.1", server.port))
        wire = str([(got.recipient, got.message.as_string()) for got in server.received])
    assert "head@xn--strae-oqa.example" in wire
    assert "strasse" not in wire


def test_an_address_that_is_only_invisible_is_asked_for() -> None:
    response = post(Client(), email="\u200b\ufeff")
    assert response.status_code == 422
    assert "Write your e-mail address." in response.content.decode()


def test_a_domain_that_no_mail_goes_to_is_said_and_what_was_typed_stays() -> None:
    response = post(Client(), email="ada@☃.example")
    page = response.content.decode()
    assert response.status_code == 422
    assert "Check the part after the @: it has a character that no address can have there." in page
    assert "ada@☃.example" in page
    assert not Enquiry.objects.exists()


def test_what_was_stored_before_is_found_after_the_migration() -> None:
    subjects = sent_from_each()
    for subject, spelling in zip(subjects, SPELLINGS, strict=True):
        as_before(subject, spelling)
    [file] = Path(import_module("contact.migrations").__path__[0]).glob("*_address_digests.py")
    import_module(f"contact.migrations.{file.stem}").renew(apps, None)
    digests = set(Enquiry.objects.values_list("email_digest", flat=True))
    assert digests == {address_digest(MEANT)}


def test_what_the_version_before_stores_during_the_migration_is_found() -> None:
    plain, odd = enquiry(email=MEANT), enquiry(email=MEANT, message="Another")
    as_before(odd, SPELLINGS[0])
    assert {*find_personal_data(email=MEANT, by=national_team())} == {plain, odd}


def test_a_row_that_no_key_opens_stays_as_it_is_and_stops_nothing(settings: Any) -> None:
    lost, odd = enquiry(email=MEANT, message="Lost"), enquiry(email=MEANT)
    as_before(odd, SPELLINGS[0])
    settings.FIELD_ENCRYPTION_KEYS = [
        Fernet.generate_key().decode(),
        *settings.FIELD_ENCRYPTION_KEYS,
    ]
    as_before(lost, SPELLINGS[1])
    del settings.FIELD_ENCRYPTION_KEYS[0]
    before = Enquiry.objects.filter(pk=lost.pk).annotate(sealed=Cast("email", TextField()))
    row = before.values("email_digest", "sealed").get()
    assert renew_digests(Enquiry.objects.all()) == 1
    assert before.values("email_digest", "sealed").get() == row
    assert Enquiry.objects.filter(email_digest=address_digest(MEANT)).get(pk=odd.pk)


def test_renewing_goes_on_beyond_a_batch_and_a_second_time_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("contact.actions.digests.BATCH", 2)
    for subject, spelling in zip(sent_from_each(), SPELLINGS, strict=True):
        as_before(subject, spelling)
    assert renew_digests(Enquiry.objects.all()) == 5  # Of one spelling it was right.
    assert renew_digests(Enquiry.objects.all()) == 0


def test_a_person_is_found_after_the_secret_key_was_changed(settings: Any) -> None:
    subject, by = enquiry(), national_team()
    settings.SECRET_KEY = "another-" + "0123456789abcdef" * 4
    assert list(find_personal_data(email="marker@school.example", by=by)) == [subject]
