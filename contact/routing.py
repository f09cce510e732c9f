"""Which region an enquiry is for, and why. What is not certain is asked, never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from regions.answers import Answer, Result

SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the sender chose by hand: a region, an area of it, or several regions at once."""

    slug: str
    region_slug: str
    region_name: str
    area_slug: str = ""
    area_name: str = ""

    @property
    def is_several(self) -> bool:
        return self.slug == SEVERAL


@dataclass(frozen=True, slots=True)
class Route:
    """Where an enquiry goes. No region: to the national team, by the sender's choice.

    `reason` completes "This goes to …, because "; `disagreement` is a sentence where the sender
    chose another region than the one that the place is in.
    """

    region_slug: str
    region_name: str
    area_slug: str
    reason: str
    is_override: bool
    disagreement: str = ""


def route(answer: Answer, chosen: Chosen | None) -> Route | None:
    """Return where an enquiry about the place goes, or None where the sender must be asked.

    What the sender chose stands, whatever the place says; a place alone decides only if it is in
    one region for certain.
    """
    if chosen is not None:
        return _by_choice(answer, chosen)
    if answer.result is not Result.ONE:
        return None
    finding = answer.findings[0]
    areas = [choice.slug for choice in finding.choices]
    return Route(
        region_slug=finding.region_slug,
        region_name=finding.region_name,
        area_slug=areas[0] if len(areas) == 1 else "",
        reason=_as_clause(finding.reason),
        is_override=False,
    )


def _by_choice(answer: Answer, chosen: Chosen) -> Route:
    if chosen.is_several:
        reason = "it is about several regions, national or online"
    elif chosen.area_slug and chosen.area_name != chosen.region_name:
        reason = f"{chosen.area_name} was chosen, which is in {chosen.region_name}"
    else:
        reason = f"{chosen.region_name} was chosen"
    regions = [finding.region_slug for finding in answer.findings]
    is_override = bool(regions) and chosen.region_slug not in regions
    return Route(
        region_slug=chosen.region_slug,
        region_name=chosen.region_name,
        area_slug=chosen.area_slug,
        reason=reason,
        is_override=is_override,
        disagreement=_disagreement(answer) if is_override else "",
    )


def _disagreement(answer: Answer) -> str:
    """Return what the place says against the choice: its region where it has one, and why."""
    reasons = " ".join(finding.reason for finding in answer.findings)
    return f"{answer.explanation} {reasons}" if answer.result is Result.ONE else reasons


def question(answer: Answer, alike: Sequence[str] = ()) -> str:
    """Return what to ask where the place does not decide: one plain sentence or two.

    `alike` are the names that one which is not known may be a slip of.
    """
    if answer.result is Result.MANY:
        return answer.explanation
    if answer.result is Result.OUTSIDE_ENGLAND:
        return f"{answer.explanation} If it is about England all the same, choose a region."
    if alike:
        *most, last = alike
        names = f"{', '.join(most)} or {last}" if most else last
        return f"{answer.explanation} Did you mean {names}? Change the place, or choose the region."
    return f"{answer.explanation} You can also choose the region here."


def _as_clause(sentence: str) -> str:
    """Return the sentence as it stands after "because": no full stop, no capital "The"."""
    clause = sentence.rstrip(". ")
    return clause[:1].lower() + clause[1:] if clause.startswith("The ") else clause


def warning_of(answer: Answer) -> str:
    """Return the warning that an answer needs, else ""."""
    return answer.explanation if answer.notice else ""
