from __future__ import annotations

import json
import os
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guidance.actions import importing
from guidance.actions.loading import PAGE, load_published
from guidance.content import Content, ContentSection, RegionFacts, RegionsEmbed, SessionsEmbed
from guidance.govuk_formats import govspeak_of
from guidance.models import Edition
from guidance.text.normal_form import words_of
from guidance.whitehall.content_item import read_item
from guidance.whitehall.export import body, nations_of
from guidance.whitehall.sections import canonical
from tests.guidance.factories import make_draft, make_edition, make_page, make_withdrawal
from tests.guidance.govuk_items import (
    CARRIED_WHOLE,
    CONTENT_ID,
    FIRST,
    SECOND,
    SLUG,
    THIRD,
    faults,
    make_item,
    read,
)
from tests.training.factories import LINK, make_facts, uk

HISTORY = ((FIRST, "First published."), (SECOND, "Beans & <b>peas</b>."), (THIRD, "More\ndates."))
NATIONS = {
    "england": {"label": "England", "applicable": True},
    "wales": {"label": "Wales", "applicable": False, "alternative_url": "https://www.gov.wales/x"},
}
ALL_OF_IT = "\n".join(
    source.replace('id="', f'id="n{number}-').replace('href="#', f'href="#n{number}-')
    for number, (name, source) in enumerate(CARRIED_WHOLE.items())
    if name != "text before the first heading"
)

import_items = partial(importing.import_items, at=uk("2026-11-20 10:00"))


def answer(client: Client, slug: str = SLUG, query: str = "", status: int = 200) -> Any:
    response = client.get(f"/api/content/guidance/{slug}{query}")
    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    found = json.loads(response.content)
    if status == 200:
        assert faults(found) == []
        keep(found)
    return found


def keep(item: Any) -> None:
    """Write an item where the schema's own file is at hand, to hold it against that."""
    folder = os.environ.get("KEEP_CONTENT_ITEMS")
    if folder:
        name = os.environ["PYTEST_CURRENT_TEST"].rpartition("::")[2].partition(" ")[0]
        Path(folder, f"{name}.json").write_text(json.dumps(item))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.django_db
class TestAnImportedPage:
    def test_it_comes_out_as_it_went_in(self, client: Client) -> None:
        details = {
            "national_applicability": NATIONS,
            "political": True,
            "tags": {"browse_pages": [], "policies": []},
            "emphasised_organisations": [CONTENT_ID],
        }
        source = make_item(
            history=HISTORY, body=ALL_OF_IT, details=details, phase="beta", updated_at=THIRD
        )
        assert faults(source) == []
        done = import_items([read_item(json.dumps(source).encode(), name="a.json")])
        assert done.not_carried == ()

        out = answer(client)

        for key in ("title", "description", "base_path", "content_id", "links", "phase"):
            assert out[key] == source[key]
        for key in ("first_published_at", "public_updated_at", "updated_at"):
            assert moment(out[key]) == moment(source[key])
        for key in details:
            assert out["details"][key] == source["details"][key]
        assert [
            (moment(entry["public_timestamp"]), entry["note"])
            for entry in out["details"]["change_history"]
        ] == [
            (moment(entry["public_timestamp"]), entry["note"])
            for entry in source["details"]["change_history"]
        ]
        assert canonical(out["details"]["body"]) == canonical(ALL_OF_IT)

    def test_it_goes_in_again_as_the_same_state(self, client: Client) -> None:
        import_items([read(history=HISTORY, body=ALL_OF_IT)])
        out = json.dumps(answer(client)).encode()

        assert import_items([read_item(out, name="out.json")]).editions == ()

    def test_earlier_editions_say_what_they_said(self, client: Client) -> None:
        import_items([read("a.json"), read("b.json", history=HISTORY, title="Beds and beans")])

        first = answer(client, query="?edition=1")

        assert (first["title"], first["updated_at"]) == (
            "Keeping a school garden",
            "2024-03-04T09:30:00+00:00",
        )
        assert [entry["note"] for entry in first["details"]["change_history"]] == [
            "First published."
        ]
        assert answer(client, query="?edition=3") == answer(client)
        assert answer(client)["title"] == "Beds and beans"

    def test_an_edition_whose_text_is_not_held_has_no_item(self, client: Client) -> None:
        import_items([read(history=HISTORY)])

        assert answer(client, query="?edition=2", status=404) == {
            "error": "The text of that edition is not held."
        }

    def test_it_says_that_it_was_withdrawn(self, client: Client) -> None:
        notice = {"explanation": '<p>See <a href="/new">it</a>.</p>', "withdrawn_at": THIRD}
        import_items([read(history=HISTORY, withdrawn_notice=notice)])

        out = answer(client)["withdrawn_notice"]

        assert moment(out["withdrawn_at"]) == moment(THIRD)
        assert canonical(out["explanation"]) == canonical(notice["explanation"])


@pytest.mark.django_db
class TestAPageOfOurOwn:
    def test_it_is_an_item_as_well(self, client: Client) -> None:
        make_edition()

        out = answer(client, "some-guidance")

        assert out["details"] == {
            "political": False,
            "body": '<div class="govspeak"><h2 id="first-things">First things</h2>\n\n'
            "<p>Some words.</p></div>",
            "change_history": [
                {"public_timestamp": "2026-01-05T09:30:00+00:00", "note": "First published."}
            ],
            "first_public_at": "2026-01-05T09:30:00+00:00",
            "headers": [{"text": "First things", "level": 2, "id": "first-things"}],
            "national_applicability": nations_of("England"),
        }
        assert out["base_path"] == "/guidance/some-guidance"
        assert answer(client, "some-guidance")["content_id"] == out["content_id"]

    def test_a_withdrawn_one_says_why(self, client: Client) -> None:
        make_withdrawal(make_edition())

        assert answer(client, "some-guidance")["withdrawn_notice"] == {
            "explanation": '<div class="govspeak"><p>It was merged.</p></div>',
            "withdrawn_at": "2026-11-20T10:00:00+00:00",
        }

    @pytest.mark.usefixtures("reference_data")
    def test_the_shipped_editions_are_items(self, client: Client) -> None:
        load_published()

        for query in ("", "?edition=2", "?edition=3"):
            out = answer(client, PAGE, query)
            assert "link:" not in out["details"]["body"]
            assert 'href="/' not in out["details"]["body"]

    @pytest.mark.usefixtures("reference_data")
    def test_a_link_that_a_page_had_is_not_told_as_one_to_follow(self, client: Client) -> None:
        load_published()
        edition = Edition.objects.get(page__slug=PAGE, number=2)

        for text in (
            answer(client, PAGE, "?edition=2")["details"]["body"],
            govspeak_of(edition, at=uk("2026-11-20 10:00")).text,
        ):
            assert text.count("The page had a link; it is not held here") == 6
            assert "Link to follow" not in text

    @pytest.mark.parametrize(
        "query", ["", "?edition=2", "?edition=0", "?edition=x", "?edition=٣", f"?edition={9**40}"]
    )
    def test_what_is_not_public_is_not_there(self, client: Client, query: str) -> None:
        make_draft(page=make_page())
        if query:
            make_edition()

        assert answer(client, "some-guidance", query, status=404) == {
            "error": "There is no such page, or no such edition."
        }

    def test_a_page_that_is_unknown_is_not_there(self, client: Client) -> None:
        assert answer(client, "nowhere", status=404) == {
            "error": "There is no such page, or no such edition."
        }


class TestTheBody:
    def test_links_have_their_whole_address_or_are_words(self) -> None:
        html = (
            '<p><a href="/contact/">c</a> <a href="link:k">k</a> <a href="link:none">n</a> '
            '<a href="//a.example/">s</a> <a href="#b">b</a></p>'
        )
        content = Content("T", "L", (ContentSection(2, "", "a", html),), {"k": "https://k.example"})

        assert body(content, site_url="https://us.example") == (
            '<div class="govspeak"><p><a href="https://us.example/contact/">c</a> '
            '<a href="https://k.example">k</a> n <a href="//a.example/">s</a> '
            '<a href="#b">b</a></p></div>'
        )

    def test_what_a_section_shows_below_its_text_is_in_it(self) -> None:
        regions = RegionsEmbed((RegionFacts("n", "North & <so on>", ("Leeds", "York")),))
        sessions = SessionsEmbed("dsl", "DSLs", "DSLs", (make_facts(),))
        nothing = SessionsEmbed("dsl", "DSLs", "DSLs", ())
        sections = [
            ContentSection(2, "A", "a", "", regions),
            ContentSection(3, "B", "b", "", sessions),
            ContentSection(3, "C", "c", "", nothing),
        ]

        html = body(Content("T", "L", tuple(sections), {}), site_url="")

        assert [*words_of(canonical(html))][:8] == ["A", "North", "so", "on", "including"] + [
            "Leeds",
            "York",
            "B",
        ]
        assert f'<a href="{LINK}">Register</a>' in html
        assert html.endswith("<p>No dates are planned at the moment.</p></div>")


@pytest.mark.parametrize("words", ["England", "England and Wales", "Northern Ireland"])
def test_nations_in_words_become_the_schema_s(words: str) -> None:
    nations = nations_of(words) or {}

    assert " and ".join(said["label"] for said in nations.values() if said["applicable"]) == words


def test_everywhere_needs_no_nations() -> None:
    assert nations_of("") is None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"title": None}, ["item.title is not what it has to be"]),
        ({"extra": 1}, ["item.extra is not known"]),
        ({"content_id": CONTENT_ID.upper()}, ["item.content_id is not what it has to be"]),
        ({"updated_at": "2024-01-01"}, ["item.updated_at is not what it has to be"]),
        ({"details": {"headers": []}}, ["item.details.headers is no list"]),
        (
            {"details": {"headers": [{"text": "x", "level": 2, "id": "a", "headers": [{}]}]}},
            [f"item.details.headers[].headers[].{k} is missing" for k in ("text", "level", "id")],
        ),
    ],
)
def test_the_check_of_items_finds_what_the_schema_forbids(
    change: dict[str, Any], told: list[str]
) -> None:
    assert faults(make_item(**change)) == told
