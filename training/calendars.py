"""Sessions as iCalendar (RFC 5545), for calendars to take in and to follow."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Calendar, Event, Timezone, vDuration, vUri

from govuk.dates import LONDON, in_london
from govuk.lines import on_one_line
from training.session_facts import CANCELLED, FULL, SessionFacts

# The rule since 1996 (The Summer Time Order 2002): the last Sundays of March and October, at
# one o'clock UTC. No session is older.
_UK_TIME: Final = """BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE
"""
# How soon a calendar program that follows a feed should ask again, if it heeds that at all.
_ASK_AGAIN_AFTER: Final = timedelta(hours=6)
# What RFC 5545 has no way to write in a text (its TSAFE-CHAR and ESCAPED-CHAR).
_NOT_IN_TEXT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A session's place in a calendar: its facts, and which revision of them this is.

    `page_url` is absolute; `changed_at` is aware.
    """

    uid: uuid.UUID
    sequence: int
    changed_at: datetime
    name: str
    facts: SessionFacts
    page_url: str
    is_past: bool = False


def calendar(entries: Iterable[Entry], *, name: str, source_url: str) -> bytes:
    """Return the sessions as one calendar that shows as `name`, in UTF-8.

    `source_url` is the address that it is served at. The same entries give the same bytes: an
    event's stamp is the moment of its last change, as RFC 5545 has it for what is published.
    """
    made = Calendar()
    made.add("prodid", "-//Regional Prevent education co-ordinators//Training//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    for key in ("name", "x-wr-calname"):
        made.add(key, _line(name))
    made.add("x-wr-timezone", LONDON.key)
    made.add("refresh-interval", _ASK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(_ASK_AGAIN_AFTER))
    made.add("source", vUri(source_url), parameters={"VALUE": "URI"})
    made.add_component(Timezone.from_ical(_UK_TIME))
    for entry in entries:
        made.add_component(_event(entry))
    return made.to_ical()


def _event(entry: Entry) -> Event:
    facts = entry.facts
    event = Event()
    event.add("uid", str(entry.uid))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("dtstart", _moment(facts.starts_at))
    event.add("dtend", _moment(facts.ends_at))
    event.add("summary", _line(_summary(entry)))
    event.add("description", _text("\n".join(_description(entry))))
    event.add("location", "Online")
    event.add("url", entry.page_url)
    event.add("status", "CANCELLED" if facts.status == CANCELLED else "CONFIRMED")
    # Nobody is busy because of a session that will not take place.
    event.add("transp", "TRANSPARENT" if facts.status == CANCELLED else "OPAQUE")
    return event


def _moment(moment: datetime) -> datetime:
    """Return the moment by the UK's clock, or in UTC in the hour that this clock shows twice.

    Of a time that comes twice RFC 5545 means the first; not every program knows that.
    """
    local = in_london(moment)
    comes_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return moment.astimezone(UTC) if comes_twice else local


def _summary(entry: Entry) -> str:
    """Return its name. Many calendars show no STATUS, so a cancelled one says it in words."""
    return f"Cancelled: {entry.name}" if entry.facts.status == CANCELLED else entry.name


def _description(entry: Entry) -> list[str]:
    facts = entry.facts
    lines = [f"For: {facts.audience}"]
    if facts.region_name:
        lines.append(f"Region: {facts.region_name} only")
    if facts.status == CANCELLED:
        lines.append("This session is cancelled. It will not take place.")
    elif facts.status == FULL:
        lines.append("This session is full. If you are registered, your place stands.")
    elif facts.registration_url:
        lines.append(f"Register: {facts.registration_url}")
    elif entry.is_past:
        lines.append("This session has ended. Its link to register is not held here.")
    else:
        lines.append("The link to register will follow.")
    return [*lines, f"Details, and any change: {entry.page_url}"]


def _line(text: str) -> str:
    """Return a name: a calendar has no way to write one of several lines."""
    return _text(on_one_line(text))


def _text(text: str) -> str:
    return _NOT_IN_TEXT.sub("", text)
