"""Recording what a page says when its sessions, regions or links changed by themselves."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import transaction

from guidance.actions.publishing import copy_sections, next_number, not_before_the_last
from guidance.history.causes import cause
from guidance.live import as_it_stands
from guidance.models import Edition, Page


def reconcile(*, at: datetime) -> list[Edition]:
    """Record what each page says now, where its sessions, regions or links have changed.

    One minor edition a page, with the cause in words and no person. Returns the editions made.
    """
    live = Edition.objects.live().select_related("page")
    made = [_reconcile_page(edition.page, at) for edition in live if changed_since(edition, at=at)]
    return [edition for edition in made if edition is not None]


def changed_since(edition: Edition, *, at: datetime) -> str:
    """Return in words what changed since a live edition froze the page; "" for nothing."""
    frozen = edition.frozen()
    return cause(frozen, as_it_stands(frozen, at=at, with_examples=False), at=at)


def facts_of(edition: Edition, *, at: datetime) -> str:
    """Return all that a live page says at `at` as one text, to tell whether it stands still."""
    return json.dumps(as_it_stands(edition.frozen(), at=at, with_examples=False).to_json())


@transaction.atomic
def _reconcile_page(page: Page, at: datetime) -> Edition | None:
    """Record the change under a lock, so that two workers record it once."""
    Page.objects.select_for_update().get(pk=page.pk)
    before = page.editions.live().first()
    reason = changed_since(before, at=at) if before else ""
    if before is None or not reason:
        return None
    Edition.objects.filter(pk=before.pk).update(state=Edition.State.SUPERSEDED)
    content = as_it_stands(before.frozen(), at=at, with_examples=False)
    edition = Edition(
        page=page,
        number=next_number(page),
        state=Edition.State.PUBLISHED,
        update_type=Edition.UpdateType.MINOR,
        cause=reason,
        published_at=not_before_the_last(page, at),
        title=before.title,
        lead=before.lead,
        is_restated=before.is_restated,
        content=content.to_json(),
    )
    edition.full_clean()
    edition.save()
    copy_sections(before, edition)
    return edition
