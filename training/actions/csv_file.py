"""A CSV file of sessions: what it would do, and doing what was looked at, all or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from accounts.models import User
from training.actions.entering import (
    RowsRefusedError,
    filled,
    judge_rows,
    region_names,
    store,
    track_words,
)
from training.csv_file import read_rows
from training.models import Session, SessionQuerySet
from training.pasting import Row


def look_at_file(text: str, *, at: datetime) -> tuple[list[Row], dict[str, int]]:
    """Return the file's rows with what is wrong in each, and its sessions' revisions by their ids.

    Raises NotATableError for what is no table of sessions.
    """
    stored = _by_id(Session.objects.all())
    rows = _judged(text, stored, at)
    return rows, {row.session_id: stored[row.session_id].sequence for row in rows if row.session_id}


@transaction.atomic
def store_file(
    *,
    text: str,
    revisions: Mapping[str, int],
    at: datetime,
    by: User,
    corrects_mistake: bool = False,
) -> tuple[list[Session], list[Session]]:
    """Do what the file says, all or none; return the sessions that were added, and the changed.

    `revisions` are those that were looked at. Of changes with `corrects_mistake` none is a move.
    Raises RowsRefusedError if a row has a mistake, or its session another revision by now;
    NotATableError; ValidationError if a session breaks a constraint.
    """
    stored = _by_id(Session.objects.select_for_update(of=("self",)))
    rows = _judged(text, stored, at)
    for number, row in enumerate(rows):
        if (
            row.does == "changed"
            and revisions.get(row.session_id) != stored[row.session_id].sequence
        ):
            fault = "Somebody has changed this session meanwhile. Look at the file again."
            rows[number] = replace(row, mistakes=(*row.mistakes, fault))
    if any(row.mistakes for row in rows):
        raise RowsRefusedError(rows)
    changing = [row for row in rows if row.does == "changed"]
    changed = filled(changing, [stored[row.session_id] for row in changing])
    _make_room_for(changed)
    for session in changed:
        session.corrects_mistake = corrects_mistake
        session.full_clean()
        session._history_user = by  # type: ignore[attr-defined]  # simple-history asks for it.
        session.save()
    new = [row for row in rows if row.does == "new"]
    return store(filled(new, [Session() for _ in new]), by=by), changed


def _by_id(sessions: SessionQuerySet) -> dict[str, Session]:
    return {str(session.pk): session for session in sessions.with_relations()}


def _judged(text: str, stored: Mapping[str, Session], at: datetime) -> list[Row]:
    """Return the file's rows, judged unless they change nothing."""
    rows = read_rows(
        text,
        stored={key: session.facts() for key, session in stored.items()},
        tracks=track_words(),
        regions=region_names(),
    )
    changing = [row for row in rows if row.does != "unchanged"]
    judged = {row.number: row for row in judge_rows(changing, at=at, noun="row")}
    return [judged.get(row.number, row) for row in rows]


def _make_room_for(sessions: list[Session]) -> None:
    """Set titles and links aside, so that each session may take another's date or link."""
    rows = Session.objects.filter(pk__in=[session.pk for session in sessions])
    # Django's own update: this is no revision of them.
    QuerySet.update(rows, title=Cast("uid", CharField(max_length=40)), registration_url="")
