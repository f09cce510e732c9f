"""Where the finder looks things up: functions that it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from regions.answers import Answer, EstablishmentFacts, PlaceFacts, PostcodeFacts, Target
from regions.towns import NO_TOWNS, Towns


def _not_imported(*asked: object) -> None:
    """Answer as if no national file had been imported."""


def _nothing(*asked: object) -> tuple[()]:
    return ()


def _no_areas(slugs: Sequence[str]) -> dict[str, Target]:
    return {}


@dataclass(frozen=True, slots=True)
class Sources:
    """Where to ask.

    `places` gives the places whose key is among the keys; `areas` those of the slugs as targets, by
    slug; `regions` every region as a target; `by_name` the establishments whose key is among the
    keys. `postcodes` is asked by outward code and sector ("" for all of its sectors), `by_number`
    by URN or UKPRN: both give None while their national file has not been imported. `named` holds
    what names were answered with before: of many texts, most name the same places.
    """

    places: Callable[[Sequence[str]], Iterable[PlaceFacts]]
    towns: Towns = NO_TOWNS
    areas: Callable[[Sequence[str]], Mapping[str, Target]] = _no_areas
    regions: Callable[[], Sequence[Target]] = _nothing
    postcodes: Callable[[str, str], Sequence[PostcodeFacts] | None] = _not_imported
    by_number: Callable[[int], Sequence[EstablishmentFacts] | None] = _not_imported
    by_name: Callable[[Sequence[str]], Sequence[EstablishmentFacts]] = _nothing
    named: dict[str, Answer | None] = field(default_factory=dict)
