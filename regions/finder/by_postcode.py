"""The region of a postcode, or of all that begin alike."""

from __future__ import annotations

import re
from collections.abc import Sequence

from regions import postcodes
from regions.answers import Answer, Meaning, Notice, PostcodeFacts
from regions.finder.replies import invalid, located, outside, unknown
from regions.finder.sources import Sources
from regions.postcodes import NATIONS, PartOfPostcode, Postcode


def answer_postcode(query: str, key: str, sources: Sources) -> Answer | None:
    """Return the answer where a key (of `names.normalise`) has a postcode's form, else None."""
    found = postcodes.read(key)
    if found is None:
        return None
    fault = _fault(found)
    if fault:
        return invalid(query, fault)
    rows = sources.postcodes(found.outward, found.sector)
    other = found.otherwise() if isinstance(found, PartOfPostcode) else None
    if not rows and rows is not None and other is not None:
        found, rows = other, sources.postcodes(other.outward, other.sector)
    if rows is None:
        if isinstance(found, PartOfPostcode):
            return invalid(query, "That is only a part of a postcode.")
        return unknown(query, "This site cannot tell the region by postcode yet.")
    if isinstance(found, Postcode):
        rows = [row for row in rows if postcodes.holds(row.units, found.place)]
        if not rows:
            return invalid(
                query,
                f"We do not recognise the postcode {found}. Check it: a new one can be missing "
                "from our list for some months.",
            )
    elif not rows:
        return invalid(query, f"We know no postcode that begins with {found}. Check it.")
    return _answer_rows(query, str(found), rows, is_part=isinstance(found, PartOfPostcode))


def _fault(found: Postcode | PartOfPostcode) -> str:
    """Return why there cannot be such a postcode, "" where there may be."""
    begins = re.match("[A-Z]+", found.outward)
    if begins is None or begins[0] not in postcodes.AREAS:
        return f"No postcode starts with {begins[0] if begins else found.outward}."
    if isinstance(found, PartOfPostcode):
        return "That is only a part of a postcode." if found.is_cut else ""
    return "" if found.place >= 0 else f"No postcode ends with {found.unit}."


def _answer_rows(
    query: str, subject: str, rows: Sequence[PostcodeFacts], *, is_part: bool
) -> Answer:
    """Answer by the rows of those in use, where there are any."""
    in_use = [row for row in rows if row.in_use]
    is_ended = not in_use
    rows = in_use or rows
    targets = list(dict.fromkeys(row.target for row in rows if row.target))
    abroad = [NATIONS[row.nation] for row in rows if row.target is None]
    if not targets:
        return outside(query, subject, f"{subject} is in {abroad[0]}, outside England.")
    explanation = ""
    notice = None
    if is_ended:
        notice = Notice.NOT_IN_USE
        explanation = f"{subject} is no longer in use. It was in {targets[0].region_name}."
    if all(not target.in_england for target in targets):
        notice = Notice.NOT_IN_ENGLAND
        explanation = (
            f"{subject} is on the Isle of Man: not in England, but listed under "
            f"{targets[0].region_name}."
        )
    if is_part and abroad:
        explanation = (
            f"Some postcodes that begin with {subject} are in {abroad[0]}, where our co-ordinators "
            "do not serve. Which do you mean? The whole postcode tells."
        )
    elif len({target.region_slug for target in targets}) > 1:
        explanation = (
            f"Postcodes that begin with {subject} lie in more than one region. Which do you mean? "
            "The whole postcode tells."
        )
    name = f"Part of {subject}" if is_part and len(targets) > 1 else subject
    meanings = [Meaning(name, target) for target in targets]
    if is_part and abroad:
        meanings.append(Meaning(name, None))
    return located(query, meanings, notice=notice, explanation=explanation)
