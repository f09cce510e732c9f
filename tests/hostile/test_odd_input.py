"""Odd and hostile values, sent to the real server: refused with a sentence, or kept whole."""

from __future__ import annotations

import json

import pytest

from tests.hostile.running import FORM
from tests.processes import TYPED

SESSIONS = "from training.models import Session; print(Session.objects.count())"
DSL = "from training.models import Track; print(Track.objects.get(slug='dsl').pk)"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("full_name", "Sam%0D%0ABcc%3A%20victim%40evil.example"),
        ("full_name", "Sam%00"),
        ("full_name", "Sam%0A.%0A"),
        ("email", "a%40b.example%2Cc%40d.example"),
        ("email", "a%40b.example%0D%0ABcc%3A%20c%40d.example"),
        ("email", "%22a%22%20%3Cx%40y.example%3E"),
        ("email", "a%40b.example%00"),
        ("organisation", "School%0D%0ASubject%3A%20x"),
        ("telephone", "0161%0D%0A4960000"),
        ("message", "Hello%00"),
    ],
)
def test_what_would_forge_a_header_is_refused_with_everything_typed_kept(running, field, value):
    before = running.counts()
    answer = running.post(raw={field: value})
    assert answer.status == 422
    assert "There is a problem" in answer.text
    for name in ("full_name", "organisation"):
        assert field == name or TYPED[name] in answer.text
    assert running.counts() == before


@pytest.mark.parametrize(
    "value",
    [
        "👩‍🏫 когда 日本",
        "right\u202eto left",
        ".\n.\r\n..\nend",
        "From here\nFrom there",
        "x",
        "متى التدريب القادم؟",
        "a" * 5000,
        "<script>alert(1)</script> {{7*7}} {% now 'Y' %} javascript:alert(1)",
        "<iframe src=//x></iframe><p onclick=x style=y><svg onload=z>",
        "=HYPERLINK(1)\n+1\n-1\n@x",
    ],
    ids=range(10),
)
def test_odd_text_is_kept_whole_and_the_queue_flows(running, value):
    reference = running.post(message=value, email=f"odd{abs(hash(value))}@school.example").reference
    state, key, kept, _ = running.state(reference)
    assert state == "new"
    assert kept == ascii(value.replace("\r\n", "\n"))
    recipients = {
        mail.recipient for mail in running.mail.received if reference in mail.message["Subject"]
    }
    running.mails(reference)
    assert recipients <= {"north-west@example.org", f"odd{abs(hash(value))}@school.example"}
    desk = running.sign_in("coordinator-north-west")
    page = running.ask("GET", f"/admin/contact/enquiry/{key}/change/", headers=desk)
    assert page.status == 200
    for alive in ("<script>alert", "<iframe", "<svg onload"):
        assert alive not in page.text


def test_lone_surrogates_and_broken_bytes_end_in_a_clean_answer(running):
    for value in ("%ED%A0%80", "%FF%FE", "%C3%28", "%F4%90%80%80"):
        answer = running.post(raw={"message": f"Hello%20{value}"})
        assert answer.status in {302, 422}
        if answer.status == 302:
            assert running.state(answer.reference)[0] == "new"


def test_a_line_of_100_kilobytes_is_refused_with_its_text_kept(running):
    before = running.counts()
    answer = running.post(message="y" * 100_000)
    assert answer.status == 422
    assert "y" * 100_000 in answer.text
    assert running.counts() == before


def test_too_much_too_many_a_file_or_json_is_refused_and_stores_nothing(running):
    before = running.counts()
    form = FORM
    file = (
        "--b\r\n"
        'Content-Disposition: form-data; name="file"; filename="x.exe"\r\n'
        "Content-Type: application/octet-stream\r\n\r\nMZ\r\n--b--\r\n"
    )
    multipart = {"Content-Type": "multipart/form-data; boundary=b"}
    broken = {"Content-Type": "multipart/form-data"}
    answers = [
        running.ask("POST", "/contact/", "message=" + "x" * 5_000_000, form),
        running.ask("POST", "/contact/", "&".join(f"f{n}=1" for n in range(10_000)), form),
        running.ask("POST", "/contact/", file, multipart),
        running.ask("POST", "/contact/", file, broken),
        running.ask("POST", "/contact/", json.dumps(TYPED), {"Content-Type": "application/json"}),
        running.ask("POST", "/contact/", b"\xff\xfe\x00", form),
        running.ask("POST", "/contact/", "", form),
    ]
    assert [answer.status in {400, 413, 422} for answer in answers] == [True] * len(answers)
    assert all("/get-help/" in answer.text for answer in answers)
    assert running.counts() == before


@pytest.mark.parametrize(
    ("night", "words"),
    [("28 March 2027", "skip"), ("31 October 2027", "twice")],
)
def test_a_session_at_half_past_one_when_the_clocks_change_is_refused_and_kept_in_the_box(
    running, night, words
):
    desk = running.sign_in("editor")
    before = running.site.run(SESSIONS)
    line = f"{night}, 1:30am to 4pm"
    path = "/admin/training/session/paste/"
    answer = running.post_as(desk, path, text=line, track=running.site.run(DSL).strip(), save="1")
    assert answer.status == 200
    assert words in answer.text
    assert line in answer.text
    assert running.site.run(SESSIONS) == before


def test_a_formula_in_a_title_is_text_on_pages_in_calendars_and_in_spreadsheets(running):
    desk = running.sign_in("editor")
    title = '=HYPERLINK("https://evil.example","{{7*7}}<script>")'
    sent = {
        "text": "2 December 2030, 5pm to 6pm",
        "track": running.site.run(DSL).strip(),
        "title": title,
        "save": "1",
    }
    assert running.post_as(desk, "/admin/training/session/paste/", **sent).status == 302
    exported = running.ask("GET", "/admin/training/session/export/", headers=desk).text
    assert "\"'=HYPERLINK(" in exported
    for path in ("/training/", "/training/dsl/", "/admin/training/session/"):
        page = running.ask("GET", path, headers=desk).text
        assert "{{7*7}}&lt;script&gt;" in page
        assert "<script>&quot;" not in page
    assert title.replace(",", "\\,") in running.ask("GET", "/training/dsl.ics").text.replace(
        "\r\n ", ""
    )
    listed = json.loads(running.ask("GET", "/api/training/sessions").text)["sessions"]
    assert title in [session["title"] for session in listed]
