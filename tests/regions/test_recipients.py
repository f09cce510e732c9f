"""Who answers for a region: the rule, without a database."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from regions.recipients import AbsenceFacts, PostFacts, Recipient, Remit, recipient

DAY = date(2026, 11, 20)


def post(id: int = 1, **facts: Any) -> PostFacts:
    return PostFacts(
        **{
            "id": id,
            "region": "north-west",
            "position": 1,
            "remit": Remit.ALL,
            "mailbox": f"post-{id}@example.org",
            "holder_address": f"holder-{id}@example.org",
            "is_vacant": False,
            "covered_by": None,
            **facts,
        }
    )


def vacant(id: int = 1, **facts: Any) -> PostFacts:
    return post(id, **{"is_vacant": True, "holder_address": "", **facts})


def away(first: int = 0, last: int | None = 0, cover: int | None = None) -> tuple[AbsenceFacts]:
    end = None if last is None else DAY + timedelta(days=last)
    return (AbsenceFacts(DAY + timedelta(days=first), end, cover),)


def to(*posts: PostFacts, setting: str = "school", at: date = DAY) -> Recipient:
    return recipient("north-west", setting, at, posts)


def test_the_posts_own_mailbox_comes_first() -> None:
    assert to(post()) == Recipient(1, "post-1@example.org")


def test_without_a_mailbox_it_is_the_holders_address() -> None:
    assert to(post(mailbox="")) == Recipient(1, "holder-1@example.org")


def test_a_vacant_post_without_cover_leaves_the_national_team() -> None:
    assert to(vacant()) == Recipient(1, None)


def test_a_mailbox_that_nobody_may_be_reading_is_not_relied_on() -> None:
    assert to(vacant(mailbox="old@example.org")) == Recipient(1, None)


def test_a_vacant_post_is_covered_by_the_post_that_an_editor_named() -> None:
    covering = post(2, region="north-east")
    assert to(vacant(covered_by=2), covering) == Recipient(1, "post-2@example.org", covering=2)


def test_another_region_never_answers_unless_it_was_named() -> None:
    assert to(vacant(), post(2, region="north-east")) == Recipient(1, None)


def test_a_cover_that_is_vacant_itself_leaves_the_national_team() -> None:
    assert to(vacant(covered_by=2), vacant(2)) == Recipient(1, None)


def test_two_vacant_posts_that_cover_each_other_leave_the_national_team() -> None:
    assert to(vacant(1, covered_by=2), vacant(2, covered_by=1)) == Recipient(1, None)


@pytest.mark.parametrize(
    ("first", "last", "is_away"),
    [(0, 0, True), (-5, 5, True), (-5, None, True), (1, 5, False), (-5, -1, False)],
)
def test_an_absence_holds_from_its_first_to_its_last_day(
    first: int, last: int | None, is_away: bool
) -> None:
    found = to(post(absences=away(first, last, cover=2)), post(2, position=2))
    assert found.address == ("post-2@example.org" if is_away else "post-1@example.org")


def test_an_absence_names_its_own_cover_before_the_usual_one() -> None:
    found = to(post(absences=away(cover=3), covered_by=2), post(2, position=2), post(3, position=3))
    assert found == Recipient(1, "post-3@example.org", covering=3)


def test_an_absence_without_a_cover_of_its_own_uses_the_usual_one() -> None:
    found = to(post(absences=away(), covered_by=2), post(2, position=2))
    assert found == Recipient(1, "post-2@example.org", covering=2)


def test_a_cover_who_is_away_leaves_the_national_team() -> None:
    found = to(post(absences=away(cover=2)), post(2, position=2, absences=away()))
    assert found == Recipient(1, None)


def test_a_region_without_posts_leaves_the_national_team() -> None:
    assert to(post(2, region="london")) == Recipient(None, None)


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("early-years", 1),
        ("school", 1),
        ("further-education", 2),
        ("higher-education", 2),
        ("training-provider", 2),
        ("local-authority", 1),
        ("other", 1),
    ],
)
def test_settings_go_to_the_post_whose_remit_they_are(setting: str, expected: int) -> None:
    schools = post(1, remit=Remit.SCHOOLS)
    further = post(2, remit=Remit.FURTHER_AND_HIGHER, position=2)
    assert to(further, schools, setting=setting).post == expected


@pytest.mark.parametrize("setting", ["school", "higher-education", "other", "unheard-of"])
def test_where_one_post_serves_all_it_gets_every_setting(setting: str) -> None:
    assert to(post(), setting=setting).post == 1
