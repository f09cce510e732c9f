"""The contact form: what it asks, and which region the place stands for."""

from __future__ import annotations

import re
import secrets
import time
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer

from contact import routing
from contact.models import Enquiry
from contact.suspicion import suspicion
from govuk.forms import (
    EmailInput,
    GovukForm,
    HiddenInput,
    Radios,
    TelInput,
    Textarea,
    TextInput,
    UnseenInput,
)
from outbox.forms import AddressField
from regions import lookup
from regions.answers import Answer, Result
from regions.forms import PlaceInput
from regions.models import Area, Region
from regions.names import is_unseen
from regions.wording import what_to_type

LONGEST_MESSAGE = 5000
FEWEST_DIGITS = 6
_SLUG = re.compile(r"[a-z0-9-]{1,60}")
LONGEST_TOKEN = 200
_SIGNER = Signer(salt="contact.token")


def _one_line(value: str) -> None:
    """Refuse what cannot stand on one line: a name with a line break would forge mail headers.

    Of U+0000 the field itself says so, in the same words; nothing is said twice.
    """
    if any(
        unicodedata.category(character) in {"Cc", "Zl", "Zp"}
        for character in value.replace("\0", "")
    ):
        raise ValidationError("Write this on one line, without control characters.")


class SeenCharField(forms.CharField):
    """Text in which something can be seen: invisible characters alone are none."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return "" if all(map(is_unseen, text)) else text


def _line(label: str, *, required: str = "", **options: Any) -> forms.CharField:
    return SeenCharField(
        label=label,
        required=bool(required),
        max_length=options.pop("max_length", 200),
        validators=[_one_line],
        error_messages={
            "required": required,
            "max_length": "Shorten this to %(limit_value)d characters or fewer.",
            "null_characters_not_allowed": "Write this on one line, without control characters.",
        },
        **options,
    )


def _place_hint(hint: str) -> str:
    examples = "Norfolk or LS1 1UR" if "postcode" in hint else "Norfolk or Leeds"
    return f"{hint}, for example {examples}: where the site itself is, not its head office."


@dataclass(frozen=True, slots=True)
class AreaOption:
    """One answer to "which region?": a slug for the `area` field, with words for people."""

    slug: str
    label: str
    hint: str = ""


class ContactForm(GovukForm):
    """An enquiry. Valid only if it is certain, by place or by choice, who gets it."""

    place = _line(
        "Which county, council, postcode or school is this about?",
        help_text=_place_hint(what_to_type(postcodes=False, schools=False)),
        widget=PlaceInput(),
    )
    area = forms.Field(label="Which region is this about?", required=False, widget=Radios())
    setting = forms.ChoiceField(
        label="What kind of setting is it?",
        choices=Enquiry.Setting.choices,
        widget=Radios(),
        error_messages={
            "required": "Choose the kind of setting.",
            "invalid_choice": "Choose one of the settings in the list.",
        },
    )
    topic = forms.ChoiceField(
        label="What is this about?",
        choices=Enquiry.Topic.choices,
        widget=Radios(
            hints={
                Enquiry.Topic.COMPLEX_CASE: "Do not name the person. You can leave a telephone "
                "number instead of a message, and we will call you.",
                Enquiry.Topic.INCIDENT: "Support after an incident, terrorism-related or not.",
                Enquiry.Topic.PREVENT_ADVOCATE: "For higher education.",
                Enquiry.Topic.GOOD_PRACTICE_FORUM: "Also for new further and higher education "
                "and independent training providers.",
            }
        ),
        error_messages={
            "required": "Choose what this is about.",
            "invalid_choice": "Choose one of the topics in the list.",
        },
    )
    message = SeenCharField(
        label="What would you like to tell or ask us?",
        help_text="Do not name the person that you are worried about.",
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=Textarea(rows=8, count=LONGEST_MESSAGE),
        error_messages={
            "max_length": "Shorten your message to %(limit_value)d characters or fewer: "
            "it has %(show_value)d.",
            "null_characters_not_allowed": "Take the invisible control characters out.",
        },
    )
    # Each field about the sender names its purpose, so that browsers can fill it in (WCAG 1.3.5).
    full_name = _line(
        "What is your name?",
        required="Write your name.",
        widget=TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    email = AddressField(
        label="What is your e-mail address?",
        help_text="We send you a reference, and answer to this address.",
        widget=EmailInput(),
        error_messages={"required": "Write your e-mail address."},
    )
    telephone = _line("What is your telephone number? (optional)", max_length=40, widget=TelInput())
    organisation = _line(
        "Which organisation do you work for?",
        required="Write the name of your organisation.",
        widget=TextInput(attrs={"autocomplete": "organization"}),
    )
    role = _line(
        "What is your role there? (optional)",
        help_text="For example designated safeguarding lead, governor or tutor.",
        widget=TextInput(attrs={"autocomplete": "organization-title"}),
    )
    # People do not see it; programs that fill in every field do. A browser may, too: what is in it
    # holds an enquiry back to be looked at, and never refuses it.
    website = forms.Field(label="Leave this empty", required=False, widget=UnseenInput())
    token = forms.Field(required=False, widget=HiddenInput())

    def __init__(self, *args: Any, asks_area: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer: Answer = lookup.answer("")
        self.route: routing.Route | None = None
        self.asks_area = asks_area

    @classmethod
    def blank(cls, *, place: str, region: str, topic: str) -> ContactForm:
        """Return an empty form with a token of its own, prefilled with what is known."""
        slugs = (routing.SEVERAL, *Region.objects.values_list("slug", flat=True))
        chosen = region if region in slugs else ""
        form = cls(
            initial={
                "token": new_token(),
                "place": place[:200],
                "area": chosen,
                "topic": topic,
            },
            asks_area=bool(chosen),
        )
        form.offer_hint()
        form.offer_areas()
        return form

    @classmethod
    def again(cls, typed: dict[str, str]) -> ContactForm:
        """Return the form with everything that was typed in it, and the region to choose."""
        form = cls(initial=typed, asks_area=typed["change"] == "area" or bool(typed.get("area")))
        form.answer = lookup.answer(typed.get("place", ""))
        form.offer_hint()
        form.offer_areas()
        return form

    def clean_telephone(self) -> str:
        number: str = self.cleaned_data["telephone"]
        if number and sum(character.isdecimal() for character in number) < FEWEST_DIGITS:
            raise ValidationError("Write a telephone number, with its area code.")
        return number

    def clean_token(self) -> str:
        """Return the token, or a new one for what is none: nobody can mend a hidden field."""
        token = str(self.cleaned_data["token"] or "")
        is_sound = token.isprintable() and 0 < len(token) <= LONGEST_TOKEN
        return token if is_sound else new_token()

    def clean_website(self) -> str:
        return str(self.cleaned_data["website"] or "")

    @property
    def suspicion(self) -> str:
        """Why a colleague should look at it before it goes on, as a clause, or "". When valid."""
        return suspicion(
            honeypot=self.cleaned_data["website"],
            took=_age(self.cleaned_data["token"]),
            message=self.cleaned_data["message"],
        )

    def clean_area(self) -> str:
        return str(self.cleaned_data["area"] or "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._require_message(cleaned)
        self._decide_route(cleaned)
        self.offer_areas()
        return cleaned

    def _require_message(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("message") or "message" in self.errors:
            return
        if cleaned.get("topic") != Enquiry.Topic.COMPLEX_CASE:
            self.add_error("message", "Write your message.")
        elif not cleaned.get("telephone") and "telephone" not in self.errors:
            self.add_error(
                "message", "Write a message, or leave a telephone number and we will call you."
            )

    def _decide_route(self, cleaned: dict[str, Any]) -> None:
        if "place" in self.errors or "area" in self.errors:
            self.asks_area = self.asks_area or "area" in self.errors
            return
        place, slug = cleaned.get("place", ""), cleaned.get("area", "")
        self.answer = lookup.answer(place)
        chosen = _chosen(slug) if slug else None
        self.asks_area = self.asks_area or bool(slug)
        if slug and chosen is None:
            self.asks_area = True
            self.add_error("area", "Choose one of the regions in the list.")
        elif chosen is None and self.answer.result is None:
            self.add_error(
                "place", "Write which county, council, postcode or school this is about."
            )
        else:
            self.route = routing.route(self.answer, chosen)
            if self.route is None:
                self.asks_area = True
                self.add_error("area", routing.question(self.answer, lookup.alike(self.answer)))

    def offer_hint(self) -> None:
        """Say what may be typed as the place, by what is stored, in one query."""
        # A bound field keeps its own copy of the help from the moment it is first looked at.
        self["place"].help_text = _place_hint(lookup.hint())

    def offer_areas(self) -> None:
        """Fill in the options of `area`: the places meant, or every region, and several."""
        if not self.asks_area:
            return
        widget = cast("Radios", self.fields["area"].widget)
        options = list(self._area_options())
        widget.choices = [(option.slug, option.label) for option in options]
        widget.hints = {option.slug: option.hint for option in options if option.hint}

    def _area_options(self) -> list[AreaOption]:
        """Return the places that the name may mean, what was chosen before, and every region."""
        typed = str(self["area"].value() or "")
        meant = [
            AreaOption(choice.slug, _labelled(choice.label, finding.region_name))
            for finding in self.answer.findings
            for choice in finding.choices
            if self.answer.result is Result.MANY
        ]
        options = {option.slug: option for option in meant}
        if not meant or typed or not self.is_bound:
            for option in (*_area_option(typed), *_every_region()):
                options.setdefault(option.slug, option)
        options[routing.SEVERAL] = AreaOption(
            routing.SEVERAL, "Several regions, national or online"
        )
        return list(options.values())


def _labelled(place: str, region: str) -> str:
    return place if place == region else f"{place} ({region})"


def new_token() -> str:
    """Return a random token that holds the time of its making and that nobody else can sign."""
    return _SIGNER.sign(f"{secrets.token_urlsafe(16)}.{int(time.time())}")


def _age(token: str) -> timedelta | None:
    """Return how long ago a token was made; None for one that is not ours."""
    try:
        made = int(_SIGNER.unsign(token).rpartition(".")[2])
    except (BadSignature, ValueError):
        return None
    return timedelta(seconds=time.time() - made)


def _every_region() -> list[AreaOption]:
    return [
        AreaOption(region.slug, region.name, ", ".join(area.name for area in region.listed_areas))
        for region in Region.objects.with_listed_areas()
    ]


def _area_option(slug: str) -> list[AreaOption]:
    """Return the option of an area by its slug; none for anything else."""
    if not _SLUG.fullmatch(slug) or Region.objects.filter(slug=slug).exists():
        return []
    return [
        AreaOption(area.slug, f"{area.name} ({area.region.name})")
        for area in Area.objects.select_related("region").filter(slug=slug)
    ]


def _chosen(slug: str) -> routing.Chosen | None:
    """Return what the slug of a region or an area, or `several`, stands for."""
    if slug == routing.SEVERAL:
        return routing.Chosen(slug=slug, region_slug="", region_name="")
    if not _SLUG.fullmatch(slug):
        return None
    # A region first: West Midlands is both, and who chose the region did not choose the force.
    region = Region.objects.filter(slug=slug).first()
    if region is not None:
        return routing.Chosen(slug=slug, region_slug=region.slug, region_name=region.name)
    area = Area.objects.select_related("region").filter(slug=slug).first()
    if area is None:
        return None
    return routing.Chosen(
        slug=slug,
        region_slug=area.region.slug,
        region_name=area.region.name,
        area_slug=area.slug,
        area_name=area.name,
    )
