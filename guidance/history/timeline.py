"""Which edition of a page stood when, and what an edition is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Protocol, TypeVar

from govuk.dates import LONDON


class Published(Protocol):
    """What the timeline needs of a public edition."""

    @property
    def published_at(self) -> datetime | None: ...

    @property
    def is_text_held(self) -> bool: ...

    @property
    def withdrawn(self) -> object | None: ...


AnyEdition = TypeVar("AnyEdition", bound=Published)


def start_of(day: date) -> datetime:
    """Return the moment at which a UK day begins."""
    return datetime.combine(day, time(), tzinfo=LONDON)


def end_of(day: date) -> datetime:
    """Return the moment at which a UK day is over: the next one's midnight."""
    return start_of(day + timedelta(days=1))


def standing_on(day: date, editions: Sequence[AnyEdition]) -> AnyEdition | None:
    """Return the edition that stood at the end of a UK day, or None before the first.

    `editions` are a page's public ones, oldest first.
    """
    stood = _published_before(end_of(day), editions)
    return stood[-1] if stood else None


def stood_on(day: date, editions: Sequence[AnyEdition]) -> list[AnyEdition]:
    """Return the editions that stood at some moment of a UK day: first the one at its start.

    `editions` are a page's public ones, oldest first; so is what is returned.
    """
    before = _published_before(start_of(day), editions)
    return _published_before(end_of(day), editions)[max(len(before) - 1, 0) :]


def held_again(editions: Sequence[AnyEdition]) -> list[AnyEdition]:
    """Return the editions that ended a withdrawal of their page.

    `editions` are a page's public ones, oldest first.
    """
    return [later for earlier, later in pairwise(editions) if earlier.withdrawn]


def compared_with(
    editions: Sequence[AnyEdition],
) -> list[tuple[AnyEdition, AnyEdition | None]]:
    """Return each edition with the one before it, None where either one's text is not held.

    `editions` are a page's public ones, oldest first; so is what is returned.
    """
    before: list[AnyEdition | None] = [None, *editions]
    return [
        (
            edition,
            earlier
            if earlier is not None and earlier.is_text_held and edition.is_text_held
            else None,
        )
        for edition, earlier in zip(editions, before, strict=False)
    ]


def _published_before(moment: datetime, editions: Sequence[AnyEdition]) -> list[AnyEdition]:
    return [
        edition
        for edition in editions
        if edition.published_at is not None and edition.published_at < moment
    ]
