"""Plain factories: pages, editions, sections, links. Times are UK times."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from guidance.actions.amending import withdraw
from guidance.content import Content, ContentSection, RegionFacts, RegionsEmbed, SessionsEmbed
from guidance.models import Edition, Link, Page, Section, Withdrawal
from tests.training.factories import uk

SLUG = "some-guidance"


def make_page(slug: str = SLUG) -> Page:
    return Page.objects.get_or_create(slug=slug)[0]


def make_content(**fields: Any) -> Content:
    values: dict[str, Any] = {
        "title": "Some guidance",
        "lead": "What it is for.",
        "sections": (ContentSection(2, "First things", "first-things", "<p>Some words.</p>"),),
        "links": {},
        **fields,
    }
    return Content(**values)


def build_edition(number: int | None = 1, **fields: Any) -> Edition:
    """A published edition, not saved; any column by its name, `frozen` for its content."""
    frozen = fields.pop("frozen", make_content())
    values: dict[str, Any] = {
        "page": fields.pop("page", None) or make_page(),
        "number": number,
        "state": Edition.State.PUBLISHED,
        "update_type": Edition.UpdateType.MAJOR,
        "change_note": "First published.",
        "cause": "Made by a test.",
        "published_at": uk("2026-01-05 09:30"),
        "title": "Some guidance",
        "lead": "What it is for.",
        "content": frozen.to_json() if frozen else None,
        **fields,
    }
    return Edition(**values)


def make_edition(number: int | None = 1, **fields: Any) -> Edition:
    edition = build_edition(number, **fields)
    edition.full_clean()
    edition.save()
    return edition


def superseded(number: int, **fields: Any) -> Edition:
    return make_edition(number, state=Edition.State.SUPERSEDED, **fields)


def make_draft(**fields: Any) -> Edition:
    """What editors still work on: readers must never see its title."""
    if fields.get("state") == Edition.State.SCHEDULED:
        somebody = User.objects.create_user("scheduler@rpec.example")
        fields = {"scheduled_for": uk("2027-01-04 09:00"), "scheduled_by": somebody, **fields}
    return make_edition(
        None,
        **{
            "state": Edition.State.DRAFT,
            "cause": "",
            "published_at": None,
            "frozen": None,
            "title": "A secret draft",
            **fields,
        },
    )


def make_withdrawal(edition: Edition, **fields: Any) -> Withdrawal:
    """Withdraw a live edition without a person."""
    edition.state = Edition.State.WITHDRAWN
    edition.save()
    values: dict[str, Any] = {
        "explanation": "It was merged.",
        "withdrawn_at": uk("2026-11-20 10:00"),
        "cause": "Made by a test.",
        **fields,
    }
    return Withdrawal.objects.create(edition=edition, **values)


def withdrawn(by: User, **changes: Any) -> Edition:
    """Withdraw the page of a new edition, as an editor does."""
    edition = make_edition()
    withdraw(
        **{
            "page": edition.page,
            "explanation": "It was **merged**.",
            "instead": None,
            "by": by,
            "at": uk("2026-11-20 10:00"),
            **changes,
        }
    )
    edition.refresh_from_db()
    return edition


def build_section(edition: Edition, position: int = 1, **fields: Any) -> Section:
    values: dict[str, Any] = {
        "edition": edition,
        "position": position,
        "heading": f"Section {position}",
        "anchor": f"section-{position}",
        **fields,
    }
    return Section(**values)


def make_link(key: str = "somewhere", **fields: Any) -> Link:
    values: dict[str, Any] = {
        "label": "Somewhere",
        "address": "https://somewhere.example/",
        "owner": "Somebody",
        **fields,
    }
    return Link.objects.create(key=key, **values)


def dates_section(*sessions: Any, level: int = 3) -> ContentSection:
    embed = SessionsEmbed("dsl", "Training for DSLs", "DSLs", tuple(sessions))
    return ContentSection(level, "Dates", "dates", "<p>Come.</p>", embed)


def regions_section(*regions: RegionFacts) -> ContentSection:
    return ContentSection(2, "Regions", "regions", "", RegionsEmbed(regions))
