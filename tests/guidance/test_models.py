from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from guidance.models import Edition, Link, Page
from tests.guidance.factories import (
    build_edition,
    build_section,
    make_content,
    make_draft,
    make_edition,
    make_link,
    make_page,
)
from tests.people import make_editor
from tests.training.factories import make_track, uk

pytestmark = pytest.mark.django_db

NOON = uk("2026-01-05 12:00")


def refusals(model: Any) -> list[str]:
    """What the editor is told; the database refuses the same."""
    with pytest.raises(ValidationError) as caught:
        model.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        model.save()
    return caught.value.messages


def superseded(number: int, **fields: Any) -> Edition:
    return make_edition(number, state=Edition.State.SUPERSEDED, **fields)


def test_readers_may_see_what_stands_and_what_stood_and_no_draft() -> None:
    old, gone = superseded(1), make_edition(2, state=Edition.State.WITHDRAWN)
    live = make_edition(3)
    make_draft()
    make_draft(page=make_page("another"), state=Edition.State.SCHEDULED)

    assert list(Edition.objects.public().order_by("number")) == [old, gone, live]
    assert list(Edition.objects.live()) == [live]


def test_the_last_major_update_is_the_newest_public_one() -> None:
    superseded(1)
    major = superseded(2, published_at=uk("2026-02-05 09:30"), change_note="New dates.")
    make_edition(
        3,
        published_at=uk("2026-03-05 09:30"),
        update_type=Edition.UpdateType.MINOR,
        change_note="",
    )
    make_draft(change_note="Secret")

    assert Edition.objects.public().major().newest_first().first() == major


def test_an_edition_ends_when_the_next_public_one_is_published() -> None:
    superseded(1, published_at=NOON)
    make_edition(2, published_at=NOON + timedelta(days=1))
    superseded(1, page=make_page("other"), published_at=NOON + timedelta(hours=1))
    make_draft()

    ends = Edition.objects.public().with_end().order_by("page", "number")

    assert [(edition.number, edition.ended_at) for edition in ends] == [
        (1, None),
        (1, NOON + timedelta(days=1)),
        (2, None),
    ]


def test_a_list_of_editions_does_not_carry_what_they_froze() -> None:
    make_edition()

    with CaptureQueriesContext(connection) as queries:
        list(Edition.objects.without_content())

    assert '"content"' not in queries[0]["sql"]


def test_an_edition_says_what_it_froze() -> None:
    content = make_content(title="As it was")

    assert make_edition(frozen=content).frozen() == content


def test_an_edition_whose_text_is_not_held_has_nothing_to_say() -> None:
    edition = make_edition(is_text_held=False, frozen=None)

    with pytest.raises(ValueError, match="no frozen content"):
        edition.frozen()


def test_only_a_page_with_an_edition_that_stands_is_public() -> None:
    page = make_page("live")
    make_edition(page=page)
    make_draft(page=make_page("only-a-draft"))
    make_edition(page=make_page("gone"), state=Edition.State.WITHDRAWN)

    assert list(Page.objects.public()) == [page]


def test_two_editions_of_a_page_cannot_stand_at_once() -> None:
    make_edition(1)

    assert refusals(build_edition(2)) == [
        "Another edition of this page is published: it has to be superseded first."
    ]


def test_a_number_is_given_once_on_a_page() -> None:
    superseded(1)

    assert refusals(build_edition(1)) == ["The page has an edition of this number already."]


def test_editions_are_numbered_from_1() -> None:
    assert refusals(build_edition(0)) == ["Editions are numbered from 1."]


NUMBERED = "An edition gets its number and time when it is published, and not before."
WHO = "A published edition names who published it, or its cause, and not both."
NOTE = "A major update needs a change note; a minor one has none."
FROZEN = "A published edition whose text is held has frozen content; no other has."


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"number": None}, [NUMBERED]),
        ({"cause": ""}, [WHO]),
        ({"change_note": ""}, [NOTE]),
        ({"update_type": "minor"}, [NOTE]),
        ({"frozen": None}, [FROZEN]),
        ({"is_text_held": False}, [FROZEN]),
        ({"title": ""}, ["Give the edition a title."]),
    ],
)
def test_a_published_edition_is_complete(fields: dict[str, Any], expected: list[str]) -> None:
    assert refusals(build_edition(**fields)) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"number": 1}, [NUMBERED]),
        ({"published_at": NOON, "cause": "Because."}, [NUMBERED, FROZEN]),
        ({"cause": "Because."}, [WHO]),
        ({"frozen": make_content()}, [FROZEN]),
    ],
)
def test_a_draft_has_nothing_of_a_publication(fields: dict[str, Any], expected: list[str]) -> None:
    draft: dict[str, Any] = {
        "number": None,
        "state": Edition.State.DRAFT,
        "published_at": None,
        "cause": "",
        "frozen": None,
    }

    assert refusals(build_edition(**{**draft, **fields})) == expected


def test_an_edition_is_published_by_somebody_or_for_a_cause_and_not_both() -> None:
    editor = make_editor()
    make_edition(1, cause="", published_by=editor, state=Edition.State.SUPERSEDED)

    assert refusals(build_edition(2, published_by=editor)) == [WHO]


def test_who_published_an_edition_cannot_be_deleted() -> None:
    editor = make_editor()
    make_edition(1, cause="", published_by=editor)

    with pytest.raises(IntegrityError), transaction.atomic():
        editor.delete()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"level": 4},
            ["Value 4 is not a valid choice."],
        ),
        (
            {"anchor": "main-content"},
            ["Choose another anchor: every page uses this one itself."],
        ),
        (
            {"embed": "sessions"},
            ["Choose a track where sessions are shown, and none where they are not."],
        ),
    ],
)
def test_a_section_is_sound(fields: dict[str, Any], expected: list[str]) -> None:
    assert refusals(build_section(make_draft(), **fields)) == expected


def test_a_section_that_shows_no_sessions_has_no_track() -> None:
    section = build_section(make_draft(), embed="regions", track=make_track())

    assert refusals(section) == [
        "Choose a track where sessions are shown, and none where they are not."
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"position": 1}, "Another section has this position."),
        ({"anchor": "section-1"}, "Another section has this anchor."),
    ],
)
def test_sections_have_places_and_anchors_of_their_own(
    fields: dict[str, Any], expected: str
) -> None:
    draft = make_draft()
    build_section(draft, 1).save()

    assert refusals(build_section(draft, **{"position": 2, "anchor": "other", **fields})) == [
        expected
    ]


@pytest.mark.usefixtures("empty_database")
def test_addresses_are_by_key_and_blank_where_they_are_not_known() -> None:
    make_link("known", address="https://a.example/")
    make_link("unknown", address="")

    assert Link.objects.addresses() == {"known": "https://a.example/", "unknown": ""}


@pytest.mark.usefixtures("empty_database")
def test_links_that_nobody_followed_are_unchecked() -> None:
    make_link("checked", checked_on=uk("2026-01-05 00:00").date())
    unchecked = make_link("unchecked")

    assert list(Link.objects.unchecked()) == [unchecked]


def test_a_link_is_a_web_address() -> None:
    link = Link(key="k", label="L", owner="O", address="javascript:alert(1)")

    assert refusals(link) == ["Enter a valid URL."]


def test_what_has_no_address_cannot_have_been_checked() -> None:
    link = Link(key="k", label="L", owner="O", checked_on=uk("2026-01-05 00:00").date())

    assert refusals(link) == ["A link without an address cannot have been checked."]
