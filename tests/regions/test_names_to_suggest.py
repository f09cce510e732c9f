"""The names that the finder's box suggests as one types, and which of them for what is typed."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import subprocess
from typing import Any

import pytest

from regions import lookup
from regions.answers import Result
from regions.models import Place, PlaceTarget, Region
from regions.names import normalise, usual_spelling
from tests.processes import ROOT

NAMES = "/find-your-coordinator/names.txt"
MOST_BYTES = 25_000
DATA = ROOT / "regions" / "data"
READER = ROOT / "tests" / "regions" / "suggest.mjs"
NODE = shutil.which("node")

with_data = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
needs_node = pytest.mark.skipif(NODE is None, reason="Node.js runs the site's script here")


class TestTheNames:
    pytestmark = with_data

    def names(self, client) -> list[str]:
        return client.get(NAMES).content.decode().split("\n")

    def test_they_are_every_listed_place_and_every_town_of_england_once(self, client):
        rows = []
        for name in ("towns.csv", "more_towns.csv"):
            with (DATA / name).open(encoding="utf-8", newline="") as lines:
                rows += list(csv.DictReader(lines))
        towns = {normalise(row["name"]) for row in rows if row["nation"] in {"", "the Isle of Man"}}
        places = set(Place.objects.filter(stands_for="").values_list("key", flat=True))
        halves = {"hove", "hammersmith", "windsor", "kings lynn", "folkestone"}

        keys = [normalise(name) for name in self.names(client)]

        assert len(keys) == len(set(keys))
        assert towns | places | halves <= set(keys)
        # What is left over is halves of joint councils too: nothing else has a name here.
        joint = [normalise(place.name) for place in Place.objects.filter(kind="council")]
        assert [
            key
            for key in set(keys) - towns - places
            if not any(key in council for council in joint)
        ] == []

    def test_listed_places_go_before_towns_and_the_larger_before_the_smaller(self, client):
        names = self.names(client)
        in_order = ["Leeds", "Lewes", "Leyton", "Leek"]
        assert sorted(in_order, key=names.index) == in_order

    def test_the_finder_has_an_answer_for_each(self, client):
        names = self.names(client)
        unanswered = [
            name
            for name, answer in zip(names, lookup.answers(names), strict=True)
            if answer.result in {None, Result.NONE, Result.INVALID}
        ]
        assert unanswered == []

    def test_an_abbreviation_and_a_place_that_leads_nowhere_are_not_among_them(self, client):
        Place.objects.create(name="Nowhereton", key="nowhereton")
        assert not {"Brum", "Lincs", "Nowhereton"} & set(self.names(client))

    def test_a_place_that_an_editor_adds_is_among_them_at_once(self, client):
        before = client.get(NAMES)
        place = Place.objects.create(name="Little Newplace", key="little newplace")
        PlaceTarget.objects.create(place=place, region=Region.objects.get(slug="london"))
        after = client.get(NAMES, headers={"If-None-Match": before["ETag"]})
        assert after.status_code == 200
        assert "Little Newplace" in after.content.decode().split("\n")

    def test_they_are_small_and_the_same_bytes_each_time_where_they_may_be_compressed(self, client):
        plain = client.get(NAMES)
        packed = client.get(NAMES, headers={"Accept-Encoding": "gzip, br"})
        assert plain.headers.get("Content-Encoding") is None
        assert packed["Content-Encoding"] == "gzip"
        assert plain["Vary"] == packed["Vary"] == "Accept-Encoding"
        assert gzip.decompress(packed.content) == plain.content
        assert len(packed.content) <= MOST_BYTES

        again = client.get(
            NAMES, headers={"Accept-Encoding": "gzip, br", "If-None-Match": packed["ETag"]}
        )
        assert (again.status_code, again.content) == (304, b"")
        assert packed["ETag"] != plain["ETag"]


def script(names: list[str], typed: list[str]) -> dict[str, Any]:
    """Run what the browser runs."""
    done = subprocess.run(
        [str(NODE), str(READER)],
        input=json.dumps({"names": names, "typed": typed}),
        capture_output=True,
        check=True,
        text=True,
        cwd=ROOT,
    )
    return json.loads(done.stdout)


def suggested(typed: str, *names: str) -> list[str]:
    return script(list(names), [typed])["suggested"][typed]


@needs_node
class TestWhatIsSuggested:
    def test_names_are_compared_as_the_finder_compares_them(self):
        with (DATA / "towns.csv").open(encoding="utf-8", newline="") as lines:
            names = [row["name"] for row in csv.DictReader(lines)]
        names += [
            "Saint Albans",
            "King’s Lynn & West-Norfolk",
            "Ynys Môn",
            "  THE   Wrekin ",
            "ﬁeld",
        ]
        expected = [usual_spelling(normalise(name).removeprefix("the ")) for name in names]
        assert script(names, [])["keys"] == expected

    def test_names_that_begin_so_go_before_those_with_a_later_word_each_in_their_order(self):
        names = ("North Leek", "Leeds", "Leek", "Sleek", "South Leek", "Lee")
        assert suggested("lee", *names) == ["Leeds", "Leek", "Lee", "North Leek", "South Leek"]

    @pytest.mark.parametrize(
        "typed", ["kings l", "King's L", "KING’S LYNN", "the king's l", "lynn & w"]
    )
    def test_case_apostrophes_and_signs_do_not_matter(self, typed):
        name = "King’s Lynn and West Norfolk"
        assert suggested(typed, name, "Kingston") == [name]

    @pytest.mark.parametrize("typed", ["saint al", "St Al", "st. al"])
    def test_saint_is_also_written_st(self, typed):
        assert suggested(typed, "St Albans", "Stafford") == ["St Albans"]

    def test_a_space_ends_a_word(self):
        assert suggested("new ", "Newark", "New Mills", "New") == ["New Mills", "New"]

    @pytest.mark.parametrize(
        "typed", ["", " ", "l", " l ", "'l", "LS1", "ls1 4", "M1", "100000", "5"]
    )
    def test_one_letter_a_postcode_and_a_number_suggest_nothing(self, typed):
        assert suggested(typed, "Leeds", "L", "LS", "M1 Estate", "Lee") == []

    def test_there_are_never_more_than_eight(self):
        assert len(suggested("ham", *(f"Ham{letter}" for letter in "abcdefghijkl"))) == 8

    def test_what_was_typed_is_found_in_the_name_for_the_eye(self):
        names = ["King’s Lynn", "St Albans", "Ynys Môn", "Royal Tunbridge Wells"]
        parts = script(names, ["kings", "saint al", "mon", "tun"])["parts"]
        assert parts == {
            "kings": [["", "King’s", " Lynn"]],
            "saint al": [["", "St Al", "bans"]],
            "mon": [["Ynys ", "Môn", ""]],
            "tun": [["Royal ", "Tun", "bridge Wells"]],
        }
