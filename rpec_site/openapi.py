"""What the site offers to other programs, described as OpenAPI 3.1. No Django.

The page at `/api/` is made from the same description, so that the two cannot disagree.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from guidance.whitehall.content_item import KEPT_BESIDE, KEPT_DETAILS, NATIONS, SCHEMA
from regions.answers import Notice, Result
from training.facts import STATUSES

VERSION: Final = "1.0.0"
REGIONS: Final = (
    *("north-west", "north-east", "west-midlands", "east-midlands"),
    *("south-east", "south-west", "east-of-england", "london"),
)
_SLUG: Final = {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}
_REGION: Final = {"type": "string", "enum": list(REGIONS)}
_TEXT: Final = {"type": "string"}
_ADDRESS: Final = {"type": "string", "format": "uri"}
_MOMENT: Final = {"type": "string", "format": "date-time"}
_AS_IT_CAME: Final = "As it was in the content item that the page was imported from."


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as the page tells of it."""

    name: str
    where: str
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An address as the page tells of it; `request` and `answer` are its example."""

    anchor: str
    summary: str
    description: str
    path: str
    parameters: tuple[Parameter, ...]
    request: str
    answer: str


def document(site_url: str) -> dict[str, object]:
    """Return the description as JSON's types; `site_url` has no slash at its end."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Regional Prevent education co-ordinators",
            "version": VERSION,
            "summary": "Regions, training dates and guidance, for other sites to use.",
            "description": (
                "Everything may be read by anyone, without a key. Fields and values stay as they "
                "are; new fields may be added, so pass over those that you do not know."
            ),
            "license": {
                "name": "Open Government Licence v3.0",
                "url": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            },
        },
        "externalDocs": {"description": "The same in words", "url": f"{site_url}/api/"},
        "servers": [{"url": site_url}],
        "paths": {
            "/api/regions/lookup": {"get": _lookup(site_url)},
            "/api/training/sessions": {"get": _sessions(site_url)},
            "/api/content/guidance/{slug}": {"get": _content_item(site_url)},
        },
        "components": {
            "schemas": _schemas(),
            "headers": _HEADERS,
            "responses": {
                "NotModified": {
                    "description": "Nothing has changed since the answer whose ETag was sent in "
                    "If-None-Match. There is no body.",
                    "headers": {"ETag": {"$ref": "#/components/headers/ETag"}},
                },
                "NotAllowed": {
                    "description": "The address can only be read: GET, HEAD and OPTIONS. "
                    "There is no body.",
                    "headers": {
                        "Allow": {
                            "description": "The methods that are allowed.",
                            "required": True,
                            "schema": {"type": "string"},
                            "example": "GET, HEAD, OPTIONS",
                        }
                    },
                },
            },
        },
    }


def operations(site_url: str) -> Iterator[Operation]:
    """Yield each address of the description with its example, in order."""
    paths: Any = document(site_url)["paths"]
    for path, methods in paths.items():
        described = methods["get"]
        parameters = described["parameters"]
        examples = {each["name"]: each["example"] for each in parameters if "example" in each}
        query = {
            each["name"]: examples[each["name"]]
            for each in parameters
            if each["in"] == "query" and each["name"] in examples
        }
        answer = described["responses"]["200"]["content"]["application/json"]["example"]
        yield Operation(
            anchor=described["operationId"],
            summary=described["summary"],
            description=described["description"],
            path=path,
            parameters=tuple(
                Parameter(each["name"], each["in"], each["description"]) for each in parameters
            ),
            request=site_url + path.format(**examples) + (f"?{urlencode(query)}" if query else ""),
            answer=json.dumps(answer, ensure_ascii=False, indent=2),
        )


def _lookup(site_url: str) -> dict[str, Any]:
    return {
        "operationId": "lookup",
        "summary": "Find a region",
        "description": (
            "Tells which region a postcode, school, college, council, county or other place is in, "
            "and why. No text is wrong: what is not known is answered too."
        ),
        "parameters": [
            {
                "name": "q",
                "in": "query",
                "allowEmptyValue": True,
                "description": "What somebody typed: for example a postcode, the name of a council "
                "or the number of a school. If it is blank, the result is null.",
                "schema": _TEXT,
                "example": "Leeds",
            }
        ],
        "responses": _responses(
            "The region, or several that may be meant, or none.",
            "LookupAnswer",
            {
                "query": "Leeds",
                "result": "one",
                "regions": [
                    {
                        "slug": "north-east",
                        "name": "North-East",
                        "url": f"{site_url}/regions/north-east/",
                        "reason": "Leeds is policed by West Yorkshire.",
                    }
                ],
                "notice": None,
            },
        ),
    }


def _sessions(site_url: str) -> dict[str, Any]:
    return {
        "operationId": "sessions",
        "summary": "List training sessions",
        "description": (
            "Lists the virtual training sessions that have not ended, the soonest first. "
            "Full and cancelled ones are in the list, with their status."
        ),
        "parameters": [
            {
                "name": "track",
                "in": "query",
                "allowEmptyValue": True,
                "description": "Only sessions of this track: the last part of the address of its "
                "page under /training/.",
                "schema": {**_SLUG, "examples": ["dsl", "governors", "regional"]},
                "example": "dsl",
            },
            {
                "name": "region",
                "in": "query",
                "allowEmptyValue": True,
                "description": "Only sessions for this region, and those for all of England: "
                f"{', '.join(REGIONS[:-1])} or {REGIONS[-1]}.",
                "schema": _REGION,
                "example": "london",
            },
            {
                "name": "past",
                "in": "query",
                "allowEmptyValue": True,
                "description": "1 for the sessions that have ended, the newest first. "
                "0 for those to come, as without it.",
                "schema": {"type": "string", "enum": ["0", "1"]},
            },
        ],
        "responses": _responses(
            "The sessions. The list may be empty.",
            "Sessions",
            {
                "sessions": [
                    {
                        "id": 7,
                        "url": f"{site_url}/training/sessions/7/",
                        "track": "dsl",
                        "title": "Training for designated safeguarding leads (DSLs)",
                        "region": None,
                        "starts_at": "2026-06-23T15:30:00+01:00",
                        "ends_at": "2026-06-23T16:45:00+01:00",
                        "status": "scheduled",
                        "registration_url": "https://www.eventbrite.co.uk/e/123456789012",
                        "academic_year": "2025 to 2026",
                    }
                ]
            },
            {
                "400": _error(
                    "The track, the region or the value of “past” is not known.",
                    "There is no track “governor”.",
                )
            },
        ),
    }


def _content_item(site_url: str) -> dict[str, Any]:
    slug = "regional-prevent-education-coordinators"
    published = "2025-05-21T09:31:00+00:00"
    first = "2024-08-29T16:05:00+00:00"
    return {
        "operationId": "content-item",
        "summary": "Read a page of guidance",
        "description": (
            "Gives a page in the format of GOV.UK’s content items (schema detailed_guide), as it "
            "stands now or as one of its editions had it."
        ),
        "parameters": [
            {
                "name": "slug",
                "in": "path",
                "required": True,
                "description": "The last part of the address of the page under /guidance/.",
                "schema": _SLUG,
                "example": slug,
            },
            {
                "name": "edition",
                "in": "query",
                "allowEmptyValue": True,
                "description": "The number of an edition, as the page’s history has it. "
                "Without it, the page as it stands.",
                "schema": {"type": "integer", "minimum": 1, "maximum": 999_999_999},
            },
        ],
        "responses": _responses(
            "The page.",
            "ContentItem",
            {
                "base_path": f"/guidance/{slug}",
                "content_id": "dd2e70b9-0bcf-5ed1-95ed-16a7362a4c78",
                "description": "What the co-ordinators do, and how they can help you.",
                "details": {
                    "political": False,
                    "body": '<div class="govspeak"><h2 id="virtual-training">Virtual training</h2>'
                    "…</div>",
                    "change_history": [
                        {
                            "public_timestamp": published,
                            "note": "Future dates for virtual training added.",
                        },
                        {"public_timestamp": first, "note": "First published."},
                    ],
                    "first_public_at": first,
                    "headers": [
                        {
                            "text": "Virtual training",
                            "level": 2,
                            "id": "virtual-training",
                            "headers": [
                                {
                                    "text": "Training for governors and trustees in schools",
                                    "level": 3,
                                    "id": "training-for-governors",
                                }
                            ],
                        }
                    ],
                    "national_applicability": {
                        key: {"label": name, "applicable": key == "england"}
                        for key, name in NATIONS.items()
                    },
                },
                "document_type": SCHEMA,
                "first_published_at": first,
                "links": {},
                "locale": "en",
                "public_updated_at": published,
                "schema_name": SCHEMA,
                "title": "Regional Prevent education co-ordinators (RPECs)",
                "updated_at": published,
            },
            {
                "404": _error(
                    "There is no such page or edition, or the text of that edition is not held.",
                    "The text of that edition is not held.",
                )
            },
        ),
    }


def _responses(
    description: str,
    schema: str,
    example: Mapping[str, object],
    errors: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    return {
        "200": {
            "description": description,
            "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS},
            "content": {
                "application/json": {
                    "schema": {"$ref": f"#/components/schemas/{schema}"},
                    "example": example,
                }
            },
        },
        "304": {"$ref": "#/components/responses/NotModified"},
        **(errors or {}),
        "405": {"$ref": "#/components/responses/NotAllowed"},
    }


def _error(description: str, sentence: str) -> dict[str, Any]:
    name = "Access-Control-Allow-Origin"
    return {
        "description": description,
        "headers": {name: {"$ref": f"#/components/headers/{name}"}},
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/Error"},
                "example": {"error": sentence},
            }
        },
    }


_HEADERS: Final = {
    "ETag": {
        "description": "Send it back in If-None-Match: while nothing has changed, the answer is "
        "304 without a body.",
        "required": True,
        "schema": {"type": "string", "pattern": '^"[0-9a-f]+"$'},
        "example": '"30baa4f44d15e4f8c1a151bb"',
    },
    "Cache-Control": {
        "description": "An answer may be kept, and must be asked after each time.",
        "required": True,
        "schema": {"type": "string"},
        "example": "public, max-age=0, must-revalidate",
    },
    "Access-Control-Allow-Origin": {
        "description": "A script on any site may read the answer.",
        "required": True,
        "schema": {"type": "string", "const": "*"},
        "example": "*",
    },
}


def _schemas() -> dict[str, Any]:
    return {
        "Error": _object({"error": {**_TEXT, "description": "What is wrong, in a sentence."}}),
        "LookupAnswer": _object(
            {
                "query": {**_TEXT, "description": "What was asked, without spaces around it."},
                "result": {
                    "description": "How many regions answer; null if nothing was asked.",
                    "enum": [*map(str, Result), None],
                },
                "regions": {"type": "array", "items": {"$ref": "#/components/schemas/Region"}},
                "notice": {
                    "description": "What else to tell a reader: the postcode is not in use any "
                    "more, or the place is not in England.",
                    "enum": [*map(str, Notice), None],
                },
            }
        ),
        "Region": _object(
            {
                "slug": _REGION,
                "name": _TEXT,
                "url": {**_ADDRESS, "description": "The region’s page."},
                "reason": {**_TEXT, "description": "Why it is this region, in a sentence."},
            }
        ),
        "Sessions": _object(
            {"sessions": {"type": "array", "items": {"$ref": "#/components/schemas/Session"}}}
        ),
        "Session": _object(
            {
                "id": {"type": "integer", "minimum": 1},
                "url": {**_ADDRESS, "description": "The session’s page, which stays there."},
                "track": _SLUG,
                "title": _TEXT,
                "region": {
                    "description": "Null if it is for all of England.",
                    "enum": [*REGIONS, None],
                },
                "starts_at": {**_MOMENT, "description": "UK time, with its offset."},
                "ends_at": {**_MOMENT, "description": "UK time, with its offset."},
                "status": {"type": "string", "enum": list(STATUSES)},
                "registration_url": {
                    "type": ["string", "null"],
                    "format": "uri",
                    "description": "Where to register; null while the link is to follow.",
                },
                "academic_year": {
                    "type": "string",
                    "pattern": "^[0-9]{4} to [0-9]{4}$",
                    "description": "From 1 September to 31 August.",
                },
            }
        ),
        **_content_item_schemas(),
    }


def _content_item_schemas() -> dict[str, Any]:
    kept = {"description": _AS_IT_CAME}
    return {
        "ContentItem": _object(
            {
                "base_path": {"type": "string", "pattern": "^/"},
                "content_id": {"type": "string", "format": "uuid"},
                "description": _TEXT,
                "details": {"$ref": "#/components/schemas/Details"},
                "document_type": {"const": SCHEMA},
                "first_published_at": _MOMENT,
                "links": {"type": "object", **kept},
                "locale": {"const": "en"},
                "public_updated_at": _MOMENT,
                "schema_name": {"const": SCHEMA},
                "title": _TEXT,
                "updated_at": _MOMENT,
            },
            {
                **dict.fromkeys(KEPT_BESIDE, kept),
                "withdrawn_notice": _object(
                    {"explanation": {**_TEXT, "description": "HTML."}}, {"withdrawn_at": _MOMENT}
                ),
            },
        ),
        "Details": _object(
            {
                "political": {"type": "boolean"},
                "body": {**_TEXT, "description": "All of the page’s text, as HTML."},
                "change_history": {
                    "type": "array",
                    "description": "Its updates up to this edition, the newest first.",
                    "items": _object({"public_timestamp": _MOMENT, "note": _TEXT}),
                },
                "first_public_at": _MOMENT,
            },
            {
                "headers": {"$ref": "#/components/schemas/Headers"},
                "national_applicability": _object(
                    {},
                    {
                        nation: _object(
                            {"label": _TEXT, "applicable": {"type": "boolean"}},
                            {"alternative_url": _TEXT},
                        )
                        for nation in NATIONS
                    },
                ),
                **{name: kept for name in KEPT_DETAILS if name != "political"},
            },
        ),
        "Headers": {
            "type": "array",
            "minItems": 1,
            "description": "The headings, each with those below it.",
            "items": _object(
                {
                    "text": _TEXT,
                    "level": {"type": "integer", "minimum": 2, "maximum": 6},
                    "id": _TEXT,
                },
                {"headers": {"$ref": "#/components/schemas/Headers"}},
            ),
        },
    }


def _object(
    needed: Mapping[str, object], optional: Mapping[str, object] | None = None
) -> dict[str, Any]:
    """Return the schema of an object that has these properties and no others."""
    return {
        "type": "object",
        "properties": {**needed, **(optional or {})},
        "required": list(needed),
        "additionalProperties": False,
    }
