"""Forms of training, for editors."""

from __future__ import annotations

from django import forms
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.core.validators import MaxValueValidator, MinValueValidator

from govuk.forms import UkDateTimeField
from training.sessions import EARLIEST, LATEST


class CopySessionForm(forms.Form):
    """When the copy starts: a date and a UK time, by the browser's own pickers."""

    starts_at = UkDateTimeField(
        label="Starts",
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
        help_text="UK time. The copy is as long as the original, and is scheduled.",
    )
    # Not a URLField: its own complaint would hide the sentences of registration_fault.
    registration_url = forms.CharField(
        label="Registration link",
        max_length=500,
        required=False,
        widget=AdminURLFieldWidget,
        help_text="The copy's own. Blank: readers are told that it is to follow.",
    )
