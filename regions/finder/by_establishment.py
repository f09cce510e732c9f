"""The region of a school, college or other provider, by its number or its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from regions.answers import Answer, EstablishmentFacts, Meaning, Notice
from regions.finder.replies import located, outside, unknown
from regions.finder.sources import Sources
from regions.names import establishment_keys
from regions.wording import listed

_NUMBER: Final = re.compile(
    r"(?:(?:urn|ukprn)(?: (?:no|number|is))? )?(?P<digits>[0-9]{5,6}|1[0-9]{7})"
)


def answer_number(query: str, key: str, sources: Sources) -> Answer | None:
    """Return the answer where `key` is a URN or UKPRN, with or without its name, else None."""
    written = _NUMBER.fullmatch(re.sub(r"^(urn|ukprn)(?=[0-9])", r"\1 ", key))
    if written is None:
        return None
    digits = written["digits"]
    found = sources.by_number(int(digits))
    who, number = ("provider", "UKPRN") if len(digits) > 6 else ("school", "URN")
    if found is None:
        return unknown(
            query, f"This site cannot tell the region by a {who}'s number ({number}) yet."
        )
    if not found:
        return unknown(query, f"We know no {who} with the number ({number}) {digits}. Check it.")
    return _answer(query, found, by_number=True)


def answer_name_of_establishment(query: str, sources: Sources) -> Answer | None:
    """Return the answer where the whole text is the name of schools and the like, else None."""
    return _answer(query, sources.by_name(establishment_keys(query)), by_number=False)


def _answer(query: str, found: Sequence[EstablishmentFacts], *, by_number: bool) -> Answer | None:
    """Answer for establishments of one name or number: all of them, the open ones first."""
    if not found:
        return None
    meanings = [
        Meaning(_described(facts, among=found), facts.target)
        for facts in sorted(found, key=lambda facts: facts.is_closed)
    ]
    inside = [meaning.target for meaning in meanings if meaning.target]
    who, are, several = found[0].name, "is", f"There is more than one {found[0].name}"
    # Two that share a number (a UKPRN) need not share a name.
    names = {establishment_keys(facts.name): facts.name for facts in found}
    if by_number and len(names) > 1:
        who, are = listed([*names.values()]), "are"
        several = f"{who} share that number"
    if not inside:
        return outside(query, who, f"{who} {are} outside England.")
    explanation = ""
    notice = None
    if len(inside) < len(meanings):
        explanation = (
            f"{several}, and not all are in England; our co-ordinators do not serve elsewhere. "
            "Which do you mean?"
        )
    elif len({target.region_slug for target in inside}) > 1:
        explanation = f"{several}. Which do you mean?"
    elif not any(target.in_england for target in inside):
        notice = Notice.NOT_IN_ENGLAND
        explanation = (
            f"{who} {are} on the Isle of Man: not in England, but listed under "
            f"{inside[0].region_name}."
        )
    return located(query, meanings, notice=notice, explanation=explanation)


def _described(facts: EstablishmentFacts, *, among: Sequence[EstablishmentFacts]) -> str:
    """Return an establishment's name, with its town where several have that name."""
    town = facts.town if len(among) > 1 else ""
    details = ", ".join(filter(None, (town, "closed" if facts.is_closed else "")))
    return f"{facts.name} ({details})" if details else facts.name
