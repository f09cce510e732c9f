from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from guidance.actions.loading import PAGE, load_links, load_published
from guidance.content import Content, RegionsEmbed, SessionsEmbed
from guidance.models import Edition, Link, Page
from guidance.shipped import shipped_links
from tests.guidance.factories import make_edition, make_page
from tests.training.factories import make_session, make_track, uk

pytestmark = pytest.mark.django_db


def edition(number: int) -> Edition:
    return Edition.objects.get(page__slug=PAGE, number=number)


def starts(content: Content, track: str) -> list[datetime]:
    (embed,) = [
        embed
        for embed in content.embeds()
        if isinstance(embed, SessionsEmbed) and embed.track == track
    ]
    return [session.starts_at for session in embed.sessions]


def areas(content: Content) -> dict[str, tuple[str, ...]]:
    (embed,) = [embed for embed in content.embeds() if isinstance(embed, RegionsEmbed)]
    return {region.slug: region.areas for region in embed.regions}


def test_the_shipped_links_are_there_without_a_database_too() -> None:
    load_links()

    assert Link.objects.addresses() == {
        key: link.address for key, link in sorted(shipped_links().items())
    }


def test_loading_links_again_changes_nothing() -> None:
    load_links()
    before = list(Link.objects.order_by("pk").values())

    assert load_links() == len(shipped_links())
    assert list(Link.objects.order_by("pk").values()) == before


def test_links_that_stay_as_they_are_leave_no_history_at_an_update():
    load_links()
    before = Link.history.count()
    load_links()
    assert Link.history.count() == before


def test_what_an_editor_changed_of_a_link_stays() -> None:
    load_links()
    Link.objects.filter(key="office-for-students").update(
        address="https://www.officeforstudents.org.uk/found/",
        owner="The OfS",
        checked_on=date(2026, 11, 1),
    )

    load_links()

    link = Link.objects.get(key="office-for-students")
    assert (link.address, link.owner, link.checked_on) == (
        "https://www.officeforstudents.org.uk/found/",
        "The OfS",
        date(2026, 11, 1),
    )
    assert link.label == shipped_links()["office-for-students"].label


def test_an_address_that_the_list_changes_is_taken_over_and_counts_as_unchecked() -> None:
    load_links()
    link = Link.objects.get(key="educate-against-hate")
    link.address = link.shipped["address"] = "https://old.example/"
    link.checked_on = date(2026, 11, 1)
    link.save()

    load_links()

    link.refresh_from_db()
    assert link.address == "https://www.educateagainsthate.com"
    assert link.checked_on is None


def test_a_link_that_an_editor_emptied_stays_empty() -> None:
    load_links()
    Link.objects.filter(key="educate-against-hate").update(address="")

    load_links()

    assert Link.objects.get(key="educate-against-hate").address == ""


def test_a_link_that_an_editor_added_stays() -> None:
    Link.objects.create(key="own", label="Own", owner="We", address="https://own.example/")

    load_links()

    assert Link.objects.addresses()["own"] == "https://own.example/"


@pytest.mark.usefixtures("empty_database")
def test_without_regions_and_tracks_nothing_is_published() -> None:
    with pytest.raises(LookupError, match="run load_reference first"):
        load_published()

    assert not Page.objects.exists()


@pytest.mark.usefixtures("reference_data")
class TestPublished:
    def test_three_editions_are_there_with_their_states_and_times(self) -> None:
        assert load_published() == 4

        listed = (
            Edition.objects.filter(page__slug=PAGE)
            .order_by("number")
            .values_list(
                "number", "state", "update_type", "published_at", "is_text_held", "is_restated"
            )
        )
        assert list(listed) == [
            (1, "superseded", "major", datetime(2024, 8, 29, 16, 5, tzinfo=UTC), False, True),
            (2, "superseded", "major", datetime(2025, 2, 12, 11, 26, tzinfo=UTC), True, True),
            (3, "published", "major", datetime(2025, 5, 21, 9, 31, tzinfo=UTC), True, True),
        ]

    def test_loading_again_changes_nothing(self) -> None:
        load_published()
        before = list(Edition.objects.order_by("pk").values())

        assert load_published() == 0
        assert list(Edition.objects.order_by("pk").values()) == before

    def test_each_state_froze_the_sessions_that_it_listed(self) -> None:
        load_published()
        february, may = edition(2).frozen(), edition(3).frozen()

        assert starts(february, "dsl") == [
            uk("2025-03-17 15:30"),
            uk("2025-05-12 15:30"),
            uk("2025-07-03 15:30"),
        ]
        assert [len(starts(may, track)) for track in ("dsl", "governors")] == [6, 6]
        assert starts(may, "governors")[0] == datetime(2025, 7, 3, 16, 0, tzinfo=UTC)

    def test_frozen_sessions_ended_when_the_shipped_list_says(self) -> None:
        load_published()

        lengths = {
            session.time_range
            for embed in edition(3).frozen().embeds()
            if isinstance(embed, SessionsEmbed)
            for session in embed.sessions
        }
        assert lengths == {"3:30pm to 4:45pm", "5pm to 6:15pm"}

    def test_only_the_later_state_writes_avon_and_somerset_out(self) -> None:
        load_published()
        february, may = areas(edition(2).frozen()), areas(edition(3).frozen())

        assert february["south-west"][0] == "Avon & Somerset"
        assert may["south-west"][0] == "Avon and Somerset"
        assert list(may) == [
            "north-west",
            "north-east",
            "west-midlands",
            "east-midlands",
            "south-east",
            "south-west",
            "east-of-england",
            "london",
        ]

    def test_an_edition_keeps_the_markdown_that_a_draft_would_begin_with(self) -> None:
        load_published()
        sections = edition(3).sections.order_by("position")

        assert [section.anchor for section in sections] == [
            section.anchor for section in edition(3).frozen().sections
        ]
        assert [s.track.slug for s in sections if s.track] == ["dsl", "governors"]

    def test_nothing_that_is_frozen_names_a_person(self) -> None:
        load_published()

        assert list(Edition.objects.values_list("published_by", flat=True)) == [None] * 4
        assert "@" not in str(edition(3).content)

    def test_what_an_editor_has_published_since_goes_on_standing(self) -> None:
        newer = make_edition(4, page=make_page(PAGE))

        assert load_published() == 4
        assert list(Edition.objects.live()) == [newer]

    def test_what_editors_did_to_the_sessions_does_not_reach_the_past(self) -> None:
        make_session(uk("2025-07-03 15:30"), track=make_track("dsl"), title="Renamed since")

        load_published()

        assert "Renamed since" not in str(edition(3).content)

    @pytest.mark.parametrize("number", [2, 3])
    def test_its_dates_say_that_they_had_a_link_which_is_not_held(self, client, number):
        load_published()
        page = client.get(f"/guidance/{PAGE}/history/{number}/").content.decode()
        assert "Link to follow" not in page
        assert page.count("The page had a link; it is not held here") == number * 6 - 6


class TestTheEarlierPage:
    @pytest.fixture(autouse=True)
    def _loaded(self, reference_data: None) -> None:
        load_published()

    def test_it_is_withdrawn_and_points_at_todays(self, client):
        page = " ".join(
            client.get("/guidance/regional-prevent-coordinators/").content.decode().split()
        )
        assert "This page was withdrawn." in page
        assert f'href="/guidance/{PAGE}/">Read the page that holds now' in page
        assert "PreventDuty.Support@education.gov.uk" in page
        assert "cannot help every setting" not in page
        assert "Co-ordinators could not help every setting with Prevent from day to day." in page

    def test_of_its_six_notes_only_the_newest_has_a_day(self, client):
        page = client.get("/guidance/regional-prevent-coordinators/").content.decode()
        log = page.partition('id="updates"')[2]
        assert log.index("7 September 2023") < log.index("Before that, on days that are not known")
        notes = re.findall(r"<li>([^<]+)</li>", log)
        assert [note.split()[0] for note in notes] == [
            "Biographies",
            "Biographies",
            "Biography",
            "The",
            "First",
        ]

    def test_its_day_is_that_of_its_last_update_and_its_first_publication_is_not_known(
        self, client
    ):
        page = client.get("/guidance/regional-prevent-coordinators/").content.decode()
        assert "<dt>Last updated:</dt> <dd>7 September 2023" in page
        assert "<dt>Published:</dt>" not in page
        item = client.get("/api/content/guidance/regional-prevent-coordinators").json()
        assert "first_published_at" not in item
        assert "first_public_at" not in item["details"]

    def test_no_time_of_day_is_invented(self, client):
        for address in ("history/", "history/1/"):
            page = client.get(f"/guidance/regional-prevent-coordinators/{address}").content.decode()
            assert "7 September 2023" in page
            assert "midnight" not in page

    @pytest.mark.parametrize(
        "fact",
        [
            "planning and its assurance",
            "CONTEST",
            "monitoring body had found them",
            "leading on support",
            "in touch with providers and the police after terrorism",
            "virtual training and good-practice events",
            "regional newsletter",
            "the region’s other partners",
            "introduction to the Prevent duty",
            "Educate Against Hate",
            "training materials on Prevent",
            "newsletters from the co-ordinators, for FE and HE",
            "Office for Students",
            "Call 999",
            "immediate danger",
            "planning to carry out a criminal offence",
            "making a Prevent referral",
            "reporting extremism",
            "significant challenges",
            "saying where they were, what kind of setting they were, and what it was about",
        ],
    )
    def test_it_carries_every_fact(self, client, fact):
        page = client.get("/guidance/regional-prevent-coordinators/").content.decode()
        words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page)).replace("&#x27;", "’")
        assert fact in words.replace("'", "’")
