"""Which region a name belongs to, and why: plain values in, plain values out.

Names are compared exactly, once tidied, and never by a part of them: "North East
Derbyshire" must not find North-East. What is not certain is asked, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from regions import postcodes
from regions.answers import (
    Answer,
    Choice,
    EstablishmentFacts,
    Finding,
    Notice,
    PlaceFacts,
    PostcodeFacts,
    Result,
    Target,
)
from regions.names import establishment_keys, is_unseen, normalise, search_keys
from regions.postcodes import NATIONS, PartOfPostcode, Postcode
from regions.wording import are, capitalised, in_a_sentence, listed

LONGEST_QUERY: Final = 200
"""Characters; whatever is longer is no name of a place and is not looked up."""

PlaceSource = Callable[[Sequence[str]], Iterable[PlaceFacts]]
"""Returns the facts of every place whose key is among the keys."""


def _not_imported(*asked: object) -> None:
    """Return None, as if no national file had been imported."""


@dataclass(frozen=True, slots=True)
class NationalLookups:
    """The lookups in what national files say. Each returns None while its file is not imported.

    `postcodes` is asked by outward code and sector ("" for all of its sectors), `by_number` by URN
    or UKPRN, `by_name` by the keys of an establishment's name.
    """

    postcodes: Callable[[str, str], Sequence[PostcodeFacts] | None] = _not_imported
    by_number: Callable[[int], Sequence[EstablishmentFacts] | None] = _not_imported
    by_name: Callable[[Sequence[str]], Sequence[EstablishmentFacts] | None] = _not_imported


_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_NUMBER: Final = re.compile(r"[0-9]{5,6}|1[0-9]{7}")
_TYPE_A_NAME: Final = "Type the name of the council or county instead."
# Of more schools of one name in one region than this, the rest get no sentence of their own.
_MOST_REASONS: Final = 6


def find(query: str, places: PlaceSource, national: NationalLookups | None = None) -> Answer:
    """Return which region `query` names, and why.

    The kinds of name are tried in a fixed order: postcode, number of an establishment, council or
    county or other name, name of an establishment. Never raises, whatever the text.
    """
    national = national or NationalLookups()
    shown = _LONE_SURROGATE.sub("\ufffd", _without_unseen_ends(query))
    if not shown:
        return Answer(query="", result=None)
    if len(shown) > LONGEST_QUERY:
        return _invalid(shown, f"That is longer than {LONGEST_QUERY} characters.")
    key = normalise(shown)
    return (
        _answer_postcode(shown, key, national)
        or _answer_number(shown, key, national)
        or _answer_name(shown, places)
        or _answer_establishments(shown, national.by_name(establishment_keys(shown)) or ())
        or Answer(
            query=shown,
            result=Result.NONE,
            explanation="We do not know a place of that name.",
        )
    )


def _without_unseen_ends(text: str) -> str:
    start, end = 0, len(text)
    while start < end and is_unseen(text[start]):
        start += 1
    while end > start and is_unseen(text[end - 1]):
        end -= 1
    return text[start:end]


def _answer_postcode(query: str, key: str, national: NationalLookups) -> Answer | None:
    found = postcodes.read(key)
    if found is None:
        return None
    fault = _postcode_fault(found)
    if fault:
        return _invalid(query, fault)
    rows = national.postcodes(found.outward, found.sector)
    other = found.otherwise() if isinstance(found, PartOfPostcode) else None
    if not rows and rows is not None and other is not None:
        found, rows = other, national.postcodes(other.outward, other.sector)
    if rows is None:
        if isinstance(found, PartOfPostcode):
            return _invalid(query, "That is only a part of a postcode.")
        return _unknown(query, "This site cannot tell the region by postcode yet.")
    if isinstance(found, Postcode):
        rows = [row for row in rows if postcodes.holds(row.units, found.place)]
    if not rows:
        what = "postcode" if isinstance(found, Postcode) else "postcode that begins with"
        return _invalid(query, f"There is no {what} {found}. Check it.")
    return _answer_area(query, str(found), rows, is_part=isinstance(found, PartOfPostcode))


def _postcode_fault(found: Postcode | PartOfPostcode) -> str:
    """Return why there cannot be such a postcode, "" where there may be."""
    begins = re.match("[A-Z]+", found.outward)
    if begins is None or begins[0] not in postcodes.AREAS:
        return f"No postcode starts with {begins[0] if begins else found.outward}."
    if isinstance(found, PartOfPostcode):
        return "That is only a part of a postcode." if found.is_cut else ""
    return "" if found.place >= 0 else f"No postcode ends with {found.unit}."


def _answer_area(
    query: str, subject: str, rows: Sequence[PostcodeFacts], *, is_part: bool
) -> Answer:
    """Return the answer for a postcode, or for all that begin alike: those in use, if any are."""
    in_use = [row for row in rows if row.in_use]
    is_ended = not in_use
    rows = in_use or rows
    targets = list(dict.fromkeys(row.target for row in rows if row.target))
    abroad = [NATIONS[row.nation] for row in rows if row.target is None]
    if not targets:
        return _outside(query, f"{subject} is in {abroad[0]}, outside England.")
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
    return _answer(
        query,
        [(name, target) for target in targets],
        asks=bool(is_part and abroad),
        notice=notice,
        explanation=explanation,
    )


def _answer_number(query: str, key: str, national: NationalLookups) -> Answer | None:
    if not _NUMBER.fullmatch(key):
        return None
    found = national.by_number(int(key))
    who, number = ("provider", "UKPRN") if len(key) > 6 else ("school", "URN")
    if found is None:
        return _unknown(
            query, f"This site cannot tell the region by a {who}'s number ({number}) yet."
        )
    if not found:
        return _unknown(query, f"We know no {who} with the number ({number}) {key}. Check it.")
    return _answer_establishments(query, found)


def _answer_establishments(query: str, found: Sequence[EstablishmentFacts]) -> Answer | None:
    """Return the answer for schools and the like of one name or number, the open ones first."""
    if not found:
        return None
    name = found[0].name
    meant = [
        (_label(facts, among=found), facts.target)
        for facts in sorted(found, key=lambda facts: facts.is_closed)
        if facts.target
    ]
    if not meant:
        return _outside(query, f"{name} is outside England.")
    abroad = any(facts.target is None for facts in found)
    regions = {target.region_slug for _, target in meant}
    explanation = ""
    notice = None
    if abroad:
        explanation = (
            f"There is more than one {name}, and not all are in England; our co-ordinators do not "
            "serve elsewhere. Which do you mean?"
        )
    elif len(regions) > 1:
        explanation = f"There is more than one {name}. Which do you mean?"
    elif not any(target.in_england for _, target in meant):
        notice = Notice.NOT_IN_ENGLAND
        explanation = (
            f"{name} is on the Isle of Man: not in England, but listed under "
            f"{meant[0][1].region_name}."
        )
    return _answer(query, meant, asks=abroad, notice=notice, explanation=explanation)


def _label(facts: EstablishmentFacts, *, among: Sequence[EstablishmentFacts]) -> str:
    """Return an establishment's name, with its town where several have that name."""
    town = facts.town if len(among) > 1 else ""
    details = ", ".join(filter(None, (town, "closed" if facts.is_closed else "")))
    return f"{facts.name} ({details})" if details else facts.name


def _answer(
    query: str,
    meant: Sequence[tuple[str, Target]],
    *,
    asks: bool,
    notice: Notice | None,
    explanation: str,
) -> Answer:
    """Return the answer with the regions of what may be meant, each with its reason."""
    regions: dict[str, list[tuple[str, Target]]] = {}
    for name, target in meant:
        regions.setdefault(target.region_slug, []).append((name, target))
    findings = tuple(
        Finding(
            region_slug=slug,
            region_name=lines[0][1].region_name,
            reason=" ".join(
                dict.fromkeys(_lies(name, target) for name, target in lines[:_MOST_REASONS])
            ),
            choices=tuple(_choices(lines)),
        )
        for slug, lines in regions.items()
    )
    return Answer(
        query=query,
        result=Result.MANY if asks or len(findings) > 1 else Result.ONE,
        findings=findings,
        notice=notice,
        explanation=explanation or findings[0].reason,
        areas=tuple(dict.fromkeys(target.area_slug for _, target in meant)),
        councils=tuple(dict.fromkeys(target.council for _, target in meant if target.council)),
    )


def _choices(lines: Sequence[tuple[str, Target]]) -> list[Choice]:
    """Return the answers to "which one?" in a region: each area once, by the first name there."""
    areas: dict[str, Choice] = {}
    for name, target in lines:
        areas.setdefault(target.area_slug, Choice(target.area_slug, f"{name}, {target.area_name}"))
    return list(areas.values())


def _lies(name: str, target: Target) -> str:
    """Return where something lies: "M11 1AA is in Manchester, which is policed by …"."""
    area, council = in_a_sentence(target.area_name), in_a_sentence(target.council)
    if not council:
        return capitalised(f"{name} is in the area of {area}.")
    if normalise(target.council) == normalise(target.area_name):
        return capitalised(f"{name} is in {council}, one of the areas of {target.region_name}.")
    return capitalised(f"{name} is in {council}, which is policed by {area}.")


def _invalid(query: str, reason: str) -> Answer:
    return Answer(query=query, result=Result.INVALID, explanation=f"{reason} {_TYPE_A_NAME}")


def _unknown(query: str, reason: str) -> Answer:
    return Answer(query=query, result=Result.NONE, explanation=f"{reason} {_TYPE_A_NAME}")


def _outside(query: str, reason: str) -> Answer:
    return Answer(
        query=query,
        result=Result.OUTSIDE_ENGLAND,
        explanation=f"{capitalised(reason)} The Prevent duty's co-ordinators here serve England "
        "only. The other nations have arrangements of their own.",
    )


def _answer_name(query: str, places: PlaceSource) -> Answer | None:
    keys = search_keys(query)
    if not keys:
        return None
    known = {facts.key: facts for facts in places(keys) if facts.targets or facts.outside_england}
    return next((_answer_place(query, known[key]) for key in keys if key in known), None)


def _answer_place(query: str, place: PlaceFacts) -> Answer:
    regions = dict.fromkeys(target.region_slug for target in place.targets)
    findings = tuple(
        _finding(place.name, [t for t in place.targets if t.region_slug == slug])
        for slug in regions
    )
    name = in_a_sentence(place.name)
    notice = None
    if not findings:
        result = Result.OUTSIDE_ENGLAND
        explanation = (
            f"{name} {are(name)} outside England. The Prevent duty's co-ordinators here serve "
            "England only. The other nations have arrangements of their own."
        )
    elif place.outside_england:
        result = Result.MANY
        explanation = (
            f"More than one place answers to {name}, and one of them is outside England, "
            "where our co-ordinators do not serve. Which do you mean?"
        )
    elif len(findings) > 1:
        result = Result.MANY
        explanation = f"More than one region answers to {name}. Which part or place do you mean?"
    else:
        result = Result.ONE
        region = findings[0].region_name
        if all(not target.in_england for target in place.targets):
            notice = Notice.NOT_IN_ENGLAND
            explanation = (
                f"{name} {are(name)} not in England, but {are(name)} listed under {region}."
            )
        elif normalise(name) == normalise(region):
            explanation = findings[0].reason
        else:
            explanation = f"{name} {are(name)} in {region}."
    return Answer(
        query=query,
        result=result,
        findings=findings,
        notice=notice,
        explanation=capitalised(explanation),
        areas=tuple(dict.fromkeys(t.area_slug for t in place.targets if t.area_slug)),
        councils=tuple(dict.fromkeys(t.council for t in place.targets if t.council)),
    )


def _finding(name: str, targets: Sequence[Target]) -> Finding:
    """Return one region's finding: `targets` are those of the place that lie in it."""
    by_label: dict[str, list[Target]] = {}
    for target in targets:
        by_label.setdefault(target.label, []).append(target)
    return Finding(
        region_slug=targets[0].region_slug,
        region_name=targets[0].region_name,
        reason=" ".join(_reason(label or name, meant) for label, meant in by_label.items()),
        choices=tuple(
            Choice(
                target.area_slug or target.region_slug,
                target.label or target.area_name or target.region_name,
            )
            for target in targets
        ),
    )


def _reason(subject: str, targets: Sequence[Target]) -> str:
    region = targets[0].region_name
    areas = [target.area_name for target in targets if target.area_name]
    name = in_a_sentence(subject)
    # A label may list several places; a council named after several is still one.
    verb = "are" if targets[0].label and " and " in subject else are(name)
    if normalise(subject) in map(normalise, areas):
        predicate = f"one of the areas of {region}"
    elif areas:
        predicate = f"policed by {listed([in_a_sentence(area) for area in areas])}"
    elif normalise(subject) == normalise(region):
        predicate = "one of the eight regions"
    else:
        predicate = f"in {region}"
    return capitalised(f"{name} {verb} {predicate}.")
