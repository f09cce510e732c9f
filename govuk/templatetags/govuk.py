"""Tags and filters of the components: `{% load govuk %}`.

Components that hold other markup are block tags; each still has its template among the components.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django import template
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from govuk import dates

register = template.Library()

_CO_ORDINATOR: Final = re.compile(r"\bco-ordinator\w*", re.IGNORECASE)
PANEL_TONES: Final = frozenset({"plain", "urgent", "success"})


@register.simple_block_tag(end_name="enddetails")
def details(content: SafeString, summary: str) -> SafeString:
    """Fold its content beneath `summary`: `{% details summary="…" %}…{% enddetails %}`."""
    return render_to_string("components/details.html", {"summary": summary, "content": content})


@register.simple_block_tag(end_name="endpanel")
def panel(content: SafeString, tone: str = "plain") -> SafeString:
    """Set its content apart: `{% panel tone="urgent" %}…{% endpanel %}`.

    `tone` is `plain`, `urgent` (danger to somebody) or `success`; anything else raises
    `TemplateSyntaxError`.
    """
    if tone not in PANEL_TONES:
        raise template.TemplateSyntaxError(f"A panel has no tone {tone!r}.")
    return render_to_string("components/panel.html", {"tone": tone, "content": content})


@register.simple_block_tag(end_name="endnotification")
def notification(content: SafeString, title: str = "", anchor: str = "") -> SafeString:
    """Give news about the page in more than a sentence: see `components/notification.html`.

    `anchor` is the id of its title: needed where a page has two of them.
    """
    context = {"title": title, "id": anchor, "content": content}
    return render_to_string("components/notification.html", context)


@register.simple_block_tag(end_name="endsummary_list")
def summary_list(content: SafeString) -> SafeString:
    """Hold rows of facts: `{% summary_list %}{% summary_row key="…" %}…`, and the two ends."""
    return render_to_string("components/summary_list.html", {"content": content})


@register.simple_block_tag(end_name="endsummary_row")
def summary_row(content: SafeString, key: str) -> SafeString:
    """Hold what `key` names, in a row of a summary list."""
    row = {"key": key, "content": content}
    return render_to_string("components/summary_row.html", {"row": row})


@register.simple_block_tag(end_name="endinset")
def inset(content: SafeString) -> SafeString:
    """Set a remark apart from the text around it: `{% inset %}…{% endinset %}`."""
    return render_to_string("components/inset.html", {"content": content})


@register.filter(needs_autoescape=True)
def together(words: str, autoescape: bool = True) -> SafeString:
    """Return words for a heading, in which "co-ordinator" is not broken at its hyphen.

    By style and not by another hyphen: who copies the words gets those that were written.
    """
    html = conditional_escape(words) if autoescape else words
    return mark_safe(_CO_ORDINATOR.sub(r'<span class="rpec-together">\g<0></span>', html))


@register.filter
def any_with(rows: Iterable[object], names: str) -> bool:
    """Whether any row has something in one of the attributes or keys that `names` lists."""
    return any(_value(row, name) for row in rows for name in names.split())


@register.filter
def time_words(moment: datetime) -> str:
    """Return the UK time: "3:30pm"."""
    return dates.time_words(moment)


@register.filter
def date_words(day: date) -> str:
    """Return the date in the UK: "10 February 2026"."""
    return dates.date_words(day)


@register.filter
def weekday_date_words(day: date) -> str:
    """Return the date in the UK, with its weekday: "Tuesday 10 February 2026"."""
    return dates.weekday_date_words(day)


@register.filter
def time_range_words(start: datetime, end: datetime) -> str:
    """Return two UK times: "3:30pm to 4:45pm", as in `{{ start|time_range_words:end }}`."""
    return dates.time_range_words(start, end)


def _value(row: object, name: str) -> object:
    """Return the named attribute of an object, or the named key of a mapping, or None."""
    return row.get(name) if isinstance(row, dict) else getattr(row, name, None)
