"""Which known names are so like one that was not found that it may be a slip?

Only to ask "did you mean …?": an answer is never made from a name that is merely alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from regions import postcodes
from regions.names import establishment_keys, normalise, search_keys
from regions.postcodes import Postcode

# One slip (a letter wrong, missing, too many, or two the other way round) in a name of four
# letters, two in one of eight.
ALIKE: Final = 0.75
# Of three letters any two are alike; nobody types a name as long as the other.
SHORTEST: Final = 4
LONGEST: Final = 80

_DIGITS: Final = str.maketrans("OILS", "0115")
_LETTERS: Final = str.maketrans("0158", "OISB")
# Which letters and digits a postcode may consist of, by its length without the space.
_FORMS: Final = ("A9 9AA", "A99 9AA", "AA9 9AA", "A9A 9AA", "AA99 9AA", "AA9A 9AA")


def suggestions(query: str, names: Iterable[str], limit: int = 3) -> list[str]:
    """Return the names that `query` may be a slip of, the likest first; mostly none.

    Nobody mistakes the first letter of a place, so a suggestion begins as what was typed.
    """
    if len(query) > LONGEST:
        return []
    known: dict[str, str] = {}
    for name in names:
        known.setdefault(normalise(name), name)
    scores: dict[str, float] = {}
    for key in search_keys(query):
        alike = [each for each in known if each[:1] == key[:1] and len(each) >= SHORTEST]
        if len(key) >= SHORTEST:
            for found, score, _ in process.extract(
                key, alike, scorer=OSA.normalized_similarity, score_cutoff=ALIKE, limit=limit
            ):
                scores[found] = max(score, scores.get(found, 0))
    best = sorted(scores, key=lambda key: (-scores[key], key))[:limit]
    return [known[key] for key in best]


def establishments_alike(
    query: str, named: Iterable[tuple[str, str]], limit: int = 3
) -> list[tuple[str, str]]:
    """Return the establishments, as (name, town), whose name goes on from `query` or is like it."""
    keys = establishment_keys(query)
    if not keys or not SHORTEST <= len(keys[0]) <= LONGEST:
        return []
    scored = []
    for name, town in dict.fromkeys(named):
        key = establishment_keys(name)[0]
        score = (
            1.0
            if key.startswith(f"{keys[0]} ")
            else OSA.normalized_similarity(keys[0], key, score_cutoff=ALIKE)
        )
        if score:
            scored.append((-score, name, town))
    return [(name, town) for _, name, town in sorted(scored)[:limit]]


def postcodes_alike(query: str) -> list[Postcode]:
    """Return the postcodes that `query` is if letters stand for digits in it, or the reverse.

    Whether there are such postcodes is not said.
    """
    tidy = re.sub(r"[^A-Z0-9]", "", query.upper())
    found = dict.fromkeys(_read_as(tidy))
    return [postcode for postcode in found if str(postcode).replace(" ", "") != tidy]


def _read_as(tidy: str) -> Iterator[Postcode]:
    for form in _FORMS:
        kinds = form.replace(" ", "")
        if len(kinds) == len(tidy):
            meant = "".join(
                sign.translate(_DIGITS if kind == "9" else _LETTERS)
                for sign, kind in zip(tidy, kinds, strict=True)
            )
            postcode = postcodes.read(normalise(meant))
            if isinstance(postcode, Postcode):
                yield postcode
