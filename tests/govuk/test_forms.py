"""Forms in the Design System's markup."""

from django import forms
from django.test.html import Element

from govuk.forms import (
    EmailInput,
    FormError,
    GovukForm,
    Radios,
    TelInput,
    Textarea,
    TextInput,
)
from tests.govuk.html import attribute, document, elements, text


class Enquiry(GovukForm):
    full_name = forms.CharField(label="What is your name?", widget=TextInput, max_length=50)
    email = forms.EmailField(label="E-mail", help_text="We answer here.", widget=EmailInput)
    telephone = forms.CharField(label="Telephone", widget=TelInput, required=False)
    setting = forms.ChoiceField(
        label="Setting",
        help_text="Where it happened.",
        choices=[("school", "School"), ("other", "Something else")],
        widget=Radios(hints={"other": "Say what in your message."}),
    )
    message = forms.CharField(
        label="Message",
        help_text="Name nobody.",
        max_length=5000,
        widget=Textarea(rows=8, count=5000),
    )
    remark = forms.CharField(
        label="Remark", required=False, max_length=20, widget=Textarea(count=20)
    )
    token = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> None:
        if self.cleaned_data.get("remark") == "no":
            raise forms.ValidationError("This cannot be sent.")


def field(form: forms.Form, name: str) -> Element:
    return document(str(form[name].as_field_group()))


def described_by(element: Element) -> list[str]:
    return (attribute(element, "aria-describedby") or "").split()


def test_a_field_without_hint_or_error_has_a_label_and_nothing_to_describe_it() -> None:
    group = field(Enquiry(), "full_name")
    [label] = elements(group, "label", for_="id_full_name")
    [box] = elements(group, "input")
    assert text(label) == "What is your name?"
    assert attribute(box, "class") == "govuk-input"
    assert described_by(box) == []


def test_a_hint_and_an_error_are_read_out_with_their_field() -> None:
    group = field(Enquiry({"email": "nobody"}), "email")
    [box] = elements(group, "input")
    assert described_by(box) == ["id_email_helptext", "id_email_error"]
    assert [text(elements(group, id=name)[0]) for name in described_by(box)] == [
        "We answer here.",
        "Error: Enter a valid email address.",
    ]
    assert attribute(box, "class") == "govuk-input govuk-input--error"
    assert attribute(box, "aria-invalid") == "true"


def test_browsers_are_told_what_kind_of_address_and_number_is_meant() -> None:
    [email] = elements(field(Enquiry(), "email"), "input")
    [telephone] = elements(field(Enquiry(), "telephone"), "input")
    assert [attribute(email, name) for name in ("type", "autocomplete", "spellcheck")] == [
        "email",
        "email",
        "false",
    ]
    assert [attribute(telephone, name) for name in ("type", "autocomplete")] == ["tel", "tel"]


def test_radios_stand_in_a_fieldset_that_carries_hint_and_error() -> None:
    group = field(Enquiry({}), "setting")
    [fieldset] = elements(group, "fieldset")
    [legend] = elements(fieldset, "legend")
    assert text(legend) == "Setting"
    assert described_by(fieldset) == ["id_setting_helptext", "id_setting_error"]
    assert all(elements(group, id=name) for name in described_by(fieldset))


def test_each_radio_has_its_label_and_its_own_hint() -> None:
    group = field(Enquiry(), "setting")
    school, other = elements(group, "input", type="radio")
    assert [described_by(radio) for radio in (school, other)] == [[], ["id_setting_1_hint"]]
    assert text(elements(group, id="id_setting_1_hint")[0]) == "Say what in your message."
    assert [text(label) for label in elements(group, "label")] == ["School", "Something else"]


def test_a_chosen_radio_stays_chosen() -> None:
    radios = elements(field(Enquiry({"setting": "other"}), "setting"), "input", type="radio")
    assert [attribute(radio, "checked") is not None for radio in radios] == [False, True]


def test_a_count_says_its_limit_with_and_without_a_hint() -> None:
    with_hint, without = field(Enquiry(), "message"), field(Enquiry(), "remark")
    [message], [remark] = elements(with_hint, "textarea"), elements(without, "textarea")
    assert described_by(message) == ["id_message_helptext", "id_message-info"]
    assert described_by(remark) == ["id_remark-info"]
    assert text(elements(with_hint, id="id_message-info")[0]) == (
        "You can enter up to 5,000 characters"
    )
    assert attribute(with_hint, "data-maxlength") == "5000"


def test_a_counted_box_takes_more_than_its_limit_so_that_no_pasted_word_is_lost() -> None:
    [box] = elements(field(Enquiry(), "message"), "textarea")
    assert attribute(box, "maxlength") is None
    assert len(Enquiry({"message": "x" * 5001})["message"].errors) == 1


def test_an_end_of_line_counts_as_one_character() -> None:
    form = Enquiry({"remark": "ten chars\r\nten chars."})
    form.is_valid()
    assert form.cleaned_data["remark"] == "ten chars\nten chars."


def test_the_browser_is_left_out_of_checking() -> None:
    boxes = elements(document(f"<form>{Enquiry()}</form>"), "input")
    assert [attribute(box, "required") for box in boxes] == [None] * len(boxes)


def test_the_error_list_leads_to_each_field_and_to_the_first_radio() -> None:
    form = Enquiry({"full_name": "A", "message": "B", "remark": "no", "email": "a@example.org"})
    assert form.error_list() == [
        FormError("This cannot be sent.", ""),
        FormError("This field is required.", ""),
        FormError("This field is required.", "id_setting_0"),
    ]


def test_each_target_of_the_error_list_is_on_the_page() -> None:
    form = Enquiry({})
    page = document(f"<form>{form}</form>")
    targets = [error.target_id for error in form.error_list() if error.target_id]
    assert targets == ["id_full_name", "id_email", "id_setting_0", "id_message"]
    assert [len(elements(page, id=target)) for target in targets] == [1, 1, 1, 1]


def test_a_prefix_changes_every_reference_alike() -> None:
    form = Enquiry({}, prefix="second")
    [box] = elements(field(form, "email"), "input")
    assert described_by(box) == ["id_second-email_helptext", "id_second-email_error"]
    assert form.error_list()[1].target_id == "id_second-full_name"


def test_what_was_typed_is_shown_again_and_stays_inert() -> None:
    html = str(Enquiry({"full_name": '"><script>alert(1)</script>'})["full_name"].as_field_group())
    assert "<script>" not in html
    [box] = elements(document(html), "input")
    assert attribute(box, "value") == '"><script>alert(1)</script>'
