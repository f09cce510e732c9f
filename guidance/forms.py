"""What readers ask of a page's history, and what editors say when they publish."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from govuk.forms import GovukForm, TextInput, UkDateTimeField
from guidance.models import Edition
from training.models import EARLIEST, LATEST


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


class PublishForm(forms.Form):
    """How an update is announced."""

    update_type = forms.ChoiceField(
        label="Kind of update",
        choices=(
            (Edition.UpdateType.MAJOR, "Major: has a note, moves the page's date, is announced"),
            (Edition.UpdateType.MINOR, "Minor: a typing error or the like; no note, no new date"),
        ),
        initial=Edition.UpdateType.MAJOR,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose major or minor."},
    )
    change_note = forms.CharField(
        label="Change note",
        help_text="What changed and for whom, in a sentence that readers see. "
        "A minor update has none.",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    scheduled_for = UkDateTimeField(
        label="Publish at (UK time)",
        required=False,
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
        help_text="Blank: now. A time to come: by itself, within a minute.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        note = cleaned.get("change_note", "").strip()
        if cleaned.get("update_type") == Edition.UpdateType.MAJOR and not note:
            self.add_error("change_note", "Write what changed: a major update needs a note.")
        return cleaned


class DraftForm(forms.ModelForm):
    """A draft. Who saves second is told, and keeps what they typed: nobody's text is lost."""

    opened_as = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Edition
        fields = ("title", "lead")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stands_as = self.instance.fingerprint()
        self.initial["opened_as"] = self.stands_as

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("opened_as") != self.stands_as:
            raise forms.ValidationError(
                "Somebody else has saved this draft since you opened it. What you typed is still "
                "below and has not been saved. Open the draft in another tab to see theirs, bring "
                "the two together there, and save that."
            )
        return cleaned
