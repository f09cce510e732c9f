"""Which edition of a page stood when, and what an edition is compared with. No Django."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Protocol, TypeVar

from govuk.dates import LONDON


class Published(Protocol):
    """What the timeline must know of a public edition."""

    @property
    def published_at(self) -> datetime | None: ...

    @property
    def is_text_held(self) -> bool: ...


AnyEdition = TypeVar("AnyEdition", bound=Published)


def end_of(day: date) -> datetime:
    """Return the moment at which a UK day is over: the next one's midnight."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON)


def standing_on(day: date, editions: Sequence[AnyEdition]) -> AnyEdition | None:
    """Return the edition that stood at the end of a UK day, or None before the first.

    `editions` are a page's public ones, oldest first.
    """
    moment = end_of(day)
    stood = [
        edition
        for edition in editions
        if edition.published_at is not None and edition.published_at < moment
    ]
    return stood[-1] if stood else None


def compared_with(
    editions: Sequence[AnyEdition],
) -> list[tuple[AnyEdition, AnyEdition | None]]:
    """Return each edition with the one before it, None where either one's text is not held.

    `editions` are a page's public ones, oldest first; so is what is returned.
    """
    before: list[AnyEdition | None] = [None, *editions[:-1]]
    return [
        (
            edition,
            earlier
            if earlier is not None and earlier.is_text_held and edition.is_text_held
            else None,
        )
        for edition, earlier in zip(editions, before, strict=True)
    ]
