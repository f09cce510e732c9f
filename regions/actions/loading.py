"""Loading what every site has: regions, areas, places, and one vacant post a region."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models, transaction

from regions.models import Area, Coordinator, LocalContact, Place, PlaceTarget, Post, Region
from regions.names import normalise

DATA = Path(__file__).resolve().parent.parent / "data"
OUTSIDE = "outside-england"


@dataclass(frozen=True, slots=True)
class _Name:
    """One name of the shipped list. `targets` are (`area`|`region`, slug, label)."""

    name: str
    kind: str
    stands_for: str = ""
    targets: tuple[tuple[str, str, str], ...] = ()
    outside: bool = field(default=False)


def shipped_rows(file: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a file in regions/data, by the names of its columns."""
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


@transaction.atomic
def load_regions() -> int:
    """Create or update the regions and areas of the shipped list; return how many areas there are.

    Names and order are the list's; an editor's newsletter text stays.
    """
    for row in shipped_rows("regions.csv"):
        _store(Region.objects, row["slug"], name=row["name"], position=int(row["position"]))
    regions = {region.slug: region for region in Region.objects.all()}
    for row in shipped_rows("areas.csv"):
        _store(
            Area.objects,
            row["slug"],
            name=row["name"],
            region=regions[row["region"]],
            position=int(row["position"]),
            is_listed=row["listed"] == "yes",
            is_in_england=row["in_england"] == "yes",
        )
    return Area.objects.count()


def _store(rows: models.Manager[Any], slug: str, **values: Any) -> None:
    """Create or update a row. One that is right is not saved: its history would say it changed."""
    if not rows.filter(slug=slug, **values).exists():
        rows.update_or_create(slug=slug, defaults=values)


@transaction.atomic
def load_places() -> int:
    """Make the shipped places what the files hold; return how many there are.

    A place that an editor added stays, also where the list has one of its name; and so does one
    whose local contact an editor keeps. What stays on the list keeps its row.
    """
    areas = {area.slug: area for area in Area.objects.all()}
    regions = {region.slug: region for region in Region.objects.all()}
    editors_own = set(Place.objects.filter(is_reference=False).values_list("key", flat=True))
    names = {normalise(name.name): name for name in _names()}
    shipped = Place.objects.filter(is_reference=True)
    pointed_at = LocalContact.objects.filter(council__isnull=False)
    shipped.exclude(key__in=names).exclude(pk__in=pointed_at.values("council")).delete()
    PlaceTarget.objects.filter(place__in=shipped.filter(key__in=names)).delete()
    places = Place.objects.bulk_create(
        (
            Place(
                name=name.name,
                key=key,
                stands_for=name.stands_for,
                kind=name.kind,
                is_outside_england=name.outside,
                is_reference=True,
            )
            for key, name in names.items()
            if key not in editors_own
        ),
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["name", "stands_for", "kind", "is_outside_england", "is_reference"],
    )
    PlaceTarget.objects.bulk_create(
        PlaceTarget(
            place=place,
            area=areas[slug] if kind == "area" else None,
            region=regions[slug] if kind == "region" else None,
            label=label,
            position=position,
        )
        for place in places
        for position, (kind, slug, label) in enumerate(names[place.key].targets, start=1)
    )
    return len(places)


def _names() -> Iterator[_Name]:
    for row in shipped_rows("councils.csv"):
        target = (("area", row["area"], ""),)
        yield _Name(row["name"], Place.Kind.COUNCIL, targets=target)
        for other in filter(None, row["names"].split("|")):
            yield _Name(other, Place.Kind.COUNCIL, stands_for=row["name"], targets=target)
    for row in shipped_rows("names.csv"):
        targets, outside = _targets(row["targets"])
        usual = row["stands_for"]
        yield _Name(row["name"], row["kind"], usual, targets, outside)
        for other in filter(None, row["names"].split("|")):
            yield _Name(other, row["kind"], usual or row["name"], targets, outside)


def _targets(text: str) -> tuple[tuple[tuple[str, str, str], ...], bool]:
    targets = []
    outside = False
    for part in text.split(";"):
        place, _, label = part.partition("=")
        kind, _, slug = place.partition(":")
        if kind == OUTSIDE:
            outside = True
        else:
            targets.append((kind, slug, label))
    return tuple(targets), outside


@transaction.atomic
def load_posts() -> int:
    """Create a vacant post for all settings in each region without one; return how many."""
    missing = Region.objects.filter(posts__isnull=True)
    return len(Post.objects.bulk_create(Post(region=region, is_vacant=True) for region in missing))


@transaction.atomic
def load_example_coordinators(*, domain: str) -> list[Coordinator]:
    """Fill each vacant first post with an example person and the mailbox `<region>@domain`."""
    coordinators = []
    for region in Region.objects.all():
        address = f"coordinator-{region.slug}@{domain}"
        person, _ = Coordinator.objects.get_or_create(
            email=address, defaults={"name": f"Example co-ordinator for {region.name}"}
        )
        post = region.posts.first()
        if post is not None and post.is_vacant and not post.mailbox:
            post.holder = person
            post.mailbox = f"{region.slug}@{domain}"
            post.is_vacant = False
            post.full_clean()
            post.save()
        coordinators.append(person)
    return coordinators
