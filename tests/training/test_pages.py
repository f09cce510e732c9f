from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.test.html import Element

from govuk.dates import time_range_words, weekday_date_words
from tests.govuk.html import attribute, document, elements, text
from tests.training.factories import LINK, make_region, make_session, make_track
from training.models import Session
from training.session_facts import CANCELLED, FULL

pytestmark = pytest.mark.django_db

NO_DATES = "No dates are planned at the moment"


def page(client: Client, address: str, status: int = 200) -> Element:
    response = client.get(address)
    assert response.status_code == status
    return document(response.content.decode())


def words(client: Client, address: str) -> str:
    main = elements(page(client, address), "main")
    assert len(main) == 1
    return text(main[0])


def rows(client: Client, address: str) -> list[str]:
    """The first cell of each line of each table: the dates."""
    return [text(cell) for cell in elements(page(client, address), "th", scope="row")]


def links(root: Element) -> dict[str, str]:
    """The address behind each link's words."""
    return {text(link): attribute(link, "href") or "" for link in elements(root, "a")}


def day(session: Session) -> str:
    return weekday_date_words(session.starts_at)


def times(session: Session) -> str:
    return time_range_words(session.starts_at, session.ends_at)


# The lists


def test_the_list_shows_what_is_to_come_and_nothing_else(client: Client, now: datetime) -> None:
    soon = make_session(now + timedelta(days=3))
    later = make_session(now + timedelta(days=400))
    make_session(now - timedelta(days=3))
    make_session(now + timedelta(days=5), is_example=True)
    assert rows(client, "/training/") == [day(soon), day(later)]
    assert rows(client, "/training/dsl/") == [day(soon), day(later)]


def test_examples_show_on_an_example_site(client: Client, now: datetime, settings: Any) -> None:
    settings.EXAMPLES = True
    example = make_session(now + timedelta(days=5), is_example=True)
    assert rows(client, "/training/dsl/") == [day(example)]
    assert client.get(example.get_absolute_url()).status_code == 200


def test_a_session_stays_in_the_list_until_it_ends(client: Client, now: datetime) -> None:
    running = make_session(now - timedelta(minutes=30))
    make_session(now - timedelta(minutes=76))
    assert rows(client, "/training/") == [day(running)]


def test_each_track_says_its_next_date_whom_it_is_for_and_lists_by_academic_year(
    client: Client, now: datetime
) -> None:
    make_session(now + timedelta(days=2), status=CANCELLED)
    going_ahead = make_session(now + timedelta(days=3), registration_url=LINK)
    make_session(now + timedelta(days=400), track=make_track("governors"))
    shown = words(client, "/training/")
    assert f"Next date: {day(going_ahead)}, {times(going_ahead)}" in shown
    assert "Who it is for: Governors and trustees in schools." in shown
    captions = [text(c) for c in elements(page(client, "/training/"), "caption")]
    assert [re.sub(r"\d{4}", "Y", caption) for caption in captions] == [
        "Designated safeguarding leads (DSLs), academic year Y to Y",
        "Governors and trustees in schools, academic year Y to Y",
    ]


def test_a_full_next_date_names_the_next_with_places(client: Client, now: datetime) -> None:
    full = make_session(now + timedelta(days=2), status=FULL)
    free = make_session(now + timedelta(days=9))
    shown = words(client, "/training/dsl/")
    assert f"Next date: {day(full)}, {times(full)} (full)." in shown
    assert f"Next with places: {day(free)}, {times(free)}" in shown


def test_where_every_place_is_taken_the_page_says_what_to_do(client: Client, now: datetime) -> None:
    make_session(now + timedelta(days=2), status=FULL)
    assert "No other date has places at the moment" in words(client, "/training/dsl/")


def test_where_every_date_is_cancelled_the_page_says_so(client: Client, now: datetime) -> None:
    cancelled = make_session(now + timedelta(days=2), status=CANCELLED)
    assert "Every date planned so far is cancelled." in words(client, "/training/dsl/")
    assert rows(client, "/training/dsl/") == [day(cancelled)]


@pytest.mark.parametrize("address", ["/training/", "/training/dsl/"])
def test_without_any_date_the_page_says_what_to_do_instead(client: Client, address: str) -> None:
    make_track()
    shown = page(client, address)
    assert [text(h) for h in elements(shown, "h2") if NO_DATES in text(h)] == [NO_DATES]
    offered = links(elements(shown, "main")[0])
    assert offered["Ask your co-ordinator about training"] == "/contact/?topic=training"
    assert offered["Find your co-ordinator, and what your region offers"] == (
        "/find-your-coordinator/"
    )
    assert offered["Get your region’s newsletter, which announces new training"] == (
        "/contact/?topic=newsletter"
    )
    assert offered["See past sessions"] == "/training/past/"


@pytest.mark.usefixtures("empty_database")
def test_a_track_without_dates_says_so_beside_one_that_has_some(
    client: Client, now: datetime
) -> None:
    make_session(now + timedelta(days=2))
    make_track("governors")
    assert words(client, "/training/").count(NO_DATES) == 1


def test_governors_are_in_schools_wherever_their_track_is_named(
    client: Client, now: datetime
) -> None:
    session = make_session(now + timedelta(days=2), track=make_track("governors"))
    for address in ("/training/", "/training/governors/", session.get_absolute_url()):
        named = re.findall(
            r"governors and trustees(?: in schools)?", words(client, address), re.IGNORECASE
        )
        assert {name.lower() for name in named} == {"governors and trustees in schools"}


# By region


@pytest.mark.parametrize("address", ["/training/", "/training/dsl/"])
def test_a_region_narrows_the_list_to_its_own_and_everyones(
    client: Client, now: datetime, address: str
) -> None:
    everyones = make_session(now + timedelta(days=1))
    here = make_session(now + timedelta(days=2), region=make_region())
    there = make_session(now + timedelta(days=3), region=make_region("london", "London", 8))
    assert rows(client, f"{address}?region=north-east") == [day(everyones), day(here)]
    assert rows(client, f"{address}?region=") == [day(everyones), day(here), day(there)]
    assert "Dates for North-East and those for all of England." in words(
        client, f"{address}?region=north-east"
    )


@pytest.mark.parametrize("asked", ["nowhere", "%00", "North-East", "'%20OR%201=1"])
def test_an_unknown_region_is_passed_over_in_a_sentence(
    client: Client, now: datetime, asked: str
) -> None:
    here = make_session(now + timedelta(days=2), region=make_region())
    past = make_session(now - timedelta(days=2), region=make_region())
    sentence = "There is no region of that name, so this page shows dates for all of England."
    assert sentence in words(client, f"/training/?region={asked}")
    assert rows(client, f"/training/?region={asked}") == [day(here)]
    assert rows(client, f"/training/past/?region={asked}") == [day(past)]


def test_the_empty_list_of_a_region_leads_to_that_region(client: Client) -> None:
    make_region()
    make_track()
    offered = links(page(client, "/training/?region=north-east"))
    assert offered["Ask your co-ordinator about training"] == (
        "/contact/?topic=training&region=north-east"
    )
    assert offered["See what North-East offers"] == "/regions/north-east/"


# Past sessions


def test_past_sessions_come_newest_first_by_academic_year(client: Client, now: datetime) -> None:
    old = make_session(now - timedelta(days=500))
    new = make_session(now - timedelta(days=1), status=CANCELLED)
    make_session(now + timedelta(days=1))
    make_session(now - timedelta(days=2), is_example=True)
    assert rows(client, "/training/past/") == [day(new), day(old)]
    assert len(elements(page(client, "/training/past/"), "caption")) == 2


def test_past_sessions_are_thirty_a_page_and_keep_their_region(
    client: Client, now: datetime
) -> None:
    region = make_region()
    for days in range(1, 32):
        make_session(now - timedelta(days=days), region=region)
    first = page(client, "/training/past/?region=north-east")
    assert len(elements(first, "th", scope="row")) == 30
    older = links(first)["Older sessions"]
    assert older == "?region=north-east&page=2"
    assert len(rows(client, f"/training/past/{older}")) == 1
    assert client.get("/training/past/?page=3").status_code == 404
    assert client.get("/training/past/?page=x").status_code == 404


def test_without_past_sessions_the_page_says_so(client: Client) -> None:
    assert "No session has ended yet." in words(client, "/training/past/")


# One session


def test_a_sessions_page_says_when_for_whom_and_where_to_register(
    client: Client, now: datetime
) -> None:
    session = make_session(now + timedelta(days=3), registration_url=LINK)
    shown = page(client, session.get_absolute_url())
    facts = dict(
        zip(
            [text(key) for key in elements(shown, "dt")],
            [text(value) for value in elements(shown, "dd")],
            strict=True,
        )
    )
    assert facts == {
        "Date": day(session),
        "Time": f"{times(session)}, UK time (1 hour 15 minutes)",
        "For": "Designated safeguarding leads (DSLs)",
        "Region": "All of England",
        "Where": "Online",
    }
    register = elements(shown, "a", href=LINK)
    assert [text(link) for link in register] == [f"Register for {day(session)}, {times(session)}"]
    assert attribute(register[0], "rel") == "noopener"


def test_a_session_without_a_link_says_that_it_will_follow(client: Client, now: datetime) -> None:
    session = make_session(now + timedelta(days=3))
    assert "The link to register will follow." in words(client, session.get_absolute_url())


@pytest.mark.parametrize(
    ("status", "days", "sentence"),
    [
        (FULL, 3, "This session is full. It has no places left."),
        (CANCELLED, 3, "This session is cancelled. It will not take place."),
        (CANCELLED, -3, "This session was cancelled. It did not take place."),
        (FULL, -3, "This session has ended."),
        ("scheduled", -3, "This session has ended."),
    ],
)
def test_a_full_cancelled_or_past_session_stays_says_so_and_offers_the_next_date(
    client: Client, now: datetime, status: str, days: int, sentence: str
) -> None:
    session = make_session(now + timedelta(days=days), status=status, registration_url=LINK)
    make_session(now + timedelta(days=4), track=make_track("governors"))
    make_session(now + timedelta(days=5), status=FULL)
    free = make_session(now + timedelta(days=6))
    shown = page(client, session.get_absolute_url())
    assert sentence in text(shown)
    assert elements(shown, "a", href=LINK) == []
    assert links(shown)[f"{day(free)}, {times(free)}"] == free.get_absolute_url()


def test_where_no_date_has_places_a_full_session_offers_the_contact_form(
    client: Client, now: datetime
) -> None:
    session = make_session(now + timedelta(days=3), status=FULL)
    offered = links(page(client, session.get_absolute_url()))
    assert offered["Ask your co-ordinator about training"] == "/contact/?topic=training"


def test_a_regions_session_offers_no_other_regions_dates(client: Client, now: datetime) -> None:
    session = make_session(now + timedelta(days=3), status=FULL, region=make_region())
    other = make_session(now + timedelta(days=4), region=make_region("london", "London", 8))
    assert other.get_absolute_url() not in links(page(client, session.get_absolute_url())).values()


def test_an_example_has_no_page_where_examples_are_off(client: Client, now: datetime) -> None:
    example = make_session(now + timedelta(days=3), is_example=True)
    assert client.get(example.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/training/nobody/", "/training/sessions/999/", f"/training/sessions/{10**30}/"],
)
def test_what_is_not_there_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_search_engines_get_the_session_as_an_event(client: Client, now: datetime) -> None:
    session = make_session(now + timedelta(days=3), registration_url=LINK)
    data = structured_data(client, session)
    assert data["name"] == "Training for designated safeguarding leads (DSLs)"
    assert data["url"] == f"http://127.0.0.1:8000{session.get_absolute_url()}"
    assert datetime.fromisoformat(data["startDate"]) == session.starts_at
    assert data["offers"]["url"] == LINK


def test_a_title_cannot_break_out_of_the_structured_data(client: Client, now: datetime) -> None:
    title = "</script><script>alert(1)</script>{{ 7|add:7 }}"
    session = make_session(now + timedelta(days=3), title=title)
    html = client.get(session.get_absolute_url()).content.decode()
    assert "<script>alert" not in html
    assert structured_data(client, session)["name"] == title


def structured_data(client: Client, session: Session) -> dict[str, Any]:
    html = client.get(session.get_absolute_url()).content.decode()
    [script] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    data: dict[str, Any] = json.loads(script)
    return data


# Every page


def test_every_page_has_one_main_heading_its_title_and_its_canonical_address(
    client: Client, now: datetime
) -> None:
    make_region()
    session = make_session(now + timedelta(days=3))
    titles = {
        "/training/": "Training",
        "/training/?region=north-east": "Training for North-East",
        "/training/dsl/": "Training for designated safeguarding leads (DSLs)",
        "/training/past/": "Past training sessions",
        session.get_absolute_url(): (
            f"Training for designated safeguarding leads (DSLs), {day(session)}"
        ),
    }
    for address, title in titles.items():
        shown = page(client, address)
        assert len(elements(shown, "h1")) == 1
        assert [text(title) for title in elements(shown, "title")] == [
            f"{title} – Regional Prevent education co-ordinators"
        ]
        canonical = [attribute(link, "href") for link in elements(shown, "link", rel="canonical")]
        assert canonical == [f"http://127.0.0.1:8000{address.partition('?')[0]}"]


@pytest.mark.parametrize(
    ("address", "days"),
    [("/training/", 1), ("/training/dsl/", 1), ("/training/past/", -1)],
)
def test_a_list_takes_as_many_queries_for_thirty_sessions_as_for_one(
    client: Client,
    now: datetime,
    django_assert_num_queries: Callable[[int], Any],
    address: str,
    days: int,
) -> None:
    make_session(now + timedelta(days=days), region=make_region())
    with django_assert_num_queries(3):
        client.get(address)
    for number in range(2, 31):
        make_session(now + timedelta(days=days * number), region=make_region())
    for number in range(5):
        make_track(f"track-{number}")
    with django_assert_num_queries(3):
        client.get(address)


def test_who_has_a_place_in_a_full_session_can_still_put_it_into_a_calendar(
    client: Client, now: datetime
) -> None:
    session = make_session(now + timedelta(days=3), status=FULL)
    shown = page(client, session.get_absolute_url())
    assert "If you are registered, your place stands." in text(shown)
    links = [attribute(a, "href") for a in elements(shown, "a")]
    assert f"/training/sessions/{session.pk}.ics" in links
