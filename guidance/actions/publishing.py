"""From a draft to what readers see, and back to a draft."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from guidance.actions.importing import import_items
from guidance.actions.storing import (
    copy_sections,
    next_number,
    not_before_the_last,
)
from guidance.live import draft_content, render_whole
from guidance.models import Arrival, DraftSave, Edition, Page, Proposal, Section
from guidance.text.markdown import UnrenderableError
from guidance.whitehall.content_item import ItemError, read_item

logger = logging.getLogger(__name__)

# A time that is nearly there would be published before anyone could think better of it.
SOONEST: Final = timedelta(minutes=5)
GONE: Final = "This draft has been published, scheduled or discarded already."


@transaction.atomic
def start_draft(*, source: Edition, by: User) -> Edition:
    """Store and return a draft that says what an earlier edition said: the live one, or, to undo,
    any other whose text is held.

    Raises ValidationError while the page has an open draft: nobody's text is overwritten.
    """
    page = Page.objects.select_for_update().get(pk=source.page_id)
    if page.editions.open().exists():
        raise ValidationError("The page has an open draft already: publish or discard it first.")
    if not source.is_text_held:
        raise ValidationError("The text of that edition is not held.")
    draft = Edition(page=page, title=source.title, lead=source.lead)
    draft.full_clean()
    draft.save()
    copy_sections(source, draft)
    store_save(draft=draft, by=by)
    return draft


@transaction.atomic
def begin_page(*, page: Page, by: User) -> Edition:
    """Store and return the first draft of a page that has none: a title and a section to fill.

    Raises ValidationError for a page that has an edition.
    """
    page = Page.objects.select_for_update().get(pk=page.pk)
    if page.editions.exists():
        raise ValidationError("This page has been begun already.")
    draft = Edition(page=page, title=page.slug.replace("-", " ").capitalize())
    draft.full_clean()
    draft.save()
    Section.objects.create(
        edition=draft, position=1, heading="What this is about", anchor="what-this-is-about"
    )
    store_save(draft=draft, by=by)
    return draft


def store_save(*, draft: Edition, by: User) -> DraftSave:
    """Store what a draft says now as one save of it, by whoever saved it."""
    return DraftSave.objects.create(draft=draft, saved_by=by, said=draft.text().to_json())


def publish(
    *,
    draft: Edition,
    update_type: Edition.UpdateType,
    change_note: str,
    by: User,
    at: datetime,
    seen: str | None = None,
) -> Edition:
    """Freeze what a draft says, and put it in the place of the live edition.

    `seen` is the fingerprint of the text that `by` was shown. Raises ValidationError for a major
    update without a note, for what is no draft any more or says something else than was seen or
    just what readers see already, for what no page can show, and where the page needs a second
    person and `by` is one of its writers.
    """
    refuse_unrenderable(draft)
    with transaction.atomic():
        page, edition = locked_draft(draft, seen=seen)
        set_announcement(edition, update_type, change_note)
        _refuse_writer(edition, by)
        _refuse_unchanged(page, edition)
        return _make_live(page, edition, by=by, at=at)


def schedule(
    *,
    draft: Edition,
    scheduled_for: datetime,
    update_type: Edition.UpdateType,
    change_note: str,
    by: User,
    at: datetime,
    seen: str | None = None,
) -> Edition:
    """Schedule a draft for the worker to publish at a time to come.

    Raises ValidationError for a time less than five minutes ahead of `at`, and as `publish` does.
    """
    if scheduled_for < at + SOONEST:
        raise ValidationError("Choose a time at least five minutes from now.")
    refuse_unrenderable(draft)
    with transaction.atomic():
        page, edition = locked_draft(draft, seen=seen)
        set_announcement(edition, update_type, change_note)
        _refuse_writer(edition, by)
        _refuse_unchanged(page, edition)
        edition.state = Edition.State.SCHEDULED
        edition.scheduled_for = scheduled_for
        edition.scheduled_by = by
        edition.full_clean()
        edition.save()
        Proposal.objects.filter(edition=edition).delete()
    return edition


@transaction.atomic
def unschedule(*, edition: Edition) -> Edition:
    """Make a scheduled edition a draft again. Raises ValidationError if it is scheduled no more."""
    page = Page.objects.select_for_update().get(pk=edition.page_id)
    scheduled = page.editions.filter(pk=edition.pk, state=Edition.State.SCHEDULED).first()
    if scheduled is None:
        raise ValidationError("This edition is not scheduled any more.")
    scheduled.state = Edition.State.DRAFT
    scheduled.scheduled_for = scheduled.scheduled_by = None
    scheduled.save()
    return scheduled


def publish_due(*, at: datetime) -> list[Edition]:
    """Publish what is scheduled for a time up to `at`; return it.

    Each is one transaction under its page's lock, so that two workers, or one that is killed and
    started again, publish it once. What cannot be published is logged and keeps no other waiting.
    """
    published = []
    for due in Edition.objects.due(at=at).order_by("scheduled_for"):
        key = due.pk
        try:
            refuse_unrenderable(due)
            edition = _publish_scheduled(key, due.page_id, at)
        except (ValidationError, ValueError):
            logger.exception("Edition %s could not be published", key)
        else:
            published += [edition] if edition else []
    return published


@transaction.atomic
def _publish_scheduled(key: int, page_id: int, at: datetime) -> Edition | None:
    page = Page.objects.select_for_update().get(pk=page_id)
    edition = page.editions.due(at=at).filter(pk=key).select_related("scheduled_by").first()
    if edition is None or edition.scheduled_by is None:
        return None
    if needs_another_person(edition, edition.scheduled_by):
        # It was scheduled before the page's settings asked for a second person.
        logger.warning("Edition %s needs a second person: it is a draft again", key)
        unschedule(edition=edition)
        return None
    return _make_live(page, edition, by=edition.scheduled_by, at=at)


@transaction.atomic
def discard_draft(*, draft: Edition) -> None:
    """Delete a draft with its sections. Raises ValidationError for what is no draft any more."""
    _, locked = locked_draft(draft)
    locked.delete()


def refuse_unrenderable(edition: Edition) -> None:
    """Render an edition's text, before anything is locked: nobody waits for it then.

    Raises ValidationError for what no page can show.
    """
    try:
        render_whole(edition.text())
    except UnrenderableError as error:
        raise ValidationError(f"This cannot be published. {error}") from error


def needs_another_person(draft: Edition, by: User) -> bool:
    """Whether somebody else than this person has to publish a draft: nobody who wrote in it may.

    Only where the page's settings ask for two pairs of eyes.
    """
    return draft.page.needs_second_person and draft.saves.filter(saved_by=by).exists()


def locked_draft(draft: Edition, *, seen: str | None = None) -> tuple[Page, Edition]:
    """Return the draft as it is now, with its page locked.

    Raises ValidationError if it is gone, or says something else than was seen.
    """
    page = Page.objects.select_for_update().get(pk=draft.page_id)
    edition = page.editions.drafts().filter(pk=draft.pk).first()
    if edition is None:
        raise ValidationError(GONE)
    if seen is not None and edition.text().fingerprint() != seen:
        raise ValidationError(
            "The draft has been changed since you looked at it. See below what it changes now, and "
            "choose again."
        )
    return page, edition


def _refuse_unchanged(page: Page, edition: Edition) -> None:
    """Refuse an edition that says what the live one says: the history would tell of nothing.

    What was imported brings updates with it, whatever its text.
    """
    if Arrival.objects.filter(draft=edition).exists():
        return
    live = page.editions.live().first()
    if live is not None and live.sections.exists() and live.text() == edition.text():
        raise ValidationError(
            "The draft says what readers see already, so there is nothing to publish. Change it "
            "first, or discard it."
        )


def set_announcement(edition: Edition, update_type: Edition.UpdateType, change_note: str) -> None:
    """Set how an update is announced. Raises ValidationError for a major one without a note."""
    is_major = update_type == Edition.UpdateType.MAJOR
    if is_major and not change_note:
        raise ValidationError("A major update needs a change note.")
    edition.update_type = update_type
    edition.change_note = change_note if is_major else ""


def _refuse_writer(edition: Edition, by: User) -> None:
    if needs_another_person(edition, by):
        raise ValidationError(
            "This page needs a second person: you wrote in this draft, so somebody else has to "
            "publish it."
        )


def _make_live(page: Page, edition: Edition, *, by: User, at: datetime) -> Edition:
    """Freeze an edition of a locked page, and put it in the place of the live one.

    With a draft that was imported comes its page's history. As it came, it is the newest edition of
    that history itself.
    """
    arrival = Arrival.objects.filter(draft=edition).first()
    if arrival is not None:
        newest = _bring_in(page, arrival, at=at)
        arrival.delete()
        is_as_it_came = newest.text().fingerprint() == edition.text().fingerprint()
        if is_as_it_came and edition.update_type == Edition.UpdateType.MINOR:
            edition.delete()
            return newest
    page.editions.live().update(state=Edition.State.SUPERSEDED)
    edition.number = next_number(page)
    edition.state = Edition.State.PUBLISHED
    edition.published_at = not_before_the_last(page, at)
    edition.published_by = by
    edition.content = draft_content(edition, at=at, with_examples=False).to_json()
    edition.full_clean()
    edition.save()
    edition.saves.all().delete()
    Proposal.objects.filter(edition=edition).delete()
    return edition


def _bring_in(page: Page, arrival: Arrival, *, at: datetime) -> Edition:
    """Store the editions that a draft was imported with; return the newest.

    Raises ValidationError where the page has become another one meanwhile.
    """
    try:
        import_items([read_item(text.encode(), name=name) for name, text in arrival.states], at=at)
    except ItemError as error:
        raise ValidationError(str(error)) from error
    return page.editions.shown().get()
