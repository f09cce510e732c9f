"""What the site offers to other programs: `openapi.json`, and the page at `/api/` made from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

DOCUMENT: Final = (Path(__file__).parent / "openapi.json").read_text(encoding="utf-8")
"""The description, OpenAPI 3.1, as it is served."""

EXAMPLE_SITE: Final = "https://rpec.example"
"""The site whose addresses its examples have."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as the page shows it; `where` is `path` or `query`."""

    name: str
    where: str
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An address as the page shows it; `request` and `answer` are its example."""

    anchor: str
    summary: str
    description: str
    path: str
    parameters: tuple[Parameter, ...]
    request: str
    answer: str


def operations(site_url: str) -> Iterator[Operation]:
    """Yield each address of the description with its example, in order.

    The examples are of the site at `site_url`, which has no slash at its end.
    """
    described: dict[str, Any] = json.loads(DOCUMENT.replace(EXAMPLE_SITE, site_url))
    for path, methods in described["paths"].items():
        operation = methods["get"]
        parameters = operation["parameters"]
        asked = {each["name"]: each["example"] for each in parameters if "example" in each}
        in_path = {each["name"] for each in parameters if each["in"] == "path"}
        query = urlencode({name: asked[name] for name in asked if name not in in_path})
        answer = operation["responses"]["200"]["content"]["application/json"]["example"]
        yield Operation(
            anchor=operation["operationId"],
            summary=operation["summary"],
            description=operation["description"],
            path=path,
            parameters=tuple(
                Parameter(each["name"], each["in"], each["description"]) for each in parameters
            ),
            request=site_url + path.format(**asked) + (f"?{query}" if query else ""),
            answer=json.dumps(answer, ensure_ascii=False, indent=2),
        )
