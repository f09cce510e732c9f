"""What is kept, how, for how long, and how a person's own data is found and erased."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session as BrowserSession
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from contact.actions import alarms, handling, retention
from contact.actions.personal_data import find_personal_data
from contact.fields import EncryptedTextField
from contact.models import (
    AcknowledgedAddress,
    Enquiry,
    ErasedTotal,
    Event,
    PersonalDataRequest,
    address_digest,
)
from outbox.delivery import deliver_due
from outbox.models import Attempt, Message
from outbox.transports import FolderTransport, SmtpTransport
from tests.contact.desk import address, at_desk, coordinator, enquiry, national_team, somebody
from tests.smtp import running_mail_server

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

MARKERS = [f"zqmarker{number:03d}q" for number in range(100)]


def everything_stored() -> str:
    """Return every value of every row of every table, as the database holds it."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found.extend(repr(row) for row in cursor.fetchall())
    return "\n".join(found)


def with_markers() -> list[Enquiry]:
    """Send ten enquiries whose every typed value holds a marker of its own, a hundred in all."""
    words = iter(MARKERS)
    return [
        enquiry(
            full_name=next(words),
            email=f"{next(words)}@{next(words)}.example",
            telephone="0161 496 0000",
            role=next(words),
            organisation=next(words),
            place=f"Wigan {next(words)}",
            area="north-west",
            message=f"{next(words)} and {next(words)}",
            website=next(words) if number % 2 else "",
            token=next(words),
        )
        for number in range(10)
    ]


def left_behind(texts: str) -> list[str]:
    lowered = texts.lower()
    return [marker for marker in MARKERS if marker in lowered]


def handled(subject: Enquiry) -> None:
    """Do with it what colleagues do, words in notes among it."""
    desk = at_desk(national_team())
    for step, form in (
        ("show", {}),
        ("note", {"note": f"{subject.full_name} called: {subject.message}"}),
        ("hand-over", {"to": "london", "note": subject.organisation}),
        ("refer", {}),
        ("close", {"note": subject.email}),
    ):
        assert desk.post(address(subject, step), form).status_code < 400, step
    desk.post("/admin/contact/enquiry/person/", {"email": subject.email, "find": "Find"})
    desk.get("/admin/contact/enquiry/", {"q": subject.full_name})


def sent_by(transport: SmtpTransport | FolderTransport) -> None:
    while deliver_due(transport):
        Message.objects.undelivered().update(due_at=timezone.now() - timedelta(minutes=1))
        if not Message.objects.due().exists():
            return


def test_a_hundred_marker_words_are_nowhere_but_in_encrypted_columns_and_gone_in_time(
    caplog: pytest.LogCaptureFixture, settings: Any, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    settings.VAR_DIR = tmp_path
    with running_mail_server(on_rcpt="451 Later") as server:
        subjects = with_markers()
        handled(subjects[0])
        transport = SmtpTransport(server.host, server.port)
        deliver_due(transport)
        server.on_rcpt = "550 No such user"
        Message.objects.update(due_at=timezone.now() - timedelta(minutes=1))
        deliver_due(transport)
    Enquiry.objects.filter(pk=subjects[1].pk).get()
    alarms.alarm_of_undelivered()
    ours = (record for record in caplog.records if not record.name.startswith("mail."))
    readable = everything_stored() + "\n".join(map(str, (record.__dict__ for record in ours)))
    readable += "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    assert left_behind(readable) == []
    held = Enquiry.objects.get(pk=subjects[3].pk)
    assert held.message.split()[0] in MARKERS, "it can be read with the key"

    Enquiry.objects.update(state="closed", closed_at=timezone.now() - timedelta(days=400))
    Enquiry.objects.update(last_step_at=timezone.now() - timedelta(days=400))
    before = len(everything_stored())
    call_command("erase_expired")
    BrowserSession.objects.all().delete()
    assert (Enquiry.objects.count(), Event.objects.count()) == (0, 0)
    assert (Message.objects.count(), Attempt.objects.count()) == (0, 0)
    assert not LogEntry.objects.filter(content_type__app_label="contact").exists()
    after = everything_stored()
    assert len(after) < before
    for subject in subjects:
        for trace in (subject.reference, subject.email_digest, subject.submission):
            if trace == subjects[0].email_digest:
                continue  # The request for this person's data is kept, by its digest.
            assert trace not in after
    assert sum(ErasedTotal.objects.values_list("count", flat=True)) == 10


def test_every_typed_value_and_note_has_an_encrypted_column() -> None:
    encrypted = {
        f"{model._meta.model_name}.{field.name}"
        for model in apps.get_app_config("contact").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, EncryptedTextField)
    }
    typed = ("full_name", "email", "telephone", "role", "organisation", "place", "message")
    assert encrypted == {*(f"enquiry.{name}" for name in typed), "event.note"}


def test_mail_files_of_the_example_site_are_erased_with_the_enquiry(
    settings: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "mail"
    settings.MAIL = {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(folder),
    }
    subject = enquiry()
    deliver_due(FolderTransport(folder))
    assert len(list(folder.glob("*.eml"))) == 2
    closed(subject, days=366)
    retention.erase_expired(at=timezone.now())
    assert list(folder.glob("*")) == []


def closed(subject: Enquiry, *, days: int) -> None:
    then = timezone.now() - timedelta(days=days)
    Enquiry.objects.filter(pk=subject.pk).update(state="closed", closed_at=then, last_step_at=then)


def left_alone(subject: Enquiry, *, days: int) -> None:
    then = timezone.now() - timedelta(days=days)
    Enquiry.objects.filter(pk=subject.pk).update(last_step_at=then)


def test_a_closed_enquiry_is_erased_when_its_days_are_over_and_not_before(settings: Any) -> None:
    settings.ENQUIRY_RETENTION_DAYS = 30
    subject = enquiry()
    closed(subject, days=29)
    assert retention.erase_expired(at=timezone.now()).erased == 0
    closed(subject, days=30)
    assert retention.erase_expired(at=timezone.now()).erased == 1
    total = ErasedTotal.objects.get()
    assert (total.count, total.answered, total.region and total.region.slug) == (1, 0, "north-west")


def test_a_legal_hold_keeps_it(capsys: pytest.CaptureFixture[str]) -> None:
    subject, by = enquiry(), national_team()
    handling.begin_legal_hold(enquiry=subject, by=by, note="A case before court.")
    closed(subject, days=4000)
    call_command("erase_expired")
    assert "Erased: 0. Warned of: 0. Kept by a legal hold: 1." in capsys.readouterr().out
    handling.end_legal_hold(enquiry=subject, by=by, note="It is over.")
    assert retention.erase_expired(at=timezone.now()).erased == 1


def test_what_nobody_closed_is_erased_only_after_a_warning_that_nobody_heeds(settings: Any) -> None:
    settings.ENQUIRY_RETENTION_DAYS = 100
    subject, now = enquiry(), timezone.now()
    left_alone(subject, days=101)
    assert [retention.erase_expired(at=now).warned for _ in range(2)] == [1, 0]
    assert retention.erase_expired(at=now + timedelta(days=29)).erased == 0
    assert retention.erase_expired(at=now + timedelta(days=30)).erased == 1


def test_whoever_does_something_with_it_after_the_warning_keeps_it(settings: Any) -> None:
    settings.ENQUIRY_RETENTION_DAYS = 100
    subject, now = enquiry(), timezone.now()
    left_alone(subject, days=101)
    retention.erase_expired(at=now)
    handling.add_note(enquiry=subject, by=national_team(), note="We still work on it.")
    assert retention.erase_expired(at=now + timedelta(days=60)).erased == 0


def test_erased_is_not_mailed() -> None:
    subject = enquiry()
    closed(subject, days=400)
    claimed = Message.objects.filter(subject_id=subject.pk)
    assert claimed.count() == 2
    retention.erase_expired(at=timezone.now())
    with running_mail_server() as server:
        assert dict(deliver_due(SmtpTransport(server.host, server.port))) == {}
        assert server.received == []


def rotated(settings: Any, *keys: str) -> None:
    settings.FIELD_ENCRYPTION_KEYS = list(keys)


def test_after_rotation_the_old_key_is_not_needed_and_the_sender_is_still_found(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = settings.FIELD_ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    subject = enquiry()
    handling.add_note(enquiry=subject, by=national_team(), note="SECRET-note")
    rotated(settings, new, old)
    settings.DIGEST_KEY = "another-" + "0123456789abcdef" * 4
    call_command("rotate_keys")
    assert "2 rows are encrypted with the newest key." in capsys.readouterr().out
    rotated(settings, new)
    assert Enquiry.objects.get().message == "MARKER-message"
    assert Event.objects.get().note == "SECRET-note"
    assert Enquiry.objects.filter(email_digest=address_digest(" Marker@School.example")).exists()


def test_what_is_known_by_an_addresss_digest_is_known_by_the_new_one(settings: Any) -> None:
    old, email = address_digest("marker@school.example"), "marker@school.example"
    enquiry()
    AcknowledgedAddress.objects.create(email_digest=old, sent={"1": 1.0})
    find_personal_data(email=email, by=national_team())
    settings.DIGEST_KEY = "another-" + "0123456789abcdef" * 4
    call_command("rotate_keys")
    today = address_digest(email)
    assert today != old
    assert AcknowledgedAddress.objects.get().email_digest == today
    assert PersonalDataRequest.objects.get().email_digest == today


def test_another_secret_key_hides_nobodys_data(settings: Any) -> None:
    enquiry()
    settings.SECRET_KEY = "another-" + "0123456789abcdef" * 4
    assert Enquiry.objects.filter(email_digest=address_digest("marker@school.example")).exists()


def test_a_row_that_no_key_opens_stops_the_rotation_with_a_sentence(settings: Any) -> None:
    enquiry()
    rotated(settings, Fernet.generate_key().decode())
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("rotate_keys")


def test_a_persons_data_is_found_exported_and_erased_and_that_is_written_down() -> None:
    mine, other = enquiry(), enquiry(email="other@school.example")
    kept = enquiry(token="kept")
    team = national_team()
    handling.begin_legal_hold(enquiry=kept, by=team, note="Needed.")
    desk, page = at_desk(team), "/admin/contact/enquiry/person/"
    form = {"email": " MARKER@school.example "}
    found = desk.post(page, {**form, "find": "Find"}).content.decode()
    assert mine.reference in found
    assert other.reference not in found
    export = desk.post(page, {**form, "export": "1"})
    assert export["Content-Type"].startswith("application/json")
    rows = json.loads(export.content)["enquiries"]
    assert [row["reference"] for row in rows] == [mine.reference, kept.reference]
    assert rows[0]["message"] == "MARKER-message"
    asked = desk.post(page, {**form, "erase": "1"}).context["form"]
    assert Enquiry.objects.count() == 3
    answer = {name: asked[name].value() for name in asked.fields}
    page_after = desk.post(f"{page}erase/", answer, follow=True).content.decode()
    assert "Erased: 1. Kept because of a legal hold: 1." in page_after
    assert set(Enquiry.objects.all()) == {other, kept}
    done = PersonalDataRequest.objects.order_by("at").values_list("kind", "by", "count")
    kinds = ("found", "exported", "found", "erased")
    assert list(done) == [(kind, team.pk, 2) for kind in kinds]


def test_a_wrong_address_is_named_and_nothing_is_written_down() -> None:
    response = at_desk(national_team()).post(
        "/admin/contact/enquiry/person/", {"email": "nobody", "find": "Find"}
    )
    assert "Write one e-mail address" in response.content.decode()
    assert not PersonalDataRequest.objects.exists()


@pytest.mark.parametrize("role", ["co-ordinator", "editor"])
def test_only_the_national_team_handles_persons_data(role: str) -> None:
    user = coordinator("north-west") if role == "co-ordinator" else somebody("ed", "Editors")
    enquiry()
    desk = at_desk(user)
    for form in ({"find": "1"}, {"export": "1"}, {"erase": "1"}):
        response = desk.post(
            "/admin/contact/enquiry/person/", {"email": "marker@school.example", **form}
        )
        assert response.status_code == 403
    assert Enquiry.objects.count() == 1
