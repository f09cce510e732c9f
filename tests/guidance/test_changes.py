"""What changed, as readers see it: the comparison of two editions, any day, the feed."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command

from guidance.models import Edition
from tests.guidance.test_comparison import plain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

PAGE = "/guidance/regional-prevent-education-coordinators/"


@pytest.fixture(autouse=True)
def _published(reference_data: None) -> None:
    call_command("load_published", verbosity=0)


def article(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    page = response.content.decode()
    return page[page.index("<article") : page.index("</article>")]


def marks(html: str) -> tuple[list[str], list[str]]:
    """Return everything removed, and everything added, in order."""
    text = " ".join(plain(html).split())
    return re.findall(r"\[-(.*?)-\]", text), re.findall(r"\{\+(.*?)\+\}", text)


def test_the_real_pair_marks_the_known_changes_and_no_other_word(client):
    removed, added = marks(article(client, f"{PAGE}history/2..3/"))
    words = [word for word in removed if "ordinat" in word]
    assert len(words) > 10
    assert [word.replace("oordin", "o-ordin").replace("Coordin", "Co-ordin") for word in words] == [
        word for word in added if "ordinat" in word
    ]
    others = [word for word in removed if "ordinat" not in word]
    new_others = [word for word in added if "ordinat" not in word]
    assert [others.count("&"), new_others.count("and")] == [1, 1]
    times = {"3:30pm to 4:45pm", "5pm to 6:15pm"}
    dates = [word for word in others if word not in {"&", *times}]
    new_dates = [word for word in new_others if word not in {"and", *times}]
    assert dates == [
        "Monday 17 March 2025",
        "Monday 12 May 2025",
        "Monday 10 March 2025",
        "Monday 12 May 2025",
    ]
    assert new_dates == [
        "Monday 22 September 2025",
        "Monday 1 December 2025",
        "Tuesday 10 February 2026",
        "Wednesday 22 April 2026",
        "Tuesday 23 June 2026",
        "Monday 29 September 2025",
        "Wednesday 3 December 2025",
        "Wednesday 11 February 2026",
        "Tuesday 21 April 2026",
        "Thursday 25 June 2026",
    ]


def test_the_changes_are_told_in_a_list_first(client):
    page = client.get(f"{PAGE}history/2..3/").content.decode()
    listed = page[page.index('id="changes"') : page.index("<article")]
    assert len(re.findall(r"5 dates added, 2 dates removed\.", listed)) == 2
    assert "1 region changed" in listed


def test_each_update_of_the_log_leads_to_what_it_changed(client):
    for address in (PAGE, f"{PAGE}history/", "/"):
        assert f'href="{PAGE}history/2..3/"' in client.get(address).content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "history/99/",
        "history/1..2/",
        "history/1..3/",
        "history/2..2/",
        "history/2..99/",
        "history/3..1/",
        "on/2025-13-45/",
        "on/1999-01-01/",
        "on/0001-01-01/",
        "on/2999-01-01/",
        "on/2024-08-28/",
        "on/today/",
    ],
)
def test_what_is_not_known_is_not_found(client, path):
    response = client.get(PAGE + path, follow=True)
    assert response.status_code == 404


def test_the_wrong_way_round_is_the_same_question(client):
    response = client.get(f"{PAGE}history/3..2/")
    assert (response.status_code, response["Location"]) == (302, f"{PAGE}history/2..3/")


@pytest.mark.parametrize(
    ("day", "title"),
    [
        ("2024-08-29", "The text of this edition is not held"),
        ("2025-02-11", "The text of this edition is not held"),
        ("2025-02-12", "Regional Prevent education coordinators (RPECs)"),
        ("2025-05-20", "Regional Prevent education coordinators (RPECs)"),
        ("2025-05-21", "Regional Prevent education co-ordinators (RPECs)"),
    ],
)
def test_the_page_can_be_read_as_it_stood_on_any_day(client, day, title):
    page = client.get(f"{PAGE}on/{day}/").content.decode()
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert heading is not None
    assert heading[1].strip() == title
    assert "as it stood at the end of" in " ".join(page.split())


def test_a_draft_is_compared_with_nothing(client):
    page = Edition.objects.get(number=3).page
    Edition.objects.create(page=page, title="A secret draft")
    assert client.get(f"{PAGE}history/3..4/").status_code == 404
    assert "secret" not in client.get(f"{PAGE}history/").content.decode()


@pytest.mark.parametrize(
    ("since", "answer"),
    [
        ("2025-02-12", "history/2..3/"),
        ("3 March 2025", "history/2..3/"),
        ("03/03/2025", "history/2..3/"),
    ],
)
def test_a_date_leads_to_what_has_changed_since(client, since, answer):
    response = client.get(f"{PAGE}history/", {"since": since})
    assert (response.status_code, response["Location"]) == (302, PAGE + answer)


@pytest.mark.parametrize(
    ("since", "words"),
    [
        ("", "Write a date, like 3 July 2025."),
        ("soon", "Write a date, like 3 July 2025."),
        ("2025-06-01", "Nothing has changed since that day."),
        ("2024-09-01", "What the page said on that day is not held."),
        ("1999-01-01", "The page was not there yet on that day."),
    ],
)
def test_a_date_that_leads_nowhere_is_answered_in_a_sentence(client, since, words):
    response = client.get(f"{PAGE}history/", {"since": since})
    assert response.status_code == 200
    assert words in response.content.decode()


def test_a_feed_reader_gets_each_major_update_with_what_it_changed(client):
    response = client.get(f"{PAGE}updates.atom")
    feed = response.content.decode()
    assert response["Content-Type"].startswith("application/atom+xml")
    assert response["Cache-Control"].startswith("public")
    base = f"http://127.0.0.1:8000{PAGE}"
    assert re.findall(
        r'<link (?:href="([^"]+)" rel="alternate"|rel="alternate" href="([^"]+)")', feed
    )
    assert f"{base}history/2..3/" in feed
    assert feed.count("<entry>") == 3
    assert "2025-05-21T09:31:00+00:00" in feed
