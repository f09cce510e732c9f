"""The finder over the tables of the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db.models import Exists

from regions import tables
from regions.answers import Answer, Result
from regions.batch import Tables, find_many
from regions.finder import Sources, find
from regions.models import Establishment, LocalContact, Place, PostcodeSector, Region
from regions.names import establishment_keys
from regions.suggestions import establishments_alike, postcodes_alike, suggestions
from regions.towns import names_and_sizes, shipped_towns
from regions.wording import what_to_type

# Letters that a school has in common with the one that was meant: more would be slow to find.
_BEGINNING: Final = 4


def answer(query: str) -> Answer:
    """Return which region `query` names and why, in a few database queries."""
    return find(query, _sources())


def answers(queries: Sequence[str]) -> list[Answer]:
    """Return the same for each text, in a few database queries in all."""
    return find_many(
        queries,
        _sources(),
        Tables(
            places=tables.all_places,
            areas=tables.all_areas,
            postcodes=tables.postcodes_of,
            by_number=tables.by_numbers,
            by_name=tables.by_names,
        ),
    )


def _sources() -> Sources:
    return Sources(
        places=tables.places,
        towns=shipped_towns(),
        areas=tables.areas,
        regions=tables.regions,
        postcodes=tables.postcodes,
        by_number=tables.by_number,
        by_name=tables.by_name,
    )


def alike(answer: Answer) -> list[str]:
    """Return what may have been meant where nothing was found: postcodes, names, then schools.

    Each may be asked for as it stands. In three queries at most.
    """
    if answer.result not in {Result.NONE, Result.INVALID}:
        return []
    found = [
        str(postcode)
        for postcode in postcodes_alike(answer.query)
        if find(str(postcode), _sources()).findings
    ]
    if answer.result is Result.INVALID:
        return found
    found += answer.hints or suggestions(answer.query, names_to_suggest())
    for key in () if found else establishment_keys(answer.query)[:1]:
        schools = Establishment.objects.beginning_with(key[:_BEGINNING])
        found += [", ".join(filter(None, each)) for each in establishments_alike(key, schools)]
    return found


def hint() -> str:
    """Return what may be typed, by what is stored: nothing is promised that is not known.

    In one query.
    """
    stored = Region.objects.values_list(
        Exists(PostcodeSector.objects.all()), Exists(Establishment.objects.all())
    )
    postcodes, schools = stored.first() or (False, False)
    return what_to_type(postcodes=postcodes, schools=schools)


def local_contacts(answer: Answer) -> list[LocalContact]:
    """Return whom to ask near a place whose region is certain, in one query."""
    if answer.result is not Result.ONE:
        return []
    return list(LocalContact.objects.serving(answer.areas, answer.councils).checked())


def names_to_suggest() -> list[str]:
    """Return the names that a reader may be offered, each once, in the order to offer them in.

    The listed places go before the towns of England, the larger of each first. What stands for
    another name (an abbreviation) is not offered, nor what leads nowhere. In one query.
    """
    towns, sizes = names_and_sizes()
    listed = dict(Place.objects.usual_names().values_list("key", "name"))
    order = sorted(listed, key=lambda key: (-sizes.get(key, 0), len(key), key))
    return [
        *(listed[key] for key in order),
        *(name for key, name in towns.items() if key not in listed),
    ]
