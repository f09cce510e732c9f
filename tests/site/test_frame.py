"""What every page promises, whatever is on it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from govuk.dates import weekday_date_words
from guidance.actions.loading import PAGE
from guidance.models import Edition
from outbox.actions import enqueue
from outbox.models import Message, Pause
from tests.govuk.html import document, text
from tests.guidance.factories import make_edition, make_withdrawal
from tests.html_rules import faults_of
from tests.training.factories import make_session, uk

GUIDANCE = "/guidance/regional-prevent-education-coordinators/"
PAGES = [
    "/",
    "/get-help/",
    GUIDANCE,
    f"{GUIDANCE}history/",
    f"{GUIDANCE}history/1/",
    f"{GUIDANCE}history/2/",
    f"{GUIDANCE}history/3/",
    "/regions/",
    "/regions/north-west/",
    "/regions/london/",
    "/find-your-coordinator/",
    "/find-your-coordinator/?q=Leeds",
    "/find-your-coordinator/?q=Lincolnshire",
    "/find-your-coordinator/?q=Cardiff",
    "/training/",
    "/training/dsl/",
    "/training/governors/",
    "/training/regional/",
    "/training/past/",
    "/accessibility/",
    "/privacy/",
    "/cookies/",
    "/api/",
]
OTHERS = [
    "/robots.txt",
    "/sitemap.xml",
    "/.well-known/security.txt",
    "/find-your-coordinator/names.txt",
    "/api/regions/lookup?q=Leeds",
    "/api/training/sessions",
    "/api/openapi.json",
]


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", [*PAGES, *OTHERS])
def test_public_pages_may_be_kept_by_anyone_and_are_asked_after(client, published, address):
    response = client.get(address)
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Cookie" not in response.get("Vary", "")

    again = client.get(address, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == response["ETag"]


@pytest.mark.parametrize("address", [*PAGES, "/contact/"])
def test_every_page_has_one_heading_a_skip_link_a_canonical_link_and_a_title(
    client, published, address
):
    page = client.get(address).content.decode()
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert 'href="#main-content"' in page
    canonical = f"http://127.0.0.1:8000{address.partition('?')[0]}"
    assert f'<link rel="canonical" href="{canonical}">' in page
    title = re.search(r"<title>\s*(.+?)\s*</title>", page, re.DOTALL)
    assert title is not None
    name, _, site = title[1].rpartition(" – ")
    assert name
    assert site == "Regional Prevent education co-ordinators"
    assert "Worried about someone?" in page
    assert page.index('href="/get-help/"') < page.index("<h1")


@pytest.mark.parametrize("address", [*PAGES, "/contact/"])
def test_no_page_holds_a_script_or_style_of_its_own(client, published, address):
    response = client.get(address)
    page = response.content.decode()
    scripts = re.findall(r"<script\b[^>]*>", page)
    assert all("src=" in tag or "application/ld+json" in tag for tag in scripts)
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("address", [*PAGES, "/contact/", "/robots.txt"])
def test_every_answer_keeps_other_sites_out(client, published, address):
    response = client.get(address)
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert "camera=()" in response["Permissions-Policy"]


def test_every_link_inside_the_site_leads_somewhere(client, published):
    waiting, seen = list(PAGES), set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        response = client.get(address)
        assert response.status_code == 200, address
        if "text/html" not in response["Content-Type"]:
            continue
        page = response.content.decode()
        assert faults_of(page) == [], address
        anchors = set(re.findall(r'\sid="([^"]+)"', page))
        for target in re.findall(r'<a [^>]*href="([^"]+)"', page):
            path, _, anchor = target.replace("&amp;", "&").partition("#")
            if target.startswith("#"):
                assert anchor in anchors, f"{address} -> {target}"
            elif path.startswith("/"):
                waiting.append(path)
    assert len(seen) > len(PAGES)


def test_the_help_page_names_every_route_and_asks_nothing_of_the_database(client, db):
    def refuse(*arguments: object) -> None:
        raise DatabaseError("the database is down")

    with connection.execute_wrapper(refuse):
        response = client.get("/get-help/")
    page = " ".join(response.content.decode().split())
    assert response.status_code == 200
    for needed in (
        "Call 999",
        "is about to put themselves or others in immediate danger",
        "appears to be involved in planning to carry out a criminal offence",
        "https://www.gov.uk/guidance/making-a-referral-to-prevent",
        "https://report-extremism.education.gov.uk",
        "https://www.officeforstudents.org.uk",
    ):
        assert needed in page


@pytest.mark.parametrize(
    ("address", "status"), [("/nowhere/", 404), ("/regions/atlantis/", 404), ("/training/x/", 404)]
)
def test_error_pages_say_what_to_do_next(client, published, address, status):
    response = client.get(address)
    assert response.status_code == status
    page = response.content.decode()
    assert "/get-help/" in page
    assert len(re.findall(r"<h1[ >]", page)) == 1


def test_when_the_site_itself_fails_the_page_needs_no_database(published):
    def refuse(*arguments: object) -> None:
        raise DatabaseError("the database is down")

    client = Client(raise_request_exception=False)
    with connection.execute_wrapper(refuse):
        response = client.get("/regions/")
    assert response.status_code == 500
    page = response.content.decode()
    assert "999" in page
    assert "/get-help/" in page


def test_health_tells_whether_the_site_lives_and_is_ready(client):
    assert client.get("/health/live").json() == {"status": "ok", "problem": None}
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (200, "ok")
    assert "no-store" in ready["Cache-Control"]


def test_health_says_when_the_database_does_not_answer(client):
    def refuse(*arguments: object) -> None:
        raise DatabaseError("the database is down")

    with connection.execute_wrapper(refuse):
        answers = [client.get(f"/health/{name}") for name in ("live", "ready", "delivery")]
    assert [answer.status_code for answer in answers] == [200, 503, 503]


def test_health_tells_the_age_of_the_oldest_message_that_waits(client):
    assert client.get("/health/delivery").json() == {
        "status": "ok",
        "problem": None,
        "undelivered": 0,
        "oldest_seconds": None,
    }
    message = enqueue(kind="test", subject_id=1)
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(minutes=16))
    late = client.get("/health/delivery")
    assert late.status_code == 503
    assert 16 * 60 <= late.json()["oldest_seconds"] < 17 * 60


@pytest.mark.parametrize(
    ("remote", "forwarded"), [("81.2.69.7", ""), ("127.0.0.1", "81.2.69.7"), ("", "")]
)
def test_strangers_hear_of_delivery_no_more_than_whether_it_works(client, remote, forwarded):
    def answer():
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}
        return client.get("/health/delivery", headers=headers, REMOTE_ADDR=remote)

    assert answer().json() == {"status": "ok", "problem": None}
    Pause.objects.create(reason="535 Wrong password", probe_at=timezone.now())
    assert answer().status_code == 503
    assert answer().json() == {
        "status": "failing",
        "problem": "Mail does not arrive as it should.",
    }


def test_inside_it_says_what_is_wrong(client):
    Pause.objects.create(reason="535 Wrong password", probe_at=timezone.now())
    inside = client.get(
        "/health/delivery", headers={"X-Forwarded-For": "10.0.0.7"}, REMOTE_ADDR="127.0.0.1"
    )
    assert inside.json()["problem"] == "The mail server refuses our login: no mail is sent."


@pytest.mark.parametrize("address", ["/nothing/", "/contact/sent/none/", "/api/nothing"])
def test_head_of_an_error_page_says_how_long_it_is_and_sends_none_of_it(address):
    # Past the test client, which would take the page away by itself.
    page = RequestFactory().head(address)
    answer = get_wsgi_application().get_response(page)
    whole = Client().get(address)
    assert answer.status_code == whole.status_code == 404
    assert isinstance(answer, HttpResponse)
    assert answer.content == b""
    assert int(answer["Content-Length"]) == len(whole.content)


def test_security_txt_can_be_read_by_machines_and_does_not_expire_soon(client):
    lines = dict(
        line.split(": ", 1)
        for line in client.get("/.well-known/security.txt").content.decode().splitlines()
    )
    assert lines["Contact"] == "mailto:public@rpec.example"
    assert lines["Canonical"] == "http://127.0.0.1:8000/.well-known/security.txt"
    expires = datetime.fromisoformat(lines["Expires"])
    assert timedelta(days=90) < expires - datetime.now(UTC) < timedelta(days=365)


def test_the_sitemap_lists_every_public_page_under_the_public_address(client, published):
    addresses = re.findall(r"<loc>([^<]+)</loc>", client.get("/sitemap.xml").content.decode())
    assert all(address.startswith("http://127.0.0.1:8000/") for address in addresses)
    paths = {address.removeprefix("http://127.0.0.1:8000") for address in addresses}
    assert {"/", "/get-help/", "/contact/", GUIDANCE, "/regions/london/", "/training/dsl/"} <= paths
    assert not [path for path in paths if "history" in path or "sent" in path]


def test_robots_may_read_the_site_but_no_confirmation(client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert {"Disallow: /contact/sent/", "Disallow: /api/", "Allow: /api/$"} <= set(lines)
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in lines
    assert "Disallow: /" not in lines


def test_every_page_of_an_example_site_says_that_it_is_one(client, published, settings):
    settings.EXAMPLES = True
    for address in (*PAGES, "/contact/", "/nowhere/"):
        assert "nobody reads its messages" in client.get(address).content.decode(), address
    assert "Disallow: /" in client.get("/robots.txt").content.decode().splitlines()


def test_no_page_of_the_real_site_says_so(client, published):
    assert "nobody reads its messages" not in client.get("/").content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_no_public_page_takes_a_post(published, address):
    assert Client().post(address).status_code == 405


@pytest.mark.parametrize("cookie", ["csrftoken=zz", "sessionid=x", "sessionid=", "messages=x"])
def test_a_cookie_that_a_reader_brings_changes_nothing(client, published, cookie):
    name, _, value = cookie.partition("=")
    client.cookies[name] = value
    client.cookies[name]["path"] = "/"
    response = client.get("/")
    assert not response.cookies
    assert response["Cache-Control"].startswith("public")


def test_a_forged_request_to_the_admin_gets_our_own_page(published):
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    assert response.status_code == 403
    assert "/get-help/" in response.content.decode()


@pytest.mark.parametrize(
    ("address", "is_offered"),
    [
        ("/api/openapi.json", True),
        ("/api/training/sessions", True),
        ("/api/training/sessions?region=nowhere", True),
        ("/api/content/guidance/nothing", True),
        ("/api/nothing", True),
        ("/training/all.ics", True),
        ("/training/dsl.ics", True),
        ("/", False),
        ("/api/", False),
        ("/health/live", False),
        ("/admin/login/", False),
        ("/admin/x.ics", False),
    ],
)
def test_any_site_may_read_what_is_offered_and_nothing_else(client, published, address, is_offered):
    response = client.get(address)
    assert response.get("Access-Control-Allow-Origin") == ("*" if is_offered else None)
    policy = "cross-origin" if is_offered else "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == policy


def test_the_lookup_may_be_used_by_any_site(client, published):
    response = client.get("/api/regions/lookup?q=Leeds")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert json.loads(response.content) == {
        "query": "Leeds",
        "result": "one",
        "regions": [
            {
                "slug": "north-east",
                "name": "North-East",
                "url": "http://127.0.0.1:8000/regions/north-east/",
                "reason": "Leeds is policed by West Yorkshire.",
            }
        ],
        "notice": None,
    }


def test_the_home_page_tells_the_last_change_of_a_page_that_holds(client, published):
    make_withdrawal(
        make_edition(change_note="Of a page that is gone.", published_at=uk("2026-11-01 10:00"))
    )
    home = " ".join(client.get("/").content.decode().split())
    assert "Of a page that is gone." not in home
    assert "Last changed on 21 May 2025" in home


@pytest.mark.parametrize(
    ("withdrawn_at", "words"),
    [(uk("2026-11-21 10:00"), "Withdrawn on 21 November 2026:"), (None, "<br>Withdrawn:")],
)
def test_the_home_page_says_that_the_guidance_was_withdrawn(client, published, withdrawn_at, words):
    edition = Edition.objects.live().get(page__slug=PAGE)
    make_withdrawal(edition, withdrawn_at=withdrawn_at)
    home = " ".join(client.get("/").content.decode().split())
    assert f'{words} <a class="govuk-link" href="{GUIDANCE}">read why</a>' in home
    assert "Last changed" not in home


@pytest.mark.parametrize(
    "address", ["/", GUIDANCE, "/training/", "/training/dsl/", "/regions/north-west/"]
)
def test_every_page_that_lists_a_moved_session_says_from_when(client, published, address):
    first = timezone.now().replace(hour=12) + timedelta(days=30)
    session = make_session(first)
    session.starts_at += timedelta(days=7)
    session.ends_at += timedelta(days=7)
    session.save()
    words = text(document(client.get(address).content.decode()))
    assert f"Moved from {weekday_date_words(first)}" in words
