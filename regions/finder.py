"""Which region does a name belong to? Plain values in, plain values out.

Names are compared exactly, once tidied, and never by a part of them: "North East
Derbyshire" must not find North-East. What cannot be told is asked, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

LONGEST_QUERY = 200
"""Characters; whatever is longer is no name of a place and is not looked up."""


class Result(StrEnum):
    """How many regions answer. The values are promised to other programs."""

    ONE = "one"
    MANY = "many"
    NONE = "none"
    OUTSIDE_ENGLAND = "outside-england"
    INVALID = "invalid"


class Notice(StrEnum):
    """What else a reader should know. The values are promised to other programs."""

    NOT_IN_USE = "not-in-use"
    NOT_IN_ENGLAND = "not-in-england"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a name points: an area, or a region where only that is known.

    `label` says which part, or which of several places of that name, is meant.
    """

    region_slug: str
    region_name: str
    region_position: int
    area_slug: str = ""
    area_name: str = ""
    in_england: bool = True
    label: str = ""


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """One name that people type; `name` is the usual name, as sentences use it."""

    key: str
    name: str
    kind: str
    targets: tuple[Target, ...]
    outside_england: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to "which one do you mean?": the slug of an area, or of a region."""

    slug: str
    label: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One region of the answer, why it is one, and what within it may be meant."""

    region_slug: str
    region_name: str
    reason: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked and what came of it. Without a question `result` is None."""

    query: str
    result: Result | None
    findings: tuple[Finding, ...] = ()
    notice: Notice | None = None
    explanation: str = ""


PlaceSource = Callable[[Sequence[str]], Iterable[PlaceFacts]]
"""Gives the facts of every place whose key is among the keys."""

_APOSTROPHES = frozenset("'`\u00b4\u02bc\u2018\u2019\u201b\u2032")
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
# Letters, marks and symbols by their category, which nevertheless show nothing.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u2800\u3164\ufe00-\ufe0f\uffa0]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

# What councils put before and after the name of their place, longest first. "County council" is
# not among them: Lincolnshire County Council serves only a part of Lincolnshire.
_BEGINNINGS = (
    "metropolitan borough of ",
    "metropolitan district of ",
    "council of the ",
    "london borough of ",
    "royal borough of ",
    "borough council of ",
    "city council of ",
    "council of ",
    "district of ",
    "borough of ",
    "county of ",
    "city of ",
    "lb of ",
    "lb ",
)
_ENDINGS = (
    " metropolitan borough council",
    " metropolitan district council",
    " city and district council",
    " county borough council",
    " london borough council",
    " metropolitan borough",
    " metropolitan district",
    " london borough of",
    " unitary authority",
    " district council",
    " royal borough of",
    " borough council",
    " county borough",
    " london borough",
    " city council",
    " london boro",
    " borough of",
    " county of",
    " district",
    " borough",
    " city of",
    " council",
    " city",
    " mbc",
    " mdc",
    " bc",
    " dc",
    " ua",
)

# Royal Mail's postcode areas, the Crown dependencies and the few that are no place (BF, BX).
_POSTCODE_AREAS = frozenset(
    """
    ab al b ba bb bd bf bh bl bn br bs bt bx ca cb cf ch cm co cr ct cv cw da dd de dg dh dl dn dt
    dy e ec eh en ex fk fy g gl gu gy ha hd hg hp hr hs hu hx ig im ip iv je ka kt kw ky l la ld le
    ll ln ls lu m me mk ml n ne ng nn np nr nw ol ox pa pe ph pl po pr rg rh rm s sa se sg sk sl sm
    sn so sp sr ss st sw sy ta td tf tn tq tr ts tw ub w wa wc wd wf wn wr ws wv yo ze
    """.split()  # noqa: SIM905  A list of 126 strings would fill three pages.
)
_LIKE_A_POSTCODE = re.compile(r"([a-z]{1,2})[0-9][0-9a-z]?(?:[0-9]([a-z]{0,2}))?")
_NEVER_LAST_IN_A_POSTCODE = frozenset("cikmov")
_URN = re.compile(r"[0-9]{5,6}")
_UKPRN = re.compile(r"[0-9]{8}")

_TYPE_A_NAME = "Type the name of the council or county instead."


def normalise(text: str) -> str:
    """Return `text` as names are compared: plain small letters and digits, single spaces.

    Accents, apostrophes and invisible characters go, "&" is "and", and all other punctuation is
    a space, so "King's Lynn & West-Norfolk" is "kings lynn and west norfolk". May be "".
    """
    kept = []
    for character in unicodedata.normalize("NFKD", text).casefold():
        if character.isalnum():
            kept.append(character)
        elif character == "&":
            kept.append(" and ")
        elif character not in _APOSTROPHES and unicodedata.category(character) not in {"Mn", "Cf"}:
            kept.append(" ")
    return " ".join("".join(kept).split())


def search_keys(text: str) -> tuple[str, ...]:
    """Return the keys under which to look for `text`, the most exact first.

    After the name as typed come the name without "the", without what councils put after their
    place's name, without what they put before it, and without both.
    """
    key = normalise(text)
    bare = key.removeprefix("the ")
    shorter = _without_ending(bare)
    candidates = (key, bare, shorter, _without_beginning(bare), _without_beginning(shorter))
    return tuple(dict.fromkeys(candidate for candidate in candidates if candidate))


def find(query: str, places: PlaceSource) -> Answer:
    """Return which region `query` names, and why.

    The kinds of name are tried in a fixed order: postcode, number, council or county or other
    name. `places` is called once at most. Never raises, whatever the text.
    """
    shown = _LONE_SURROGATE.sub("\ufffd", _without_unseen_ends(query))
    if not shown:
        return Answer(query="", result=None)
    if len(shown) > LONGEST_QUERY:
        return Answer(
            query=shown,
            result=Result.INVALID,
            explanation=f"That is longer than {LONGEST_QUERY} characters. {_TYPE_A_NAME}",
        )
    return (
        _answer_postcode(shown)
        or _answer_number(shown)
        or _answer_name(shown, places)
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


def is_unseen(character: str) -> bool:
    """Say whether a character shows nothing: white space, control and invisible ones."""
    return unicodedata.category(character) in _UNSEEN_CATEGORIES or bool(
        _UNSEEN.fullmatch(character)
    )


def _without_ending(key: str) -> str:
    if key.endswith(" county council"):
        return key
    # Only the longest ending goes: "the city council" must not become "the city".
    return next((key.removesuffix(end) for end in _ENDINGS if key.endswith(end)), key)


def _without_beginning(key: str) -> str:
    return next((key.removeprefix(start) for start in _BEGINNINGS if key.startswith(start)), key)


def _answer_postcode(query: str) -> Answer | None:
    """Tell postcodes from names; they are not looked up yet."""
    match = _LIKE_A_POSTCODE.fullmatch(normalise(query).replace(" ", ""))
    if not match:
        return None
    area, last_two = match[1], match[2] or ""
    result = Result.INVALID
    if area not in _POSTCODE_AREAS:
        reason = f"No postcode starts with {area.upper()}."
    elif len(last_two) < 2:
        reason = "That is only a part of a postcode."
    elif not _NEVER_LAST_IN_A_POSTCODE.isdisjoint(last_two):
        reason = f"No postcode ends with {last_two.upper()}."
    else:
        result = Result.NONE
        reason = "This site cannot tell the region by postcode yet."
    return Answer(query=query, result=result, explanation=f"{reason} {_TYPE_A_NAME}")


def _answer_number(query: str) -> Answer | None:
    """Tell schools' and providers' numbers from names; they are not looked up yet."""
    text = normalise(query)
    if _URN.fullmatch(text):
        number = "a school's number (URN)"
    elif _UKPRN.fullmatch(text):
        number = "a provider's number (UKPRN)"
    else:
        return None
    return Answer(
        query=query,
        result=Result.NONE,
        explanation=f"This site cannot tell the region by {number} yet. {_TYPE_A_NAME}",
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
    name = _in_a_sentence(place.name)
    notice = None
    if not findings:
        result = Result.OUTSIDE_ENGLAND
        explanation = (
            f"{name} {_are(name)} outside England. The Prevent duty's co-ordinators here serve "
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
                f"{name} {_are(name)} not in England, but {_are(name)} listed under {region}."
            )
        elif normalise(name) == normalise(region):
            explanation = findings[0].reason
        else:
            explanation = f"{name} {_are(name)} in {region}."
    return Answer(
        query=query,
        result=result,
        findings=findings,
        notice=notice,
        explanation=_capitalised(explanation),
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
    name = _in_a_sentence(subject)
    # A label may list several places; a council named after several is still one.
    verb = "are" if targets[0].label and " and " in subject else _are(name)
    if normalise(subject) in map(normalise, areas):
        predicate = f"one of the areas of {region}"
    elif areas:
        predicate = f"policed by {_listed([_in_a_sentence(area) for area in areas])}"
    elif normalise(subject) == normalise(region):
        predicate = "one of the eight regions"
    else:
        predicate = f"in {region}"
    return _capitalised(f"{name} {verb} {predicate}.")


def _in_a_sentence(name: str) -> str:
    """Return the name with "the" where English wants it: "the Metropolitan Police"."""
    wants_the = name.startswith(("City of ", "Forest of ", "Isle", "Vale of ")) or name.endswith(
        " Police"
    )
    return f"the {name}" if wants_the else name


def _are(name: str) -> str:
    """Return the verb: "the Isles of Scilly" and "the Cotswolds" are, "Leeds" is."""
    is_plural = name.startswith("the Isles ") or (name.startswith("the ") and name.endswith("s"))
    return "are" if is_plural else "is"


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _capitalised(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
