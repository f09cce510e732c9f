"""Rows of which some columns are encrypted: read without them, unless somebody asks."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db import models

from contact.encryption import UndecryptableError
from contact.fields import EncryptedTextField

Row = TypeVar("Row", bound=models.Model)


def sealed_columns(model: type[models.Model]) -> list[str]:
    """Return the names of a model's encrypted columns."""
    fields = model._meta.concrete_fields
    return [field.name for field in fields if isinstance(field, EncryptedTextField)]


class SealedQuerySet(models.QuerySet[Row]):
    """Rows whose encrypted columns are opened only where that is asked for.

    So one that no key opens stops nothing that needs no words: lists, steps, reminders, erasing.
    """

    def unopened(self) -> Self:
        """Without what is encrypted: an attribute is read, and opened, when it is first used."""
        return self.defer(*sealed_columns(self.model))

    def opened(self) -> Self:
        """With what is encrypted. Raises UndecryptableError at a row that no key opens."""
        return self.defer(None)

    def opened_where_possible(self) -> list[Row]:
        """Return the rows, with what is encrypted if the keys open all of it (see `readable`)."""
        try:
            return list(self.opened())
        except UndecryptableError:
            return list(self.unopened())


class SealedManager(models.Manager[Row]):
    """Begins with rows unopened."""

    def get_queryset(self) -> Any:
        return super().get_queryset().unopened()  # type: ignore[attr-defined]


def readable(row: models.Model, column: str) -> str | None:
    """Return what an encrypted column holds, or None where no key opens it."""
    try:
        return str(getattr(row, column))
    except UndecryptableError:
        return None
