"""What readers ask of a page's history."""

import re
from contextlib import suppress
from datetime import date
from typing import Any, Final

from django import forms

from govuk.dates import date_words
from govuk.forms import GovukForm, TextInput

# Long before any page of this kind; not every clock can reckon with the year 1.
EARLIEST_YEAR: Final = 1990
NOT_THERE_YET: Final = "The page was not there yet on that day. Choose a later one."
_ORDINAL: Final = re.compile(r"(?<=[0-9])(st|nd|rd|th)\b", re.IGNORECASE)
_DAY_FIRST: Final = re.compile(r"(?P<day>[0-9]{1,2})(?P<rest>[^0-9].*)")


class DayField(forms.DateField):
    """A day, as people write it: 3 July 2025, 3rd July 25, 3.7.25."""

    def __init__(self, **options: Any) -> None:
        formats = [f"%d{sign}%m{sign}{year}" for sign in "/.-" for year in ("%Y", "%y")]
        names = [f"%d {month} {year}" for month in ("%B", "%b") for year in ("%Y", "%y")]
        super().__init__(input_formats=["%Y-%m-%d", *names, *formats], **options)

    def to_python(self, value: Any) -> Any:
        text = _ORDINAL.sub("", str(value or "")).strip()
        try:
            return super().to_python(text)
        except forms.ValidationError as error:
            self._refuse_missing_day(text, error)
            raise

    def _refuse_missing_day(self, text: str, error: forms.ValidationError) -> None:
        """Raise ValidationError that says so where only the month is too short for the day."""
        match = _DAY_FIRST.fullmatch(text)
        first = None
        with suppress(forms.ValidationError):
            first = super().to_python(f"1{match['rest']}") if match else None
        if match and first:
            month = date_words(first).partition(" ")[2]
            sentence = f"There is no {int(match['day'])} {month}."
            raise forms.ValidationError(sentence, code="invalid") from error


class SinceForm(GovukForm):
    """A day up to today: what has changed since then?"""

    since = DayField(
        label="What has changed since",
        help_text="The day on which you last read the page, for example 3 July 2025.",
        widget=TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Write a date, like 3 July 2025.",
            "invalid": "Write a date, like 3 July 2025.",
        },
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_since(self) -> date:
        """Refuse what cannot be answered: a day to come, and one before there were such pages."""
        since: date = self.cleaned_data["since"]
        if since > self.today:
            raise forms.ValidationError("Choose a day that is not in the future.")
        if since.year < EARLIEST_YEAR:
            raise forms.ValidationError(NOT_THERE_YET)
        return since
