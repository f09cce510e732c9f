"""Which region an enquiry is for: the rule, without a database."""

from __future__ import annotations

from contact.routing import SEVERAL, Chosen, Route, question, route
from regions.answers import Answer, Choice, Finding, Result

LEEDS = Answer(
    query="Leeds",
    result=Result.ONE,
    findings=(
        Finding(
            "north-east",
            "North-East",
            "Leeds is policed by West Yorkshire.",
            (Choice("west-yorkshire", "West Yorkshire"),),
        ),
    ),
    explanation="Leeds is in North-East.",
)
RICHMOND = Answer(
    query="Richmond",
    result=Result.MANY,
    findings=(
        Finding("london", "London", "…", (Choice("metropolitan-police", "Thames"),)),
        Finding("north-east", "North-East", "…", (Choice("north-yorkshire", "Yorkshire"),)),
    ),
    explanation="There are two places called Richmond.",
)
NOWHERE = Answer(query="Nowhere", result=Result.NONE, explanation="We do not know “Nowhere”.")
ABROAD = Answer(query="Cardiff", result=Result.OUTSIDE_ENGLAND, explanation="It is in Wales.")
BLANK = Answer(query="", result=None)
LONDON = Chosen("london", "london", "London")


def test_a_place_in_one_region_decides_and_says_why() -> None:
    assert route(LEEDS, None) == Route(
        region_slug="north-east",
        region_name="North-East",
        area_slug="west-yorkshire",
        reason="Leeds is policed by West Yorkshire",
        is_override=False,
    )


def test_a_reason_reads_well_after_because() -> None:
    wight = Finding("south-east", "South-East", "The Isle of Wight is policed by Hampshire.", ())
    found = route(Answer(query="IOW", result=Result.ONE, findings=(wight,)), None)
    assert found is not None
    assert found.reason == "the Isle of Wight is policed by Hampshire"


def test_what_is_not_certain_is_never_guessed() -> None:
    assert [route(answer, None) for answer in (RICHMOND, NOWHERE, ABROAD, BLANK)] == [None] * 4


def test_what_the_sender_chose_stands_against_the_place_and_is_told() -> None:
    chosen = route(LEEDS, LONDON)
    assert chosen == Route(
        region_slug="london",
        region_name="London",
        area_slug="",
        reason="London was chosen",
        is_override=True,
        disagreement="Leeds is in North-East. Leeds is policed by West Yorkshire.",
    )


def test_choosing_the_places_own_region_is_no_override() -> None:
    found = route(LEEDS, Chosen("north-east", "north-east", "North-East"))
    assert found is not None
    assert (found.is_override, found.disagreement) == (False, "")


def test_a_choice_answers_what_the_place_left_open() -> None:
    kent = Chosen("kent", "south-east", "South-East", "kent", "Kent")
    for answer in (NOWHERE, ABROAD, BLANK):
        found = route(answer, kent)
        assert found is not None
        assert (found.region_slug, found.area_slug, found.is_override) == (
            "south-east",
            "kent",
            False,
        )
        assert found.reason == "Kent was chosen, which is in South-East"


def test_choosing_none_of_the_places_that_a_name_may_mean_is_an_override() -> None:
    found = route(RICHMOND, Chosen("kent", "south-east", "South-East", "kent", "Kent"))
    assert found is not None
    assert (found.region_slug, found.is_override, found.disagreement) == ("south-east", True, "… …")


def test_several_regions_go_to_no_region() -> None:
    found = route(BLANK, Chosen(SEVERAL, "", ""))
    assert found is not None
    assert (found.region_slug, found.reason) == (
        "",
        "it is about several regions, national or online",
    )


def test_each_question_says_what_was_understood_and_what_to_do() -> None:
    assert question(RICHMOND) == ("There are two places called Richmond.")
    assert question(NOWHERE).startswith("We do not know “Nowhere”.")
    assert question(ABROAD).startswith("It is in Wales.")


def test_a_name_that_is_not_known_is_asked_about_with_those_it_may_be_a_slip_of() -> None:
    asked = question(NOWHERE, ["Newark", "Norwich"])
    assert "Did you mean Newark or Norwich? Change the place, or choose the region." in asked
