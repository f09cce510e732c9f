"""What readers ask the finder, in forms: one place with suggestions, or many at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from govuk.forms import GovukForm, Textarea, TextInput

MOST_QUERIES: Final = 500
# Characters of 500 full lines: beyond that nothing is looked at.
LONGEST_TEXT: Final = 100_000


class PlaceInput(TextInput):
    """A line for what the finder knows, with its suggestions where there is script."""

    template_name = "regions/place_input.html"

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false", **(attrs or {})})


class ManyForm(GovukForm):
    """Names, postcodes and numbers, one on each line. `cleaned_data["queries"]` has the lines.

    Empty ones among them stay: what comes back fits beside the column that was pasted. `hint` says
    what may be typed.
    """

    text = forms.CharField(
        label="Places, one on each line",
        strip=False,
        max_length=LONGEST_TEXT,
        widget=Textarea(rows=10, attrs={"spellcheck": "false", "autocomplete": "off"}),
        error_messages={
            "required": "Paste at least one line.",
            "max_length": f"Paste up to {MOST_QUERIES} lines: this is longer.",
        },
    )

    def __init__(self, *args: Any, hint: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "text"
        ].help_text = (
            f"{hint} on each line, or paste a column of a spreadsheet. Up to {MOST_QUERIES} lines."
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        text = cleaned.get("text", "").rstrip()
        cleaned["queries"] = [" ".join(line.split()) for line in text.splitlines()]
        if "text" in cleaned and not cleaned["queries"]:
            self.add_error("text", "Paste at least one line.")
        if len(cleaned["queries"]) > MOST_QUERIES:
            self.add_error(
                "text",
                f"Paste up to {MOST_QUERIES} lines at once: these are {len(cleaned['queries'])}.",
            )
        return cleaned
