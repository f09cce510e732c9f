"""Which track the words of a line name, and which of its words are not understood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from regions.names import normalise
from regions.wording import listed
from training.pasting.patterns import CELL_ENDS, CUT, SMALL_WORDS, words_of
from training.pasting.rows import TrackWords

_FRAGMENT_ENDS: Final = re.compile(r'[\t,;|"\n()\[\]{}<>]| - |: ')
_WORDING: Final = re.compile(r"[^\W_](?:.*[^\W_])?")

# Symbols that are only decoration. Any other, such as a cross, means something to its writer.
_NOT_SYMBOLS: Final = frozenset("•●▪◦‣⁃◆■□▶►★☆✓✔°")

# Words for a link, or one that is to come, and for where the training is held.
_IGNORED: Final = re.compile(
    r"(?:please )?(?:register|book|book a place|book your place|sign up|booking|registration)"
    r"(?: (?:now|here|online|link|page))?(?: (?:on|at|via|with|through) eventbrite)?"
    r"|eventbrite(?: (?:link|page|event|registration|booking))?"
    r"|(?:the )?(?:registration |booking |eventbrite )?link(?: (?:is )?to follow| tbc| tba| here)?"
    r"|to follow|tbc|tba|to be confirmed|to be announced|not yet|none|n a"
    r"|(?:live )?(?:online|virtual|virtually)(?: (?:training|session|event|webinar))?"
    r"|uk"
)
# These may stand beside the words that name the track, whether or not its name has them.
_BESIDE_A_TRACK: Final = words_of(
    "course duty event online prevent session training virtual webinar"
)
# Too general to name a track alone, even where only one has them in its name.
_NO_TRACK_ALONE: Final = words_of("college education provider region school")


@dataclass(frozen=True, slots=True)
class TrackNames:
    """What the tracks are called: each one's name, whole phrases for one, and its words."""

    names: dict[str, str]
    phrases: dict[str, str]
    words: dict[str, frozenset[str]]

    @classmethod
    def of(cls, tracks: Sequence[TrackWords]) -> TrackNames:
        phrases_of = {track.slug: (track.slug, track.name, track.audience) for track in tracks}
        slugs: dict[str, set[str]] = {}
        for slug, phrases in phrases_of.items():
            for phrase in phrases:
                slugs.setdefault(normalise(phrase), set()).add(slug)
        return cls(
            names={track.slug: track.name for track in tracks},
            phrases={key: min(meant) for key, meant in slugs.items() if key and len(meant) == 1},
            words={
                slug: _stems(normalise(" ".join(phrases))) for slug, phrases in phrases_of.items()
            },
        )

    def take_cells(self, text: str) -> tuple[list[str], str]:
        """Return the tracks that whole cells name, and the text without those cells.

        A name with a comma in it may lie over up to three cells.
        """
        parts = CELL_ENDS.split(text)
        slugs = []
        for length in (5, 3, 1):
            for start in range(0, len(parts) - length + 1, 2):
                slug = self.phrases.get(normalise("".join(parts[start : start + length])))
                if slug:
                    slugs.append(slug)
                    parts[start : start + length] = [CUT] + [""] * (length - 1)
        return slugs, "".join(parts)

    def sort_out(self, text: str) -> tuple[list[str], list[str]]:
        """Return the tracks that the rest of a line names, and the words not understood."""
        slugs: list[str] = []
        left_over: list[str] = []
        for fragment in _FRAGMENT_ENDS.split(text):
            left_over += filter(None, ["".join(filter(_is_sign, fragment))])
            words = _WORDING.search(fragment)
            if words is None:
                continue
            key = normalise(words[0])
            named = self._named_by(key)
            slugs += named
            if not (named or _is_ignored(key)):
                left_over.append(words[0])
        return slugs, left_over

    def _named_by(self, key: str) -> list[str]:
        """Return the track that the words name, or several where each word names another."""
        words = _stems(key) - _BESIDE_A_TRACK
        if words <= _NO_TRACK_ALONE:
            return []
        holding = [slug for slug, own in self.words.items() if words <= own]
        if holding:
            return holding if len(holding) == 1 else []
        by_word = [[slug for slug, own in self.words.items() if word in own] for word in words]
        if any(len(slugs) != 1 for slugs in by_word):
            return []
        return sorted({slug for slugs in by_word for slug in slugs})

    def mistakes(self, slugs: Sequence[str], default: str) -> list[str]:
        if len(slugs) > 1:
            names = [f"“{self.names[slug]}”" for slug in slugs]
            return [f"There is more than one track: {listed(names)}."]
        return [] if slugs or default else ["There is no track."]


def _stems(key: str) -> frozenset[str]:
    """Return the words without the small ones, in the singular: "DSLs" is "dsl"."""
    words = (word for word in key.split() if word not in SMALL_WORDS)
    return frozenset(word.removesuffix("s") if len(word) > 3 else word for word in words)


def _is_ignored(key: str) -> bool:
    return bool(_IGNORED.fullmatch(key)) or (bool(key) and set(key.split()) <= SMALL_WORDS)


def _is_sign(character: str) -> bool:
    if character in "?~!":
        return True
    return unicodedata.category(character) == "So" and character not in _NOT_SYMBOLS
