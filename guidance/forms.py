"""What readers ask of a page's history, and what editors write and say of it."""

from operator import itemgetter
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict

from govuk.forms import GovukForm, TextInput, UkDateTimeField
from guidance import cleaning
from guidance.drafts import DraftText
from guidance.models import Edition, Page, Section
from guidance.redaction import redact_text
from guidance.source import SourceSection
from training.models import EARLIEST, LATEST, Track


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


class WithdrawForm(forms.Form):
    """Why a page does not hold any more, and which one does."""

    explanation = forms.CharField(
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

    note = forms.CharField(
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
    reason = forms.CharField(
        label="Reason",
        help_text="Readers see it with each edition that changes. Do not repeat the words.",
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        error_messages={"required": "Write why the words are taken out."},
    )

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        try:
            redact_text("", words)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return words


class SectionForm(forms.ModelForm):
    """A section of a draft. `taken_out` says what pasted text lost, once it is cleaned."""

    taken_out = ""

    class Meta:
        model = Section
        fields = ("position", "level", "heading", "anchor", "markdown", "embed", "track")

    def clean_markdown(self) -> str:
        """Keep what can be carried of a pasted text, and refuse what no reader could read."""
        source: str = self.cleaned_data["markdown"]
        faults = cleaning.faults(source)
        if faults:
            raise forms.ValidationError(faults)
        pasted = cleaning.clean(source)
        self.taken_out = cleaning.told(pasted.taken_out)
        return pasted.text


class DraftForm(forms.ModelForm):
    """A draft. Who saves second is shown the difference and keeps what they typed."""

    opened_as = forms.CharField(widget=forms.HiddenInput, required=False)
    is_stale = False

    class Meta:
        model = Edition
        fields = ("title", "lead")
        widgets = {
            "title": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "lead": forms.Textarea(attrs={"class": "vLargeTextField", "rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stands_as = self.instance.text().fingerprint()
        self.initial["opened_as"] = self.stands_as

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("opened_as") != self.stands_as:
            self.is_stale = True
            # The editor is shown what stands now, so the next save is made in its knowledge.
            self.data = cast("QueryDict", self.data).copy()
            self.data[self.add_prefix("opened_as")] = self.stands_as
            raise forms.ValidationError(
                "Somebody else has saved this draft since you opened it. What you typed is below "
                "and has not been saved. See how it differs from theirs, put what you want of "
                "theirs into it, and save again. Each save of the draft is kept."
            )
        return cleaned


def typed_text(form: DraftForm, sections: forms.BaseInlineFormSet) -> DraftText:
    """Return what stands in a draft's form, sound or not, over the sections that it does not show.

    For comparing alone: what cannot be a position goes last, what cannot be a track is none.
    """
    standing = {section.pk: section for section in form.instance.sections.select_related("track")}
    tracks = {str(track.pk): track.slug for track in Track.objects.all()}
    shown = {str(section["id"].value()) for section in sections.forms}
    lines = [
        (section.position, section.source())
        for key, section in standing.items()
        if str(key) not in shown
    ]
    for section in sections.forms:
        is_blank = not section.instance.pk and not section.has_changed()
        if is_blank or section["DELETE"].value():
            continue
        position, level = (_number(section[name].value()) for name in ("position", "level"))
        embed = str(section["embed"].value() or "")
        lines.append(
            (
                position,
                SourceSection(
                    level=3 if level == Section.Level.SUBHEADING else 2,
                    heading=str(section["heading"].value() or ""),
                    anchor=str(section["anchor"].value() or ""),
                    markdown=str(section["markdown"].value() or ""),
                    embed="" if embed == Section.Embed.NONE else embed,
                    track=tracks.get(str(section["track"].value()), ""),
                ),
            )
        )
    return DraftText(
        title=str(form["title"].value() or ""),
        lead=str(form["lead"].value() or ""),
        sections=tuple(line for _, line in sorted(lines, key=itemgetter(0))),
    )


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() else 10_000
