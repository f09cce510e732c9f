"""Editors at their desks: drafts of the shipped page, and the forms that a browser sends."""

from __future__ import annotations

from typing import Any, Final

from django.test import Client

from accounts.models import User
from guidance.actions.loading import PAGE
from guidance.actions.publishing import start_draft
from guidance.models import Edition
from tests.training.factories import uk

NOW: Final = uk("2026-11-20 10:00")
GUIDE: Final = f"/guidance/{PAGE}/"
ADMIN: Final = "/admin/guidance/edition/"


def words(response: Any) -> str:
    """A page as one line of markup and words."""
    return " ".join(response.content.decode().split())


def live() -> Edition:
    return Edition.objects.live().get(page__slug=PAGE)


def numbered(number: int) -> Edition:
    return Edition.objects.get(page__slug=PAGE, number=number)


def draft() -> Edition:
    return Edition.objects.drafts().get()


def start(source: Edition | None = None) -> Edition:
    """Begin a draft as somebody else than the editor."""
    writer, _ = User.objects.get_or_create(email="writer@rpec.example")
    return start_draft(source=source or live(), by=writer)


def begin(desk: Client) -> Edition:
    """Begin a draft of the live edition in the admin."""
    response = desk.post(f"{ADMIN}{live().pk}/draft/")
    assert response.status_code == 302
    assert response["Location"] == f"{ADMIN}{draft().pk}/change/"
    return draft()


def reword(edition: Edition, anchor: str, markdown: str) -> None:
    edition.sections.filter(anchor=anchor).update(markdown=markdown)


def publishing(desk: Client, begun: Edition, **changes: str) -> dict[str, str]:
    """Return what a browser would send back from the publish form."""
    form = desk.get(f"{ADMIN}{begun.pk}/publish/").context["form"]
    return {"seen": form["seen"].value(), "update_type": "major", "change_note": "", **changes}


def form_values(desk: Client, address: str) -> dict[str, str]:
    """Return every field of the admin form at the address, inlines included, as it stands."""
    context = desk.get(address).context
    form = context["adminform"].form
    sent = {name: form[name].value() or "" for name in form.fields}
    for inline in context["inline_admin_formsets"]:
        for bound in (inline.formset.management_form, *inline.formset.forms):
            sent |= {
                bound.add_prefix(name): bound[name].value()
                for name in bound.fields
                if bound[name].value() not in (None, "")
            }
    return sent
