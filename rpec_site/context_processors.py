"""What every template may say. No database: error pages and /get-help/ use it too."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the site's name, addresses and contacts, and the page's canonical address."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "canonical_url": settings.SITE_URL + request.path,
        "examples": settings.EXAMPLES,
        "official_page_url": settings.OFFICIAL_PAGE_URL,
        "public_contact_email": settings.PUBLIC_CONTACT_EMAIL,
        "public_contact_phone": settings.PUBLIC_CONTACT_PHONE,
        "enquiry_retention_days": settings.ENQUIRY_RETENTION_DAYS,
    }
