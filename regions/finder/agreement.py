"""One answer of several: a text of which several parts are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from regions.answers import Answer, Finding, Meaning, Result
from regions.finder.replies import located
from regions.wording import listed

# Postcodes within two kilometres: Bath has 3,000, a village some dozens.
_LARGE_TOWN: Final = 1_000


def agreed(query: str, answers: Sequence[Answer]) -> Answer:
    """Return the answer for a text whose parts have these, the most exact kind of part first.

    What every part allows is the answer: of the places called Newport the one on the Isle of Wight.
    Parts agree if one lies in the other, or else if they are in one region. Namesakes that are
    hardly meant count only where nothing else agrees. Beside a postcode or a school the name of a
    small town that does not fit is not one: "Broadway, LS1 4AP". Where no part fits the others, it
    asks.
    """
    return _agreement(query, answers) or _disagreement(query, answers)


def _agreement(query: str, answers: Sequence[Answer]) -> Answer | None:
    """Return what the parts say together, None where they do not fit."""
    if len(answers) == 1:
        return replace(answers[0], query=query)
    likely = [[m for m in answer.meanings if not m.is_namesake] for answer in answers]
    all_of_them = [list(answer.meanings) for answer in answers]
    for meanings, exactly in ((likely, True), (all_of_them, True), (likely, False)):
        supported = _supported(meanings, exactly=exactly)
        if supported:
            return _answer(query, answers, supported)
    exact = [answer for answer in answers if answer.is_exact]
    firm = [answer for answer in answers if not _is_small(answer)]
    return _agreement(query, firm) if exact and len(firm) < len(answers) else None


def _supported(parts: Sequence[Sequence[Meaning]], *, exactly: bool) -> list[list[Meaning]]:
    """Return of each part the meanings that every other part allows; [] where a part has none.

    `exactly`: one lies in the other, as far as known; else they need only be in one region. Every
    meaning is looked at once for each other part, however many namesakes there are.
    """
    where = [_Places.of(part) for part in parts]
    supported = [
        [
            meaning
            for meaning in part
            if all(places.allow(meaning, exactly=exactly) for places in where if places is not own)
        ]
        for part, own in zip(parts, where, strict=True)
    ]
    return supported if all(supported) else []


@dataclass
class _Places:
    """Where the meanings of one part lie: by region the areas and councils, "" for all of it."""

    abroad: bool = False
    exact: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    areas: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    councils: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, meanings: Sequence[Meaning]) -> _Places:
        places = cls()
        for meaning in meanings:
            if meaning.target is None:
                places.abroad = True
                continue
            region, area = meaning.target.region_slug, meaning.target.area_slug
            places.exact[region].add((area, meaning.target.council))
            places.areas[region].add(area)
            places.councils[region].add(meaning.target.council)
        return places

    def allow(self, meaning: Meaning, *, exactly: bool) -> bool:
        """Whether the meaning may lie in one of these places, or one of them in it."""
        if meaning.target is None:
            return self.abroad
        region, area = meaning.target.region_slug, meaning.target.area_slug
        council = meaning.target.council
        if region not in self.exact or not exactly:
            return region in self.exact
        if area and council:
            held = {(area, council), (area, ""), ("", council), ("", "")}
            return not held.isdisjoint(self.exact[region])
        if area:
            return not self.areas[region].isdisjoint({area, ""})
        return not council or not self.councils[region].isdisjoint({council, ""})


def _answer(query: str, answers: Sequence[Answer], supported: Sequence[list[Meaning]]) -> Answer:
    """Answer by the part that says most exactly where it is."""
    answer, meanings = min(
        zip(answers, supported, strict=True),
        key=lambda part: (_regions(part[1]), _vagueness(part[1])),
    )
    if not any(meaning.target for meaning in meanings):
        certain = [a for a in answers if a.result is Result.OUTSIDE_ENGLAND]
        return replace(
            (certain or [answer])[0],
            query=query,
            result=Result.OUTSIDE_ENGLAND,
            findings=(),
            meanings=tuple(meanings),
        )
    found = located(query, meanings)
    if found.result is Result.MANY or answer.notice:
        return replace(found, notice=answer.notice, explanation=answer.explanation)
    return found


def _regions(meanings: Sequence[Meaning]) -> int:
    return len({meaning.target and meaning.target.region_slug for meaning in meanings})


def _vagueness(meanings: Sequence[Meaning]) -> int:
    """Return 0 for what is known to lie in a council, 1 in an area, 2 in a region."""
    targets = [meaning.target for meaning in meanings if meaning.target]
    return max((0 if t.council else 1 if t.area_slug else 2 for t in targets), default=0)


def _is_town(answer: Answer) -> bool:
    """Whether it is of towns alone: there may be others of the name that nobody has listed."""
    return all(meaning.postcodes for meaning in answer.meanings)


def _is_small(answer: Answer) -> bool:
    """Whether it is of towns so small that the name may as well be a school's or a street's."""
    return all(0 < meaning.postcodes < _LARGE_TOWN for meaning in answer.meanings)


def _disagreement(query: str, answers: Sequence[Answer]) -> Answer:
    """Ask which of several parts is meant that lie in different regions.

    A town is less certain than the county named beside it: it may be one that we do not know.
    """
    answers = sorted(answers, key=_is_town)
    findings: dict[str, Finding] = {}
    for answer in answers:
        for finding in answer.findings:
            findings.setdefault(finding.region_slug, finding)
    if not findings:
        return replace(answers[0], query=query)
    names = [f"“{name}”" for name in dict.fromkeys(answer.query for answer in answers)]
    explanation = f"{listed(names)} are not in one region. Which do you mean?"
    is_county = _vagueness(answers[0].meanings) == 1
    if len(answers) == 2 and is_county and _is_town(answers[1]):
        explanation = f"We know no {names[1]} in {names[0]}. Which do you mean?"
    return Answer(
        query=query,
        result=Result.MANY,
        findings=tuple(findings.values()),
        explanation=explanation,
        areas=tuple(dict.fromkeys(area for answer in answers for area in answer.areas)),
        councils=tuple(dict.fromkeys(name for answer in answers for name in answer.councils)),
        meanings=tuple(meaning for answer in answers for meaning in answer.meanings),
    )
