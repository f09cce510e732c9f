"""What the tests of pages read: a page's main part, as markup and as words."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from tests.guidance.factories import SLUG

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
