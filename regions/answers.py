"""What the finder is given and what it answers: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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

    `label` says which part, or which of several places of that name, is meant; `council` is the
    name of the council there, where the name is more exact than the area.
    """

    region_slug: str
    region_name: str
    area_slug: str = ""
    area_name: str = ""
    in_england: bool = True
    label: str = ""
    council: str = ""


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """One name that people type; `name` is the usual name, as sentences use it."""

    key: str
    name: str
    kind: str
    targets: tuple[Target, ...]
    outside_england: bool = False


@dataclass(frozen=True, slots=True)
class PostcodeFacts:
    """The postcodes of one sector ("1" of "M11 1") that lie in one place.

    `units` has a bit for each (see `regions.postcodes`). `nation` is the letter of a nation outside
    England, then there is a target only for the Isle of Man.
    """

    sector: str
    units: bytes
    target: Target | None
    nation: str
    in_use: bool


@dataclass(frozen=True, slots=True)
class EstablishmentFacts:
    """A school, college or the like. Without a target it is outside England."""

    name: str
    town: str
    is_closed: bool
    target: Target | None


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
class Meaning:
    """One thing that a text may mean, and where it lies; without a target it is outside England.

    `is_namesake`: another is far more likely meant by that name. `postcodes` around a town
    say how large it is; 0 for what is no town.
    """

    name: str
    target: Target | None
    is_namesake: bool = False
    postcodes: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked and what came of it. Without a question `result` is None.

    `areas` (slugs) and `councils` (names) are those meant, for who serves them locally. `meanings`
    is all that the text may mean, with namesakes that are hardly meant: those are offered, not
    answered. `is_national`: it is about England, or several regions. `hints` are names within a
    text of which nothing more is known: a school called after a town may be anywhere. `is_exact`:
    it is of a postcode or of a school's number.
    """

    query: str
    result: Result | None
    findings: tuple[Finding, ...] = ()
    notice: Notice | None = None
    explanation: str = ""
    areas: tuple[str, ...] = ()
    councils: tuple[str, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    is_national: bool = False
    hints: tuple[str, ...] = ()
    is_exact: bool = False

    @property
    def to_check(self) -> str:
        """What somebody should look at before they rely on the answer, in a sentence or two."""
        if self.result is Result.ONE and not self.notice:
            return f"Or {' or '.join(self.namesakes)}?" if self.namesakes else ""
        places = dict.fromkeys(
            f"{meaning.name}, {meaning.target.council or meaning.target.area_name}"
            for meaning in self.meanings
            if meaning.target and self.result is Result.MANY
        )
        # More than these are for the page of one place.
        choices = f"{'; '.join(list(places)[:6])}?" if places else ""
        town = f"Is it in {' or '.join(self.hints)}?" if self.hints else ""
        return " ".join(filter(None, (self.explanation, choices, town)))

    @property
    def namesakes(self) -> tuple[str, ...]:
        """The places of that name in regions that are not answered, as they can be asked for."""
        answered = {finding.region_slug for finding in self.findings}
        return tuple(
            dict.fromkeys(
                f"{meaning.name}, {meaning.target.council or meaning.target.area_name}"
                for meaning in self.meanings
                if meaning.is_namesake
                and meaning.target
                and meaning.target.region_slug not in answered
            )
        )
