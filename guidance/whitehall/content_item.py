"""GOV.UK's own format of a page: content items of the schema `detailed_guide`.

The format is the publishing platform's frontend schema (alphagov/publishing-api, content_schemas).
One file is one state of a page; its `change_history` lists updates whose text it does not hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from math import isfinite
from typing import Any, Final

from govuk.lines import on_one_line, with_plain_breaks

SCHEMA: Final = "detailed_guide"
LONGEST_FILE: Final = 2_000_000  # Bytes; GOV.UK's longest guides are a tenth of it.
LONGEST_TITLE: Final = 200
NATIONS: Final = {
    "england": "England",
    "northern_ireland": "Northern Ireland",
    "scotland": "Scotland",
    "wales": "Wales",
}
FIRST_NOTE: Final = "First published."
# What the `rest` of an item is: we neither show nor change it, and give it back as it came.
KEPT_DETAILS: Final = (
    *("political", "government", "emphasised_organisations", "image", "tags"),
    *("related_mainstream_content", "attachments", "brexit_no_deal_notice"),
    *("alternative_scotland_url", "alternative_wales_url", "alternative_nothern_ireland_url"),
)
_EARLIEST_YEAR, _LATEST_YEAR = 1990, 2999
KEPT_BESIDE: Final = ("phase",)
# What no database's text and no feed can hold; lone surrogates are half a character.
_NO_TEXT: Final = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")
_CONTROL: Final = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f]")
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_SLUG: Final = 200
_DEEPEST: Final = 100
_PATH: Final = re.compile(r"/[a-zA-Z0-9._~!$&'()*+,;=:@/%-]{1,511}")
# The schema's own pattern: Python takes more for a UUID.
_GUID: Final = re.compile(
    r"[a-f0-9]{8}-[a-f0-9]{4}-[1-5][a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}"
)


class ItemError(ValueError):
    """A file that is no state of a page, or files that are not states of one page."""


@dataclass(frozen=True, slots=True)
class Update:
    """A major update, as a page's change history has it. `at` is aware."""

    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Since when (None: nobody knows), and why (HTML), a page does not hold any more."""

    at: datetime | None
    explanation: str


@dataclass(frozen=True, slots=True)
class ContentItem:
    """One state of a page. `history` is oldest first; `nations` None where it is for all.

    `rest` is what KEPT_DETAILS and KEPT_BESIDE name.
    """

    name: str
    content_id: str
    base_path: str
    title: str
    description: str
    body: str
    history: tuple[Update, ...]
    first_published_at: datetime | None
    public_updated_at: datetime | None
    updated_at: datetime
    nations: Mapping[str, Any] | None
    withdrawn: Withdrawn | None
    rest: Mapping[str, Any]

    @property
    def slug(self) -> str:
        """The last part of its address, which is its address here."""
        return self.base_path.rpartition("/")[2]

    @property
    def applies_to(self) -> str:
        """The nations that it applies to, in words; "" where it applies to all."""
        if self.nations is None:
            return ""
        names = [
            name for key, name in NATIONS.items() if self.nations.get(key, {}).get("applicable")
        ]
        *most, last = names or [""]
        return f"{', '.join(most)} and {last}" if most else last


@dataclass(frozen=True, slots=True)
class PlannedEdition:
    """An edition to be: when, its note ("" for a minor change), and the state that it holds."""

    at: datetime
    note: str
    item: ContentItem | None


def text_of(source: bytes, *, name: str) -> str:
    """Return a file's text, in whichever encoding JSON may have. Raises ItemError."""
    if len(source) > LONGEST_FILE:
        raise ItemError(f"{name} is larger than 2 MB: it is no content item.")
    try:
        return source.decode(json.detect_encoding(source))
    except UnicodeDecodeError as error:
        raise ItemError(f"{name} is not JSON.") from error


def read_item(source: bytes, *, name: str) -> ContentItem:
    """Return the state of a page that a file holds. Raises ItemError with a sentence."""
    text = text_of(source, name=name)
    try:
        item = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise ItemError(f"{name} is not JSON.") from error
    if not isinstance(item, dict) or item.get("schema_name") != SCHEMA:
        raise ItemError(f"{name} is not a content item of the schema {SCHEMA}.")
    try:
        return _read(_storable(item), name)
    except _MissingError as missing:
        raise ItemError(f"{name}: {missing}") from missing


class _MissingError(ValueError):
    """A part of an item is missing, or is not what it has to be."""


def _no_number(constant: str) -> Any:
    raise ValueError(f"{constant} is no number of JSON's.")


def _storable(value: Any, depth: int = 0) -> Any:
    """Return JSON's values with a space for each control character, which no feed can hold."""
    if depth > _DEEPEST:
        raise _MissingError("its parts stand too deep within each other.")
    match value:
        case str():
            if _NO_TEXT.search(value):
                raise _MissingError("it holds a character that is none of a text's, such as NUL.")
            return _CONTROL.sub(" ", value)
        case dict():
            return {_storable(key): _storable(inner, depth + 1) for key, inner in value.items()}
        case list():
            return [_storable(inner, depth + 1) for inner in value]
        case float() if not isfinite(value):
            raise _MissingError("it holds a number that is too large for any.")
    return value


def _read(item: dict[str, Any], name: str) -> ContentItem:
    details = _of(dict, item, "details")
    base_path = _of(str, item, "base_path")
    slug = base_path.rpartition("/")[2]
    if not _PATH.fullmatch(base_path) or not _SLUG.fullmatch(slug) or len(slug) > _LONGEST_SLUG:
        raise _MissingError("base_path is not the address of a page.")
    if item.get("locale", "en") != "en":
        raise _MissingError("it is not in English (locale).")
    title = on_one_line(_of(str, item, "title"))
    if not title.strip() or len(title) > LONGEST_TITLE:
        raise _MissingError(f"the title is blank, or longer than {LONGEST_TITLE} characters.")
    content_id = _of(str, item, "content_id")
    if not _GUID.fullmatch(content_id):
        raise _MissingError("content_id is not a UUID.")
    public = _moment_or_none(item, "public_updated_at")
    first = _moment_or_none(item, "first_published_at") or _moment_or_none(
        details, "first_public_at"
    )
    history = _history(details, first or public)
    return ContentItem(
        name=name,
        content_id=content_id,
        base_path=base_path,
        title=title,
        description=_text_or_none(item, "description"),
        body=_of(str, details, "body"),
        history=history,
        first_published_at=first,
        public_updated_at=public,
        updated_at=_moment(_of(str, item, "updated_at"), "updated_at"),
        nations=_nations(details.get("national_applicability")),
        withdrawn=_withdrawn(item.get("withdrawn_notice")),
        rest={
            "details": {key: details[key] for key in KEPT_DETAILS if key in details},
            "item": {key: item[key] for key in KEPT_BESIDE if key in item},
            "links": item["links"] if isinstance(item.get("links"), dict) else {},
        },
    )


def _history(details: dict[str, Any], first: datetime | None) -> tuple[Update, ...]:
    """Return the change history, oldest first; where it is blank, the first publication."""
    entries = details.get("change_history") or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _MissingError("change_history is not a list of updates.")
    updates = [
        Update(
            _moment(_of(str, entry, "public_timestamp"), "public_timestamp"),
            with_plain_breaks(_of(str, entry, "note")).strip(),
        )
        for entry in entries
    ]
    if any(not update.note for update in updates):
        raise _MissingError("an update in change_history has no note.")
    if not updates:
        if first is None:
            raise _MissingError("neither change_history nor first_published_at has a date.")
        return (Update(first, FIRST_NOTE),)
    # Several may be of one moment. GOV.UK lists the newest first, so their order is that too.
    if all(one.at >= other.at for one, other in pairwise(updates)):
        return tuple(reversed(updates))
    if all(one.at <= other.at for one, other in pairwise(updates)):
        return tuple(updates)
    raise _MissingError("the dates in change_history are out of order.")


def _nations(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    if (
        not isinstance(value, dict)
        or value.keys() - NATIONS.keys()
        or not all(isinstance(nation, dict) for nation in value.values())
    ):
        raise _MissingError("national_applicability is not a list of nations.")
    return value


def _withdrawn(notice: Any) -> Withdrawn | None:
    if not notice:
        return None
    if not isinstance(notice, dict):
        raise _MissingError("withdrawn_notice is not a notice.")
    return Withdrawn(
        at=_moment(_of(str, notice, "withdrawn_at"), "withdrawn_at"),
        explanation=_text_or_none(notice, "explanation"),
    )


def _of(kind: type, values: Mapping[str, Any], key: str) -> Any:
    value = values.get(key)
    if not isinstance(value, kind):
        raise _MissingError(f"{key} is missing, or not what it has to be.")
    return value


def _text_or_none(values: Mapping[str, Any], key: str) -> str:
    text: str = "" if values.get(key) is None else _of(str, values, key)
    return text


def _moment(text: str, key: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise _MissingError(f"{key} is not a date and time.") from error
    if moment.utcoffset() is None:
        raise _MissingError(f"{key} is a time without its offset.")
    if not _EARLIEST_YEAR <= moment.year <= _LATEST_YEAR:
        raise _MissingError(f"{key} is in the year {moment.year}.")
    return moment


def _moment_or_none(values: Mapping[str, Any], key: str) -> datetime | None:
    text = values.get(key)
    return _moment(str(text), key) if text else None


def plan(items: Sequence[ContentItem]) -> list[PlannedEdition]:
    """Return the editions that states of one page make, oldest first.

    One for each state, and one without its text for each update that no state holds. A state
    whose newest update is another's already is a minor change. Raises ItemError for states of
    several pages, in the wrong order, or the same twice.
    """
    if not items:
        raise ItemError("No file was given.")
    for one, other in pairwise(items):
        if (one.content_id, one.base_path) != (other.content_id, other.base_path):
            raise ItemError(f"{one.name} and {other.name} are not states of the same page.")
        if one.updated_at == other.updated_at:
            raise ItemError(f"{one.name} and {other.name} are the same state of the page.")
        if one.updated_at > other.updated_at:
            raise ItemError(f"{other.name} is older than {one.name}: name the oldest file first.")
    notes = {
        at: [update.note for update in of_one_moment]
        for item in items
        for at, of_one_moment in groupby(item.history, key=lambda update: update.at)
    }
    holders: dict[datetime, ContentItem] = {}
    minor: list[PlannedEdition] = []
    for item in items:
        newest = item.history[-1].at
        if newest in holders:
            minor.append(PlannedEdition(max(item.updated_at, newest), "", item))
        else:
            holders[newest] = item
    major: list[PlannedEdition] = []
    for at, (*others, last) in notes.items():
        # Which of several notes of one moment brought which words is not known.
        major += [PlannedEdition(at, note, None) for note in others]
        major.append(PlannedEdition(at, last, holders.get(at)))
    return sorted([*major, *minor], key=lambda edition: (edition.at, not edition.note))
