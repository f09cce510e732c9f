"""What the gallery's components show: a form with each widget, and a session in each state."""

from django import forms

from govuk.forms import EmailInput, GovukForm, Radios, TelInput, Textarea, TextInput


class GalleryForm(GovukForm):
    """One field of each kind."""

    full_name = forms.CharField(
        label="What is your name?",
        max_length=100,
        widget=TextInput({"autocomplete": "name"}),
        error_messages={"required": "Enter your name"},
    )
    email = forms.EmailField(
        label="What is your e-mail address?",
        help_text="The co-ordinator answers to this address.",
        widget=EmailInput,
        error_messages={"invalid": "Enter an e-mail address like name@example.org"},
    )
    telephone = forms.CharField(
        label="What is your telephone number? (optional)", widget=TelInput, required=False
    )
    setting = forms.ChoiceField(
        label="What kind of setting is this about?",
        help_text="Choose where it happened, not where you are based.",
        choices=[
            ("early-years", "Early years"),
            ("school", "School, academy, trust or alternative provision"),
            ("higher-education", "University or other higher education provider"),
        ],
        widget=Radios(hints={"early-years": "Nurseries, childminders and pre-schools."}),
        error_messages={"required": "Choose the kind of setting"},
    )
    message = forms.CharField(
        label="What would you like to say?",
        help_text="Do not name a child or learner.",
        max_length=5000,
        widget=Textarea(rows=6, count=5000),
        error_messages={"required": "Write what you would like to say"},
    )
    remark = forms.CharField(
        label="Anything else? (optional)",
        max_length=200,
        required=False,
        widget=Textarea(rows=3, count=200),
    )
    token = forms.CharField(widget=forms.HiddenInput, initial="example")


def sessions() -> list[dict[str, object]]:
    """Return a session in each state that a table can show."""
    scheduled: dict[str, object] = {
        "weekday_date": "Tuesday 10 February 2026",
        "time_range": "3:30pm to 4:45pm",
        "title": "",
        "audience": "Designated safeguarding leads",
        "region_name": "",
        "status": "scheduled",
        "is_past": False,
        "registration_url": "https://www.eventbrite.co.uk/e/example",
        "no_link": "Link to follow",
        "url": "/training/sessions/1/",
        "calendar_url": "/training/sessions/1.ics",
        "duration": "1 hour 15 minutes",
        "moved_from": "",
    }
    return [
        scheduled,
        scheduled
        | {
            "weekday_date": "Wednesday 11 February 2026",
            "time_range": "5pm to 6:15pm",
            "audience": "Governors and trustees in schools",
            "registration_url": "",
            "moved_from": "Tuesday 10 February 2026",
        },
        scheduled
        | {
            "weekday_date": "Tuesday 3 March 2026",
            "time_range": "10am to midday",
            "title": "Online risks in our region",
            "audience": "Everyone in education",
            "region_name": "East-of-England",
            "status": "full",
        },
        scheduled | {"weekday_date": "Wednesday 22 April 2026", "status": "cancelled"},
        scheduled | {"weekday_date": "Monday 17 March 2025", "is_past": True},
    ]
