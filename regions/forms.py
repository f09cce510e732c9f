"""The finder's question."""

from django import forms

from govuk.forms import GovukForm, TextInput
from regions.finder import LONGEST_QUERY


class FinderForm(GovukForm):
    """One box: whatever a person knows of where they work."""

    q = forms.CharField(
        label="Where is your school, college or organisation?",
        help_text="A county, council or area, for example Leeds, Norfolk or Greater Manchester.",
        required=False,
        max_length=LONGEST_QUERY,
        widget=TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
