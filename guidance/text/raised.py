"""Raised and lowered letters, of which Markdown has none, as signs that Unicode has."""

from __future__ import annotations

import re
from typing import Final

_PLAIN: Final = "0123456789+-\u2212=()"
_SIGNS: Final = {
    "sup": str.maketrans(f"{_PLAIN}ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ"),
    "sub": str.maketrans(_PLAIN, "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎"),
}
_ELEMENT: Final = re.compile(
    r"<(?P<tag>sup|sub)(?:\s[^<>]*)?>(?P<words>[^<>]*)</(?P=tag)\s*>", re.IGNORECASE
)


def with_signs(html: str) -> str:
    """Return HTML in which 10<sup>2</sup> is 10²: without it, the number would be another one.

    An element of which one letter has no sign stays as it is.
    """
    return _ELEMENT.sub(_signs, html)


def _signs(element: re.Match[str]) -> str:
    signs = _SIGNS[element["tag"].lower()]
    words = element["words"].strip()
    return words.translate(signs) if all(ord(each) in signs for each in words) else element[0]
