"""Who gets which mail about an enquiry, and what it says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from contact import mail
from contact.models import Enquiry
from outbox.envelope import Envelope
from regions.models import Coordinator, Post, Region
from tests.contact.desk import enquiry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def fill_post(region: str, mailbox: str) -> Post:
    post = Post.objects.get(region__slug=region)
    post.mailbox, post.is_vacant = mailbox, False
    post.full_clean()
    post.save()
    return post


def notice(subject: Enquiry) -> Envelope:
    found = mail.notice(subject.pk, AT)
    assert found is not None
    return found


def test_the_notice_goes_to_the_regions_mailbox_and_answers_to_the_sender() -> None:
    fill_post("north-west", "nw@example.org")
    found = notice(enquiry())
    assert (found.recipient, found.reply_to) == ("nw@example.org", "marker@school.example")


def test_the_notice_names_reference_and_region_and_for_a_complex_case_priority() -> None:
    plain, case = enquiry(), enquiry(topic="complex-case")
    assert notice(plain).subject == f"Enquiry {plain.reference}: North-West"
    assert notice(case).subject == f"Enquiry {case.reference}: North-West, priority"


def test_the_notice_leaves_what_was_written_in_the_database_and_links_to_it() -> None:
    subject = enquiry()
    text = notice(subject).text
    assert f"http://127.0.0.1:8000/admin/contact/enquiry/{subject.pk}/change/" in text
    assert "MARKER" not in text


def test_a_setting_puts_what_was_written_into_the_notice(settings: Any) -> None:
    settings.ENQUIRY_TEXT_IN_NOTICES = True
    text = notice(enquiry(telephone="0161 496 0000")).text
    for typed in ("MARKER-message", "MARKER-name", "MARKER-organisation", "0161 496 0000"):
        assert typed in text


def test_a_vacant_post_leaves_the_notice_to_the_national_team() -> None:
    assert notice(enquiry()).recipient == "national@rpec.example"


def test_several_regions_go_to_the_national_team() -> None:
    assert notice(enquiry(area="several")).recipient == "national@rpec.example"


def test_a_mailbox_that_changes_after_sending_counts() -> None:
    subject = enquiry()
    fill_post("north-west", "new@example.org")
    assert notice(subject).recipient == "new@example.org"


def test_settings_go_to_the_post_of_their_remit() -> None:
    region = Region.objects.get(slug="north-west")
    schools = fill_post("north-west", "schools@example.org")
    schools.remit = Post.Remit.SCHOOLS
    schools.save()
    person = Coordinator.objects.create(name="FE", email="fe@example.org")
    Post.objects.create(
        region=region, remit=Post.Remit.FURTHER_AND_HIGHER, position=2, holder=person
    )
    assert notice(enquiry(setting="early-years")).recipient == "schools@example.org"
    assert notice(enquiry(setting="training-provider")).recipient == "fe@example.org"
    assert notice(enquiry(setting="local-authority")).recipient == "schools@example.org"


def test_the_acknowledgement_tells_what_happens_next_and_nothing_that_was_typed() -> None:
    subject = enquiry()
    Enquiry.objects.filter(pk=subject.pk).update(received_at=AT)
    found = mail.acknowledgement(subject.pk, AT)
    assert found is not None
    assert (found.recipient, found.reply_to) == ("marker@school.example", "replies@rpec.example")
    for needed in (
        subject.reference,
        "Friday 20 November 2026, 10am",
        "North-West co-ordinator",
        "working days",
        "999",
        "not a Prevent referral",
        "http://127.0.0.1:8000/get-help/",
        "replies@rpec.example",
    ):
        assert needed in found.text
    assert "MARKER" not in found.text + found.subject


def test_the_html_form_says_the_same_and_nothing_typed_comes_alive_in_it(settings: Any) -> None:
    settings.ENQUIRY_TEXT_IN_NOTICES = True
    found = notice(enquiry(message="<script>alert(1)</script> & more"))
    assert "<script>" in found.text
    assert "<script>" not in found.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in found.html


def test_an_erased_enquiry_is_not_written_about() -> None:
    subject = enquiry()
    key = subject.pk
    subject.delete()
    assert (mail.notice(key, AT), mail.acknowledgement(key, AT)) == (None, None)
