"""One answer of several: a text of which several parts are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from regions.answers import Answer, Finding, Meaning, Result
from regions.finder.replies import located
from regions.wording import listed

_Fits = Callable[[Meaning, Meaning], bool]


def agreed(query: str, answers: Sequence[Answer]) -> Answer:
    """Return the answer for a text whose parts have these, the most exact kind of part first.

    What every part allows is the answer: of the places called Newport the one on the Isle of Wight.
    Parts agree if one lies in the other, or else if they are in one region. Namesakes that are
    hardly meant count only where nothing else agrees. Where no part fits the others, it asks.
    """
    if len(answers) == 1:
        return replace(answers[0], query=query)
    likely = [[m for m in answer.meanings if not m.is_namesake] for answer in answers]
    all_of_them = [list(answer.meanings) for answer in answers]
    for fits, meanings in (
        (_within, likely),
        (_within, all_of_them),
        (_in_one_region, likely),
        (_in_one_region, all_of_them),
    ):
        supported = _supported(meanings, fits)
        if supported:
            return _answer(query, answers, supported)
    return _disagreement(query, answers)


def _supported(parts: Sequence[Sequence[Meaning]], fits: _Fits) -> list[list[Meaning]]:
    """Return of each part the meanings that every other part allows; [] where a part has none."""
    supported = []
    for part in parts:
        others = [other for other in parts if other is not part]
        supported.append(
            [one for one in part if all(any(fits(one, m) for m in other) for other in others)]
        )
    return supported if all(supported) else []


def _within(one: Meaning, other: Meaning) -> bool:
    """Whether one may lie in the other: in the same council, area or region, as far as known."""
    if one.target is None or other.target is None:
        return one.target is other.target
    return one.target.region_slug == other.target.region_slug and all(
        not ours or not theirs or ours == theirs
        for ours, theirs in (
            (one.target.area_slug, other.target.area_slug),
            (one.target.council, other.target.council),
        )
    )


def _in_one_region(one: Meaning, other: Meaning) -> bool:
    if one.target is None or other.target is None:
        return one.target is other.target
    return one.target.region_slug == other.target.region_slug


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


def _disagreement(query: str, answers: Sequence[Answer]) -> Answer:
    """Ask which of several parts is meant that lie in different regions."""
    findings: dict[str, Finding] = {}
    for answer in answers:
        for finding in answer.findings:
            findings.setdefault(finding.region_slug, finding)
    if not findings:
        return replace(answers[0], query=query)
    names = listed(list(dict.fromkeys(f"“{answer.query}”" for answer in answers)))
    return Answer(
        query=query,
        result=Result.MANY,
        findings=tuple(findings.values()),
        explanation=f"{names} are not in one region. Which do you mean?",
        areas=tuple(dict.fromkeys(area for answer in answers for area in answer.areas)),
        councils=tuple(dict.fromkeys(name for answer in answers for name in answer.councils)),
        meanings=tuple(meaning for answer in answers for meaning in answer.meanings),
    )
