from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from guidance.actions.loading import PAGE, load_published
from guidance.content import ContentSection, RegionFacts, SessionsEmbed
from guidance.models import Edition, Link
from guidance.previews import share_url
from regions.models import Area
from tests.guidance.factories import (
    dates_section,
    make_content,
    make_draft,
    make_edition,
    make_link,
    make_page,
    make_withdrawal,
    regions_section,
    superseded,
)
from tests.guidance.page_text import GUIDE, html_of, main, text
from tests.training.factories import LINK, make_facts, make_region, make_session, make_track, uk
from training.models import Session, Track

pytestmark = pytest.mark.django_db

REAL = f"/guidance/{PAGE}/"


def query_count(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


class TestThePage:
    def test_it_says_what_its_edition_froze(self, client: Client) -> None:
        make_edition()

        said = text(client, GUIDE)

        assert said.startswith("Some guidance What it is for. Applies to: England Published:")
        assert "First things Some words." in said

    def test_its_title_stands_once_as_heading_and_in_the_window(self, client: Client) -> None:
        make_edition()
        html = html_of(client.get(GUIDE))

        assert re.findall(r"<h1[^>]*>(.*?)</h1>", html) == ["Some guidance"]
        assert re.findall(r"<title>(.*?)</title>", html) == [
            "Some guidance – Regional Prevent education co-ordinators"
        ]
        assert re.findall(r'rel="canonical" href="(.*?)"', html) == [
            f"http://127.0.0.1:8000{GUIDE}"
        ]
        assert "noindex" not in html

    def test_a_page_that_was_never_updated_says_only_when_it_was_published(
        self, client: Client
    ) -> None:
        make_edition()

        assert "Updated:" not in text(client, GUIDE)

    def test_the_last_major_update_moves_the_date_and_a_minor_one_does_not(
        self, client: Client
    ) -> None:
        superseded(1, published_at=uk("2024-08-29 17:05"))
        superseded(2, published_at=uk("2025-02-12 11:26"), change_note="New dates.")
        make_edition(
            3,
            published_at=uk("2025-05-21 10:31"),
            update_type=Edition.UpdateType.MINOR,
            change_note="",
        )

        said = text(client, GUIDE)

        assert "Published: 29 August 2024 Updated: 12 February 2025 – see all updates" in said
        assert "See every edition of this page, including 1 minor change" in said
        assert "21 May 2025" not in said

    def test_the_log_leads_from_each_update_to_its_edition(self, client: Client) -> None:
        superseded(1, published_at=uk("2024-08-29 17:05"), is_text_held=False, frozen=None)
        make_edition(2, published_at=uk("2025-02-12 11:26"), change_note="New dates.")

        html = main(client, GUIDE)

        assert re.findall(r'href="([^"]*/history/\d+/)">([^<]*)<', html) == [
            (f"{GUIDE}history/2/", "The page as it stood then"),
            (f"{GUIDE}history/1/", "What is known of that update"),
        ]
        assert re.findall(r'href="([^"]*/history/)"', html) == [f"{GUIDE}history/"]

    def test_every_section_can_be_reached_from_the_contents(self, client: Client) -> None:
        make_edition(frozen=make_content(sections=(regions_section(), dates_section())))

        html = main(client, GUIDE)

        targets = re.findall(r'href="#([^"]+)"', html)
        assert targets == ["regions", "dates", "updates"]
        assert {html.count(f'id="{target}"') for target in targets} == {1}

    def test_links_have_the_addresses_that_editors_keep_now(self, client: Client) -> None:
        words = '<p><a href="link:there">There</a> and <a href="link:nowhere">nowhere</a></p>'
        make_edition(
            frozen=make_content(
                sections=(ContentSection(2, "One", "one", words),),
                links={"there": "https://old.example/", "nowhere": "https://gone.example/"},
            )
        )
        make_link("there", address="https://new.example/")

        html = main(client, GUIDE)

        assert '<p><a href="https://new.example/">There</a> and nowhere</p>' in html

    def test_text_is_escaped_where_it_is_not_markdown(self, client: Client) -> None:
        make_edition(frozen=make_content(title="A <b> & c", lead="<script>"))

        html = main(client, GUIDE)

        assert '<h1 class="govuk-heading-xl">A &lt;b&gt; &amp; c</h1>' in html
        assert "<script>" not in html

    def test_only_a_restated_page_says_so(self, client: Client, settings: Any) -> None:
        make_edition()
        make_edition(page=make_page("restated"), is_restated=True)
        said = "This page restates the Department for Education’s guidance in our own words."
        assert said not in text(client, GUIDE)

        assert said in text(client, "/guidance/restated/")
        assert f'href="{settings.OFFICIAL_PAGE_URL}"' in main(client, "/guidance/restated/")

    def test_a_page_keeps_saying_so_after_its_first_change_here(self, client: Client) -> None:
        superseded(1, is_restated=True)
        make_edition(2)

        said = "This page gives the Department for Education’s guidance in our own words."

        assert said in text(client, GUIDE)

    def test_the_section_for_concerns_is_set_apart_with_what_belongs_to_it(
        self, client: Client
    ) -> None:
        make_edition(
            frozen=make_content(
                sections=(
                    ContentSection(2, "Report a concern", "report-a-concern", ""),
                    ContentSection(3, "About a person", "about-a-person", "<p>999</p>"),
                    ContentSection(2, "The rest", "rest", "<p>Other.</p>"),
                )
            )
        )

        panel = main(client, GUIDE).partition("rpec-panel--urgent")[2].partition("The rest")[0]

        assert "999" in panel
        assert panel.count("<div") < panel.count("</div>")

    def test_a_wide_table_scrolls_by_itself_and_by_the_keyboard_too(self, client: Client) -> None:
        table = "<table><tbody><tr><td>One</td></tr></tbody></table>"
        section = ContentSection(2, "Dates", "dates", table)
        make_edition(frozen=make_content(sections=(section,)))

        shown = main(client, GUIDE)

        assert 'role="group" aria-label="Table" tabindex="0"><table>' in shown
        assert "</table></div>" in shown

    @pytest.mark.parametrize("state", ["draft", "scheduled"])
    def test_a_page_of_which_nothing_was_published_is_not_there(
        self, client: Client, state: str
    ) -> None:
        make_draft(state=state)

        assert client.get(GUIDE).status_code == 404

    def test_a_draft_does_not_show_anywhere(self, client: Client) -> None:
        edition = make_edition()
        make_draft()

        for path in (GUIDE, f"{GUIDE}history/", edition.get_absolute_url()):
            assert "secret" not in html_of(client.get(path)).lower()


class TestAWithdrawnPage:
    def withdrawn(self, **fields: Any) -> None:
        past = make_facts(url="", starts_at=uk("2025-03-17 15:30"), ends_at=uk("2025-03-17 16:45"))
        sections = (dates_section(past), replace(dates_section(), anchor="none"))
        make_withdrawal(make_edition(frozen=make_content(sections=sections)), **fields)

    def test_its_title_and_its_line_of_facts_say_so(self, client: Client) -> None:
        self.withdrawn()

        assert "<title>Withdrawn: Some guidance – " in html_of(client.get(GUIDE))
        assert "Published: 5 January 2026 Withdrawn: 20 November 2026" in text(client, GUIDE)

    def test_where_the_day_is_not_known_none_is_said(self, client: Client) -> None:
        self.withdrawn(withdrawn_at=None)

        said = text(client, GUIDE)

        assert "This page was withdrawn. It was merged." in said
        assert "Withdrawn: date not known" in said

    def test_it_shows_the_dates_that_it_froze_and_promises_none(self, client: Client) -> None:
        self.withdrawn()
        make_session(timezone.now() + timedelta(days=3), title="Added since")

        said = text(client, GUIDE)

        assert "Monday 17 March 2025" in said
        assert "No dates were listed." in said
        assert "do not book from this page" in said
        for words in ("Ended", "new dates are shown", "at the moment", "Added since"):
            assert words not in said

    @pytest.mark.parametrize(("state", "offered"), [("published", 1), ("withdrawn", 0)])
    def test_another_page_is_offered_only_while_that_one_holds(
        self, client: Client, state: str, offered: int
    ) -> None:
        other = make_edition(page=make_page("newer"))
        if state == "withdrawn":
            make_withdrawal(other)
        self.withdrawn(instead=other.page)

        for path in (GUIDE, f"{GUIDE}history/1/"):
            assert text(client, path).count("Read the page that holds now") == offered


def test_a_draft_s_link_that_ended_says_so(client: Client) -> None:
    draft = make_draft()
    address = share_url(draft).removeprefix("http://127.0.0.1:8000")
    assert "A secret draft" in text(client, address)
    draft.delete()

    for path in (address, "/guidance/preview/nonsense/"):
        said = text(client, path, 404)
        assert said.startswith("This draft is no longer shown here")
        assert "It was published or discarded, or the link is more than 30 days old." in said
        assert f'href="{REAL}"' in main(client, path, 404)
        assert "no-store" in client.get(path)["Cache-Control"]


class TestWhatItShowsToday:
    @pytest.mark.usefixtures("empty_database")
    def test_the_regions_are_today_s_and_lead_to_their_pages(self, client: Client) -> None:
        make_edition(
            frozen=make_content(sections=(regions_section(RegionFacts("old", "Old", ("Then",))),))
        )
        region = make_region("north-west", "North-West", 1)
        Area.objects.create(region=region, slug="cumbria", name="Cumbria", position=1)
        Area.objects.create(
            region=region, slug="hidden", name="Hidden", position=2, is_listed=False
        )
        make_region("london", "London", 8)

        html = main(client, GUIDE)

        assert re.findall(r'href="(/regions/[^"]+)"><strong>([^<]+)<', html) == [
            ("/regions/north-west/", "North-West"),
            ("/regions/london/", "London"),
        ]
        assert re.findall(r"including ([^<\n]*)", html) == ["Cumbria"]

    def test_the_sessions_are_those_to_come_of_the_section_s_track(self, client: Client) -> None:
        now = timezone.now()
        make_edition(frozen=make_content(sections=(dates_section(make_facts(url="")),)))
        soon = make_session(now + timedelta(days=3), registration_url=LINK)
        make_session(now - timedelta(days=3))
        make_session(now + timedelta(days=4), track=make_track("governors"))
        make_session(now + timedelta(days=5), is_example=True)

        html = main(client, GUIDE)

        assert re.findall(r'scope="row"><a [^>]*href="([^"]+)"', html) == [soon.get_absolute_url()]
        assert html.count(LINK) == 1

    def test_without_dates_it_says_what_to_do(self, client: Client) -> None:
        make_edition(frozen=make_content(sections=(dates_section(),)))
        make_track()

        html = main(client, GUIDE)

        assert '<h4 class="govuk-heading-m">No dates are planned at the moment</h4>' in html
        assert "Designated safeguarding leads (DSLs): new dates are shown here" in html
        assert re.findall(r'href="(/(?:contact|training)/[^"]*)"', html) == [
            "/contact/?topic=training",
            "/training/past/",
        ]

    def test_the_empty_list_for_governors_says_in_schools(self, client: Client) -> None:
        track = make_track("governors")
        embed = SessionsEmbed("governors", track.name, track.audience, ())
        section = ContentSection(2, "Dates", "dates", "", embed)
        make_edition(frozen=make_content(sections=(section,)))

        said = text(client, GUIDE)

        assert "Governors and trustees in schools: new dates are shown here" in said

    @pytest.mark.usefixtures("empty_database")
    def test_a_track_that_is_gone_has_no_dates_and_keeps_its_name(self, client: Client) -> None:
        make_edition(frozen=make_content(sections=(dates_section(make_facts(url="")),)))
        assert not Track.objects.exists()

        assert "DSLs: new dates are shown here" in text(client, GUIDE)


def test_addresses_are_those_of_the_contract() -> None:
    assert [
        reverse("guidance:page", args=[PAGE]),
        reverse("guidance:history", args=[PAGE]),
        reverse("guidance:edition", args=[PAGE, 2]),
    ] == [REAL, f"{REAL}history/", f"{REAL}history/2/"]


@pytest.mark.parametrize("path", [GUIDE, f"{GUIDE}history/", f"{GUIDE}history/1/"])
@pytest.mark.usefixtures("empty_database")
def test_thirty_of_everything_take_as_many_queries_as_one(client: Client, path: str) -> None:
    content = make_content(sections=(regions_section(), dates_section()))
    live = make_edition(100, frozen=content, published_at=uk("2026-06-01 09:30"))
    now = timezone.now()

    def add(number: int) -> None:
        region = make_region(f"region-{number}", f"Region {number}", number)
        Area.objects.create(
            region=region, slug=f"area-{number}", name=f"Area {number}", position=number
        )
        make_session(now + timedelta(days=number), region=region, title=f"Session {number}")
        make_link(f"link-{number}")
        superseded(
            number,
            published_at=live.published_at - timedelta(days=100 - number),  # type: ignore[operator]
            frozen=replace(content, title=f"Edition {number}"),
        )

    add(1)
    with_one = query_count(client, path)
    for number in range(2, 31):
        add(number)

    assert (Session.objects.count(), Edition.objects.count(), Link.objects.count()) == (30, 31, 30)
    assert query_count(client, path) == with_one
    assert with_one <= 8


@pytest.mark.usefixtures("reference_data")
class TestThePublishedPage:
    def test_it_carries_the_dates_notes_and_routes_of_the_real_one(self, client: Client) -> None:
        load_published()

        said = text(client, REAL)

        assert said.startswith("Regional Prevent education co-ordinators (RPECs) What the")
        assert "Published: 29 August 2024 Updated: 21 May 2025 – see all updates" in said
        assert said.count("No dates are planned at the moment") == 2
        assert said.index("Call 999") < said.rindex("How co-ordinators can help")
