"""How answers are put together and worded, whatever was asked by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from regions.answers import Answer, Choice, Finding, Meaning, Notice, Result, Target
from regions.names import normalise
from regions.wording import capitalised, in_a_sentence

_TYPE_A_NAME: Final = "Type the name of the council or county instead."
# More schools or places of one name in one region than this are not named one by one.
_MOST_NAMED: Final = 6


def located(
    query: str,
    meanings: Sequence[Meaning],
    *,
    notice: Notice | None = None,
    explanation: str = "",
) -> Answer:
    """Return the answer for names of which it is known where they lie: one or more in a region.

    Where one of them is outside England, it asks.
    """
    inside = [(meaning.name, meaning.target) for meaning in meanings if meaning.target]
    findings = findings_of(inside)
    is_certain = len(findings) == 1 and len(inside) == len(meanings)
    return Answer(
        query=query,
        result=Result.ONE if is_certain else Result.MANY,
        findings=findings,
        notice=notice,
        explanation=explanation or findings[0].reason,
        areas=tuple(dict.fromkeys(t.area_slug for _, t in inside if t.area_slug)),
        councils=tuple(dict.fromkeys(t.council for _, t in inside if t.council)),
        meanings=tuple(meanings),
    )


def outside(query: str, name: str, reason: str) -> Answer:
    """Return that what was asked lies outside England; `reason` is a sentence."""
    return Answer(
        query=query,
        result=Result.OUTSIDE_ENGLAND,
        explanation=f"{capitalised(reason)} The Prevent duty's co-ordinators here serve England "
        "only. The other nations have arrangements of their own.",
        meanings=(Meaning(name, None),),
    )


def invalid(query: str, reason: str) -> Answer:
    """Return that what was asked cannot be looked up, and why."""
    return Answer(query=query, result=Result.INVALID, explanation=f"{reason} {_TYPE_A_NAME}")


def unknown(query: str, reason: str) -> Answer:
    """Return that what was asked is not known, and why."""
    return Answer(query=query, result=Result.NONE, explanation=f"{reason} {_TYPE_A_NAME}")


def findings_of(named: Iterable[tuple[str, Target]]) -> tuple[Finding, ...]:
    """Return the regions of what is named, each with its reason, in the order given."""
    regions: dict[str, list[tuple[str, Target]]] = {}
    for name, target in named:
        regions.setdefault(target.region_slug, []).append((name, target))
    return tuple(
        Finding(
            region_slug=slug,
            region_name=lines[0][1].region_name,
            reason=" ".join(
                dict.fromkeys(lies_in(name, target) for name, target in lines[:_MOST_NAMED])
            ),
            choices=tuple(_choices(lines)),
        )
        for slug, lines in regions.items()
    )


def lies_in(name: str, target: Target) -> str:
    """Return where something lies: "M11 1AA is in Manchester, which is policed by …"."""
    area, council = in_a_sentence(target.area_name), in_a_sentence(target.council)
    subject = in_a_sentence(name)
    if not target.area_slug:
        same = normalise(name) == normalise(target.region_name)
        return capitalised(
            f"{subject} is {'one of the eight regions' if same else f'in {target.region_name}'}."
        )
    if not council:
        if normalise(name) == normalise(target.area_name):
            return capitalised(f"{subject} is one of the areas of {target.region_name}.")
        return capitalised(f"{subject} is in the area of {area}.")
    if normalise(target.council) == normalise(target.area_name):
        verb = "is" if normalise(target.council) == normalise(name) else f"is in {council},"
        return capitalised(f"{subject} {verb} one of the areas of {target.region_name}.")
    if normalise(target.council) == normalise(name):
        return capitalised(f"{subject} is policed by {area}.")
    return capitalised(f"{subject} is in {council}, which is policed by {area}.")


def _choices(lines: Iterable[tuple[str, Target]]) -> list[Choice]:
    """Return the answers to "which one?" in a region: each area once, by the first name there."""
    choices: dict[str, Choice] = {}
    for name, target in lines:
        slug, where = target.area_slug or target.region_slug, target.area_name or target.region_name
        label = name if normalise(name) == normalise(where) else f"{name}, {where}"
        choices.setdefault(slug, Choice(slug, label))
    return list(choices.values())
