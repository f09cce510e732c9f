"""Whose personal data is asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from outbox.forms import AddressField
from outbox.validators import NOT_ONE_ADDRESS


class PersonForm(forms.Form):
    """A person, by the address under which they wrote, in any of its spellings."""

    email = AddressField(
        label="E-mail address",
        # Whatever was ever taken can be asked for, also what no mail goes to by today's rules.
        validators=[RegexValidator(r"^[^\s@]+@[^\s@]+\Z", NOT_ONE_ADDRESS)],
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write the person's e-mail address."},
    )


class ErasureForm(PersonForm):
    """Whose data is to go, and which enquiries were shown to whoever presses the button."""

    references = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget = forms.HiddenInput()

    def clean_references(self) -> list[str]:
        return str(self.cleaned_data["references"]).split()
