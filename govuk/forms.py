"""Forms in the Design System's markup, by Django's own form renderer and field templates.

Django names the hint `id_x_helptext` and the error `id_x_error` and points `aria-describedby`
at them; the templates keep to those names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.datastructures import MultiValueDict


class GovukRenderer(TemplatesSetting):
    """Django's renderer over the project's templates, with our templates for form and field.

    `django.forms` has to be among the installed apps, for the templates of Django's widgets.
    """

    form_template_name = "govuk/form.html"
    field_template_name = "components/field.html"


class TextInput(forms.TextInput):
    """A line of text."""

    govuk_class = "govuk-input"


class EmailInput(forms.EmailInput):
    """An e-mail address: browsers offer the reader's own, and do not mark it as misspelt."""

    govuk_class = "govuk-input"

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "email", "spellcheck": "false", **(attrs or {})})


class TelInput(forms.TextInput):
    """A telephone number: telephones show their number pad, browsers offer the reader's own."""

    input_type = "tel"
    govuk_class = "govuk-input"

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "tel", **(attrs or {})})


class Textarea(forms.Textarea):
    """Several lines of text, `rows` high, with a count of what is left of `count` characters.

    Without script the count is a sentence that names the limit.
    """

    govuk_class = "govuk-textarea"

    def __init__(
        self, attrs: Mapping[str, Any] | None = None, *, rows: int = 5, count: int | None = None
    ) -> None:
        super().__init__({"rows": rows, **(attrs or {})})
        # The style sheet says how wide it is.
        self.attrs.pop("cols", None)
        self.count = count

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Leave out `maxlength` where there is a count.

        A browser that stops taking letters in the middle of a paste loses the sender's words
        without saying so; the count and the form's own check say what is too long instead.
        """
        attrs = super().build_attrs(base_attrs, dict(extra_attrs or {}))
        if self.count is not None:
            attrs.pop("maxlength", None)
        return attrs

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, UploadedFile], name: str
    ) -> Any:
        """Return what was typed, with one character for each end of line.

        Browsers send two (the HTML standard's form submission), which would make the server's
        count differ from the one that the sender saw.
        """
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class Radios(forms.RadioSelect):
    """One choice among a few, each with a hint of its own where `hints` has one for its value."""

    template_name = "govuk/widgets/radios.html"
    option_template_name = "govuk/widgets/radio.html"
    govuk_class = "govuk-radios__input"

    def __init__(
        self,
        attrs: Mapping[str, Any] | None = None,
        choices: Any = (),
        *,
        hints: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(dict(attrs or {}), choices)
        self.hints = dict(hints or {})

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add to Django's option its hint, and the reference from the button to the hint."""
        option = super().create_option(*args, **kwargs)
        option["hint"] = self.hints.get(str(option["value"]), "")
        if option["hint"] and "id" in option["attrs"]:
            option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_hint"
        return option


class UnseenInput(forms.TextInput):
    """A line that people neither see, hear nor reach: the template hides what is around it."""

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "tabindex": "-1", **(attrs or {})})


class GovukBoundField(BoundField):
    """A field in its form, with the Design System's classes and its count described."""

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        """Add the class of the widget, and its class in error."""
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        name = getattr(widget, "govuk_class", "")
        if name:
            classes = [name]
            if self.errors and not self.use_fieldset:
                classes.append(f"{name}--error")
            if self.count is not None:
                classes.append("govuk-js-character-count")
            own = widget.attrs.get("class", "")
            attrs["class"] = " ".join([*classes, own] if own else classes)
        return attrs

    @property
    def aria_describedby(self) -> str | None:
        """The ids of Django's hint and error, then of the sentence about the count."""
        described = super().aria_describedby
        if self.count is None or described is None or not self.auto_id:
            return described
        return f"{described} {self.auto_id}-info".strip()

    @property
    def count(self) -> int | None:
        """The number of characters that the widget counts down from, or None."""
        return getattr(self.field.widget, "count", None)

    @property
    def count_words(self) -> str:
        """The same number as it is read: "5,000"."""
        return "" if self.count is None else f"{self.count:,}"

    @property
    def target_id(self) -> str:
        """The id that a link in the error summary leads to: of radios, the first one."""
        return f"{self.auto_id}_0" if self.use_fieldset else self.auto_id


class UkDateTimeField(forms.SplitDateTimeField):
    """A UK date and time, by the browser's own pickers."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.SplitDateTimeWidget(
                date_attrs={"type": "date", "aria-label": "Date"},
                time_attrs={"type": "time", "aria-label": "Time"},
                date_format="%Y-%m-%d",
                time_format="%H:%M",
            ),
            **options,
        )

    def compress(self, data_list: Any) -> Any:
        try:
            return super().compress(data_list)
        except forms.ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            raise forms.ValidationError(
                "The clocks change in that hour, so this time comes twice or not at all. "
                "Choose one before or after it."
            ) from error


@dataclass(frozen=True, slots=True)
class FormError:
    """One line of the error summary: its words, and the id that it leads to (blank: nowhere)."""

    text: str
    target_id: str


class GovukForm(forms.Form):
    """A form in the Design System's markup, validated by the server alone."""

    # The browser's own messages are not in our words, nor read out by every screen reader.
    use_required_attribute = False
    bound_field_class = GovukBoundField
    # Whatever renderer the rest of the project (the admin) uses.
    default_renderer = GovukRenderer

    def error_list(self) -> list[FormError]:
        """Return every error, those of no visible field first, then in the order of the fields."""
        general = [FormError(str(error), "") for error in self.non_field_errors()]
        for field in self.hidden_fields():
            general += [FormError(str(error), "") for error in field.errors]
        shown = [
            FormError(str(error), field.target_id if isinstance(field, GovukBoundField) else "")
            for field in self.visible_fields()
            for error in field.errors
        ]
        return general + shown
