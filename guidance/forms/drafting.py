"""A draft and its sections, as editors write them."""

import re
from operator import itemgetter
from typing import Any, Final, cast

from django import forms
from django.http import QueryDict

from backoffice.formset_data import lost_as_new
from backoffice.one_line import validate_one_line
from guidance.drafts import DraftSection, DraftText
from guidance.forms.publishing import WordsField
from guidance.models import Edition, Link, Section
from guidance.text import pasted_html
from guidance.text.markdown import LONGEST_SOURCE, UnrenderableError, render
from training.models import Track

_KEY: Final = re.compile(r"\]\(link:([^\s()]*)\)")
# Beyond any page's sections, and within the column.
_OUT_OF_THE_WAY: Final = 20_000


class SectionForm(forms.ModelForm):
    """A section of a draft. `taken_out` says what pasted text lost, once it is cleaned."""

    taken_out = ""

    class Meta:
        model = Section
        fields = ("position", "level", "heading", "anchor", "markdown", "embed", "track")

    def clean_markdown(self) -> str:
        """Return what can be carried of a pasted text, and refuse what no reader could read."""
        source: str = self.cleaned_data["markdown"]
        faults = pasted_html.faults(source)
        if faults:
            raise forms.ValidationError(faults)
        unknown = sorted(set(_KEY.findall(source)) - set(Link.objects.addresses()))
        if unknown:
            raise forms.ValidationError(
                f"There is no link with the key “{unknown[0]}”: see Guidance › Links."
            )
        pasted = pasted_html.clean(source)
        self.taken_out = pasted_html.sentence(pasted.taken_out)
        try:
            render(pasted.text)
        except UnrenderableError as error:
            raise forms.ValidationError(str(error)) from error
        return pasted.text


class SectionFormSet(forms.BaseInlineFormSet):
    """The sections of a draft. One that somebody else has deleted since is a new one again.

    Sections may trade places and anchors: those that move are put out of each other's way first.
    """

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        self.draft: Edition | None = kwargs.get("instance")
        if data is not None and self.draft is not None:
            keys = {str(key) for key in self.draft.sections.values_list("pk", flat=True)}
            data = lost_as_new(data, str(kwargs.get("prefix", "sections")), keys)
        super().__init__(data, *args, **kwargs)
        self.track_choices = [("", "---------"), *((t.pk, str(t)) for t in Track.objects.all())]

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        # Asked for once, not once a section.
        cast("forms.ModelChoiceField", form.fields["track"]).choices = self.track_choices

    def clean(self) -> None:
        super().clean()
        texts = (form.cleaned_data.get("markdown", "") for form in self.forms if form.is_valid())
        if sum(map(len, texts)) > LONGEST_SOURCE:
            raise forms.ValidationError(
                f"All sections together are longer than {LONGEST_SOURCE:,} characters."
            )

    def save(self, commit: bool = True) -> Any:
        if self.draft is not None:
            for place, form in enumerate(self.initial_forms):
                if form.instance.pk and {"position", "anchor"} & set(form.changed_data):
                    self.draft.sections.filter(pk=form.instance.pk).update(
                        position=_OUT_OF_THE_WAY + place, anchor=f"moving-{form.instance.pk}"
                    )
        return super().save(commit)


class DraftForm(forms.ModelForm):
    """A draft. Whoever saves second is shown the difference and keeps what they typed."""

    title = WordsField(
        max_length=200,
        validators=[validate_one_line],
        help_text="The page's heading.",
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
    )
    lead = WordsField(
        required=False,
        help_text="What the page is for, in one sentence.",
        widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 3}),
    )

    opened_as = forms.CharField(widget=forms.HiddenInput, required=False)
    is_stale = False

    class Meta:
        model = Edition
        fields = ("title", "lead")

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
        (section.position, section.as_drafted())
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
                DraftSection(
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
