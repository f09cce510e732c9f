"""What readers ask of a page's history."""

from django import forms

from govuk.forms import GovukForm, TextInput


class SinceForm(GovukForm):
    """A day: what has changed since then?"""

    since = forms.DateField(
        label="What has changed since",
        help_text="The day on which you last read the page, for example 3 July 2025.",
        input_formats=["%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%d/%m/%y"],
        widget=TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Write a date, like 3 July 2025.",
            "invalid": "Write a date, like 3 July 2025.",
        },
    )
