"""What the census calls a loss, and what not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.upgrade.census import Change, Table, census, compare


def table(**rows: dict[str, str]) -> Table:
    columns = {column for row in rows.values() for column in row}
    return Table(dict(rows), columns)


def became_of(name: str, before: Table, after: Table | None) -> Change:
    (change,) = compare({name: before}, {name: after} if after else {})
    return change


def test_a_row_that_is_gone_is_lost():
    change = became_of("contact_enquiry", table(a={"x": "1"}, b={"x": "2"}), table(b={"x": "2"}))
    assert (change.lost, change.is_loss) == (["a"], True)


def test_a_row_that_says_something_else_is_lost():
    change = became_of("contact_enquiry", table(a={"x": "1"}), table(a={"x": "2"}))
    assert (change.changed, change.is_loss) == (["a"], True)


def test_only_the_columns_that_are_meant_to_say_something_else_may():
    before, after = table(a={"x": "1", "y": "1"}), table(a={"x": "2", "y": "1"})
    for columns, lost in (({"x"}, False), ({"y"}, True), (set(), True)):
        meant = {"contact_enquiry": {"a": columns}}
        (change,) = compare({"contact_enquiry": before}, {"contact_enquiry": after}, meant)
        assert change.is_loss is lost
        assert change.on_purpose == ([] if lost else ["a"])


def test_a_column_or_a_table_that_is_gone_is_lost():
    before = table(a={"x": "1", "y": "1"})
    assert became_of("contact_enquiry", before, table(a={"x": "1"})).dropped_columns == {"y"}
    assert became_of("contact_enquiry", before, None).is_loss


def test_a_new_row_or_column_is_no_loss():
    after = table(a={"x": "1", "y": "1"}, b={"x": "2", "y": "2"})
    change = became_of("contact_enquiry", table(a={"x": "1"}), after)
    assert (change.added, change.is_loss) == (1, False)


def test_reference_data_may_be_rewritten_and_replaced_by_the_same_but_not_go():
    before = table(a={"id": "1", "x": "1"}, b={"id": "2", "x": "2"})
    replaced = table(a={"id": "1", "x": "other"}, c={"id": "3", "x": "2"})
    assert not became_of("regions_place", before, replaced).is_loss
    assert became_of("regions_place", before, table(a={"id": "1", "x": "1"})).lost == ["b"]


def test_every_row_of_a_database_is_read_by_its_key(tmp_path: Path):
    file = tmp_path / "some.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, word TEXT)")
        connection.execute("INSERT INTO thing VALUES (7, 'one'), (9, 'two')")
        connection.commit()
    found = census(f"sqlite:///{file}")["thing"]
    assert (set(found.rows), found.columns) == ({"7", "9"}, {"id", "word"})
    assert found.rows["7"]["word"] != found.rows["9"]["word"]
