"""What the finder must know of the tables' rows, as plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from string import ascii_uppercase
from typing import Any, Final

from django.db.models import Q, QuerySet

from regions.answers import EstablishmentFacts, PlaceFacts, PostcodeFacts, Target
from regions.models import Area, Establishment, Place, PostcodeSector, Region
from regions.prepared import Prepared

# An outward code and a sector; without a sector, all of the outward code's.
Beginning = tuple[str, str]

_AREA: Final = ("region__slug", "region__name", "slug", "name", "is_in_england")
_ROWS_AREA: Final = tuple(f"area__{column}" for column in _AREA)
_PLACE: Final = (
    *("key", "name", "stands_for", "kind", "is_outside_england", "targets__pk", "targets__label"),
    *("targets__region__slug", "targets__region__name"),
    *(f"targets__{column}" for column in _ROWS_AREA),
)
_POSTCODE: Final = ("outward", "sector", "units", "nation", "in_use", "council", *_ROWS_AREA)
_ESTABLISHMENT: Final = ("urn", "ukprn", "key", "name", "town", "status", "council", *_ROWS_AREA)


def areas(slugs: Sequence[str]) -> dict[str, Target]:
    """Return the areas of the slugs as targets, by slug, in one query."""
    return _areas(_AREAS_BY_SLUG.rows(slugs))


def all_areas() -> dict[str, Target]:
    """Return every area as a target, by its slug, in one query."""
    return _areas(_area_rows())


def regions() -> list[Target]:
    """Return every region as a target, in their order, in one query."""
    return [Target(*row) for row in Region.objects.values_list("slug", "name")]


def places(keys: Sequence[str]) -> list[PlaceFacts]:
    """Return the places whose key is among the keys, in one query."""
    return list(_places(_PLACES_BY_KEY.rows(keys)))


def all_places() -> list[PlaceFacts]:
    """Return every place, in one query."""
    return list(_places(_place_rows()))


def postcodes(outward: str, sector: str) -> list[PostcodeFacts] | None:
    """Return the postcodes that begin so, in one query.

    None where no directory has been imported at all.
    """
    found = postcodes_of([(outward, sector)])
    return None if found is None else found[outward, sector]


def postcodes_of(
    beginnings: Collection[Beginning],
) -> dict[Beginning, list[PostcodeFacts]] | None:
    """Return what `postcodes` returns for each beginning, in few queries; None as there."""
    outwards = {
        name
        for outward, sector in beginnings
        for name in ([outward] if sector else _outwards(outward))
    }
    rows: dict[str, list[PostcodeFacts]] = defaultdict(list)
    for outward, sector, units, nation, in_use, council, *area in _POSTCODES.rows(sorted(outwards)):
        facts = PostcodeFacts(sector, bytes(units), _target(council, area), nation, bool(in_use))
        rows[outward].append(facts)
    found = {
        (outward, sector): (
            [facts for facts in rows[outward] if facts.sector == sector]
            if sector
            else [facts for name in _outwards(outward) for facts in rows[name]]
        )
        for outward, sector in beginnings
    }
    return found if any(found.values()) or PostcodeSector.objects.exists() else None


def by_number(number: int) -> list[EstablishmentFacts] | None:
    """Return the establishments with that URN or UKPRN, in one query.

    None where no list has been imported at all.
    """
    found = by_numbers([number])
    return None if found is None else found.get(number, [])


def by_numbers(numbers: Collection[int]) -> dict[int, list[EstablishmentFacts]] | None:
    """Return what `by_number` returns for each number, in few queries; None as there."""
    found: dict[int, list[EstablishmentFacts]] = defaultdict(list)
    wanted = set(numbers)
    for urn, ukprn, _, *row in _BY_NUMBER.rows(sorted(wanted)):
        for number in {urn, ukprn} & wanted:
            found[number].append(_establishment(*row))
    return found if found or Establishment.objects.exists() else None


def by_name(keys: Sequence[str]) -> list[EstablishmentFacts]:
    """Return the establishments of that name, by its keys, in one query."""
    return [_establishment(*row) for _, _, _, *row in _BY_NAME.rows(keys)]


def by_names(keys: Collection[str]) -> dict[str, list[EstablishmentFacts]]:
    """Return what `by_name` returns for each key, in few queries."""
    found: dict[str, list[EstablishmentFacts]] = defaultdict(list)
    for _, _, key, *row in _BY_NAME.rows(sorted(keys)):
        found[key].append(_establishment(*row))
    return found


def _outwards(outward: str) -> list[str]:
    """Return the outward codes that one stands for: "SW1" is short for SW1A, SW1E and so on."""
    return [outward, *(outward + last for last in ascii_uppercase)]


def _target(council: str, area: Sequence[Any], label: str = "") -> Target | None:
    """Return an area, by its columns, as a target; None where there is none."""
    region_slug, region_name, slug, name, is_in_england = area
    if slug is None:
        return None
    return Target(region_slug, region_name, slug, name, bool(is_in_england), label, council)


def _establishment(
    name: str, town: str, status: str, council: str, *area: Any
) -> EstablishmentFacts:
    is_closed = status == Establishment.Status.CLOSED
    return EstablishmentFacts(name, town, is_closed, _target(council, area))


def _places(rows: Iterable[tuple[Any, ...]]) -> Iterator[PlaceFacts]:
    """Yield a place for all rows of its key, which come together: one for each of its targets."""
    for key, those in groupby(rows, key=itemgetter(0)):
        lines = list(those)
        _, name, stands_for, kind, is_outside, *_ = lines[0]
        usual = stands_for or name
        council = usual if kind == Place.Kind.COUNCIL else ""
        targets = [
            _target(council, area, label) or Target(region_slug, region_name, label=label)
            for _, _, _, _, _, target, label, region_slug, region_name, *area in lines
            if target is not None
        ]
        yield PlaceFacts(key, usual, kind, tuple(targets), bool(is_outside))


def _areas(rows: Iterable[tuple[Any, ...]]) -> dict[str, Target]:
    targets = (_target("", row) for row in rows)
    return {target.area_slug: target for target in targets if target}


def _area_rows() -> QuerySet[Area, tuple[Any, ...]]:
    return Area.objects.order_by().values_list(*_AREA)


def _place_rows() -> QuerySet[Place, tuple[Any, ...]]:
    order = ("pk", "targets__position", "targets__pk")
    return Place.objects.order_by(*order).values_list(*_PLACE)


def _establishment_rows(condition: Q) -> QuerySet[Establishment, tuple[Any, ...]]:
    rows = Establishment.objects.filter(condition).order_by("name", "urn")
    return rows.values_list(*_ESTABLISHMENT)


_AREAS_BY_SLUG: Final = Prepared(lambda slugs: _area_rows().filter(slug__in=slugs))
_PLACES_BY_KEY: Final = Prepared(lambda keys: _place_rows().filter(key__in=keys))
_POSTCODES: Final = Prepared(
    lambda outwards: (
        PostcodeSector.objects.filter(outward__in=outwards).order_by("pk").values_list(*_POSTCODE)
    )
)
_BY_NUMBER: Final = Prepared(
    lambda numbers: _establishment_rows(Q(urn__in=numbers) | Q(ukprn__in=numbers))
)
_BY_NAME: Final = Prepared(lambda keys: _establishment_rows(Q(key__in=keys)))
