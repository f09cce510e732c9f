"""The kinds of mail that applications register."""

from datetime import UTC, datetime

import pytest

from outbox.kinds import UnknownKindError, make_envelope, register


def test_a_kind_that_nobody_makes_is_named() -> None:
    with pytest.raises(UnknownKindError, match="no-such-kind"):
        make_envelope("no-such-kind", 1, datetime(2026, 11, 20, tzinfo=UTC))


def test_a_kind_has_one_maker() -> None:
    def make(subject_id: int, at: datetime) -> None:
        return None

    def other(subject_id: int, at: datetime) -> None:
        return None

    register("test-twice", make)
    register("test-twice", make)
    with pytest.raises(ValueError, match="Two makers"):
        register("test-twice", other)
