"""Which known names are so like one that was not found that it may be a slip of the finger.

Only to ask "did you mean …?": an answer is never made from a name that is merely alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from regions.names import normalise, search_keys

# One slip (a letter wrong, missing, too many, or two the other way round) in a name of five
# letters, two in one of ten. "England" is two from "Fenland", and no slip must suggest nothing.
ALIKE: Final = 0.79
# Of three letters any two are alike; nobody types a name as long as the other.
SHORTEST: Final = 4
LONGEST: Final = 80


def suggestions(query: str, names: Iterable[str], limit: int = 3) -> list[str]:
    """Return the names that `query` may be a slip of, the likest first; mostly none."""
    if len(query) > LONGEST:
        return []
    known: dict[str, str] = {}
    for name in names:
        known.setdefault(normalise(name), name)
    known = {key: name for key, name in known.items() if len(key) >= SHORTEST}
    scores: dict[str, float] = {}
    for key in search_keys(query):
        if len(key) >= SHORTEST:
            for alike, score, _ in process.extract(
                key, known.keys(), scorer=OSA.normalized_similarity, score_cutoff=ALIKE, limit=limit
            ):
                scores[alike] = max(score, scores.get(alike, 0))
    best = sorted(scores, key=lambda key: (-scores[key], key))[:limit]
    return [known[key] for key in best]
