"""Whose personal data is asked for."""

from __future__ import annotations

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
