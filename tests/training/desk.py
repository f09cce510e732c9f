"""What the tests of training's admin share."""

from __future__ import annotations

from typing import Any

from tests.govuk.html import document, elements, text

LIST = "admin:training_session_changelist"


def messages_on(response: Any) -> list[str]:
    """The messages on the page that an answer led to."""
    lists = elements(document(response.content.decode()), "ul", class_="messagelist")
    return [text(item) for each in lists for item in elements(each, "li")]
