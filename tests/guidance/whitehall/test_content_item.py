from __future__ import annotations

import json
from typing import Any

import pytest

from guidance.whitehall.content_item import FIRST_NOTE, ItemError, Update, plan, read_item
from tests.guidance.govuk_items import CONTENT_ID, FIRST, SECOND, THIRD, make_item, read
from tests.training.factories import uk

MARCH = uk("2024-03-04 09:30")
SEPTEMBER = uk("2024-09-02 08:00")
MAY = uk("2025-05-21 10:31")
ENTRY = {"public_timestamp": FIRST, "note": "x"}


def refusal(source: bytes | None = None, **fields: Any) -> str:
    with pytest.raises(ItemError) as refused:
        read_item(source or json.dumps(make_item(**fields)).encode(), name="a.json")
    return str(refused.value)


class TestReading:
    def test_it_says_what_the_file_says(self) -> None:
        item = read(
            history=((FIRST, "First published."), (SECOND, "Beans added. ")),
            withdrawn_notice={"explanation": "<p>Gone.</p>", "withdrawn_at": THIRD},
            details={"tags": {"browse_pages": [], "policies": []}},
            links={"organisations": []},
            phase="beta",
        )

        assert (item.content_id, item.slug) == (CONTENT_ID, "keeping-a-school-garden")
        assert item.title == "Keeping a school garden"
        assert item.history == (
            Update(MARCH, "First published."),
            Update(SEPTEMBER, "Beans added."),
        )
        assert (item.first_published_at, item.public_updated_at) == (MARCH, SEPTEMBER)
        assert item.withdrawn is not None
        assert (item.withdrawn.at, item.withdrawn.explanation) == (MAY, "<p>Gone.</p>")
        assert item.rest == {
            "details": {"political": False, "tags": {"browse_pages": [], "policies": []}},
            "item": {"phase": "beta"},
            "links": {"organisations": []},
        }

    @pytest.mark.parametrize(
        ("applicable", "words"),
        [
            (["england"], "England"),
            (["england", "wales"], "England and Wales"),
            (["england", "northern_ireland", "wales"], "England, Northern Ireland and Wales"),
            ([], ""),
        ],
    )
    def test_nations_are_told_in_words(self, applicable: list[str], words: str) -> None:
        nations = {
            nation: {"label": nation, "applicable": nation in applicable}
            for nation in ("england", "northern_ireland", "scotland", "wales")
        }

        assert read(details={"national_applicability": nations}).applies_to == words

    def test_where_nothing_is_said_of_nations_it_is_for_all(self) -> None:
        item = read()

        assert (item.nations, item.applies_to) == (None, "")

    def test_without_a_history_it_was_published_once(self) -> None:
        assert read(history=()).history == (Update(MARCH, FIRST_NOTE),)

    def test_a_history_may_stand_oldest_first(self) -> None:
        entries = [ENTRY, {"public_timestamp": SECOND, "note": "y"}]

        assert [u.note for u in read(details={"change_history": entries}).history] == ["x", "y"]

    @pytest.mark.parametrize(
        ("entries", "notes"),
        [
            ("1a 1b", "b a"),
            ("1a 1b 2c", "a b c"),
            ("1a 2b 2c", "a b c"),
            ("2b 2a 1c", "c a b"),
            ("2a 1c 1b", "b c a"),
            ("3a 2c 2b 1d", "d b c a"),
            ("1a 1a", "a a"),
        ],
    )
    def test_several_updates_of_one_moment_are_taken_wherever_they_stand(
        self, entries: str, notes: str
    ) -> None:
        moments = {"1": FIRST, "2": SECOND, "3": THIRD}
        listed = [
            {"public_timestamp": moments[entry[0]], "note": entry[1:]} for entry in entries.split()
        ]

        history = read(details={"change_history": listed}).history

        assert " ".join(update.note for update in history) == notes
        assert [update.at for update in history] == sorted(update.at for update in history)

    def test_control_characters_become_spaces_so_that_a_feed_can_hold_them(self) -> None:
        item = read(
            title="A\x0bb\x1f\x01", history=((FIRST, "x\x08y\nz\tq\x02"),), body="<p>a\x0cb</p>"
        )

        assert item.title == "A b"
        assert item.history[0].note == "x y\nz\tq"
        assert "<p>a b</p>" in item.body


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        "source",
        [b"<html>", b"\xff\xfe\xff", b'{"a": ', b"[" * 100_000, b"9" * 5000, b'{"a": NaN}'],
    )
    def test_what_is_no_json(self, source: bytes) -> None:
        assert refusal(source) == "a.json is not JSON."

    @pytest.mark.parametrize(
        "source", [b"[]", b"3", b"null", b"{}", b'{"schema_name": "publication"}']
    )
    def test_another_schema(self, source: bytes) -> None:
        assert refusal(source) == "a.json is not a content item of the schema detailed_guide."

    def test_a_file_that_is_too_large(self) -> None:
        assert refusal(b" " * 5_000_000) == "a.json is larger than 2 MB: it is no content item."

    def test_parts_that_stand_too_deep(self) -> None:
        deep: Any = []
        for _ in range(400):
            deep = [deep]

        assert refusal(links={"x": deep}) == ("a.json: its parts stand too deep within each other.")

    @pytest.mark.parametrize("sign", ["\x00", "\ud800", "\uffff"])
    @pytest.mark.parametrize("place", ["title", "body", "links"])
    def test_what_is_no_character(self, sign: str, place: str) -> None:
        value: Any = {"x": [{sign: "y"}]} if place == "links" else f"a{sign}b"

        assert refusal(**{place: value}) == (
            "a.json: it holds a character that is none of a text's, such as NUL."
        )

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"title": " "}, "the title is blank, or longer than 200 characters."),
            ({"title": "x" * 201}, "the title is blank, or longer than 200 characters."),
            ({"title": None}, "title is missing, or not what it has to be."),
            ({"description": 3}, "description is missing, or not what it has to be."),
            ({"locale": "cy"}, "it is not in English (locale)."),
            ({"content_id": "x"}, "content_id is not a UUID."),
            ({"content_id": CONTENT_ID.upper()}, "content_id is not a UUID."),
            ({"base_path": "guidance/x"}, "base_path is not the address of a page."),
            ({"base_path": "/guidance/"}, "base_path is not the address of a page."),
            ({"base_path": "/guidance/x y/z"}, "base_path is not the address of a page."),
            ({"details": None}, "details is missing, or not what it has to be."),
            ({"details": {"body": None}}, "body is missing, or not what it has to be."),
            ({"updated_at": None}, "updated_at is missing, or not what it has to be."),
            ({"updated_at": "yesterday"}, "updated_at is not a date and time."),
            ({"updated_at": "2024-01-01T00:00:00"}, "updated_at is a time without its offset."),
            ({"updated_at": "2024-01-01"}, "updated_at is a time without its offset."),
            ({"updated_at": "0001-01-01T00:00:00+01:00"}, "updated_at is in the year 1."),
            ({"public_updated_at": 3}, "public_updated_at is not a date and time."),
            ({"withdrawn_notice": "x"}, "withdrawn_notice is not a notice."),
            (
                {"withdrawn_notice": {"explanation": "x"}},
                "withdrawn_at is missing, or not what it has to be.",
            ),
        ],
    )
    def test_a_part_that_is_missing_or_wrong(self, fields: dict[str, Any], told: str) -> None:
        if fields.get("details", {}) is None:
            source = json.dumps({**make_item(), "details": None}).encode()
            assert refusal(source) == f"a.json: {told}"
        else:
            assert refusal(**fields) == f"a.json: {told}"

    @pytest.mark.parametrize(
        ("history", "told"),
        [
            ("x", "change_history is not a list of updates."),
            (["x"], "change_history is not a list of updates."),
            ([{"note": "x"}], "public_timestamp is missing, or not what it has to be."),
            ([{"public_timestamp": FIRST}], "note is missing, or not what it has to be."),
            ([{**ENTRY, "note": " "}], "an update in change_history has no note."),
            (
                [{**ENTRY, "public_timestamp": "2024-01-01T00:00:00"}],
                "public_timestamp is a time without its offset.",
            ),
            (
                [
                    ENTRY,
                    {**ENTRY, "public_timestamp": THIRD},
                    {**ENTRY, "public_timestamp": SECOND},
                ],
                "the dates in change_history are out of order.",
            ),
        ],
    )
    def test_a_history_that_cannot_be_told(self, history: Any, told: str) -> None:
        assert refusal(details={"change_history": history}) == f"a.json: {told}"

    @pytest.mark.parametrize("nations", ["x", {"england": True}, {"atlantis": {}}])
    def test_nations_that_are_none(self, nations: Any) -> None:
        assert refusal(details={"national_applicability": nations}) == (
            "a.json: national_applicability is not a list of nations."
        )

    def test_a_page_without_any_date(self) -> None:
        fields = {"first_published_at": None, "public_updated_at": None}

        assert refusal(history=(), details={"first_public_at": None}, **fields) == (
            "a.json: neither change_history nor first_published_at has a date."
        )


class TestPlanning:
    one = read("one.json")
    two = read("two.json", history=((FIRST, "First published."), (SECOND, "Beans.")))
    three = read(
        "three.json",
        history=((FIRST, "First published."), (SECOND, "Beans."), (THIRD, "Peas.")),
    )
    again = read(
        "again.json",
        history=((FIRST, "First published."), (SECOND, "Beans.")),
        updated_at="2024-10-01T09:00:00+01:00",
    )

    def test_each_update_is_an_edition_whose_text_is_held_or_not(self) -> None:
        assert [(e.at, e.note, e.item) for e in plan([self.one, self.three])] == [
            (MARCH, "First published.", self.one),
            (SEPTEMBER, "Beans.", None),
            (MAY, "Peas.", self.three),
        ]

    def test_a_second_state_of_one_update_is_a_minor_change(self) -> None:
        assert [(e.at, e.note, e.item) for e in plan([self.two, self.again])] == [
            (MARCH, "First published.", None),
            (SEPTEMBER, "Beans.", self.two),
            (uk("2024-10-01 09:00"), "", self.again),
        ]

    def test_the_last_of_several_updates_of_one_moment_holds_the_text(self) -> None:
        tied = read("tied.json", history=((FIRST, "First published."), (FIRST, "Beans.")))

        assert [(e.at, e.note, e.item) for e in plan([tied])] == [
            (MARCH, "First published.", None),
            (MARCH, "Beans.", tied),
        ]

    @pytest.mark.parametrize(
        ("states", "told"),
        [
            ([], "No file was given."),
            ([one, one], "one.json and one.json are the same state of the page."),
            (
                [two, one],
                "one.json is older than two.json: name the oldest file first.",
            ),
            (
                [one, read("other.json", base_path="/guidance/other", updated_at=THIRD)],
                "one.json and other.json are not states of the same page.",
            ),
            (
                [one, read("other.json", content_id=CONTENT_ID[:-1] + "2", updated_at=THIRD)],
                "one.json and other.json are not states of the same page.",
            ),
        ],
    )
    def test_what_makes_no_page_is_refused(self, states: list[Any], told: str) -> None:
        with pytest.raises(ItemError) as refused:
            plan(states)

        assert str(refused.value) == told
