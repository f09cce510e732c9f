"""What changed about who gets enquiries, and who must hear of it: values in, words out."""

from __future__ import annotations

from dataclasses import replace

from regions.pointing import Pointing, changes

ANN = Pointing(
    title="London: Co-ordinator",
    region="London",
    remit="all settings",
    position=1,
    mailbox="london@rpec.example",
    holder="Ann",
    holder_address="ann@rpec.example",
    account="ann@rpec.example",
)
COLLEAGUE = replace(ANN, title="London: Deputy", position=2, mailbox="deputy@rpec.example")
NORTH = Pointing("North: Co-ordinator", "North", "all settings", 1, mailbox="north@rpec.example")


def test_nothing_is_told_where_nothing_changed() -> None:
    assert changes({1: ANN, 2: NORTH}, {1: ANN, 2: NORTH}) == []


def test_a_new_mailbox_is_told_to_the_old_one_and_the_holder_too() -> None:
    [change] = changes({1: ANN, 2: NORTH}, {1: replace(ANN, mailbox="new@rpec.example"), 2: NORTH})
    assert change.title == "London: Co-ordinator"
    assert change.lines == ("Mailbox: new@rpec.example (before: london@rpec.example)",)
    assert change.addresses == {"new@rpec.example", "london@rpec.example", "ann@rpec.example"}


def test_each_thing_that_changed_has_a_line() -> None:
    after = replace(
        ANN,
        holder="",
        holder_address="",
        account="",
        is_vacant=True,
        cover="North: Co-ordinator",
        covers=frozenset({"north@rpec.example"}),
    )
    [change] = changes({1: ANN}, {1: after})
    assert change.lines == (
        "Holder: none (before: Ann)",
        "Holder's address: none (before: ann@rpec.example)",
        "Account that reads them: none (before: ann@rpec.example)",
        "Vacant: yes (before: no)",
        "Covered by: North: Co-ordinator (before: none)",
    )
    assert change.addresses >= {"ann@rpec.example", "north@rpec.example"}


def test_days_away_and_their_cover_are_told() -> None:
    away = "1 December 2026 until further notice, covered by North: Co-ordinator"
    [change] = changes({1: ANN}, {1: replace(ANN, absences=(away,))})
    assert change.lines == (f"Away: {away} (before: none)",)


def test_a_post_that_covers_tells_of_its_own_changes_only() -> None:
    covered = replace(ANN, covers=frozenset({"north@rpec.example"}))
    before = {1: covered, 2: NORTH}
    after = {
        1: replace(covered, covers=frozenset({"new@rpec.example"})),
        2: replace(NORTH, mailbox="new@rpec.example"),
    }
    assert [change.title for change in changes(before, after)] == ["North: Co-ordinator"]


def test_what_takes_enquiries_from_a_regions_other_posts_is_told_to_them() -> None:
    before = {1: ANN, 2: NORTH}
    [added] = changes(before, before | {3: COLLEAGUE})
    assert added.lines[0] == "The post is new."
    [taken] = changes(before | {3: COLLEAGUE}, before)
    assert taken.lines == ("The post is there no more.",)
    [moved] = changes(before | {3: COLLEAGUE}, before | {3: replace(COLLEAGUE, position=0)})
    assert moved.lines == ("Place within the region: 0 (before: 2)",)
    for change in (added, taken, moved):
        assert change.addresses >= {"london@rpec.example", "deputy@rpec.example"}
        assert "north@rpec.example" not in change.addresses
