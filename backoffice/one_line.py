"""Names, titles and the like are of one line, whatever a browser or a script sends."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest


def validate_one_line(text: str) -> None:
    """Refuse a line break of any kind, and what nobody can see: it breaks calendars and titles.

    Of U+0000 the field itself says so, in the same words; nothing is said twice.
    """
    if any(unicodedata.category(sign) in {"Cc", "Zl", "Zp"} for sign in text.replace("\0", "")):
        raise ValidationError("Write this on one line, without control characters.")


class OneLineTexts(BaseModelAdmin):
    """An admin page, or rows on one, whose short texts are refused where they have several lines.

    Not by the column's own validators: what was stored before may still be saved by the worker.
    """

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.Textarea):
            field.validators.append(validate_one_line)
        return field
