"""The towns and villages that the finder knows beside the names in the database.

`data/towns.csv` is made by `scripts/make_towns.py`; what it lacks is in `data/more_towns.csv`. A
joint council is also called by each of its halves ("Hove" for "Brighton and Hove"). Editors' places
go before all of these.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Final

from regions.names import common_forms, normalise

DATA: Final = Path(__file__).resolve().parent / "data"

# Served by a region's co-ordinator though it is not in England: its own area.
ISLAND: Final = {"the Isle of Man": "isle-of-man"}
_JOINT: Final = re.compile(r" and | with |, ")


@dataclass(frozen=True, slots=True)
class Town:
    """A town, village or part of one.

    In England it has a council and an area (its slug), on the Isle of Man an area alone, elsewhere
    a nation. `postcodes` is how many lie within two kilometres of it: how large it is.
    """

    name: str
    council: str
    area: str
    nation: str
    postcodes: int


@dataclass(frozen=True, slots=True)
class Towns:
    """Towns by their name as compared, and by its shorter forms ("Clacton" for Clacton-on-Sea)."""

    by_key: Mapping[str, tuple[Town, ...]]
    by_form: Mapping[str, tuple[Town, ...]]

    def __contains__(self, key: str) -> bool:
        return key in self.by_key or key in self.by_form

    def called(self, key: str) -> tuple[Town, ...]:
        """Return the towns that the name may mean, the largest first.

        Those of the very name, and those that it is short for, unless one of the very name is
        twice as large: "Chester" is hardly Chester-le-Street.
        """
        exact = self.by_key.get(key, ())
        largest = max((town.postcodes for town in exact), default=0)
        short = [town for town in self.by_form.get(key, ()) if town.postcodes * 2 >= largest]
        return tuple(sorted([*exact, *short], key=lambda town: -town.postcodes))

    def hardly_called(self, key: str) -> tuple[Town, ...]:
        """Return the towns whose names begin so, where a larger one has just that name."""
        called = self.called(key)
        return tuple(town for town in self.by_form.get(key, ()) if town not in called)


NO_TOWNS: Final = Towns({}, {})


@cache
def shipped_towns() -> Towns:
    """Return the towns that the site ships with. The files are read once in each process."""
    councils = {row["name"]: row["area"] for row in _rows("councils.csv")}
    towns = [
        Town(
            name=row["name"],
            council=row["council"],
            area=councils.get(row["council"], ISLAND.get(row["nation"], "")),
            nation="" if row["nation"] in ISLAND else row["nation"],
            postcodes=int(row["postcodes"]),
        )
        for row in chain(_rows("towns.csv"), _rows("more_towns.csv"))
    ]
    return index([*towns, *_halves(councils, towns)])


@cache
def names_and_sizes() -> tuple[Mapping[str, str], Mapping[str, int]]:
    """Return the names of England's towns by key, the larger first, and sizes of towns.

    Those of one order of size go by the alphabet, which packs better. A size is by key or shorter
    form: that of the largest town that may be meant. Both are gathered once in each process.
    """
    towns = shipped_towns()
    sizes: dict[str, int] = defaultdict(int)
    for key, called in chain(towns.by_key.items(), towns.by_form.items()):
        for town in called:
            if not town.nation:
                sizes[key] = max(sizes[key], town.postcodes)
    names = {key: t.name for key, called in towns.by_key.items() for t in called if not t.nation}
    larger_first = sorted(names, key=lambda key: (-(sizes[key].bit_length() // 3), key))
    return {key: names[key] for key in larger_first}, dict(sizes)


def index(towns: Sequence[Town]) -> Towns:
    """Return the towns by their keys and by the shorter forms of their names."""
    by_key: dict[str, list[Town]] = defaultdict(list)
    by_form: dict[str, list[Town]] = defaultdict(list)
    for town in towns:
        key = normalise(town.name)
        by_key[key].append(town)
        for form in common_forms(key):
            by_form[form].append(town)
    return Towns(_frozen(by_key), _frozen(by_form))


def _halves(councils: Mapping[str, str], towns: Sequence[Town]) -> Iterator[Town]:
    """Yield the halves of joint councils that no town in them is called by."""
    present = {
        (key, town.council)
        for town in towns
        for name in (normalise(town.name),)
        for key in (name, *common_forms(name))
    }
    for council, area in councils.items():
        halves = _JOINT.split(council)
        for half in halves if len(halves) > 1 else ():
            if (normalise(half), council) not in present:
                yield Town(half, council, area, "", 0)


def _frozen(lists: Mapping[str, Sequence[Town]]) -> Mapping[str, tuple[Town, ...]]:
    return MappingProxyType({key: tuple(towns) for key, towns in lists.items()})


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
