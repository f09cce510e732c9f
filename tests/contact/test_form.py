"""The contact form, from outside."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test import Client

from contact.models import Enquiry
from contact.references import PATTERN
from outbox.models import Message
from regions.models import Area, Establishment, PostcodeSector, Region
from regions.names import establishment_keys
from regions.postcodes import BYTES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

TYPED = {
    "place": "Wigan",
    "setting": "school",
    "topic": "training",
    "message": "When is the next date?",
    "full_name": "Sam Example",
    "email": "sam@school.example",
    "telephone": "",
    "organisation": "Example High School",
    "role": "",
}


def post(client: Client, **changes: str):
    return client.post("/contact/", {**TYPED, **changes})


def send(client: Client, **changes: str):
    return post(client, confirm="yes", **changes)


def region_of(enquiry: Enquiry) -> Region:
    assert enquiry.region is not None
    return enquiry.region


def stored() -> Enquiry:
    return Enquiry.objects.get()


def test_the_form_tells_the_emergency_routes_before_its_first_field(client):
    page = client.get("/contact/").content.decode()
    first_field = page.index('name="place"')
    for needed in ("999", "/get-help/", "cannot help every setting from day to day"):
        assert 0 < page.index(needed, page.index("<main")) < first_field


def test_the_form_is_kept_by_nobody(client):
    assert client.get("/contact/")["Cache-Control"] == "private, no-store"


def test_before_sending_the_sender_sees_who_gets_it_and_why_and_nothing_is_stored(client):
    response = post(client)
    assert response.status_code == 200
    page = " ".join(response.content.decode().split())
    assert "Check before you send" in page
    assert (
        "This goes to the <strong>North-West co-ordinator</strong>, "
        "because Wigan is policed by Greater Manchester." in page
    )
    assert (Enquiry.objects.count(), Message.objects.count()) == (0, 0)


def test_what_is_sent_from_the_check_page_is_what_was_typed(client):
    message = 'Two lines,\n"quotes" & <b>markup</b> {{ 7*7 }} {% now "Y" %} 🙂'
    page = post(client, message=message).content.decode()
    assert "<b>markup</b>" not in page
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    values = {name: html.unescape(value) for name, value in hidden.items()}
    assert client.post("/contact/", {**values, "confirm": "yes"}).status_code == 302
    assert stored().message == message


def test_a_confirmed_enquiry_is_stored_with_its_route_and_its_mail(client):
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


def test_what_was_typed_cannot_be_read_from_the_database(client):
    send(client, telephone="0161 496 0000", role="Tutor")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM contact_enquiry")
        row = " ".join(str(value) for value in cursor.fetchone())
    for typed in (
        "Wigan High",
        "next date",
        "Sam",
        "sam@school",
        "0161",
        "Example High",
        "Tutor",
    ):
        assert typed not in row
    assert stored().telephone == "0161 496 0000"


def test_the_confirmation_shows_nothing_that_was_typed_and_can_be_reloaded(client):
    address = send(client)["Location"]
    for _ in range(2):
        response = client.get(address)
        assert response.status_code == 200
    page = response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    assert '<meta name="robots" content="noindex">' in page
    assert stored().reference in page
    assert "North-West co-ordinator" in page
    for typed in ("Sam Example", "sam@school", "next date", "Example High"):
        assert typed not in page


@pytest.mark.parametrize("address", ["/contact/sent/AAAA-AAAA-AAAA/", "/contact/sent/x/"])
def test_an_unknown_reference_is_not_found(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("token", ["t1", "with a space", "<b>", "x" * 200])
def test_the_same_token_with_the_same_values_is_one_enquiry(client, token):
    first, second = (send(client, token=token)["Location"] for _ in range(2))
    assert first == second
    assert (Enquiry.objects.count(), Message.objects.count()) == (1, 2)


def test_the_same_token_with_other_values_is_another_enquiry(client):
    send(client, token="t1")
    send(client, token="t1", message="And where?")
    assert Enquiry.objects.count() == 2


def test_two_strangers_with_the_same_words_are_two_enquiries(client):
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


def test_without_a_token_each_sending_is_an_enquiry_of_its_own(client):
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
def test_bad_input_is_told_in_a_sentence_and_nothing_typed_is_lost(client, field, value, words):
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


def test_a_message_of_5000_characters_over_many_lines_is_accepted(client):
    lines = ("x" * 49 + "\r\n") * 100
    assert send(client, message=lines).status_code == 302
    assert len(stored().message) <= 5000


def test_a_complex_case_may_leave_a_number_instead_of_a_message(client):
    assert send(client, topic="complex-case", message="").status_code == 422
    sent = send(client, topic="complex-case", message="", telephone="0161 496 0000")
    assert sent.status_code == 302
    assert set(Message.objects.values_list("priority", flat=True)) == {10}


def test_an_ambiguous_place_is_asked_about_and_the_answer_routes(client):
    response = send(client, place="Lincolnshire")
    page = response.content.decode()
    assert response.status_code == 422
    offered = re.findall(r'type="radio" name="area" value="([^"]+)"', page)
    assert offered == ["lincolnshire", "humberside", "several"]
    assert send(client, place="Lincolnshire", area="humberside").status_code == 302
    assert (region_of(stored()).slug, stored().is_override) == ("north-east", False)


@pytest.mark.parametrize("place", ["Cardiff", "Nowhere-on-Sea", "M11 1AA", "ZZ99 9ZZ", "1"])
def test_an_unplaceable_place_is_never_guessed_and_every_region_is_offered(client, place):
    response = send(client, place=place)
    page = response.content.decode()
    assert response.status_code == 422
    assert re.findall(r'type="radio" name="area" value="([^"]+)"', page) == [
        "north-west",
        "north-east",
        "west-midlands",
        "east-midlands",
        "south-east",
        "south-west",
        "east-of-england",
        "london",
        "several",
    ]
    assert "Greater Manchester, Cheshire, Cumbria" in page
    assert Enquiry.objects.count() == 0


def test_change_keeps_the_area_that_was_chosen(client):
    for place, area in (("Lincolnshire", "humberside"), ("Leeds", "kent"), ("Nowhere", "several")):
        page = post(client, place=place, area=area, change="all").content.decode()
        assert re.search(rf'name="area" value="{area}"[^>]* checked', page), (place, area)


def test_change_offers_the_places_that_were_meant_and_every_region(client):
    page = post(client, place="Lincolnshire", area="humberside", change="area").content.decode()
    offered = re.findall(r'type="radio" name="area" value="([^"]+)"', page)
    assert offered[:2] == ["lincolnshire", "humberside"]
    assert {"london", "north-west", "several"} <= set(offered)


def test_who_chooses_a_region_has_not_chosen_the_force_of_the_same_name(client):
    assert send(client, place="", area="west-midlands").status_code == 302
    assert (region_of(stored()).slug, stored().area) == ("west-midlands", None)


def test_a_token_that_nobody_made_is_replaced_without_a_word(client):
    for token in ("x" * 201, "a\x00b"):
        assert send(client, token=token).status_code == 302


def test_only_the_forms_own_methods_are_answered(client):
    assert client.put("/contact/").status_code == 405


def test_several_regions_go_to_the_national_team(client):
    assert send(client, area="several").status_code == 302
    enquiry = stored()
    assert (enquiry.region, enquiry.area, enquiry.post) == (None, None, None)


def test_a_chosen_region_overrides_the_place_and_the_check_page_asks_if_that_is_right(client):
    page = " ".join(post(client, area="london").content.decode().split())
    assert "<strong>London co-ordinator</strong>, because London was chosen." in page
    assert "Is that right?" in page
    send(client, area="london")
    assert (region_of(stored()).slug, stored().is_override) == ("london", True)


def test_the_isle_of_man_goes_to_the_north_west_and_says_that_it_is_not_in_england(client):
    page = post(client, place="Isle of Man").content.decode()
    assert "North-West co-ordinator" in page
    assert "not in England" in page


def test_change_gives_everything_back_with_the_regions_to_choose_from(client):
    response = post(client, change="area")
    page = response.content.decode()
    assert response.status_code == 200
    assert 'name="area" value="north-west"' in page
    for typed in ("Wigan", "When is the next date?", "Sam Example", "sam@school.example"):
        assert typed in page
    assert Enquiry.objects.count() == 0


def test_a_regions_page_prefills_its_region_and_topic(client):
    page = client.get("/contact/?region=london&topic=newsletter").content.decode()
    assert re.search(r'value="london"[^>]* checked', page)
    assert re.search(r'value="newsletter"[^>]* checked', page)


def test_a_place_is_prefilled_and_inert(client):
    page = client.get("/contact/", {"place": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("address", ["/contact/?region=atlantis", "/contact/?topic=%00"])
def test_an_unknown_prefill_is_ignored(client, address):
    assert client.get(address).status_code == 200


def test_files_are_refused(client, tmp_path):
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
def test_bodies_that_no_form_sends_are_answered_plainly_and_store_nothing(client, body, kind):
    response = client.post("/contact/", body, content_type=kind)
    assert response.status_code in {400, 413, 422}
    assert Enquiry.objects.count() == 0


@pytest.mark.parametrize(
    "typed",
    ["مرحبا", "\u202eevil", "=HYPERLINK(1)", "x" * 4999, ".", "\ud83d\ude42", "javascript:1"],
)
def test_odd_words_are_kept_whole(client, typed):
    sent = typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    assert send(client, message=sent).status_code == 302
    assert stored().message == sent


def test_no_cookie_is_needed_or_set(client):
    assert not post(client).cookies
    assert not send(client).cookies
    assert Client(enforce_csrf_checks=True).post("/contact/", TYPED).status_code == 200


@pytest.fixture
def national_files(reference_data) -> None:
    """One sector of postcodes that are in use, one that has ended, and one school."""
    area = Area.objects.get(slug="greater-manchester")
    every = bytes([255] * BYTES)
    for sector, in_use in (("1", True), ("2", False)):
        PostcodeSector.objects.create(
            outward="M11",
            sector=sector,
            area=area,
            council="Manchester",
            in_use=in_use,
            units=every,
        )
    Establishment.objects.create(
        urn=100001,
        ukprn=10000001,
        name="Littletown High School",
        key=establishment_keys("Littletown High School")[0],
        council="Manchester",
        status="open",
        area=area,
    )


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("M11 1AA", "M11 1AA"),
        ("m111aa", "M11 1AA"),
        ("littletown high school", "Littletown High School"),
        ("100001", "Littletown High School"),
        ("10000001", "Littletown High School"),
    ],
)
def test_a_postcode_a_school_or_its_number_decides_and_the_check_page_says_why(
    client, national_files, place, name
):
    page = " ".join(post(client, place=place).content.decode().split())
    assert (
        "This goes to the <strong>North-West co-ordinator</strong>, "
        f"because {name} is in Manchester, which is policed by Greater Manchester." in page
    )
    send(client, place=place)
    assert region_of(stored()).slug == "north-west"


def test_a_postcode_that_has_ended_decides_and_the_check_page_says_so(client, national_files):
    page = post(client, place="M11 2AA").content.decode()
    assert "M11 2AA is no longer in use. It was in North-West." in page


def test_the_place_is_asked_for_in_the_finders_words(client):
    page = " ".join(client.get("/contact/").content.decode().split())
    assert "Which county, council, postcode or school is this about?" in page
    for address in ("/", "/find-your-coordinator/", "/find-your-coordinator/?q=Leeds", "/contact/"):
        page = client.get(address).content.decode()
        assert "Type a county, council, postcode, school or its number" in page
    assert "not its head office" in page
