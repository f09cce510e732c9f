"""What the tests of pages read: a page's main part, as markup and as words."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from guidance.content import ContentSection, RegionFacts, RegionsEmbed, SessionsEmbed
from guidance.models import Edition
from tests.guidance.factories import SLUG, make_edition

GUIDE = f"/guidance/{SLUG}/"


def text(client: Client, path: str, status: int = 200) -> str:
    """What a page's main part says, as one line of words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", main(client, path, status))).strip()


def main(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return html_of(response).partition("<main")[2].partition(">")[2].partition("</main>")[0]


def html_of(response: Any) -> str:
    return str(response.content.decode())


def superseded(number: int, **fields: Any) -> Edition:
    return make_edition(number, state=Edition.State.SUPERSEDED, **fields)


def dates_section(*sessions: Any, level: int = 3) -> ContentSection:
    embed = SessionsEmbed("dsl", "Training for DSLs", "DSLs", tuple(sessions))
    return ContentSection(level, "Dates", "dates", "<p>Come.</p>", embed)


def regions_section(*regions: RegionFacts) -> ContentSection:
    return ContentSection(2, "Regions", "regions", "", RegionsEmbed(regions))
