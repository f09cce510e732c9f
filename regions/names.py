"""How names are compared: tidied, and never by a part of them."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = frozenset("'`\u00b4\u02bc\u2018\u2019\u201b\u2032")
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
# Letters, marks and symbols by their category, which nevertheless show nothing.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u2800\u3164\ufe00-\ufe0f\uffa0]")

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


_BEGINNING = re.compile("^(?:" + "|".join(_BEGINNINGS) + ")")
_ENDING = re.compile("(?:" + "|".join(_ENDINGS) + ")$")
_SAINT = re.compile(r"\bsaint\b")
_BORO = re.compile(r"(?<=[a-z]{3})boro\b")


# What `normalise` makes of each plain character; most texts have no other.
_ASCII = {
    code: None if chr(code) in _APOSTROPHES else " and " if chr(code) == "&" else " "
    for code in range(128)
    if not chr(code).isalnum()
}


def normalise(text: str) -> str:
    """Return `text` as names are compared: plain small letters and digits, single spaces.

    Accents, apostrophes and invisible characters go, "&" is "and", and all other punctuation is
    a space, so "King's Lynn & West-Norfolk" is "kings lynn and west norfolk". May be "".
    """
    if text.isascii():
        return " ".join(text.lower().translate(_ASCII).split())
    plain = []
    for character in unicodedata.normalize("NFKD", text).casefold():
        if character.isalnum():
            plain.append(character)
        elif character == "&":
            plain.append(" and ")
        elif character not in _APOSTROPHES and unicodedata.category(character) not in {"Mn", "Cf"}:
            plain.append(" ")
    return " ".join("".join(plain).split())


def search_keys(text: str) -> tuple[str, ...]:
    """Return the keys under which to look for `text`, the most exact first.

    After the name as typed come the name without "the", without what councils put after their
    place's name, without what they put before it, and without both.
    """
    key = normalise(text)
    bare = key.removeprefix("the ")
    shorter = _without_ending(bare)
    candidates = (key, bare, shorter, _without_beginning(bare), _without_beginning(shorter))
    # "Saint Albans", "Peterboro" and "Burton on Trent" last: there may be a place of the very name.
    other = [
        spelling
        for candidate in candidates
        for spelling in (usual_spelling(candidate), upon_or_on(candidate))
    ]
    return tuple(dict.fromkeys(candidate for candidate in (*candidates, *other) if candidate))


def usual_spelling(key: str) -> str:
    """Return the key as most names are spelt: "st albans", "peterborough"."""
    return _SAINT.sub("st", _BORO.sub("borough", key))


def upon_or_on(key: str) -> str:
    """Return the key with "on" for "upon", or the reverse: few people know which a river has."""
    if " upon " in key:
        return key.replace(" upon ", " on ")
    return key.replace(" on ", " upon ")


# What tells a town from its namesakes: Royal Leamington Spa, Clacton-on-Sea, Barrow in Furness.
_BEFORE = re.compile(r"^(?:royal|chipping|great) (?=\S)")
_FURTHER = re.compile(
    r" (?:(?:on|upon|by|in|under|next|near|cum|le|de|en le|with|super) (?:the )?\S.*"
    r"|spa|regis|minster|garden city)$"
)


def common_forms(key: str) -> tuple[str, ...]:
    """Return other forms of a town's key that people type: "clacton" for "clacton on sea".

    Without what tells it from its namesakes, before it, behind it, and both; and with "on" for
    "upon".
    """
    plain = _BEFORE.sub("", key)
    forms = dict.fromkeys((plain, _FURTHER.sub("", key), _FURTHER.sub("", plain), upon_or_on(key)))
    return tuple(form for form in forms if form and form != key)


def is_unseen(character: str) -> bool:
    """Whether a character shows nothing: white space, control and invisible ones."""
    return unicodedata.category(character) in _UNSEEN_CATEGORIES or bool(
        _UNSEEN.fullmatch(character)
    )


def _without_ending(key: str) -> str:
    if key.endswith(" county council"):
        return key
    # Only the longest ending goes: "the city council" must not become "the city".
    return _ENDING.sub("", key, count=1)


def _without_beginning(key: str) -> str:
    return _BEGINNING.sub("", key, count=1)


# What people write in more than one way in the names of schools. Whole words, tried in this order.
_COMMON_FORMS = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), form)
    for pattern, form in (
        ("saints|^ss", "sts"),
        ("saint", "st"),
        ("cevap", "cofe va primary"),
        ("cevcp", "cofe vc primary"),
        ("ceva", "cofe va"),
        ("cevc", "cofe vc"),
        ("church of england|c of e|c e|ce", "cofe"),
        ("roman catholic|r c", "rc"),
        ("voluntary aided|v a", "va"),
        ("voluntary controlled|v c", "vc"),
        ("sch", "school"),
        ("prim", "primary"),
        ("jnr|jun", "junior"),
        ("infants|inf", "infant"),
        ("junior mixed (?:and )?infant|j m (?:and )?i", "jmi"),
        ("junior (?:and )?infant|j (?:and )?i", "ji"),
        ("6th form", "sixth form"),
    )
)
# Whether any of them stands in a name: most names have none, and one look is enough for those.
_ANY_COMMON_FORM = re.compile("|".join(pattern.pattern for pattern, _ in _COMMON_FORMS))
# "St Thomas's" and "St Thomas'" are one saint.
_SECOND_S = re.compile(rf"(?<=s)[{''.join(sorted(_APOSTROPHES))}]s\b", re.IGNORECASE)


_UNIVERSITY = re.compile(r"(?:university of (?P<of>.+)|(?P<before>.+) university)")


def establishment_keys(text: str) -> tuple[str, ...]:
    """Return the keys under which a school of that name may be stored; () for no name.

    The first is the one to store it under: it has one form of each word, no "the" at its beginning
    or end, and no "school" at its end where two words are left. What is not certainly the same word
    stays apart: "Catholic" is not "RC", "Aided" is not "VA". A university is also looked for the
    other way round: "Manchester University".
    """
    key = normalise(_SECOND_S.sub("", text)).removeprefix("the ").removesuffix(" the")
    for pattern, form in _COMMON_FORMS if _ANY_COMMON_FORM.search(key) else ():
        key = pattern.sub(form, key)
    shorter = key.removesuffix(" school")
    kept = shorter if " " in shorter else key
    university = _UNIVERSITY.fullmatch(kept)
    if university is None:
        return (kept,) if kept else ()
    place = university["of"] or university["before"]
    return (kept, f"{place} university" if university["of"] else f"university of {place}")
