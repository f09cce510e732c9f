"""What colleagues are asked at a step of an enquiry."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils import timezone

from accounts.models import User
from contact.models import Enquiry
from regions.models import Region

LONGEST_NOTE = 2000
NATIONAL = "national-team"


class NothingForm(forms.Form):
    """A step that needs no more than its button."""

    def __init__(self, *args: Any, enquiry: Enquiry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enquiry = enquiry


class OptionalNoteForm(NothingForm):
    note = forms.CharField(
        label="Note (optional)",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReasonForm(NothingForm):
    note = forms.CharField(
        label="Note",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write a sentence: your colleagues need it."},
    )


class AssignForm(NothingForm):
    """Which colleague: only those who may see the enquiry."""

    to = forms.ModelChoiceField(
        label="Colleague",
        queryset=User.objects.none(),
        error_messages={"required": "Choose a colleague."},
    )

    def __init__(self, *args: Any, enquiry: Enquiry, **kwargs: Any) -> None:
        super().__init__(*args, enquiry=enquiry, **kwargs)
        field = cast("forms.ModelChoiceField", self.fields["to"])
        field.queryset = User.objects.filter(pk__in=_who_may_see(enquiry))


def _who_may_see(enquiry: Enquiry) -> list[int]:
    on = timezone.localdate()
    staff = User.objects.filter(is_active=True, is_staff=True)
    return [
        user.pk
        for user in staff
        if user.has_perm("contact.change_enquiry")
        and Enquiry.objects.visible_to(user, on=on).filter(pk=enquiry.pk).exists()
    ]


class HandOverForm(NothingForm):
    """To which region, or the national team, and why."""

    to = forms.ChoiceField(
        label="To",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a region, or the national team."},
    )
    note = forms.CharField(
        label="Reason",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why: who gets it needs to know."},
    )

    def __init__(self, *args: Any, enquiry: Enquiry, **kwargs: Any) -> None:
        super().__init__(*args, enquiry=enquiry, **kwargs)
        regions = Region.objects.exclude(enquiries=enquiry)
        choices = [(region.slug, region.name) for region in regions]
        if enquiry.region_id is not None:
            choices.append((NATIONAL, "The national team (several regions)"))
        cast("forms.ChoiceField", self.fields["to"]).choices = choices

    def clean_to(self) -> Region | None:
        slug = self.cleaned_data["to"]
        return None if slug == NATIONAL else Region.objects.get(slug=slug)
