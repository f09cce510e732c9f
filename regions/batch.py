"""The finder asked many times at once, in as few queries as once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from regions.answers import Answer, EstablishmentFacts, PlaceFacts, PostcodeFacts, Target
from regions.finder import Sources, find, look_up

Key = TypeVar("Key")
Facts = TypeVar("Facts")
# An outward code and a sector.
_Beginning = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Tables:
    """What the database holds, by all that is asked at once. None where a file is not imported."""

    places: Callable[[], Iterable[PlaceFacts]]
    areas: Callable[[], Mapping[str, Target]]
    postcodes: Callable[
        [set[tuple[str, str]]], Mapping[tuple[str, str], list[PostcodeFacts]] | None
    ]
    by_number: Callable[[set[int]], Mapping[int, list[EstablishmentFacts]] | None]
    by_name: Callable[[set[str]], Mapping[str, list[EstablishmentFacts]]]


@dataclass
class _Questions:
    """What the finder asks for of texts of which nothing is known: all that it could need."""

    postcodes: set[_Beginning] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def note_postcodes(self, outward: str, sector: str) -> list[PostcodeFacts]:
        self.postcodes.add((outward, sector))
        return []

    def note_number(self, number: int) -> list[EstablishmentFacts]:
        self.numbers.add(number)
        return []

    def note_names(self, keys: Sequence[str]) -> list[EstablishmentFacts]:
        self.names.update(keys)
        return []


def find_many(queries: Sequence[str], sources: Sources, tables: Tables) -> list[Answer]:
    """Return the finder's answer for each text: what `find` returns, in a few queries in all.

    The texts are read twice: first to learn what is asked of the tables, then with their answers.
    What stands there more than once is read only once.
    """
    once = list(dict.fromkeys(queries))
    places = {facts.key: facts for facts in tables.places()}

    def known(keys: Sequence[str]) -> list[PlaceFacts]:
        return [places[key] for key in keys if key in places]

    areas, regions = tables.areas(), sources.regions()
    questions = _Questions()
    unaware = Sources(
        places=known,
        towns=sources.towns,
        areas=lambda _: areas,
        regions=lambda: regions,
        postcodes=questions.note_postcodes,
        by_number=questions.note_number,
        by_name=questions.note_names,
    )
    for query in once:
        look_up(query, unaware)
    postcodes = tables.postcodes(questions.postcodes)
    by_number = tables.by_number(questions.numbers)
    by_name = tables.by_name(questions.names)
    aware = Sources(
        places=known,
        towns=sources.towns,
        areas=lambda _: areas,
        regions=lambda: regions,
        postcodes=lambda *beginning: _rows(postcodes, beginning),
        by_number=lambda number: _rows(by_number, number),
        by_name=lambda keys: [row for key in keys for row in by_name.get(key, ())],
        named=unaware.named,  # Names are looked up in what is the same for both.
    )
    answers = {query: find(query, aware) for query in once}
    return [answers[query] for query in queries]


def _rows(table: Mapping[Key, list[Facts]] | None, key: Key) -> list[Facts] | None:
    """Return a key's rows; None where there is no table."""
    return None if table is None else table.get(key, [])
