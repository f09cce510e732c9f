"""Recording what a page says when its sessions, regions or links changed by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from guidance.actions.storing import copy_sections, next_number, not_before_the_last
from guidance.content import Content
from guidance.history.causes import cause
from guidance.live import as_it_stands
from guidance.models import Edition, Page

Seen = Mapping[int, Content]
"""What each page said that differs from its live edition, by that edition's key."""


def reconcile(*, at: datetime, seen: Seen | None = None) -> tuple[list[Edition], Seen]:
    """Record what each page says at `at`, where its sessions, regions or links have changed.

    One minor edition a page, with the cause in words and no person. `seen` is what the look before
    this one returned: a change is recorded if it has stood still since, so that twelve dates
    entered one after the other are one edition. Without `seen` it is recorded at once.

    Return the editions made, and what to give to the next look.
    """
    made, waiting = [], {}
    for edition in Edition.objects.live().select_related("page"):
        frozen = edition.frozen()
        now = as_it_stands(frozen, at=at, with_examples=False)
        reason = cause(frozen, now, at=at)
        if not reason:
            continue
        if seen is not None and seen.get(edition.pk) != now:
            waiting[edition.pk] = now
        elif successor := _record(edition, now, reason, at):
            made.append(successor)
    return made, waiting


@transaction.atomic
def _record(edition: Edition, content: Content, reason: str, at: datetime) -> Edition | None:
    """Let what the page says now stand in the place of its live edition; return the new edition.

    None if that edition stands no longer, or says something else since it was compared: another
    worker was quicker, or words were taken out of it. The next look sees what is left to record.
    """
    page = Page.objects.select_for_update().get(pk=edition.page_id)
    before = page.editions.live().first()
    if before is None or (before.pk, before.content) != (edition.pk, edition.content):
        return None
    Edition.objects.filter(pk=before.pk).update(state=Edition.State.SUPERSEDED)
    successor = Edition(
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
    successor.full_clean()
    successor.save()
    copy_sections(before, successor)
    return successor
