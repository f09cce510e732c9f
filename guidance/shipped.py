"""Reads the files of editions that the site ships with. No Django.

A file begins with its facts, TOML between two lines of `+++`. Each `## Heading {#anchor}` or
`### Heading {#anchor}` begins a section; the last line of its body may embed the regions
(`[[regions]]`) or a track's sessions (`[[sessions:dsl]]`).
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from govuk.dates import LONDON
from guidance.drafts import DraftSection

DATA: Final = Path(__file__).resolve().parent / "data"

FENCE: Final = "+++"

_HEADING: Final = re.compile(r"(?P<marks>#{2,3}) (?P<heading>.*\S) \{#(?P<anchor>[a-z0-9-]+)\}\s*")
_LOOKS_LIKE_A_HEADING: Final = re.compile(r"#{1,3}(\s|$)")
_EMBED: Final = re.compile(r"\[\[(?P<kind>regions|sessions)(?::(?P<track>[a-z0-9-]+))?\]\]\s*")
_LOOKS_LIKE_AN_EMBED: Final = re.compile(r"\s*\[\[")


class SourceError(ValueError):
    """A file does not say what an edition's file has to; the message names the line."""

    def __init__(self, line: int, fault: str) -> None:
        super().__init__(f"Line {line}: {fault}")


@dataclass(frozen=True, slots=True)
class SourceRegion:
    """A region as the edition listed it."""

    name: str
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceEdition:
    """An edition as its file has it. `sessions` are start times (UK) by track, as listed."""

    number: int
    title: str
    lead: str
    change_note: str
    published_at: datetime
    sessions: Mapping[str, tuple[datetime, ...]]
    regions: tuple[SourceRegion, ...]
    sections: tuple[DraftSection, ...]


def read_edition(text: str) -> SourceEdition:
    """Return the edition that a file's text describes. Raises SourceError."""
    lines = text.splitlines()
    if not lines or lines[0].rstrip() != FENCE:
        raise SourceError(1, f"the file has to begin with {FENCE}.")
    end = next((n for n, line in enumerate(lines[1:], start=1) if line.rstrip() == FENCE), None)
    if end is None:
        raise SourceError(1, f"the facts that begin here have no closing {FENCE}.")
    facts = _facts(lines[1:end])
    try:
        return SourceEdition(
            number=_of(int, facts["number"]),
            title=_of(str, facts["title"]),
            lead=_of(str, facts["lead"]),
            change_note=_of(str, facts["change_note"]),
            published_at=_moment(facts["published_at"]),
            sessions={
                track: tuple(_uk_time(start) for start in starts)
                for track, starts in _of(dict, facts.get("sessions", {})).items()
            },
            regions=tuple(
                SourceRegion(_of(str, region["name"]), tuple(region["areas"]))
                for region in facts.get("regions", [])
            ),
            sections=_sections(lines[end + 1 :], first_line=end + 2),
        )
    except KeyError as missing:
        raise SourceError(2, f"the facts say nothing of {missing.args[0]!r}.") from missing
    except TypeError as wrong:
        raise SourceError(
            2, f"the facts are not of the kind that they should be: {wrong}"
        ) from wrong


def _facts(lines: list[str]) -> dict[str, Any]:
    """Parse the facts; the file's first line, left blank here, keeps the count of lines right."""
    try:
        return tomllib.loads("\n".join(["", *lines]))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        raise SourceError(int(found[1]) if found else len(lines) + 2, str(error)) from error


def _of(kind: type, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is not {kind.__name__}.")
    return value


def _moment(value: Any) -> datetime:
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise TypeError(f"published_at {value!r} is not a date and time with its offset.")
    return value


def _uk_time(text: Any) -> datetime:
    """Return the moment that a UK clock shows as `text`: 2025-07-03T15:30."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError as error:
        raise TypeError(f"{text!r} is not a date and time.") from error
    if local.tzinfo is not None:
        raise TypeError(f"{text!r} has an offset, where UK time is meant.")
    return local.replace(tzinfo=LONDON)


def _sections(lines: list[str], *, first_line: int) -> tuple[DraftSection, ...]:
    sections: list[DraftSection] = []
    heading: re.Match[str] | None = None
    body: list[str] = []
    began = first_line
    anchors: set[str] = set()
    for number, line in enumerate(lines, start=first_line):
        found = _HEADING.fullmatch(line)
        if found is None:
            if _LOOKS_LIKE_A_HEADING.match(line):
                raise SourceError(number, "a heading has to be ## or ### and end with {#anchor}.")
            if heading is None and line.strip():
                raise SourceError(number, "there is text before the first heading.")
            body.append(line)
            continue
        if found["anchor"] in anchors:
            raise SourceError(number, f"the anchor {found['anchor']!r} is there twice.")
        anchors.add(found["anchor"])
        if heading is not None:
            sections.append(_section(heading, body, began))
        heading, body, began = found, [], number + 1
    if heading is None:
        raise SourceError(first_line, "there is no section.")
    sections.append(_section(heading, body, began))
    return tuple(sections)


def _section(heading: re.Match[str], body: list[str], first_line: int) -> DraftSection:
    while body and not body[-1].strip():
        body.pop()
    embed = _EMBED.fullmatch(body[-1]) if body else None
    for number, line in enumerate(body[:-1] if embed else body, start=first_line):
        if _LOOKS_LIKE_AN_EMBED.match(line):
            raise SourceError(
                number,
                "an embed stands last in its section, alone on its line: "
                "[[regions]] or [[sessions:track]].",
            )
    if embed and (embed["kind"] == "sessions") != bool(embed["track"]):
        raise SourceError(
            first_line + len(body) - 1, "sessions are embedded with their track, regions without."
        )
    return DraftSection(
        level=len(heading["marks"]),
        heading=heading["heading"],
        anchor=heading["anchor"],
        markdown="\n".join(body[:-1] if embed else body).strip(),
        embed=embed["kind"] if embed else "",
        track=(embed["track"] or "") if embed else "",
    )


@dataclass(frozen=True, slots=True)
class ShippedLink:
    """A link to the outside, by key. A blank address is not known; `checked_on` is a UK day."""

    key: str
    label: str
    address: str
    owner: str
    checked_on: date | None
    note: str


@cache
def shipped_links() -> MappingProxyType[str, ShippedLink]:
    """Return the shipped links by key, in the file's order. The file is read once."""
    with (DATA / "links.csv").open(encoding="utf-8", newline="") as lines:
        return MappingProxyType(
            {
                row["key"]: ShippedLink(
                    key=row["key"],
                    label=row["label"],
                    address=row["address"],
                    owner=row["owner"],
                    checked_on=date.fromisoformat(row["checked_on"]) if row["checked_on"] else None,
                    note=row["note"],
                )
                for row in csv.DictReader(lines)
            }
        )
