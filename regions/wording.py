"""How names stand in sentences."""

from __future__ import annotations

from collections.abc import Sequence


def in_a_sentence(name: str) -> str:
    """Return the name with "the" where English wants it: "the Metropolitan Police"."""
    wants_the = name.startswith(("City of ", "Forest of ", "Isle", "Vale of ")) or name.endswith(
        " Police"
    )
    return f"the {name}" if wants_the else name


def are(name: str) -> str:
    """Return the verb: "the Isles of Scilly" and "the Cotswolds" are, "Leeds" is."""
    is_plural = name.startswith("the Isles ") or (name.startswith("the ") and name.endswith("s"))
    return "are" if is_plural else "is"


def listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def what_to_type(*, postcodes: bool, schools: bool) -> str:
    """Return the finder's hint: what may be typed where postcodes and schools are known, or not."""
    names = ["county", "council"]
    names += ["postcode"] if postcodes else []
    names += ["school or its number"] if schools else []
    *most, last = names
    return f"Type a town, {', '.join(most)}{', ' if schools else ' or '}{last}"


def capitalised(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
