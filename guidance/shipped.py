"""What the site ships with: the page's editions from before this site existed, and links.

An edition's file begins with its facts, TOML between two lines of `+++`. Each
`## Heading {#anchor}` or `### Heading {#anchor}` begins a section; the last line of its body may
embed the regions (`[[regions]]`) or a track's sessions (`[[sessions:dsl]]`).
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from govuk.dates import uk_moment
from guidance.drafts import DraftSection, DraftText

DATA: Final = Path(__file__).resolve().parent / "data"

_FENCE: Final = "+++\n"
_HEADING: Final = re.compile(
    r"^(?P<marks>#{2,3}) (?P<heading>.*\S) \{#(?P<anchor>[a-z0-9-]+)\}$", re.MULTILINE
)
_EMBED: Final = re.compile(
    r"^\[\[(?P<kind>regions|sessions)(?::(?P<track>[a-z0-9-]+))?\]\]\Z", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class ShippedEdition:
    """An edition as its file has it.

    `sessions` are start times by track, and `regions` areas by the region's name, both in the
    order in which the page listed them.
    """

    number: int
    change_note: str
    published_at: datetime
    text: DraftText
    sessions: Mapping[str, tuple[datetime, ...]]
    regions: Mapping[str, tuple[str, ...]]


def read_edition(source: str) -> ShippedEdition:
    """Return the edition that a file's text describes.

    Raises ValueError for a text without facts, or with facts that are not TOML or hold no UK time
    where one belongs; KeyError for a missing fact.
    """
    _, toml, body = source.split(_FENCE, 2)
    facts = tomllib.loads(toml)
    return ShippedEdition(
        number=facts["number"],
        change_note=facts["change_note"],
        published_at=facts["published_at"],
        text=DraftText(facts["title"], facts["lead"], tuple(_sections(body))),
        sessions={
            track: tuple(map(uk_moment, starts))
            for track, starts in facts.get("sessions", {}).items()
        },
        regions={region["name"]: tuple(region["areas"]) for region in facts.get("regions", ())},
    )


def _sections(body: str) -> Iterator[DraftSection]:
    headings = [*_HEADING.finditer(body)]
    ends = [heading.start() for heading in headings[1:]] + [len(body)]
    for heading, end in zip(headings, ends, strict=True):
        text = body[heading.end() : end].strip()
        embed = _EMBED.search(text)
        yield DraftSection(
            level=len(heading["marks"]),
            heading=heading["heading"],
            anchor=heading["anchor"],
            markdown=_EMBED.sub("", text).strip(),
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
