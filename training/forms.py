"""Forms of training: the copy of a session to another time."""

from __future__ import annotations

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from govuk.forms import UkDateTimeField
from training.models import EARLIEST, LATEST


class CopySessionForm(forms.Form):
    """When the copy starts: a date and a UK time, by the browser's own pickers."""

    starts_at = UkDateTimeField(
        label="Starts",
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
        help_text="UK time. The copy is as long as the original, is scheduled, "
        "and has no registration link yet.",
    )
