"""Taking words out of editions that readers have seen, for a legal reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from guidance.drafts import DraftText
from guidance.history.redaction import (
    MARK,
    redact_anchors,
    redact_content,
    redact_json,
    redact_markdown,
    redact_text,
)
from guidance.live import as_it_stands
from guidance.models import Arrival, DraftSave, Edition, Origin, Page, Proposal, Redaction


def places_of(*, page: Page, words: str) -> list[tuple[Edition, int]]:
    """Return each public edition of a page that holds the words, with how many times.

    Notes from before the first edition count as its own. Raises ValueError for words too short to
    be looked for.
    """
    counted = [
        (edition, _redact(edition, words))
        for edition in page.editions.public().with_records().oldest_first()
    ]
    if counted:
        first, places = counted[0]
        earlier = sum(redact_text(row.note, words)[1] for row in page.earlier_notes.all())
        counted[0] = (first, places + earlier)
    return [(edition, places) for edition, places in counted if places]


@transaction.atomic
def redact(*, page: Page, words: str, reason: str, by: User, at: datetime) -> list[Redaction]:
    """Take words out of every edition of a page, its drafts and their saves; return the marks.

    Raises ValidationError where they stand in no published edition, or in a session, a region or a
    link that the page shows (it would say them again), ValueError where they are too short. The
    words are stored nowhere.
    """
    Page.objects.select_for_update().get(pk=page.pk)
    if Arrival.objects.filter(draft__page=page).exists():
        raise ValidationError("A draft that was imported is open: publish or discard it first.")
    holding = places_of(page=page, words=words)
    if not holding:
        raise ValidationError("These words stand in no published edition of the page.")
    if redact_text(reason, words)[1]:
        raise ValidationError("The reason repeats the words that are to be taken out.")
    _refuse_facts(page, words, at)
    redactions = []
    for edition, places in holding:
        redaction = Redaction(
            edition=edition,
            reason=reason,
            places=places,
            is_open=True,
            redacted_at=at,
            redacted_by=by,
        )
        redaction.full_clean()
        redaction.save()
        _redact(edition, words)
        edition.save()
        redaction.is_open = False
        redaction.save()
        redactions.append(redaction)
    _redact_sources(page, words)
    _redact_log(words)
    return redactions


def _refuse_facts(page: Page, words: str, at: datetime) -> None:
    """Raise ValidationError where what the live page shows of other tables holds the words."""
    live = page.editions.live().first()
    if live is None:
        return
    frozen = redact_content(live.frozen(), words)[0]
    if redact_content(as_it_stands(frozen, at=at), words)[1]:
        raise ValidationError(
            "These words also stand in a session, a region or a link that the page shows today. "
            "Change it there first: the page would say them again."
        )


def _redact(edition: Edition, words: str) -> int:
    """Take the words out of an edition, unsaved; return in how many places readers saw them."""
    places = 0
    if edition.is_text_held:
        content, places = redact_content(edition.frozen(), words)
        edition.content = content.to_json()
    for column in ("change_note", "cause"):
        text, count = redact_text(getattr(edition, column), words)
        setattr(edition, column, text)
        places += count
    # Not shown apart from the content, which counts them.
    edition.title = _cut(redact_text(edition.title, words)[0])
    edition.lead = redact_text(edition.lead, words)[0]
    notes = [correction.note for correction in edition.note_corrections.all()]
    reasons = [mark.reason for mark in edition.redactions.all()]
    places += sum(redact_text(text, words)[1] for text in [*notes, *reasons])
    if edition.withdrawn:
        places += redact_markdown(edition.withdrawn.explanation, words)[1]
    return places


def _redact_sources(page: Page, words: str) -> None:
    """Take the words out of what editors wrote, so that no draft brings them back."""
    for edition in page.editions.with_records():
        for correction in edition.note_corrections.all():
            correction.note = redact_text(correction.note, words)[0]
            correction.save()
        for mark in edition.redactions.all():
            mark.reason = redact_text(mark.reason, words)[0][:300]
            mark.save()
        if edition.withdrawn:
            explanation, _ = redact_markdown(edition.withdrawn.explanation, words)
            # It says something in any case: all of it may have been a definition of the words.
            edition.withdrawn.explanation = explanation or MARK
            edition.withdrawn.save()
        sections = list(edition.sections.all())
        anchors = redact_anchors([section.anchor for section in sections], words)
        for section, anchor in zip(sections, anchors, strict=True):
            section.heading = _cut(redact_text(section.heading, words)[0])
            section.anchor = anchor
            section.markdown = redact_markdown(section.markdown, words)[0]
            section.save()
        if not edition.is_public:
            edition.title = _cut(redact_text(edition.title, words)[0])
            edition.lead = redact_text(edition.lead, words)[0]
            edition.change_note = redact_text(edition.change_note, words)[0]
            edition.save()
    _redact_beside(page, words)
    for save in DraftSave.objects.filter(draft__page=page):
        save.said = _redacted(save.text(), words).to_json()
        save.save()


def _redact_beside(page: Page, words: str) -> None:
    """Take the words out of what stands beside editions: notes, what was imported, proposals."""
    for row in page.earlier_notes.all():
        row.note = redact_text(row.note, words)[0]
        row.save()
    for origin in Origin.objects.filter(edition__page=page):
        origin.kept = redact_json(origin.kept, words)
        origin.save()
    proposals = Proposal.objects.filter(Q(page=page) | Q(edition__page=page))
    for proposal in proposals.exclude(text=""):
        proposal.text = redact_markdown(proposal.text, words)[0] or MARK
        proposal.save()


def _redact_log(words: str) -> None:
    """Take the words out of the admin's log of guidance: it names sections."""
    for entry in LogEntry.objects.filter(content_type__app_label="guidance"):
        name, places = redact_text(entry.object_repr, words)
        message, places_in_message = redact_text(entry.change_message, words)
        if places or places_in_message:
            entry.object_repr, entry.change_message = _cut(name), message
            entry.save()


def _redacted(text: DraftText, words: str) -> DraftText:
    anchors = redact_anchors([section.anchor for section in text.sections], words)
    return DraftText(
        title=redact_text(text.title, words)[0],
        lead=redact_text(text.lead, words)[0],
        sections=tuple(
            replace(
                section,
                heading=redact_text(section.heading, words)[0],
                anchor=anchor,
                markdown=redact_markdown(section.markdown, words)[0],
            )
            for section, anchor in zip(text.sections, anchors, strict=True)
        ),
    )


def _cut(text: str) -> str:
    """Return a line within its column: the mark may be longer than what it stands for."""
    return text[:200]
