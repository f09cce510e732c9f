"""What changed, as readers see it: the comparison of two editions, any day, the feed."""

from __future__ import annotations

import re
from typing import Any

import pytest

from accounts.models import User
from guidance.actions.redacting import redact
from guidance.content import ContentSection
from guidance.models import Edition
from tests.guidance.factories import make_content, make_edition, make_withdrawal, superseded
from tests.guidance.history.test_comparison import plain
from tests.guidance.page_text import GUIDE
from tests.training.factories import uk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

PAGE = "/guidance/regional-prevent-education-coordinators/"


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
    dates = [word for word in others if word != "&"]
    new_dates = [word for word in new_others if word != "and"]
    assert dates == [
        "Monday 17 March 2025, 3:30pm to 4:45pm",
        "Monday 12 May 2025, 3:30pm to 4:45pm",
        "Monday 10 March 2025, 5pm to 6:15pm",
        "Monday 12 May 2025, 5pm to 6:15pm",
    ]
    assert new_dates == [
        "Monday 22 September 2025, 3:30pm to 4:45pm",
        "Monday 1 December 2025, 3:30pm to 4:45pm",
        "Tuesday 10 February 2026, 3:30pm to 4:45pm",
        "Wednesday 22 April 2026, 3:30pm to 4:45pm",
        "Tuesday 23 June 2026, 3:30pm to 4:45pm",
        "Monday 29 September 2025, 5pm to 6:15pm",
        "Wednesday 3 December 2025, 5pm to 6:15pm",
        "Wednesday 11 February 2026, 5pm to 6:15pm",
        "Tuesday 21 April 2026, 5pm to 6:15pm",
        "Thursday 25 June 2026, 5pm to 6:15pm",
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
    assert re.sub(r"<[^>]*>", "", heading[1]).strip() == title
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
        ("3rd March 2025", "history/2..3/"),
        ("1 Mar 25", "history/2..3/"),
        ("12.2.25", "history/2..3/"),
        ("12-2-2025", "history/2..3/"),
        # Who read it that day may have read it before it was changed.
        ("21 May 2025", "history/2..3/"),
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
        ("31/12/9999", "Choose a day that is not in the future."),
        ("2999-01-01", "Choose a day that is not in the future."),
        ("0001-01-01", "The page was not there yet on that day."),
        ("31 February 2025", "There is no 31 February 2025."),
        ("32.2.25", "There is no 32 February 2025."),
        ("12.13.25", "Write a date, like 3 July 2025."),
        (
            "2024-09-01",
            "What the page said on that day is not held. Choose 12 February 2025 or later.",
        ),
        ("1999-01-01", "The page was not there yet on that day."),
    ],
)
def test_a_date_that_leads_nowhere_is_answered_in_a_sentence(client, since, words):
    response = client.get(f"{PAGE}history/", {"since": since})
    assert response.status_code == 200
    page = response.content.decode()
    assert words in page
    assert "<title>Error: " in page
    assert page.count("govuk-error-summary__title") == 1


def test_that_nothing_has_changed_is_an_answer_and_no_error(client):
    response = client.get(f"{PAGE}history/", {"since": "3rd July 2025"})
    assert response.status_code == 200
    page = response.content.decode()
    assert "Nothing has changed since 3 July 2025. The last change was on 21 May 2025." in page
    assert "Error: " not in page
    assert "govuk-error-summary" not in page


@pytest.mark.parametrize(
    ("since", "withdrawn_at", "words"),
    [
        ("3 July 2025", uk("2025-09-01 10:00"), "The page was withdrawn on 1 September 2025."),
        ("1 September 2025", uk("2025-09-01 10:00"), "The page was withdrawn on 1 September 2025."),
        (
            "2 September 2025",
            uk("2025-09-01 10:00"),
            "Nothing has changed since 2 September 2025. "
            "The page was withdrawn on 1 September 2025.",
        ),
        ("3 July 2025", None, "The page was withdrawn."),
    ],
)
def test_that_the_page_was_withdrawn_is_told_to_who_asks_what_changed(
    client, since, withdrawn_at, words
):
    make_withdrawal(Edition.objects.live().get(), withdrawn_at=withdrawn_at)
    page = client.get(f"{PAGE}history/", {"since": since}).content.decode()
    assert f'<div class="govuk-inset-text">{words}</div>' in page


def test_a_comparison_says_that_the_page_was_withdrawn_since(client):
    make_withdrawal(Edition.objects.live().get())
    page = " ".join(client.get(f"{PAGE}history/2..3/").content.decode().split())
    assert "The page was withdrawn on 20 November 2026: <a" in page


@pytest.mark.parametrize(
    ("restated", "words"),
    [
        ((True, True), "Both editions tell in our own words"),
        ((True, False), "Edition 1 tells in our own words"),
        ((False, True), "Edition 2 tells in our own words"),
        ((False, False), ""),
    ],
)
def test_a_comparison_names_the_editions_that_are_restated(client, restated, words):
    superseded(1, is_restated=restated[0])
    make_edition(2, is_restated=restated[1])
    page = " ".join(client.get(f"{GUIDE}history/1..2/").content.decode().split())
    assert words in page
    assert page.count("in our own words") == any(restated)


def test_what_was_taken_out_of_both_editions_is_said_once(client):
    by = User.objects.create_superuser("administrator@rpec.example", "a long password")
    content = make_content(lead="Ask Jo Bloggs.")
    old = superseded(1, frozen=content)
    make_edition(2, frozen=content)
    asked: dict[str, Any] = {"page": old.page, "by": by, "at": uk("2026-11-20 10:00")}
    redact(words="Jo Bloggs", reason="A court asked for it.", **asked)
    redact(words="Some words", reason="It was wrong.", **asked)
    page = " ".join(client.get(f"{GUIDE}history/1..2/").content.decode().split())
    assert page.count("A court asked for it.") == 1
    assert "Words were taken out of both editions on 20 November 2026, in 2 places" in page


def test_each_change_in_short_leads_to_its_section(client):
    page = client.get(f"{PAGE}history/2..3/").content.decode()
    listed = page[page.index('id="changes"') : page.index("<article")]
    targets = re.findall(r'<li><a class="govuk-link" href="#([^"]+)">', listed)
    assert len(targets) == listed.count(" region changed") + listed.count(".</a>") - 1
    assert {page.count(f'id="{target}"') for target in targets} == {1}


def test_a_changed_section_is_named_by_its_plain_heading(client):
    compared = article(client, f"{PAGE}history/2..3/")
    names = re.findall(r'data-change="\w+" aria-label="([^"]+)"', compared)
    assert names
    assert not [name for name in names if "Removed" in name or "Added" in name]
    assert "aria-labelledby" not in compared


def test_the_sample_of_the_marks_is_heard_too(client):
    page = client.get(f"{PAGE}history/2..3/").content.decode()
    assert "Added: </span>like this</ins>" in page
    assert "Removed: </span>like this</del>" in page


def test_an_unchanged_section_that_says_nothing_is_no_disclosure(client):
    sections = (
        ContentSection(2, "Bare", "bare", ""),
        ContentSection(2, "Full", "full", "<p>x</p>"),
    )
    superseded(1, frozen=make_content(sections=sections))
    make_edition(2, frozen=make_content(lead="Another.", sections=sections))
    compared = article(client, f"{GUIDE}history/1..2/")
    assert re.findall(r"([\w ]+): unchanged</(\w+)>", compared) == [("Bare", "p"), ("Full", "span")]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("on/2024-08-28/", "The page began on 29 August 2024."),
        ("on/1989-12-31/", "The page began on 29 August 2024."),
        ("on/2999-01-01/", "That day is still to come."),
        ("on/2025-13-45/", "There is no such day."),
        ("history/1..2/", "The text of edition 1 is not held."),
        ("history/2..99/", "There is no edition 99."),
        ("history/2..2/", "An edition does not differ from itself."),
    ],
)
def test_what_cannot_be_told_says_why_and_leads_to_the_history(client, path, why):
    response = client.get(PAGE + path)
    page = response.content.decode()
    assert response.status_code == 404
    assert response["Cache-Control"] == "no-store"
    assert f'<p class="govuk-body-l">{why}</p>' in page
    assert f'href="{PAGE}history/"' in page


@pytest.mark.parametrize("path", ["on/2025-03-01/", "history/1..2/", "history/?since=2025-03-01"])
def test_of_a_page_that_is_not_there_nothing_is_told(client, path):
    page = client.get(f"/guidance/nothing/{path}")
    assert page.status_code == 404
    assert 'href="/guidance/nothing' not in page.content.decode()


def test_a_page_that_holds_again_says_so_even_by_a_minor_update(client):
    make_withdrawal(superseded(1))
    make_edition(
        2,
        published_at=uk("2026-11-21 10:00"),
        update_type=Edition.UpdateType.MINOR,
        change_note="",
    )
    log = client.get(GUIDE).content.decode()
    assert log.index("The page holds again.") < log.index("This page was withdrawn.")
    feed = client.get(f"{GUIDE}updates.atom").content.decode()
    assert re.findall("<title>(.*?)</title>", feed)[1:] == [
        "The page holds again.",
        "This page was withdrawn.",
        "First published.",
    ]


def test_a_major_update_that_ends_a_withdrawal_keeps_its_note(client):
    make_withdrawal(superseded(1))
    make_edition(2, published_at=uk("2026-11-21 10:00"), change_note="New dates.")
    for path in (GUIDE, f"{GUIDE}updates.atom"):
        assert "The page holds again. New dates." in client.get(path).content.decode()


def test_the_feed_names_its_author_and_tells_why_a_page_was_withdrawn(client):
    make_withdrawal(make_edition(), explanation="It was **merged**.", withdrawn_at=None)
    feed = client.get(f"{GUIDE}updates.atom").content.decode()
    assert "<author><name>Regional Prevent education co-ordinators</name></author>" in feed
    assert "&lt;strong&gt;merged&lt;/strong&gt;" in feed
    assert feed.count("<updated>") == 1 + feed.count("<entry>")


def test_no_character_that_xml_cannot_hold_breaks_the_feed(client):
    make_edition(title="Some\x0b guidance", change_note="One\x0b, \x1ftwo\ufffe & three < four.")
    feed = client.get(f"{GUIDE}updates.atom").content.decode()
    assert re.findall("<title>(.*?)</title>", feed) == [
        "Updates: Some guidance",
        "One, two &amp; three &lt; four.",
    ]
    assert '<summary type="html">One, two &amp;amp; three &amp;lt; four.</summary>' in feed


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
