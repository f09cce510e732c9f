"""The picture of the regions beside their list."""

from __future__ import annotations

import re

import pytest

from regions.models import Region
from regions.tiles import SIDE, WIDTH, lines_of, tiles

EIGHT = [
    ("north-east", "North-East"),
    ("north-west", "North-West"),
    ("east-midlands", "East Midlands"),
    ("west-midlands", "West Midlands"),
    ("east-of-england", "East-of-England"),
    ("london", "London"),
    ("south-east", "South-East"),
    ("south-west", "South-West"),
]


def test_a_name_takes_two_lines_where_it_has_two_parts():
    assert {name: lines_of(name) for _, name in EIGHT} == {
        "North-East": ["North-", "East"],
        "North-West": ["North-", "West"],
        "East Midlands": ["East", "Midlands"],
        "West Midlands": ["West", "Midlands"],
        "East-of-England": ["East-of-", "England"],
        "London": ["London"],
        "South-East": ["South-", "East"],
        "South-West": ["South-", "West"],
    }


def test_regions_lie_roughly_where_they_lie():
    place = {tile.slug: (tile.x, tile.y) for tile in tiles(EIGHT)}
    rows = sorted({y for _, y in place.values()})
    assert [
        [slug for slug, _ in sorted(place.items(), key=lambda each: each[1]) if place[slug][1] == y]
        for y in rows
    ] == [
        ["north-west", "north-east"],
        ["west-midlands", "east-midlands", "east-of-england"],
        ["south-west", "london", "south-east"],
    ]


def test_no_tile_lies_on_another_or_outside_the_picture():
    corners = [(tile.x, tile.y) for tile in tiles(EIGHT)]
    assert all(0 <= value <= WIDTH - SIDE for corner in corners for value in corner)
    assert not [
        (one, other)
        for one in corners
        for other in corners
        if one < other and abs(one[0] - other[0]) < SIDE and abs(one[1] - other[1]) < SIDE
    ]


def test_a_region_without_a_place_in_the_picture_has_no_tile():
    assert tiles([("isles", "The Isles")]) == []


@pytest.mark.django_db
def test_a_region_without_a_tile_still_stands_in_the_list(client, reference_data):
    Region.objects.create(slug="isles", name="The Isles", position=9)
    page = client.get("/regions/").content.decode()
    picture, rest = re.search(r"<svg.*?</svg>", page, re.DOTALL), page.split("</svg>")[1]
    assert picture is not None
    assert picture[0].count("<a ") == 8
    assert "The Isles" not in picture[0]
    assert len(re.findall(r'<a class="govuk-link" href="/regions/[^"]+/">', rest)) == 9


@pytest.mark.django_db
def test_keyboard_and_screen_readers_meet_each_region_once_in_the_list(client, reference_data):
    page = client.get("/regions/").content.decode()
    picture = re.search(r'<div class="rpec-tiles" aria-hidden="true">.*?</div>', page, re.DOTALL)
    assert picture is not None
    links = re.findall(r"<a [^>]*>", picture[0])
    assert len(links) == 8
    assert all('tabindex="-1"' in link for link in links)
    assert "tabindex" not in page.replace(picture[0], "").replace('tabindex="-1">', "")
