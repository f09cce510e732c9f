from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidance.content import (
    Content,
    ContentSection,
    Embed,
    RegionFacts,
    RegionsEmbed,
    SessionsEmbed,
    resolve_links,
)
from guidance.text.markdown import render
from tests.guidance.factories import make_content
from tests.training.factories import make_facts, uk

REGIONS = RegionsEmbed(
    (
        RegionFacts("south-west", "South-West", ("Avon & Somerset", "Dorset")),
        RegionFacts("london", "London", ()),
    )
)
SESSIONS = SessionsEmbed(
    "dsl",
    "Training for DSLs",
    "DSLs",
    (
        make_facts(url="", starts_at=uk("2025-07-03 15:30"), ends_at=uk("2025-07-03 16:45")),
        make_facts(url="", id=None, region_slug="london", region_name="London"),
    ),
)
FULL = make_content(
    sections=(
        ContentSection(2, "Regions", "regions", "<p>Eight.</p>", REGIONS),
        ContentSection(3, "Dates", "dates", "", SESSIONS),
        ContentSection(2, "Last", "last", "<p>Words.</p>"),
    ),
    links={"known": "https://a.example/", "unknown": ""},
)


def test_frozen_content_comes_back_as_it_was() -> None:
    assert Content.from_json(json.loads(json.dumps(FULL.to_json()))) == FULL


embeds: st.SearchStrategy[Embed | None] = st.one_of(
    st.none(),
    st.builds(
        RegionsEmbed,
        st.lists(st.builds(RegionFacts, st.text(), st.text(), st.lists(st.text()).map(tuple))).map(
            tuple
        ),
    ),
    st.builds(
        SessionsEmbed,
        st.text(),
        st.text(),
        st.text(),
        st.lists(
            st.builds(lambda title: make_facts(title=title, url=""), st.text()), max_size=2
        ).map(tuple),
    ),
)
contents = st.builds(
    Content,
    st.text(),
    st.text(),
    st.lists(
        st.builds(ContentSection, st.integers(2, 3), st.text(), st.text(), st.text(), embeds)
    ).map(tuple),
    st.dictionaries(st.text(), st.text()),
)


@given(contents)
def test_any_content_survives_being_frozen(content: Content) -> None:
    assert Content.from_json(json.loads(json.dumps(content.to_json()))) == content


def test_frozen_content_says_in_which_version_it_is_written() -> None:
    assert FULL.to_json()["version"] == 1


def test_content_of_a_version_from_the_future_is_refused() -> None:
    with pytest.raises(ValueError, match="version 2 is not known"):
        Content.from_json({**FULL.to_json(), "version": 2})


def test_an_embed_of_an_unknown_kind_is_refused() -> None:
    frozen = FULL.to_json()
    frozen["sections"][0]["embed"]["kind"] = "weather"

    with pytest.raises(ValueError, match="'weather' is not known"):
        Content.from_json(frozen)


def test_embeds_are_replaced_where_they_stand_and_words_stay() -> None:
    emptied = FULL.with_embeds(lambda embed: RegionsEmbed(()))

    assert [section.embed for section in emptied.sections] == [
        RegionsEmbed(()),
        RegionsEmbed(()),
        None,
    ]
    assert [section.html for section in emptied.sections] == [s.html for s in FULL.sections]


def test_a_keyed_link_gets_its_address() -> None:
    html = render('Read [the *guide*](link:guide "Its title") and [this](/contact/).')

    assert resolve_links(html, {"guide": "https://a.example/?a=1&b=2"}) == (
        '<p>Read <a href="https://a.example/?a=1&amp;b=2" title="Its title">the <em>guide</em></a> '
        'and <a href="/contact/">this</a>.</p>'
    )


@pytest.mark.parametrize("addresses", [{}, {"guide": ""}])
def test_a_link_whose_address_is_not_known_is_its_words_alone(addresses: dict[str, str]) -> None:
    html = render("Read [the **guide**](link:guide), [then](link:other) go.")

    assert resolve_links(html, {**addresses, "other": "https://b.example/"}) == (
        '<p>Read the <strong>guide</strong>, <a href="https://b.example/">then</a> go.</p>'
    )


def test_an_address_cannot_leave_its_attribute() -> None:
    html = resolve_links(render("[x](link:guide)"), {"guide": 'https://a.example/"><script>'})

    assert html == '<p><a href="https://a.example/&quot;&gt;&lt;script&gt;">x</a></p>'


def test_a_title_with_brackets_and_quotes_does_not_confuse_a_keyed_link() -> None:
    html = render("[x](link:guide 'a > b \"c\"')")

    assert 'href="https://a.example/"' in resolve_links(html, {"guide": "https://a.example/"})
    assert resolve_links(html, {}) == "<p>x</p>"
