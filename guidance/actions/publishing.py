"""From a draft to what readers see, and back to a draft."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from guidance.models import Edition, Page
from guidance.today import draft_content


@transaction.atomic
def start_draft(*, source: Edition) -> Edition:
    """Store and return a draft that says what an earlier edition said: the live one, or, to undo,
    any other whose text is held.

    Raises ValidationError while the page has an open draft: nobody's text is overwritten.
    """
    page = Page.objects.select_for_update().get(pk=source.page_id)
    if page.editions.drafts().exists():
        raise ValidationError("The page has an open draft already: publish or discard it first.")
    if not source.is_text_held:
        raise ValidationError("The text of that edition is not held.")
    draft = Edition(page=page, title=source.title, lead=source.lead)
    draft.full_clean()
    draft.save()
    copy_sections(source, draft)
    return draft


@transaction.atomic
def publish(
    *, draft: Edition, update_type: Edition.UpdateType, change_note: str, by: User, at: datetime
) -> Edition:
    """Freeze what a draft says and let it stand in the place of the live edition.

    Raises ValidationError for a major update without a note, and for what is no draft any more.
    """
    page = Page.objects.select_for_update().get(pk=draft.page_id)
    edition = page.editions.drafts().filter(pk=draft.pk).first()
    if edition is None:
        raise ValidationError("This draft has been published or discarded already.")
    page.editions.live().update(state=Edition.State.SUPERSEDED)
    edition.number = next_number(page)
    edition.state = Edition.State.PUBLISHED
    edition.update_type = update_type
    edition.change_note = change_note if update_type == Edition.UpdateType.MAJOR else ""
    edition.published_at = at
    edition.published_by = by
    edition.content = draft_content(edition, at=at, with_examples=False).to_json()
    edition.full_clean()
    edition.save()
    return edition


@transaction.atomic
def discard_draft(*, draft: Edition) -> None:
    """Delete a draft with its sections. Raises ValidationError for what is no draft any more."""
    found = Edition.objects.drafts().filter(pk=draft.pk).first()
    if found is None:
        raise ValidationError("This draft has been published or discarded already.")
    found.delete()


def next_number(page: Page) -> int:
    """Return the number of the page's next public edition."""
    newest: int = page.editions.aggregate(newest=Max("number"))["newest"] or 0
    return newest + 1


def copy_sections(source: Edition, target: Edition) -> None:
    """Give an edition the sections of another."""
    for section in source.sections.all():
        section.pk = None
        section.edition = target
        section.save()
