"""Forms of training, for editors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django import forms
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator

from backoffice.one_line import validate_one_line
from govuk.forms import UkDateTimeField
from regions.models import Region
from training.models import Track
from training.pasting import LONGEST_LINE, LONGEST_PASTE
from training.session_facts import EARLIEST, LATEST

# Bytes of a CSV file: 500 rows with the longest titles and links.
LARGEST_FILE: Final = 300_000
SALT: Final = "training.import"


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


class SeenForm(forms.Form):
    """Which revision of a session was shown, so that nothing else is changed."""

    sequence = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class PasteForm(forms.Form):
    """A year's dates as an editor has them, and what holds for the lines that do not say."""

    text = forms.CharField(
        label="Dates, one on each line",
        max_length=LONGEST_PASTE * LONGEST_LINE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "cols": 100, "class": "rpec-paste"}),
        help_text="From a spreadsheet, a table or a text. For example: Monday 1 December 2025, "
        "3:30pm to 4:45pm, https://www.eventbrite.co.uk/e/… "
        "A line may also say whom it is for (DSLs, governors) and its region.",
        error_messages={"required": "Paste at least one line."},
    )
    track = forms.ModelChoiceField(
        Track.objects.all(),
        required=False,
        empty_label="Each line says it",
        help_text="For the lines that do not say whom they are for.",
    )
    region = forms.ModelChoiceField(
        Region.objects.all(),
        required=False,
        empty_label="All of England",
        help_text="For the lines that do not say it.",
    )
    title = forms.CharField(
        max_length=150,
        required=False,
        validators=[validate_one_line],
        help_text="Only if it differs from the track’s name. It holds for every line.",
    )


class FileForm(forms.Form):
    """A CSV file of sessions."""

    file = forms.FileField(
        label="CSV file",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
        help_text="Its first line names the columns, as in an exported file. A row with an id "
        "changes that session; one without adds a session.",
        error_messages={"required": "Choose a file."},
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is larger than any year's dates."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError(f"The file is larger than {LARGEST_FILE // 1000} kB.")
        return file


class SeenFileForm(forms.Form):
    """A file's text as it was looked at and, signed, the revisions that its sessions then had."""

    # A browser sends each line break as two characters.
    text = forms.CharField(strip=False, max_length=2 * LARGEST_FILE, widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)
    corrects_mistake = forms.BooleanField(
        label="The new dates and times correct mistakes",
        required=False,
        help_text="Tick if those that stand now were never right: readers are then not told that "
        "these sessions have moved. Their calendars change all the same.",
    )

    @classmethod
    def of(cls, text: str, revisions: Mapping[str, int]) -> SeenFileForm:
        """Return the form that the page sends back. The revisions are by the sessions' ids."""
        seen = signing.dumps(dict(revisions), salt=SALT)
        return cls(initial={"text": text, "seen": seen}, auto_id="stored_%s")

    def clean_seen(self) -> dict[str, int]:
        """Return the revisions, which must be those that this site has signed."""
        try:
            revisions: dict[str, int] = signing.loads(self.cleaned_data["seen"], salt=SALT)
        except signing.BadSignature as error:
            raise forms.ValidationError("Choose the file again.") from error
        return revisions
