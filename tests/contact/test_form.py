"""The contact form, from outside: filling it in, checking it, sending it."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from contact.mail import ACKNOWLEDGEMENT, NOTICE
from contact.models import Enquiry
from contact.references import PATTERN
from outbox.models import Message
from tests.contact.desk import TYPED, post, region_of, send, stored

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


def test_the_form_tells_the_emergency_routes_before_its_first_field(client: Client) -> None:
    page = client.get("/contact/").content.decode()
    first_field = page.index('name="place"')
    for needed in ("999", "/get-help/", "cannot help every setting from day to day"):
        assert 0 < page.index(needed, page.index("<main")) < first_field


def test_the_form_is_kept_by_nobody(client: Client) -> None:
    assert client.get("/contact/")["Cache-Control"] == "private, no-store"


def test_before_sending_the_sender_sees_who_gets_it_and_why_and_nothing_is_stored(
    client: Client,
) -> None:
    response = post(client)
    assert response.status_code == 200
    page = " ".join(response.content.decode().split())
    assert "Check before you send" in page
    assert (
        "This goes to the <strong>North-West co-ordinator</strong>, "
        "because Wigan is policed by Greater Manchester." in page
    )
    assert (Enquiry.objects.count(), Message.objects.count()) == (0, 0)


def test_what_is_sent_from_the_check_page_is_what_was_typed(client: Client) -> None:
    message = 'Two lines,\n"quotes" & <b>markup</b> {{ 7*7 }} {% now "Y" %} 🙂'
    page = post(client, message=message).content.decode()
    assert "<b>markup</b>" not in page
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    values = {name: html.unescape(value) for name, value in hidden.items()}
    assert client.post("/contact/", {**values, "confirm": "yes"}).status_code == 302
    assert stored().message == message


def test_a_confirmed_enquiry_is_stored_with_its_route_and_its_mail(client: Client) -> None:
    response = send(client)
    enquiry = stored()
    assert response.status_code == 302
    assert response["Location"] == f"/contact/sent/{enquiry.reference}/"
    assert PATTERN.fullmatch(enquiry.reference)
    assert (
        region_of(enquiry).slug,
        enquiry.area and enquiry.area.slug,
        enquiry.reason,
        enquiry.is_override,
    ) == (
        "north-west",
        "greater-manchester",
        "Wigan is policed by Greater Manchester",
        False,
    )
    assert enquiry.post == region_of(enquiry).posts.get()
    kinds = Message.objects.filter(subject_id=enquiry.pk).values_list("kind", "state")
    assert sorted(kinds) == [
        ("enquiry-acknowledgement", "queued"),
        ("enquiry-notice", "queued"),
    ]


def test_what_was_typed_cannot_be_read_from_the_database(client: Client) -> None:
    send(client, telephone="0161 496 0000", role="Tutor")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM contact_enquiry")
        row = " ".join(str(value) for value in cursor.fetchone())
    for typed in ("MARKER", "marker@school", "0161", "Tutor"):
        assert typed not in row
    assert stored().telephone == "0161 496 0000"


def test_the_confirmation_shows_nothing_that_was_typed_and_can_be_reloaded(client: Client) -> None:
    address = send(client)["Location"]
    for _ in range(2):
        response = client.get(address)
        assert response.status_code == 200
    page = response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    assert '<meta name="robots" content="noindex">' in page
    assert stored().reference in page
    assert "North-West co-ordinator" in page
    for typed in ("MARKER", "marker@school"):
        assert typed not in page


def test_what_the_database_refuses_is_given_back_and_no_other_enquiry_is_confirmed(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """As where the schema is later than the code: a rule that this code does not know."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX later_rule ON contact_enquiry (topic)")
    first = send(client, message="The first.")
    refused = send(client, message="Typed for an hour.")
    assert (first.status_code, refused.status_code) == (302, 503)
    page = refused.content.decode()
    assert "Your enquiry has not been sent" in page
    assert "Typed for an hour." in page
    assert 'href="/get-help/"' in page
    assert stored().message == "The first."
    assert "IntegrityError" in caplog.text
    assert "hour" not in caplog.text


@pytest.mark.parametrize("address", ["/contact/sent/AAAA-AAAA-AAAA/", "/contact/sent/x/"])
def test_an_unknown_reference_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("token", ["t1", "with a space", "<b>", "x" * 200])
def test_the_same_token_with_the_same_values_is_one_enquiry(client: Client, token: str) -> None:
    first, second = (send(client, token=token)["Location"] for _ in range(2))
    assert first == second
    assert (Enquiry.objects.count(), Message.objects.count()) == (1, 2)


def test_the_same_token_with_other_values_is_another_enquiry(client: Client) -> None:
    send(client, token="t1")
    send(client, token="t1", message="And where?")
    assert Enquiry.objects.count() == 2


def test_two_strangers_with_the_same_words_are_two_enquiries(client: Client) -> None:
    tokens = [
        token
        for _ in range(2)
        for token in re.findall(
            r'name="token" value="([^"]+)"', client.get("/contact/").content.decode()
        )
    ]
    assert len(set(tokens)) == 2
    addresses = {send(client, token=token)["Location"] for token in tokens}
    assert len(addresses) == 2


def test_without_a_token_each_sending_is_an_enquiry_of_its_own(client: Client) -> None:
    addresses = {send(client)["Location"] for _ in range(2)}
    assert len(addresses) == 2


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("full_name", "", "Write your name."),
        ("full_name", "Sam\r\nBcc: evil@example.org", "Write this on one line"),
        ("full_name", "Sam\x00", "Write this on one line"),
        ("organisation", "x" * 201, "Shorten this to 200 characters or fewer."),
        ("organisation", "", "Write the name of your organisation."),
        ("email", "", "Write your e-mail address."),
        ("email", "a@b,c@d", "Write one e-mail address"),
        ("email", "a@b.example\nBcc: c@d.example", "Write one e-mail address"),
        ("email", "nobody", "Write one e-mail address"),
        ("email", "İ@b.example", "Write one e-mail address"),
        ("full_name", "\u200b\u3164", "Write your name."),
        ("message", "\u2800", "Write your message."),
        ("area", "a\x00b", "Choose one of the regions in the list."),
        ("telephone", "call me", "Write a telephone number"),
        ("setting", "", "Choose the kind of setting."),
        ("setting", "castle", "Choose one of the settings in the list."),
        ("topic", "", "Choose what this is about."),
        ("message", "", "Write your message."),
        ("message", "x" * 5001, "Shorten your message to 5000 characters or fewer: it has 5001."),
        ("message", "a\x00b", "Take the invisible control characters out."),
        ("place", "", "Write which county, council, postcode or school this is about."),
        ("place", "\u200b\u00a0", "Write which county, council, postcode or school this is about."),
        ("area", "atlantis", "Choose one of the regions in the list."),
    ],
)
def test_bad_input_is_told_in_a_sentence_and_nothing_typed_is_lost(
    client: Client, field: str, value: str, words: str
) -> None:
    response = send(client, **{field: value})
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "govuk-error-summary" in page
    assert re.search(rf'aria-describedby="[^"]*id_{field}_error', page)
    for name, typed in TYPED.items():
        if typed and name != field:
            assert typed in page or f'value="{typed}" ' in page
    assert Enquiry.objects.count() == 0


def test_a_message_of_5000_characters_over_many_lines_is_accepted(client: Client) -> None:
    lines = ("x" * 49 + "\r\n") * 100
    assert send(client, message=lines).status_code == 302
    assert len(stored().message) <= 5000


def test_a_complex_case_may_leave_a_number_instead_of_a_message(client: Client) -> None:
    assert send(client, topic="complex-case", message="").status_code == 422
    sent = send(client, topic="complex-case", message="", telephone="0161 496 0000")
    assert sent.status_code == 302
    assert dict(Message.objects.values_list("kind", "priority")) == {
        NOTICE: Message.Priority.URGENT,
        ACKNOWLEDGEMENT: Message.Priority.SENDER,
    }


def test_a_token_that_nobody_made_is_replaced_without_a_word(client: Client) -> None:
    for token in ("x" * 201, "a\x00b"):
        assert send(client, token=token).status_code == 302


def test_only_the_forms_own_methods_are_answered(client: Client) -> None:
    assert client.put("/contact/").status_code == 405


def test_a_regions_page_prefills_its_region_and_topic(client: Client) -> None:
    page = client.get("/contact/?region=london&topic=newsletter").content.decode()
    assert re.search(r'value="london"[^>]* checked', page)
    assert re.search(r'value="newsletter"[^>]* checked', page)


def test_a_place_is_prefilled_and_inert(client: Client) -> None:
    page = client.get("/contact/", {"place": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("address", ["/contact/?region=atlantis", "/contact/?topic=%00"])
def test_an_unknown_prefill_is_ignored(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


def test_files_are_refused(client: Client, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear co-ordinator")
    with file.open() as letter:
        response = client.post("/contact/", {**TYPED, "confirm": "yes", "letter": letter})
    assert (response.status_code, Enquiry.objects.count()) == (400, 0)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("x=" + "y" * 5_000_000, "application/x-www-form-urlencoded"),
        ("&".join(f"f{n}=1" for n in range(10_000)), "application/x-www-form-urlencoded"),
        ('{"place": "Wigan"}', "application/json"),
        ("\xff\xfe\x00", "text/plain"),
        ("--x\r\nbroken", "multipart/form-data; boundary=x"),
    ],
)
def test_bodies_that_no_form_sends_are_answered_plainly_and_store_nothing(
    client: Client, body: str, kind: str
) -> None:
    response = client.post("/contact/", body, content_type=kind)
    assert response.status_code in {400, 413, 422}
    assert Enquiry.objects.count() == 0


@pytest.mark.parametrize(
    "typed",
    ["مرحبا", "\u202eevil", "=HYPERLINK(1)", "x" * 4999, ".", "\ud83d\ude42", "javascript:1"],
)
def test_odd_words_are_kept_whole(client: Client, typed: str) -> None:
    sent = typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    assert send(client, message=sent).status_code == 302
    assert stored().message == sent


def test_no_cookie_is_needed_or_set(client: Client) -> None:
    assert not post(client).cookies
    assert not send(client).cookies
    assert post(Client(enforce_csrf_checks=True)).status_code == 200
