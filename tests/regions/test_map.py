"""The map of the regions: what its file holds, where its names stand, and how pages show it."""

from __future__ import annotations

import csv
import gzip
import re
from functools import cache
from itertools import pairwise

import pytest

from regions.map import DATA, LINE, PLACES, lines_of, marked, outlines, shapes
from regions.models import Region

Polygon = list[tuple[float, float]]

# The picture's own units: as in the templates, which scale the outlines.
WIDTH, HEIGHT = 295, 270
SCALE_X, SCALE_Y = 0.62, 0.358

with (DATA / "regions.csv").open(encoding="utf-8", newline="") as file:
    EIGHT = [(row["slug"], row["name"]) for row in csv.DictReader(file)]

# Square kilometres, as the Office for National Statistics has them; with the Isle of Man.
SIZES = {
    "north-west": 14_106 + 572,
    "north-east": 8_573 + 15_408,
    "west-midlands": 12_998,
    "east-midlands": 15_624,
    "south-east": 19_069,
    "south-west": 23_836,
    "east-of-england": 19_116,
    "london": 1_572,
}


@cache
def polygons(slug: str) -> list[Polygon]:
    """Return the parts of a region as corners in the units of its outline."""
    parts = []
    for part in outlines()[slug].removeprefix("M").removesuffix("z").split("zM"):
        start, steps = part.split("l")
        x, y = map(int, start.split())
        numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
        corners: Polygon = [(x, y)]
        for right, down in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + right, y + down
            corners.append((x, y))
        parts.append(corners)
    return parts


def sides(corners: Polygon) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    return [*pairwise(corners), (corners[-1], corners[0])]


def area(corners: Polygon) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in sides(corners)) / 2


def regions_at(x: float, y: float) -> set[str]:
    """Return the regions that a point of the picture lies in."""
    x, y = x / SCALE_X, y / SCALE_Y
    return {
        slug
        for slug in outlines()
        if sum(
            (y1 > y) != (y2 > y) and x < x1 + (x2 - x1) * (y - y1) / (y2 - y1)
            for corners in polygons(slug)
            for (x1, y1), (x2, y2) in sides(corners)
        )
        % 2
    }


def boxes() -> dict[str, tuple[int, int, int, int]]:
    """Return the left, top, right and bottom of what each name takes up."""
    found = {}
    for shape in shapes(EIGHT):
        left, top, width, height = shape.reach
        if len(shape.lines) == 1:
            top, height = top + LINE // 2, LINE
        found[shape.slug] = left, top, left + width, top + height
    return found


# The file


def test_each_region_has_its_outline_once():
    with (DATA / "map.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["region"] for row in rows] == [slug for slug, _ in EIGHT]
    assert len({row["outline"] for row in rows}) == 8


@pytest.mark.parametrize("slug", SIZES)
def test_an_outline_is_closed_lines_in_whole_numbers(slug):
    assert re.fullmatch(r"(?:M\d+ \d+l-?\d+(?:(?: |(?=-))-?\d+)+z)+", outlines()[slug])
    for corners in polygons(slug):
        assert len(corners) >= 3
        assert all(x >= 0 and y >= 0 for x, y in corners)
        assert area(corners) > 0, "a part that runs the other way round would be a hole"


def test_the_outlines_begin_at_the_edges_of_the_picture_and_fill_it():
    corners = [corner for slug in outlines() for part in polygons(slug) for corner in part]
    assert (min(x for x, _ in corners), min(y for _, y in corners)) == (0, 0)
    assert max(x for x, _ in corners) * SCALE_X <= WIDTH
    assert HEIGHT - 5 <= max(y for _, y in corners) * SCALE_Y <= HEIGHT


@pytest.mark.parametrize("slug", SIZES)
def test_a_region_is_about_as_large_as_it_is(slug):
    drawn = sum(area(corners) for corners in polygons(slug)) * 1.5 * 0.866
    assert drawn == pytest.approx(SIZES[slug], rel=0.12)


def test_no_two_regions_overlap():
    points = [(x, y) for x in range(0, WIDTH, 6) for y in range(0, HEIGHT, 6)]
    assert [point for point in points if len(regions_at(*point)) > 1] == []


def test_the_isles_of_scilly_and_the_isle_of_man_have_their_place():
    assert len(polygons("south-west")) == 2
    assert len(polygons("north-west")) == 2
    assert all(
        len(polygons(slug)) == 1 for slug in SIZES if slug not in {"south-west", "north-west"}
    )


# The names


def test_a_name_takes_two_lines_where_one_would_be_too_long():
    assert {
        slug: [line.text for line in shape.lines]
        for shape in shapes(EIGHT)
        for slug in [shape.slug]
    } == {
        "north-west": ["North-West"],
        "north-east": ["North-East"],
        "west-midlands": ["West", "Midlands"],
        "east-midlands": ["East", "Midlands"],
        "south-east": ["South-East"],
        "south-west": ["South-West"],
        "east-of-england": ["East-of-", "England"],
        "london": ["London"],
    }
    assert lines_of("North-East") == ["North-", "East"]


def test_a_names_line_ends_in_its_own_region_and_crosses_no_other():
    for shape in shapes(EIGHT):
        x1, y1, x2, y2 = map(int, re.findall(r"\d+", shape.leader))
        assert (x2, y2) == PLACES[shape.slug].dot
        assert regions_at(x2, y2) == {shape.slug}
        way = [(x1 + (x2 - x1) * part / 50, y1 + (y2 - y1) * part / 50) for part in range(51)]
        crossed = set().union(*(regions_at(*point) for point in way)) - {shape.slug}
        # There is no sea beside London.
        assert crossed <= ({"east-of-england"} if shape.slug == "london" else set())


def test_a_name_stands_in_the_picture_and_on_no_region():
    for slug, (left, top, right, bottom) in boxes().items():
        assert -2 <= left <= right <= WIDTH, slug
        assert 0 <= top <= bottom <= HEIGHT, slug
        on = [regions_at(x, y) for x in range(left, right, 3) for y in range(top, bottom, 3)]
        assert not set().union(*on) - {slug}, slug


def test_no_name_lies_on_another():
    assert not [
        (one, other)
        for one, (left, top, right, bottom) in boxes().items()
        for other, (left2, top2, right2, bottom2) in boxes().items()
        if one < other and left < right2 and left2 < right and top < bottom2 and top2 < bottom
    ]


# The pages


def picture(page: str) -> str:
    """Return the one picture of a page."""
    found = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(found) == 1
    return found[0]


def compressed(text: str) -> int:
    return len(gzip.compress(text.encode(), mtime=0))


@pytest.mark.django_db
def test_the_map_links_each_region_with_its_name_and_outline(client, reference_data):
    links = re.findall(r"<a .*?</a>", picture(client.get("/regions/").content.decode()), re.DOTALL)
    shown = {}
    for link in links:
        address, outline = re.findall(r' (?:href|d)="(/[^"]+|M[^"]+z)"', link)
        shown[address] = outline, " ".join(re.findall(r"<tspan[^>]*>([^<]+)", link))
    names = {slug: name.replace("of-England", "of- England") for slug, name in EIGHT}
    assert shown == {f"/regions/{slug}/": (outlines()[slug], names[slug]) for slug, _ in EIGHT}


@pytest.mark.django_db
def test_keyboard_and_screen_readers_meet_each_region_once_in_the_list(client, reference_data):
    page = client.get("/regions/").content.decode()
    drawn = picture(page)
    assert 'aria-hidden="true"' in drawn.partition(">")[0]
    links = re.findall(r"<a [^>]*>", drawn)
    assert len(links) == 8
    assert all('tabindex="-1"' in link for link in links)
    rest = page.replace(drawn, "")
    assert "tabindex" not in rest.replace('tabindex="-1">', "")
    assert len(re.findall(r'<a class="govuk-link" href="/regions/[^"]+/">', rest)) == 8


@pytest.mark.django_db
def test_the_map_says_what_it_is_not_and_whose_data_it_holds(client, reference_data):
    page = " ".join(client.get("/regions/").content.decode().split())
    assert "roughly where the regions lie, not their borders" in page
    for owner in ("OS data", "National Statistics data", "Royal Mail data"):
        assert owner in page.partition("</svg>")[2].partition("</p>")[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "slug", "name"),
    [
        *((f"/regions/{slug}/", slug, name) for slug, name in EIGHT),
        ("/find-your-coordinator/?q=Leeds", "north-east", "North-East"),
        ("/find-your-coordinator/?q=Kent", "south-east", "South-East"),
    ],
)
def test_a_page_about_one_region_shows_where_it_lies(client, reference_data, address, slug, name):
    drawn = picture(client.get(address).content.decode())
    opening = drawn.partition(">")[0]
    assert 'role="img"' in opening
    assert f'aria-label="Map of the eight regions: {name} is marked"' in opening
    assert "<a " not in drawn
    paths = re.findall(r'<path class="([^"]+)"[^>]* d="([^"]+)"', drawn)
    assert sorted(outline for _, outline in paths) == sorted(outlines().values())
    assert [outline for classes, outline in paths if "--marked" in classes] == [outlines()[slug]]
    assert paths[-1][1] == outlines()[slug], "what is drawn later would cover its edge"


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "?q=", "?q=Lincolnshire", "?q=Cardiff", "?q=Atlantis"])
def test_an_answer_that_is_not_one_region_shows_no_map(client, reference_data, query):
    assert "<svg" not in client.get(f"/find-your-coordinator/{query}").content.decode()


@pytest.mark.django_db
def test_either_map_takes_at_most_three_kilobytes(client, reference_data):
    assert compressed(picture(client.get("/regions/").content.decode())) <= 3_000
    assert compressed(picture(client.get("/regions/london/").content.decode())) <= 3_000


@pytest.mark.django_db
def test_a_region_that_is_not_on_the_map_still_has_its_link_and_its_page(client, reference_data):
    Region.objects.create(slug="isles", name="The Isles", position=9)
    page = client.get("/regions/").content.decode()
    drawn = picture(page)
    assert drawn.count("<a ") == 8
    assert "The Isles" not in drawn
    rest = page.replace(drawn, "")
    assert len(re.findall(r'<a class="govuk-link" href="/regions/[^"]+/">', rest)) == 9
    assert marked("isles") == []
    assert "<svg" not in client.get("/regions/isles/").content.decode()
