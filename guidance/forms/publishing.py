"""What editors fill in when they publish, withdraw, correct and redact."""

import re
from typing import Any, Final, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.crypto import constant_time_compare, salted_hmac

from govuk.forms import UkDateTimeField
from govuk.lines import with_plain_breaks
from guidance.history.redaction import redact_text
from guidance.models import Edition, Page
from regions.names import is_unseen
from training.session_facts import EARLIEST, LATEST

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class WordsField(forms.CharField):
    """Text that readers see: without control characters, and blank where nothing can be seen.

    Its lines stay, each ending as everywhere else.
    """

    def to_python(self, value: Any) -> str:
        text = with_plain_breaks(_CONTROL.sub(" ", super().to_python(value) or ""))
        return "" if all(map(is_unseen, text)) else text.strip()


class PublishForm(forms.Form):
    """How an update is announced. `seen` is the fingerprint of the text that was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

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
    change_note = WordsField(
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
        note = cleaned.get("change_note", "")
        is_major = cleaned.get("update_type") == Edition.UpdateType.MAJOR
        if is_major and not note:
            self.add_error("change_note", "Write what changed: a major update needs a note.")
        elif note and cleaned.get("update_type") == Edition.UpdateType.MINOR:
            self.add_error("change_note", "A minor update has no note: choose major, or empty it.")
        return cleaned

    def see_again(self, fingerprint: str) -> None:
        """Take what is shown now as what was seen."""
        self.data = cast("QueryDict", self.data).copy()
        self.data["seen"] = fingerprint


class WithdrawForm(forms.Form):
    """Why a page does not hold any more, and which one does."""

    explanation = WordsField(
        label="Explanation",
        help_text="Readers see it above the page: since when and why it does not hold any more. "
        "Markdown.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write why the page is withdrawn."},
    )
    instead = forms.ModelChoiceField(
        label="Read instead",
        queryset=Page.objects.none(),
        required=False,
        empty_label="No other page",
        help_text="The page that holds now, if there is one.",
    )

    def __init__(self, *args: Any, page: Page, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = Page.objects.public().exclude(pk=page.pk)
        cast("forms.ModelChoiceField", self.fields["instead"]).queryset = choices


class NoteForm(forms.Form):
    """What a change note should say."""

    note = WordsField(
        label="Change note",
        help_text="Readers see that it was corrected, and what it said before.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write what the note should say."},
    )


class RedactForm(forms.Form):
    """Which words must not stand there, and why."""

    words = forms.CharField(
        label="Words to take out",
        help_text="Exactly these words, in capitals or not, wherever they stand in any edition "
        "of this page. They are kept nowhere.",
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        error_messages={"required": "Write the words that are to be taken out."},
    )
    reason = WordsField(
        label="Reason",
        help_text="Readers see it with each edition that changes. Do not repeat the words.",
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        error_messages={"required": "Write why the words are taken out."},
    )

    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def was_shown(self) -> bool:
        """Whether it has been shown where these very words stand."""
        return constant_time_compare(self.cleaned_data["shown"], self._digest())

    def show(self) -> None:
        """Note that it is shown where the words stand."""
        self.data = cast("QueryDict", self.data).copy()
        self.data["shown"] = self._digest()

    def _digest(self) -> str:
        return salted_hmac("guidance.redact", self.cleaned_data["words"]).hexdigest()

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        try:
            redact_text("", words)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return words
