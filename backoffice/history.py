"""What a row's history says of a change: every value in words, moments in UK time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Field
from django.template.loader import render_to_string
from simple_history.models import DeletedObject, ModelChange
from simple_history.template_utils import HistoricalRecordContextHelper


class ChangesInWords(HistoricalRecordContextHelper):
    """Puts a column's values into words, as its form and its readers see them."""

    def prepare_delta_change_value(self, change: ModelChange, value: Any) -> Any:
        """Return one value of a column in words."""
        prepared = super().prepare_delta_change_value(change, value)
        return in_words(self.model._meta.get_field(change.field), prepared)


def in_words(field: Field, value: Any) -> Any:
    """Return a column's value in words; what is text, or a row, stays as it is."""
    # A column that pointed nowhere is told as if what it pointed at had been deleted.
    if value in (None, "") or (isinstance(value, DeletedObject) and value.pk is None):
        return "blank"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return render_to_string("backoffice/_moment.html", {"moment": value}).strip()
    if isinstance(value, date):
        return render_to_string("backoffice/_day.html", {"day": value}).strip()
    return dict(field.flatchoices).get(value, value) if field.flatchoices else value
