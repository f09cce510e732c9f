"""What a draft says, as plain values: to store each save of it, and to tell two saves apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class DraftSection:
    """One section. `embed` is "", "regions" or "sessions"; then `track` is the track's slug."""

    level: int
    heading: str
    anchor: str
    markdown: str
    embed: str = ""
    track: str = ""


@dataclass(frozen=True, slots=True)
class DraftText:
    """All that editors write in an edition: title, lead and sections, as Markdown."""

    title: str
    lead: str
    sections: tuple[DraftSection, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON's types."""
        return asdict(self) | {"sections": [asdict(section) for section in self.sections]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> DraftText:
        """Return what `to_json` wrote. Raises KeyError or TypeError for anything else."""
        return cls(
            title=stored["title"],
            lead=stored["lead"],
            sections=tuple(DraftSection(**section) for section in stored["sections"]),
        )

    def fingerprint(self) -> str:
        """Return a digest of all of it: texts that differ anywhere have different ones."""
        return hashlib.blake2b(json.dumps(self.to_json()).encode(), digest_size=12).hexdigest()
