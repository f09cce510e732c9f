"""Who did something and when are stored together, or neither is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.db.models import (
    CheckConstraint,
    DateTimeField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    Q,
    TextField,
    Value,
)

from accounts.models import User

pytestmark = pytest.mark.django_db

APPS = {"accounts", "contact", "guidance", "outbox", "regions", "training"}
WHEN = ("at", "for", "on")
VALUES: dict[str, Any] = {
    "by": 1,
    "at": datetime(2026, 11, 20, tzinfo=UTC),
    # What the worker records by itself has a cause in words instead of a person.
    "cause": "The training dates changed.",
}
BLANK = {"by": None, "at": None, "cause": ""}
TYPES: dict[str, Field] = {"by": IntegerField(), "at": DateTimeField(), "cause": TextField()}
BY_ITSELF = {
    "contact.Event.by": "Nobody is the site itself: the kind of event says what it did, and why.",
}


class Pair(NamedTuple):
    """A column that says who did something, and the one that says when."""

    model: type[Model]
    by: Field
    at: Field

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.by.name}"

    def allows(self, *given: str) -> bool:
        """Whether the table takes a row in which of `by`, `at` and `cause` only these are set."""
        row = {
            name: Value(VALUES[part] if part in given else BLANK[part], output_field=TYPES[part])
            for name, part in ((self.by.name, "by"), (self.at.name, "at"), ("cause", "cause"))
        }
        missing = {"by", "at"} - set(given)
        is_whole = all(getattr(self, part).null for part in missing)
        return is_whole and all(rule.check(row) for rule in self._rules() if _is_about(rule, row))

    def _rules(self) -> Iterator[Q]:
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, CheckConstraint) and isinstance(constraint.condition, Q):
                yield constraint.condition


def _is_about(rule: Q, row: dict[str, Any]) -> bool:
    return rule.referenced_base_fields <= row.keys()


def pairs() -> Iterator[Pair]:
    for model in apps.get_models():
        if model._meta.app_label not in APPS or hasattr(model, "history_user"):
            continue
        fields = {field.name: field for field in model._meta.concrete_fields}
        for name, field in fields.items():
            if isinstance(field, ForeignKey) and field.related_model is User and _is_doer(name):
                times = [name.removesuffix("by") + word for word in WHEN]
                [at] = [fields[time] for time in times if time in fields]
                yield Pair(model, field, at)


def _is_doer(name: str) -> bool:
    return name == "by" or name.endswith("_by")


def test_each_column_that_says_who_has_one_beside_it_that_says_when():
    assert {str(pair) for pair in pairs()} >= {
        "contact.Event.by",
        "guidance.Edition.published_by",
        "guidance.Edition.scheduled_by",
        "guidance.Redaction.redacted_by",
    }


def test_who_is_never_stored_without_when_and_both_may_be():
    assert [str(pair) for pair in pairs() if pair.allows("by")] == []
    assert [str(pair) for pair in pairs() if not pair.allows("by", "at")] == []


def test_when_is_never_stored_without_who_or_a_cause():
    nameless = {str(pair) for pair in pairs() if pair.allows("at")}
    assert nameless == BY_ITSELF.keys()
