"""A page's log, and in words what happened to its editions: withdrawals and redactions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from govuk.dates import date_words
from guidance.content import resolve_links
from guidance.history.timeline import compared_with, held_again
from guidance.models import Edition, Link, Page, Withdrawal
from guidance.text import markdown


def explanation_html(withdrawal: Withdrawal | None) -> str:
    """Return why a page was withdrawn as clean HTML, "" where it was not."""
    if withdrawal is None:
        return ""
    return resolve_links(markdown.render(withdrawal.explanation), Link.objects.addresses())


def successor(withdrawal: Withdrawal | None) -> Page | None:
    """Return the page to read instead, while that one has a live edition."""
    if withdrawal is None or withdrawal.instead_id is None:
        return None
    return Page.objects.public().filter(pk=withdrawal.instead_id).first()


def update_words(edition: Edition, *, holds_again: bool) -> str:
    """Return what the page's log says of an update: its note, after the end of a withdrawal."""
    return f"The page holds again. {edition.note}".strip() if holds_again else edition.note


def publication_day(edition: Edition) -> str:
    """Return the UK day on which a public edition was published, in words."""
    return date_words(edition.published_at) if edition.published_at else ""


def redaction_marks(*editions: Edition, of: str = "") -> list[dict[str, Any]]:
    """Return what was taken out of editions: of what, its day in words, places and reason.

    What was taken out of both for one reason on one day is one mark. `is_restated` says that words
    were put right rather than taken out.
    """
    marks: dict[tuple[str, str], dict[str, Any]] = {}
    for edition in editions:
        for redaction in edition.redactions.all():
            key = date_words(redaction.redacted_at), redaction.reason
            mark = marks.setdefault(key, {"day": key[0], "reason": key[1], "places": 0, "of": ""})
            mark["is_restated"] = bool(redaction.cause)
            name = of or f"edition {edition.number}"
            mark["of"] = name if mark["of"] in {"", name} else "both editions"
            mark["places"] += redaction.places
    return list(marks.values())


def edition_before(edition: Edition) -> Edition | None:
    """Return what a public edition is compared with: see `timeline.compared_with`."""
    editions = edition.page.editions.public().without_content().oldest_first()
    return dict(compared_with(list(editions)))[edition]


def log_lines(page: Page, editions: list[Edition]) -> list[dict[str, str]]:
    """Return the lines of the page's log, newest first, from its public editions, oldest first."""
    again = held_again(editions)
    return [
        entry
        for edition, earlier in reversed(compared_with(editions))
        for entry in _log_entries(page, edition, earlier, holds_again=edition in again)
    ]


def _log_entries(
    page: Page, edition: Edition, earlier: Edition | None, *, holds_again: bool
) -> Iterator[dict[str, str]]:
    """Yield an edition's lines: its withdrawal, and its update if it was major or ended one."""
    edition.page = page
    if edition.withdrawn:
        yield {
            "date": date_words(at) if (at := edition.withdrawn.withdrawn_at) else "",
            "note": "This page was withdrawn.",
            "url": edition.get_absolute_url(),
            "url_text": "Why, and the page as it stood then",
        }
    if edition.update_type != Edition.UpdateType.MAJOR and not holds_again:
        return
    if earlier is not None:
        text = "See what changed"
    elif edition.is_text_held:
        text = "The page as it stood then"
    else:
        text = "What is known of that update"
    yield {
        "date": publication_day(edition),
        "note": update_words(edition, holds_again=holds_again),
        "url": edition.get_change_url(earlier),
        "url_text": text,
    }
