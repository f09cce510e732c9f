from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guidance.actions.loading import PAGE, load_published
from guidance.content import ContentSection, RegionFacts
from guidance.models import Edition
from tests.guidance.factories import (
    dates_section,
    make_content,
    make_draft,
    make_edition,
    make_link,
    make_withdrawal,
    regions_section,
    superseded,
)
from tests.guidance.page_text import GUIDE, html_of, main, text
from tests.training.factories import make_facts, make_region, make_session, uk

pytestmark = pytest.mark.django_db

REAL = f"/guidance/{PAGE}/"


class TestHistory:
    def test_every_public_edition_is_listed_newest_first(self, client: Client) -> None:
        superseded(1, published_at=uk("2024-08-29 17:05"), is_text_held=False, frozen=None)
        superseded(2, published_at=uk("2025-02-12 11:26"), change_note="New dates.")
        make_edition(
            3,
            published_at=uk("2025-05-21 10:31"),
            update_type=Edition.UpdateType.MINOR,
            change_note="",
            cause="Training: 3 sessions added.",
            is_restated=True,
        )

        html = main(client, f"{GUIDE}history/")
        entries = [
            re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", entry)).strip()
            for entry in html.partition("<ol")[2].split("<li")[1:]
        ]

        assert [entry.partition("> ")[2] for entry in entries] == [
            "Edition 3: 21 May 2025, 10:31am Minor change Stands now "
            "Training: 3 sessions added. Restated in our own words. "
            "See what changed in edition 3 The page as edition 3 said it",
            "Edition 2: 12 February 2025, 11:26am Major update New dates. "
            "Made by a test. The page as edition 2 said it",
            "Edition 1: 29 August 2024, 5:05pm Major update First published. "
            "Made by a test. Its text is not held: what the page said then is not known. "
            "What is known of edition 1",
        ]

    @pytest.mark.parametrize("path", ["/guidance/nothing/history/", f"{GUIDE}history/"])
    def test_a_page_of_which_nothing_is_public_has_no_history(
        self, client: Client, path: str
    ) -> None:
        make_draft()

        assert client.get(path).status_code == 404

    def test_a_withdrawn_page_keeps_its_history(self, client: Client) -> None:
        make_withdrawal(make_edition())

        assert "Withdrawn" in text(client, f"{GUIDE}history/")


class TestAnEdition:
    def test_an_old_one_says_when_it_stood_and_where_the_page_is_now(self, client: Client) -> None:
        superseded(1, published_at=uk("2025-02-12 11:26"))
        make_edition(2, published_at=uk("2025-05-21 10:31"))

        said = text(client, f"{GUIDE}history/1/")

        assert said.startswith(
            "Edition 1 This edition stood from 11:26am on 12 February 2025 "
            "to 10:31am on 21 May 2025. "
            "Sessions are listed as they were then: do not book from this page. "
            "See the page as it is now Some guidance"
        )

    def test_one_that_stood_within_a_day_names_that_day_once(self, client: Client) -> None:
        superseded(1, published_at=uk("2026-11-21 09:43"))
        make_edition(2, published_at=uk("2026-11-21 09:44"))

        said = text(client, f"{GUIDE}history/1/")

        assert "This edition stood from 9:43am to 9:44am on 21 November 2026." in said

    def test_no_session_of_it_is_told_as_ended_by_today_s_clock(self, client: Client) -> None:
        past = make_facts(starts_at=uk("2025-03-17 15:30"), ends_at=uk("2025-03-17 16:45"))
        superseded(
            1,
            published_at=uk("2025-02-12 11:26"),
            frozen=make_content(sections=(dates_section(past),)),
        )
        make_edition(2, published_at=uk("2025-05-21 10:31"))

        for path in ("history/1/", "on/2025-04-01/"):
            said = text(client, f"{GUIDE}{path}")
            assert "Monday 17 March 2025" in said
            assert "Ended" not in said

    def test_only_an_example_site_says_that_example_dates_are_left_out(
        self, client: Client, settings: Any
    ) -> None:
        superseded(1)
        make_edition(2, published_at=uk("2026-01-06 09:30"))
        pages = [f"{GUIDE}history/1/", f"{GUIDE}on/2026-01-05/", f"{GUIDE}history/1..2/"]
        said = "Example dates are left out of the page’s history."
        assert not [path for path in pages if said in text(client, path)]

        settings.EXAMPLES = True

        assert [path for path in pages if said in text(client, path)] == pages

    def test_the_one_that_stands_says_so(self, client: Client) -> None:
        make_edition(published_at=uk("2025-05-21 10:31"))

        assert text(client, f"{GUIDE}history/1/").startswith(
            "Edition 1 This is what the page said when it was last published, "
            "at 10:31am on 21 May 2025."
        )

    def test_a_withdrawn_one_says_since_when_and_why(self, client: Client) -> None:
        make_withdrawal(make_edition(published_at=uk("2025-05-21 10:31")))

        said = text(client, f"{GUIDE}history/1/")

        assert "This edition stood from 10:31am on 21 May 2025." in said
        assert "This page was withdrawn on 20 November 2026. It was merged." in said
        assert "See the page as it is now" in said

    def test_it_shows_what_it_froze_whatever_the_tables_say_now(self, client: Client) -> None:
        words = '<p><a href="link:there">There</a></p>'
        make_edition(
            frozen=make_content(
                sections=(
                    ContentSection(2, "One", "one", words),
                    regions_section(RegionFacts("gone", "Gone", ("Avon & Somerset",))),
                    dates_section(
                        make_facts(
                            url="", starts_at=uk("2025-03-17 15:30"), ends_at=uk("2025-03-17 16:45")
                        )
                    ),
                ),
                links={"there": "https://then.example/"},
            )
        )
        make_link("there", address="https://now.example/")
        make_region()
        make_session(timezone.now() + timedelta(days=1), title="Added since")

        html = main(client, f"{GUIDE}history/1/")

        assert '<a href="https://then.example/">There</a>' in html
        assert "including Avon &amp; Somerset" in html
        assert "Monday 17 March 2025" in html
        assert "Added since" not in html
        assert "North-East" not in html

    def test_a_track_without_dates_then_says_so_plainly(self, client: Client) -> None:
        make_edition(frozen=make_content(sections=(dates_section(),)))

        said = text(client, f"{GUIDE}history/1/")

        assert "No dates were listed." in said
        assert "at the moment" not in said

    def test_search_engines_are_told_to_leave_it_out(self, client: Client) -> None:
        superseded(1, is_text_held=False, frozen=None)
        make_edition(2)

        for number in (1, 2):
            html = html_of(client.get(f"{GUIDE}history/{number}/"))
            assert '<meta name="robots" content="noindex">' in html

    def test_of_one_whose_text_is_not_held_it_says_what_is_known(
        self, client: Client, settings: Any
    ) -> None:
        superseded(
            1,
            published_at=uk("2024-08-29 17:05"),
            is_text_held=False,
            is_restated=True,
            frozen=None,
            title="",
        )
        make_edition(2, published_at=uk("2025-02-12 11:26"))

        html = main(client, f"{GUIDE}history/1/")
        said = text(client, f"{GUIDE}history/1/")

        assert re.findall(r"<h1[^>]*>(.*?)</h1>", html) == ["The text of this edition is not held"]
        assert "Published 29 August 2024, 5:05pm, UK time" in said
        assert "Change note First published." in said
        assert f'href="{settings.OFFICIAL_PAGE_URL}"' in html

    @pytest.mark.parametrize(
        "path",
        [
            f"{GUIDE}history/0/",
            f"{GUIDE}history/2/",
            f"{GUIDE}history/99999999999999999999999999/",
            f"{GUIDE}history/-1/",
            f"{GUIDE}history/one/",
            "/guidance/nothing/history/1/",
            "/guidance/nothing/",
        ],
    )
    def test_what_is_not_there_is_not_found(self, client: Client, path: str) -> None:
        make_edition()

        assert client.get(path).status_code == 404


@pytest.mark.usefixtures("reference_data")
class TestThePublishedStates:
    def test_its_february_state_is_as_it_was(self, client: Client) -> None:
        load_published()

        said = text(client, f"{REAL}history/2/")

        assert "co-ordinator" not in said.partition("See the page as it is now")[2]
        assert "Avon &amp; Somerset" in said
        assert re.findall(r"\w+day \d+ \w+ 2025", said) == [
            "Monday 17 March 2025",
            "Monday 12 May 2025",
            "Thursday 3 July 2025",
            "Monday 10 March 2025",
            "Monday 12 May 2025",
            "Thursday 3 July 2025",
        ]

    def test_its_may_state_lists_six_dates_of_each_track(self, client: Client) -> None:
        load_published()

        html = main(client, f"{REAL}history/3/")

        assert re.findall(r'scope="row">(.*?)</th>', html) == [
            "Thursday 3 July 2025",
            "Monday 22 September 2025",
            "Monday 1 December 2025",
            "Tuesday 10 February 2026",
            "Wednesday 22 April 2026",
            "Tuesday 23 June 2026",
            "Thursday 3 July 2025",
            "Monday 29 September 2025",
            "Wednesday 3 December 2025",
            "Wednesday 11 February 2026",
            "Tuesday 21 April 2026",
            "Thursday 25 June 2026",
        ]
