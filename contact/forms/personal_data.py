"""Whose personal data is asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import validate_email


class PersonForm(forms.Form):
    """A person, by the address under which they wrote."""

    email = forms.CharField(
        label="E-mail address",
        max_length=254,
        validators=[validate_email],
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Write the person's e-mail address.",
            "invalid": "Write one e-mail address, like name@example.org.",
        },
    )


class ErasureForm(PersonForm):
    """Whose data is to go, and which enquiries were shown to whoever presses the button."""

    references = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget = forms.HiddenInput()

    def clean_references(self) -> list[str]:
        return str(self.cleaned_data["references"]).split()
