"""Loading what every site has: the links, and the page's editions from before this site existed."""

from __future__ import annotations

import csv
from datetime import datetime
from typing import Final

from django.db import transaction

from govuk.dates import LONDON
from guidance.actions.amending import mark_withdrawn
from guidance.actions.storing import store_sections
from guidance.content import Content, Embed, RegionFacts, RegionsEmbed, SessionsEmbed
from guidance.drafts import DraftSection
from guidance.help_addresses import keep_help_addresses_after_commit
from guidance.live import rendered
from guidance.models import EarlierNote, Edition, Link, Page
from guidance.shipped import DATA, ShippedEdition, read_edition, shipped_links
from regions.models import Region
from training.actions.loading import shipped_sessions
from training.models import Session, Track
from training.session_facts import SessionFacts

PAGE: Final = "regional-prevent-education-coordinators"

# The page's log of updates lists it; what the page said then is not known.
FIRST_PUBLISHED_AT: Final = datetime(2024, 8, 29, 17, 5, tzinfo=LONDON)
FIRST_NOTE: Final = "First published."
EARLIER_PAGE: Final = "regional-prevent-coordinators"
EARLIER_EXPLANATION: Final = (
    "It is kept as it stood in September 2023. The regional co-ordinators, what they do and how to "
    "reach them are described on a newer page."
)
CAUSE: Final = "Taken over from the page on GOV.UK."


@transaction.atomic
def load_links() -> int:
    """Store or update the shipped links; return how many there are.

    Column by column, what differs from what was last shipped is an editor's, and stays. A link
    whose address the list changes has not been checked since.
    """
    present = {link.key: link for link in Link.objects.all()}
    for shipped in shipped_links().values():
        link = present.get(shipped.key) or Link(key=shipped.key, checked_on=shipped.checked_on)
        address_before = link.address
        before = (link.label, link.address, link.owner, link.note, {**link.shipped})
        for column in ("label", "address", "owner", "note"):
            if link.pk is None or getattr(link, column) == link.shipped.get(column):
                setattr(link, column, getattr(shipped, column))
            link.shipped[column] = getattr(shipped, column)
        if link.pk is not None and link.address != address_before:
            link.checked_on = shipped.checked_on
        after = (link.label, link.address, link.owner, link.note, link.shipped)
        # One that stays as it is is not saved: its history would say that it changed.
        if link.pk is None or after != before:
            link.full_clean()
            link.save()
    keep_help_addresses_after_commit()
    return len(shipped_links())


@transaction.atomic
def load_published() -> int:
    """Store the pages and each known edition of them that is not there yet; return how many.

    Nobody here published them, so they have a cause instead. Raises LookupError where regions or
    tracks have not been loaded.
    """
    page, _ = Page.objects.get_or_create(slug=PAGE)
    # Where an editor has published or withdrawn since, what the files hold is of the past.
    stands = page.editions.shown().filter(is_text_held=True).exists()
    return _store_first(page) + _store(page, stands=stands) + _load_earlier_page(page)


def _store(page: Page, *, stands: bool) -> int:
    """Store the editions of the page's files that are not there yet; return how many.

    The newest becomes the live one, unless one `stands` already.
    """
    present = set(page.editions.public().values_list("number", flat=True))
    shipped = [
        read_edition(file.read_text("utf-8")) for file in sorted((DATA / page.slug).glob("*.md"))
    ]
    newest = max(source.number for source in shipped)
    missing = [source for source in shipped if source.number not in present]
    for source in missing:
        edition = _edition(page, source)
        if source.number == newest and not stands:
            edition.state = Edition.State.PUBLISHED
        edition.full_clean()
        edition.save()
        # A draft begins with the Markdown of an earlier edition.
        store_sections(edition=edition, sections=source.text.sections)
    return len(missing)


def _load_earlier_page(successor: Page) -> int:
    """Store the page's predecessor, withdrawn and pointing at it, unless it is there."""
    if Page.objects.filter(slug=EARLIER_PAGE).exists():
        return 0
    page = Page.objects.create(slug=EARLIER_PAGE)
    stored = _store(page, stands=False)
    edition = page.editions.live().get()
    mark_withdrawn(
        edition=edition, explanation=EARLIER_EXPLANATION, instead=successor, cause=CAUSE, at=None
    )
    with (DATA / "earlier_notes.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            EarlierNote.objects.create(page=page, position=row["position"], note=row["note"])
    return stored


def _store_first(page: Page) -> int:
    """Store the first edition, of which only date and note are known; return how many were new."""
    if page.editions.public().filter(number=1).exists():
        return 0
    edition = Edition(
        page=page,
        number=1,
        state=Edition.State.SUPERSEDED,
        change_note=FIRST_NOTE,
        cause=CAUSE,
        published_at=FIRST_PUBLISHED_AT,
        is_text_held=False,
        is_restated=True,
    )
    edition.full_clean()
    edition.save()
    return 1


def _edition(page: Page, source: ShippedEdition) -> Edition:
    return Edition(
        page=page,
        number=source.number,
        state=Edition.State.SUPERSEDED,
        change_note=source.change_note,
        cause=CAUSE,
        published_at=source.published_at,
        title=source.text.title,
        lead=source.text.lead,
        is_restated=True,
        content=_content(source).to_json(),
    )


def _content(source: ShippedEdition) -> Content:
    """Return what the page said then: the file's text, its regions and its sessions."""
    return rendered(
        source.text,
        lambda section: _embed(source, section),
        {key: link.address for key, link in shipped_links().items()},
    )


def _embed(source: ShippedEdition, section: DraftSection) -> Embed | None:
    match section.embed:
        case "regions":
            return _regions_then(source)
        case "sessions":
            return _sessions_then(source, section.track)
        case _:
            return None


def _regions_then(source: ShippedEdition) -> RegionsEmbed:
    slugs = dict(Region.objects.values_list("name", "slug"))
    missing = [name for name in source.regions if name not in slugs]
    if missing:
        raise LookupError(f"There is no region {missing[0]!r}: run load_reference first.")
    return RegionsEmbed(
        tuple(
            RegionFacts(slug=slugs[name], name=name, areas=areas)
            for name, areas in source.regions.items()
        )
    )


def _sessions_then(source: ShippedEdition, slug: str) -> SessionsEmbed:
    track = Track.objects.filter(slug=slug).first()
    if track is None:
        raise LookupError(f"There is no track {slug!r}: run load_reference first.")
    # Not from the table: editors may have changed it, and this is about what was known then.
    ends = shipped_sessions()
    return SessionsEmbed(
        track=track.slug,
        track_name=track.name,
        audience=track.audience,
        sessions=tuple(
            SessionFacts(
                id=None,
                url="",
                track=track.slug,
                title="",
                audience=track.audience,
                starts_at=starts_at,
                ends_at=ends[slug, starts_at],
                status=Session.Status.SCHEDULED.value,
                registration_url="",
                region_slug="",
                region_name="",
            )
            for starts_at in source.sessions.get(slug, ())
        ),
    )
