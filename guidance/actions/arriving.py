"""A page of GOV.UK's arrives as a draft: readers see nothing of it until it is published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from guidance.actions.importing import plan_import
from guidance.actions.publishing import store_save
from guidance.actions.storing import store_sections
from guidance.models import Arrival, Edition, Page
from guidance.text.ids import RESERVED_ANCHORS
from guidance.whitehall.content_item import ContentItem, ItemError
from guidance.whitehall.sections import convert


@transaction.atomic
def receive(
    *, items: Sequence[ContentItem], sources: Sequence[tuple[str, str]], by: User, at: datetime
) -> Edition | None:
    """Store a draft that says what the newest of these states says; return it.

    `sources` are the states' files by name, in the same order: publishing the draft brings in the
    history that they tell. None where all of it is here already. Raises ItemError as `plan_import`
    does, and where the page has an open draft: nobody's text is overwritten.
    """
    if not plan_import(items, at=at).editions:
        return None
    newest = items[-1]
    page, _ = Page.objects.get_or_create(
        slug=newest.slug, defaults={"applies_to": newest.applies_to}
    )
    page = Page.objects.select_for_update().get(pk=page.pk)
    if page.editions.open().exists():
        raise ItemError("The page has an open draft already: publish or discard it first.")
    draft = Edition(
        page=page,
        title=newest.title,
        lead=newest.description,
        update_type=Edition.UpdateType.MINOR,
    )
    draft.full_clean()
    draft.save()
    sections = convert(newest.body, reserved=RESERVED_ANCHORS).sections
    store_sections(edition=draft, sections=sections)
    store_save(draft=draft, by=by)
    Arrival.objects.create(
        draft=draft, states=[list(source) for source in sources], arrived_at=at, arrived_by=by
    )
    return draft
