"""The forms of a page, read and filled as a browser does."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client


@dataclass
class Form:
    """A form as it stands: where it goes, and what a browser would send of it, buttons aside."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)

    def sent(self, **changes: Any) -> dict[str, Any]:
        """Return what is sent when somebody has changed some of it."""
        return {**self.fields, **changes}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.name: str | None = None
        self.text = ""
        self.options: list[tuple[str, bool]] = []
        self.is_multiple = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(values.get("action", "")))
        if not self.forms or "disabled" in values:
            return
        name, kind = values.get("name", ""), values.get("type", "text")
        if tag == "input" and name and kind not in {"submit", "file"}:
            if kind not in {"checkbox", "radio"} or "checked" in values:
                self._add(name, values.get("value", "on" if kind == "checkbox" else ""))
        elif tag in {"select", "textarea"} and name:
            self.name, self.text, self.options = name, "", []
            self.is_multiple = "multiple" in values
        elif tag == "option":
            self.options.append((values.get("value", ""), "selected" in values))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if self.name is None or tag not in {"select", "textarea"}:
            return
        if tag == "textarea":
            self._add(self.name, "\r\n".join(self.text.removeprefix("\n").splitlines()))
        else:
            chosen = [value for value, is_chosen in self.options if is_chosen]
            first = [] if self.is_multiple else [value for value, _ in self.options[:1]]
            for value in chosen or first:
                self._add(self.name, value)
        self.name = None

    def _add(self, name: str, value: str) -> None:
        self.forms[-1].fields.setdefault(name, []).append(value)


def forms_of(html: str) -> list[Form]:
    """Return the forms of a page."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms


def form_with(response: Any, name: str) -> Form:
    """Return the form of a page that has a field of that name. Raises LookupError for none."""
    for form in forms_of(response.content.decode()):
        if name in form.fields:
            return form
    raise LookupError(f"No form has {name}.")


def opened(desk: Client, address: str) -> Form:
    """Return the form of a row of the admin as it stands at the address."""
    return form_with(desk.get(address), "_seen")
