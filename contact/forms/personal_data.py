"""Whose personal data is asked for."""

from __future__ import annotations

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
