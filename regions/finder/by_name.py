"""The region of a name: a council, county, area or other place, or a town.

Names are compared exactly, once tidied, and never by a part of them: "North East
Derbyshire" must not find North-East. What cannot be told is asked, never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from regions.answers import Answer, Choice, Finding, Meaning, Notice, PlaceFacts, Result, Target
from regions.finder.replies import findings_of, located, outside
from regions.finder.sources import Sources
from regions.names import normalise, search_keys
from regions.towns import Town
from regions.wording import are, capitalised, in_a_sentence, listed


def answer_name(query: str, sources: Sources) -> Answer | None:
    """Return the answer for a name, or None for one that is not known.

    A council's, county's or other listed name goes before a town's; towns of that name in other
    regions are offered beside it.
    """
    if query not in sources.named:
        sources.named[query] = _answer_name(query, sources)
    return sources.named[query]


def _answer_name(query: str, sources: Sources) -> Answer | None:
    keys = search_keys(query)
    if not keys:
        return None
    known = {
        facts.key: facts for facts in sources.places(keys) if facts.targets or facts.outside_england
    }
    for key in keys:
        if key in known:
            answer = _answer_place(query, known[key])
            return _with_namesakes(answer, sources.towns.called(key), sources)
    for key in keys:
        towns = sources.towns.called(key)
        if towns:
            answer = _answer_towns(query, towns, sources)
            return _with_namesakes(answer, sources.towns.hardly_called(key), sources)
    return None


def _answer_towns(query: str, towns: Sequence[Town], sources: Sources) -> Answer:
    """Return the answer for towns of one name, the largest first."""
    meanings = _meanings(towns, sources)
    inside = [meaning.target for meaning in meanings if meaning.target]
    abroad = [town for town in towns if town.nation]
    name = towns[0].name
    if not inside:
        return outside(query, name, f"{name} is in {abroad[0].nation}, outside England.")
    explanation = ""
    notice = None
    if abroad:
        explanation = (
            f"There is more than one place called “{query}”, and one of them is in "
            f"{abroad[0].nation}, where our co-ordinators do not serve. Which do you mean?"
        )
    elif len({target.region_slug for target in inside}) > 1:
        explanation = f"There is more than one place called “{query}”. Which do you mean?"
    elif not any(target.in_england for target in inside):
        notice = Notice.NOT_IN_ENGLAND
        explanation = (
            f"{name} is on the Isle of Man: not in England, but listed under "
            f"{inside[0].region_name}."
        )
    return located(query, meanings, notice=notice, explanation=explanation)


def _with_namesakes(answer: Answer, towns: Sequence[Town], sources: Sources) -> Answer:
    """Return the answer for a listed name with the towns of that name elsewhere.

    Where it asks already, they are asked about too; else they are only offered.
    """
    answered = {meaning.target.area_slug for meaning in answer.meanings if meaning.target}
    elsewhere = [town for town in towns if town.area and town.area not in answered]
    if not elsewhere:
        return answer
    others = [
        replace(meaning, is_namesake=answer.result is not Result.MANY)
        for meaning in _meanings(elsewhere, sources)
    ]
    if answer.result is Result.MANY:
        regions = {finding.region_slug for finding in answer.findings}
        more = findings_of((m.name, m.target) for m in others if m.target)
        answer = replace(
            answer,
            findings=(*answer.findings, *(f for f in more if f.region_slug not in regions)),
        )
    return replace(answer, meanings=(*answer.meanings, *others))


def _meanings(towns: Sequence[Town], sources: Sources) -> list[Meaning]:
    """Return each town with where it lies; outside England without a target."""
    areas = sources.areas(sorted({town.area for town in towns if town.area}))
    return [
        Meaning(
            town.name,
            replace(areas[town.area], council=town.council) if town.area else None,
            postcodes=town.postcodes,
        )
        for town in towns
        if not town.area or town.area in areas
    ]


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
            f"There is more than one {name}, and one of them is outside England, where our "
            "co-ordinators do not serve. Which do you mean?"
        )
    elif len(findings) > 1:
        result = Result.MANY
        explanation = f"More than one region serves {name}. Which part or place do you mean?"
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
        meanings=(
            *(Meaning(target.label or place.name, target) for target in place.targets),
            *([Meaning(place.name, None)] if place.outside_england else []),
        ),
    )


def _finding(name: str, targets: Sequence[Target]) -> Finding:
    """Tell why one region answers: `targets` are those of the place that lie in it."""
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
