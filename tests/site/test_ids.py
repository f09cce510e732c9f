"""An id stands once on a page, whatever editors call their sections and headings."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from guidance.content import Content, ContentSection
from guidance.models import Edition
from guidance.text.markdown import render
from tests.guidance.factories import SLUG, make_content, make_edition, superseded
from tests.guidance.govuk_items import make_item
from tests.site.test_frame import GUIDANCE, PAGES
from tests.training.factories import make_track

pytestmark = pytest.mark.django_db


def twice(html: str) -> list[str]:
    """The ids that stand more than once, outside of scripts."""
    ids = re.findall(r'<[a-z0-9]+\b[^>]*?\sid="([^"]*)"', html)
    return [name for name, count in Counter(ids).items() if count > 1]


def targets(html: str) -> set[str]:
    """Where the page's links to itself lead that lead nowhere."""
    ids = set(re.findall(r'\sid="([^"]*)"', html))
    return set(re.findall(r'<a [^>]*href="#([^"]+)"', html)) - ids


def page_of(*sections: tuple[str, str], level: int = 2) -> Content:
    """A page of sections, each an anchor and Markdown."""
    return make_content(
        sections=tuple(
            ContentSection(level, f"About {anchor}", anchor, render(source))
            for anchor, source in sections
        )
    )


@pytest.mark.parametrize(
    "address",
    [*PAGES, f"{GUIDANCE}history/2..3/", f"{GUIDANCE}on/2025-03-01/", "/contact/"],
)
def test_no_page_has_an_id_twice(client: Client, published: None, address: str) -> None:
    assert twice(client.get(address).content.decode()) == []


LIVE = {
    "a heading and a later section": [("a", "#### Who {#contacts}"), ("contacts", "Them.")],
    "a heading and an earlier section": [("contacts", "Them."), ("a", "#### Who {#contacts}")],
    "a heading and its own section": [("contacts", "#### Who {#contacts}")],
    "two headings of one section": [("a", "#### One {#x}\n\n#### Two {#x}")],
    "two headings of two sections": [("a", "#### One {#x}"), ("b", "#### Two {#x}")],
    "a heading in a box": [("a", "$CTA\n#### One {#b}\n$CTA"), ("b", "Words.")],
    "a heading in a quote": [("a", "> #### One {#b}"), ("b", "Words.")],
    "a heading in a list": [("a", "- #### One {#b}"), ("b", "Words.")],
    "words that look like an id": [("a", '#### One {#b}\n\nSay id="b" and <h3 id="b">.')],
    **{
        f"the frame's {name}": [("a", f"#### Who {{#{name}}}")]
        for name in ("main-content", "contents-title", "notification", "updates", "q", "withdrawn")
    },
}


@pytest.mark.parametrize("sections", LIVE.values(), ids=LIVE.keys())
def test_a_heading_s_own_id_gives_way_on_the_page_and_on_each_edition(
    client: Client, sections: list[tuple[str, str]]
) -> None:
    make_edition(1, frozen=page_of(*sections))

    for address in ("", "history/1/"):
        page = client.get(f"/guidance/{SLUG}/{address}").content.decode()
        assert twice(page) == []
        assert targets(page) == set()
        assert all('<h2 class="govuk-heading-l' in page for _ in sections)


COMPARED = {
    "reworded": ("#### Who to ask {#who}", "#### Whom you may ask for help {#who}"),
    "rewritten": ("#### Who {#who}", "#### Another matter altogether {#who}"),
    "moved": (
        "#### Who {#who}\n\nOne two three.\n\nFour five.",
        "One two three.\n\nFour five.\n\n#### Who {#who}",
    ),
    "another level": ("### A\n\n#### Who {#who}", "### Who {#who}\n\nMore."),
    "out of a box": ("$CTA\n#### Who {#who}\n$CTA", "#### Who {#who}"),
    "out of a quote": ("> #### Who {#who}", "#### Who {#who}"),
    "removed": ("#### Who {#who}\n\nWords.", "Words."),
    "the list of changes": ("#### Who {#changes}", "#### Whom {#changes}"),
    "the skip link's target": ("#### Who {#main-content}", "#### Whom {#main-content}"),
    "another section's anchor": ("#### Who {#other}", "#### Whom to ask {#other}"),
}


@pytest.mark.parametrize(("old", "new"), COMPARED.values(), ids=COMPARED.keys())
def test_a_heading_of_two_editions_has_its_id_where_it_stands_now(
    client: Client, old: str, new: str
) -> None:
    link = "\n\nSee [who](#who)."
    superseded(1, frozen=page_of(("a", old + link), ("other", "Words.")))
    make_edition(2, frozen=page_of(("a", new + link), ("other", "Other words.")))

    page = client.get(f"/guidance/{SLUG}/history/1..2/").content.decode()

    assert twice(page) == []
    if "{#who}" in new:
        heading = re.search(r'<h\d id="who"([^>]*)>', page)
        assert heading is not None
        assert 'data-change="removed"' not in heading[1]


def test_a_heading_that_moved_to_another_section_leads_to_where_it_stands_now(
    client: Client,
) -> None:
    superseded(1, frozen=page_of(("a", "#### Who {#who}"), ("b", "Words.")))
    make_edition(2, frozen=page_of(("a", "Words."), ("b", "#### Who {#who}")))

    page = client.get(f"/guidance/{SLUG}/history/1..2/").content.decode()

    assert twice(page) == []
    assert '<h3 id="who-before" data-change="removed">' in page
    assert '<h3 id="who" data-change="added">' in page


def test_a_heading_that_became_a_section_and_one_called_changes_are_reached(
    client: Client,
) -> None:
    superseded(1, frozen=page_of(("a", "#### Who {#who}"), ("changes", "Old.")))
    make_edition(2, frozen=page_of(("who", "Who."), ("changes", "New.")))

    page = client.get(f"/guidance/{SLUG}/history/1..2/").content.decode()

    assert twice(page) == []
    assert targets(page) == set()


def test_the_two_comparisons_with_the_official_page_share_no_id(desk: Client) -> None:
    body = '<h2 id="beans">Beans</h2><h3 id="who">Who</h3><p>Sow them.</p>'
    page = make_edition(1, frozen=page_of(("beans", "### Whom {#who}\n\nSow."))).page
    file = SimpleUploadedFile("page.json", json.dumps(make_item(body=body)).encode())

    answer = desk.post(reverse("admin:guidance_page_official", args=[page.pk]), {"upload": file})

    html = answer.content.decode()
    assert html.count("what to bring") == 2
    assert twice(html) == []
    assert targets(html) - {"content-start"} == set()


def test_a_draft_s_comparison_shares_no_id_with_the_admin(desk: Client) -> None:
    edition = make_edition(1, frozen=page_of(("content", "#### Main {#main}"), ("header", "One.")))
    desk.post(reverse("admin:guidance_edition_draft", args=[edition.pk]))
    draft = Edition.objects.drafts().get()
    draft.sections.create(position=1, heading="Content", anchor="content", markdown="Two.")

    html = desk.get(reverse("admin:guidance_edition_publish", args=[draft.pk])).content.decode()

    assert twice(html) == []


def test_a_track_of_any_slug_shares_no_id_with_the_page(client: Client) -> None:
    make_track("main-content")

    assert twice(client.get("/training/").content.decode()) == []
