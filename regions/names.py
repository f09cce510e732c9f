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


def normalise(text: str) -> str:
    """Return `text` as names are compared: plain small letters and digits, single spaces.

    Accents, apostrophes and invisible characters go, "&" is "and", and all other punctuation is
    a space, so "King's Lynn & West-Norfolk" is "kings lynn and west norfolk". May be "".
    """
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
    return tuple(dict.fromkeys(candidate for candidate in candidates if candidate))


def is_unseen(character: str) -> bool:
    """Whether a character shows nothing: white space, control and invisible ones."""
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
# "St Thomas's" and "St Thomas'" are one saint.
_SECOND_S = re.compile(rf"(?<=s)[{''.join(sorted(_APOSTROPHES))}]s\b", re.IGNORECASE)


def establishment_keys(text: str) -> tuple[str, ...]:
    """Return the key under which a school of that name is stored, in a tuple; () for no name.

    It has one form of each word, no "the" at its beginning or end, and no "school" at its end where
    two words are left. What is not certainly the same word stays apart: "Catholic" is not "RC",
    "Aided" is not "VA".
    """
    key = normalise(_SECOND_S.sub("", text)).removeprefix("the ").removesuffix(" the")
    for pattern, form in _COMMON_FORMS:
        key = pattern.sub(form, key)
    shorter = key.removesuffix(" school")
    stored = shorter if " " in shorter else key
    return (stored,) if stored else ()
