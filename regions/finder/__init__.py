"""Which region does a text name, and why? Plain values in, plain values out.

The text is tried as a whole first: postcode, number of an establishment, council or county or other
name, town, name of an establishment. Only then is it taken apart (`parts`), and what its parts say
is put together (`agreement`). What cannot be told is asked, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from regions.answers import Answer, Choice, Finding, Result
from regions.finder.agreement import agreed
from regions.finder.by_establishment import answer_name_of_establishment, answer_number
from regions.finder.by_name import answer_name
from regions.finder.by_postcode import answer_postcode
from regions.finder.parts import (
    Parts,
    covered_by,
    is_called_after,
    is_national,
    parts_of,
    plainly,
    runs_of_words,
)
from regions.finder.replies import invalid
from regions.finder.sources import Sources
from regions.names import is_unseen, normalise, usual_spelling

__all__ = ["LONGEST_QUERY", "Sources", "find", "look_up"]

LONGEST_QUERY: Final = 200
"""Characters; whatever is longer is no name of a place and is not looked up."""
# Parts of one text that are looked up: nobody writes more about one place.
_MOST_PARTS: Final = 8

_JOINED: Final = re.compile(r"\w-(?:by|in|le|next|on|the|under|upon)-\w", re.IGNORECASE)
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def find(query: str, sources: Sources) -> Answer:
    """Return which region `query` names, and why. Never raises, whatever the text."""
    shown = _shown(query)
    if not shown:
        return Answer(query="", result=None)
    if len(shown) > LONGEST_QUERY:
        return invalid(shown, f"That is longer than {LONGEST_QUERY} characters.")
    return (
        _whole(shown, sources)
        or _national(shown, sources)
        or _by_parts(shown, sources)
        or Answer(
            query=shown,
            result=Result.NONE,
            explanation="We do not know a place of that name.",
        )
    )


def look_up(query: str, sources: Sources) -> None:
    """Ask the sources all that `find` would ask them, without making anything of it."""
    shown = _shown(query)
    if shown and len(shown) <= LONGEST_QUERY and not _whole(shown, sources):
        _answers_of_parts(shown, sources)


def _shown(query: str) -> str:
    return _LONE_SURROGATE.sub("\ufffd", _without_unseen_ends(query))


def _whole(query: str, sources: Sources) -> Answer | None:
    """Return the answer where the whole text names one thing."""
    key = normalise(query)
    return (
        answer_postcode(query, key, sources)
        or answer_number(query, key, sources)
        or answer_name(query, sources)
        or answer_name_of_establishment(query, sources)
    )


def _national(query: str, sources: Sources) -> Answer | None:
    """Return the answer to "England", "online" and the like: every region."""
    if not is_national(query):
        return None
    findings = tuple(
        Finding(
            region_slug=target.region_slug,
            region_name=target.region_name,
            reason=f"{target.region_name} is one of the eight regions.",
            choices=(Choice(target.region_slug, target.region_name),),
        )
        for target in sources.regions()
    )
    return Answer(
        query=query,
        result=Result.MANY if findings else Result.NONE,
        findings=findings,
        explanation="Choose the region that it is about, or write to us about several regions, "
        "national or online work.",
        is_national=True,
    )


def _by_parts(query: str, sources: Sources) -> Answer | None:
    """Return what the parts that are known say together, or None where none is known."""
    answers = _answers_of_parts(query, sources)
    located = [a for a in answers if a.findings or a.result is Result.OUTSIDE_ENGLAND]
    if located:
        return agreed(query, located)
    # A postcode that is none, or a number that nobody has, says why.
    return replace(answers[0], query=query) if answers else None


def _answers_of_parts(query: str, sources: Sources) -> list[Answer]:
    parts = parts_of(query)
    return [] if len(parts) > _MOST_PARTS else list(_answers(query, parts, sources))


def _answers(query: str, parts: Parts, sources: Sources) -> Iterator[Answer]:
    """Yield the answer for each part that is known, the most exact kinds first.

    As a whole the text is not known.
    """
    for postcode in dict.fromkeys(parts.postcodes):
        answer = answer_postcode(postcode, normalise(postcode), sources)
        if answer:
            yield replace(answer, is_exact=True)
    for number in dict.fromkeys(parts.numbers):
        answer = answer_number(number, normalise(number), sources)
        if answer:
            yield replace(answer, is_exact=True)
    named: list[Answer] = []
    for name in dict.fromkeys(parts.names):
        is_whole = name == query
        establishment = None if is_whole else answer_name_of_establishment(name, sources)
        whole = None if is_whole or establishment else answer_name(name, sources)
        if establishment:
            yield establishment
        elif whole:
            named.append(whole)
        else:
            named += _names_within(name, sources)
    yield from named


def _names_within(name: str, sources: Sources) -> Iterator[Answer]:
    """Yield the answers for the names that a part is made of, if it is made of names alone."""
    usual = plainly(usual_spelling(normalise(name)))
    # One word alone has been looked up already; what hyphens join is one name: Hay-on-Wye.
    runs = runs_of_words(usual) if " " in usual and not _JOINED.search(name) else []
    known = {facts.key for facts in sources.places(runs)} if runs else set()
    known |= {run for run in runs if run in sources.towns}
    names = covered_by(usual, known)
    places = [name for name in names if not is_called_after(usual, name)]
    if names and not places:
        yield _only_called_after(name, names)
    for run in places:
        answer = answer_name(run, sources)
        if answer:
            yield replace(answer, query=run.title())


def _only_called_after(query: str, names: Sequence[str]) -> Answer:
    """Return that a school or the like is not known, with the places that its name may be from."""
    return Answer(
        query=query,
        result=Result.NONE,
        explanation="We do not know a school, college or university of that name. Type its town or "
        "postcode.",
        hints=tuple(name.title() for name in names),
    )


def _without_unseen_ends(text: str) -> str:
    start, end = 0, len(text)
    while start < end and is_unseen(text[start]):
        start += 1
    while end > start and is_unseen(text[end - 1]):
        end -= 1
    return text[start:end]
