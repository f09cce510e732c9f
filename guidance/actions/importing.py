"""Bringing a page of GOV.UK's in, with the editions that its states and its log make."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from guidance.actions.amending import mark_withdrawn
from guidance.actions.storing import next_number, store_sections
from guidance.drafts import DraftText
from guidance.live import rendered
from guidance.models import Edition, Origin, Page
from guidance.text.ids import RESERVED_ANCHORS
from guidance.whitehall.content_item import ContentItem, ItemError, PlannedEdition, plan
from guidance.whitehall.sections import ConversionError, Converted, as_markdown, convert

CAUSE: Final = "Imported from GOV.UK."


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do: the editions to come, and what they cannot carry, in words."""

    slug: str
    title: str
    editions: tuple[PlannedEdition, ...]
    not_carried: tuple[str, ...]


def plan_import(items: Sequence[ContentItem], *, at: datetime) -> ImportPlan:
    """Return what an import of these states, oldest first, would add at the time `at`.

    Raises ItemError for states that do not make one page or are of days to come, for a page that
    was written here, and for a state from before what is held already.
    """
    return _prepared(items, at).plan


def import_items(items: Sequence[ContentItem], *, at: datetime) -> ImportPlan:
    """Store what `plan_import` returns, all of it or nothing; a second time, it adds nothing.

    Raises ItemError as `plan_import` does.
    """
    # What takes time comes before the transaction.
    prepared = _prepared(items, at)
    with transaction.atomic():
        return _import(items[-1], prepared)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """States that have been converted: `sections` by each one's time, and why it is withdrawn."""

    planned: tuple[PlannedEdition, ...]
    sections: dict[datetime, Converted]
    explanation: str
    plan: ImportPlan


def _import(newest: ContentItem, prepared: _Prepared) -> ImportPlan:
    page, is_new = Page.objects.get_or_create(
        slug=newest.slug, defaults={"applies_to": newest.applies_to}
    )
    page = Page.objects.select_for_update().get(pk=page.pk)
    # Looked at again: somebody else may have imported the same meanwhile.
    missing = list(prepared.planned) if is_new else _missing(newest, prepared.planned)
    if not is_new and missing and page.applies_to != newest.applies_to:
        page.applies_to = newest.applies_to
        page.save()
    for planned in missing:
        _store(page, planned, prepared.sections)
    _withdraw(page, newest, prepared.explanation)
    return replace(prepared.plan, editions=tuple(missing))


def _prepared(items: Sequence[ContentItem], at: datetime) -> _Prepared:
    planned, converted = _planned(items)
    newest = items[-1]
    for item in items:
        days = [item.updated_at, *(update.at for update in item.history)]
        if max(days) > at + timedelta(days=1):
            raise ItemError(f"{item.name} tells of a day that is still to come.")
    explanation = ""
    if newest.withdrawn:
        try:
            explanation = as_markdown(newest.withdrawn.explanation)
        except ConversionError as error:
            raise ItemError(f"{newest.name}: the withdrawal's explanation: {error}") from error
    missing = _missing(newest, planned)
    not_carried = {
        f"{edition.item.name}: {note}": None
        for edition in missing
        if edition.item
        for note in converted[edition.item.updated_at].not_carried
    }
    plan = ImportPlan(newest.slug, newest.title, tuple(missing), tuple(not_carried))
    return _Prepared(tuple(planned), converted, explanation, plan)


def _planned(
    items: Sequence[ContentItem],
) -> tuple[list[PlannedEdition], dict[datetime, Converted]]:
    """Return the editions of these states, and the sections of each state by its time."""
    planned = plan(items)
    converted = {}
    for item in items:
        try:
            converted[item.updated_at] = convert(item.body, reserved=RESERVED_ANCHORS)
        except ConversionError as error:
            raise ItemError(f"{item.name}: {error}") from error
    return planned, converted


def _missing(item: ContentItem, planned: Sequence[PlannedEdition]) -> list[PlannedEdition]:
    """Return the editions that the page does not have yet."""
    page = Page.objects.filter(slug=item.slug).first()
    if page is None:
        return list(planned)
    held = list(page.editions.public().select_related("origin").order_by("number"))
    if not held:
        return list(planned)
    origins = [edition.origin for edition in held if hasattr(edition, "origin")]
    if not origins or any(edition.cause != CAUSE for edition in held):
        raise ItemError(f"There is a page at {page.get_absolute_url()} that was written here.")
    if str(origins[-1].content_id) != item.content_id:
        raise ItemError(f"The address {page.get_absolute_url()} is taken by another page.")
    states = {origin.updated_at for origin in origins}
    updates = {e.published_at for e in held if e.update_type == Edition.UpdateType.MAJOR}
    last = max([e.published_at for e in held if e.published_at] + list(states))
    missing = []
    for edition in planned:
        new = _still_missing(edition, states, updates)
        if new is None:
            continue
        if new.at < last:
            raise ItemError(
                "These files tell of an update from before what is held already. What is held is "
                "never altered."
            )
        missing.append(new)
    return missing


def _still_missing(
    edition: PlannedEdition, states: Container[datetime], updates: Container[datetime | None]
) -> PlannedEdition | None:
    """Return what a planned edition adds to the states and updates that are held, or None.

    A new state whose newest update is there already is a minor change.
    """
    item = edition.item
    if item is None:
        return None if edition.at in updates else edition
    if item.updated_at in states:
        return None
    if edition.note and edition.at in updates:
        return PlannedEdition(item.updated_at, "", item)
    return edition


def _kind(planned: PlannedEdition) -> Edition.UpdateType:
    return Edition.UpdateType.MAJOR if planned.note else Edition.UpdateType.MINOR


def _store(page: Page, planned: PlannedEdition, converted: dict[datetime, Converted]) -> None:
    """Add an edition as the newest of its page."""
    item = planned.item
    edition = Edition(
        page=page,
        number=next_number(page),
        state=Edition.State.SUPERSEDED,
        update_type=_kind(planned),
        change_note=planned.note,
        cause=CAUSE,
        published_at=planned.at,
        is_text_held=item is not None,
    )
    if item is not None:
        sections = converted[item.updated_at].sections
        edition.state = Edition.State.PUBLISHED
        edition.title = item.title
        edition.lead = item.description
        text = DraftText(item.title, item.description, sections)
        edition.content = rendered(text).to_json()
        page.editions.live().update(state=Edition.State.SUPERSEDED)
    edition.full_clean()
    edition.save()
    if item is not None:
        _store_source(edition, item, converted[item.updated_at])


def _store_source(edition: Edition, item: ContentItem, converted: Converted) -> None:
    """Store an edition's Markdown, and what else its content item said."""
    store_sections(edition=edition, sections=converted.sections)
    Origin.objects.create(
        edition=edition,
        content_id=item.content_id,
        base_path=item.base_path,
        first_published_at=item.first_published_at,
        public_updated_at=item.public_updated_at,
        updated_at=item.updated_at,
        kept={**item.rest, "nations": item.nations},
    )


def _withdraw(page: Page, item: ContentItem, explanation: str) -> None:
    """Withdraw a page that its newest state says is withdrawn."""
    live = page.editions.live().first()
    if item.withdrawn is None or live is None:
        return
    mark_withdrawn(
        edition=live,
        explanation=explanation or "This page was withdrawn.",
        cause=CAUSE,
        at=item.withdrawn.at,
    )
